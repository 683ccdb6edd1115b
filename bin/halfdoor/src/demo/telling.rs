//! How the story is told: chapters, and one line per step with the time it took.

use crate::{
    error::CliError,
    print::{self, Page},
};
use std::{
    cell::Cell,
    fmt::Write as _,
    time::{Duration, Instant},
};

/// A story being told.
#[derive(Debug)]
pub(super) struct Telling {
    begun: Instant,
    steps: Cell<u32>,
}

impl Telling {
    pub(super) fn begin() -> Self {
        Self { begun: Instant::now(), steps: Cell::new(0) }
    }

    /// What comes next.
    pub(super) fn chapter(&self, title: &str) -> Result<(), CliError> {
        let mut page = Page::new();
        page.verbatim("");
        page.line(title);
        print::out(&page.finish())
    }

    /// What is worth knowing before the next step.
    pub(super) fn note(&self, text: &str) -> Result<(), CliError> {
        let mut page = Page::new();
        page.indented(2, text);
        print::out(&page.finish())
    }

    /// Does one thing and tells what came of it. `what` names it where it fails.
    pub(super) fn step<T>(
        &self,
        what: &'static str,
        act: impl FnOnce() -> Result<(T, String), CliError>,
    ) -> Result<T, CliError> {
        let begun = Instant::now();
        match print::waiting(what, act) {
            Ok((result, told)) => {
                self.steps.set(self.steps.get() + 1);
                line('✓', begun.elapsed(), &told)?;
                Ok(result)
            }
            Err(error) => {
                line('✗', begun.elapsed(), what)?;
                Err(stopped(what, error))
            }
        }
    }

    /// Shows a page in full, set apart from the steps.
    pub(super) fn show(&self, title: &str, page: Page) -> Result<(), CliError> {
        let width = page.width();
        let mut text = format!("\n── {title} ");
        let rest = width.saturating_sub(title.chars().count() + 4);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n{}\n{}\n", "─".repeat(rest), page.finish().trim_end(), "─".repeat(width));
        print::out(&text)
    }

    /// How many steps were told, and in what time.
    pub(super) fn sum(&self) -> String {
        format!("{} steps, each of them checked, in {:.1} s.", self.steps.get(), self.begun.elapsed().as_secs_f64())
    }
}

fn line(mark: char, took: Duration, text: &str) -> Result<(), CliError> {
    let mut page = Page::new();
    page.hanging(&format!("{mark} {:>6} ms  ", took.as_millis()), text);
    print::out(&page.finish())
}

fn stopped(what: &str, error: CliError) -> CliError {
    let hint = error.next_step().map(str::to_owned);
    let stopped = CliError::failed(format!("the story stops at: {what}")).because(error);
    match hint {
        Some(hint) => stopped.hint(hint),
        None => stopped,
    }
}
