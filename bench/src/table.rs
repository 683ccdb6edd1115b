//! The table that is printed, and which of its figures are accepted.

use std::fmt;

/// One line per figure: what, measured, the goal or what it is compared with.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 3]>,
    missed: Vec<String>,
}

impl Table {
    /// Adds a figure.
    pub(crate) fn add(&mut self, what: &str, measured: impl Into<String>, beside: &str) {
        self.rows.push([what.to_owned(), measured.into(), beside.to_owned()]);
    }

    /// Adds a figure that was promised: where it does not hold, `--accept` fails.
    pub(crate) fn accept(&mut self, what: &str, measured: impl Into<String>, bound: &str, holds: bool) {
        let verdict = if holds { "holds" } else { "MISSED" };
        self.add(what, measured, &format!("accepted {bound}: {verdict}"));
        if !holds {
            self.missed.push(what.trim().to_owned());
        }
    }

    /// Promised figures that do not hold.
    pub(crate) fn missed(&self) -> &[String] {
        &self.missed
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (first, second) = (width(0), width(1));
        for [what, measured, beside] in &self.rows {
            writeln!(f, "{what:<first$}  {measured:>second$}  {beside}")?;
        }
        Ok(())
    }
}

/// Smallest, middle, 99th percentile of some durations in milliseconds.
pub(crate) fn spread(mut milliseconds: Vec<f64>) -> (f64, f64, f64) {
    milliseconds.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = milliseconds.len().saturating_sub(1) as f64;
        milliseconds.get((last * share).round() as usize).copied().unwrap_or(f64::NAN)
    };
    (at(0.0), at(0.5), at(0.99))
}

/// The middle of some figures.
pub(crate) fn middle(figures: Vec<f64>) -> f64 {
    spread(figures).1
}
