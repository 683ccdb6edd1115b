//! A page of text as wide as the terminal.
//!
//! Every text put on a page is neutralised there, at the one place it passes: no printer has to remember which words
//! came from somebody else.

use protocol::text::neutralised;
use unicode_width::UnicodeWidthStr as _;

/// Columns when the output is not a terminal.
const UNBOUNDED: usize = 100;
/// Lines longer than this are hard to read, however wide the terminal.
const WIDEST: usize = 110;
/// Below this, wrapping would do more harm than a long line.
const NARROWEST: usize = 40;
/// Between two columns of a table.
const GUTTER: usize = 2;

/// Text for people, made line by line.
#[derive(Debug)]
pub(crate) struct Page {
    width: usize,
    text: String,
}

impl Page {
    /// As wide as the terminal, within reason.
    pub(crate) fn new() -> Self {
        let width = terminal_size::terminal_size().map_or(UNBOUNDED, |(width, _)| usize::from(width.0));
        Self::of_width(width)
    }

    /// Of a width in columns, within reason.
    pub(crate) fn of_width(width: usize) -> Self {
        Self { width: width.clamp(NARROWEST, WIDEST), text: String::new() }
    }

    /// Columns of a line.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The finished text.
    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// What another page says, below.
    pub(crate) fn append(&mut self, other: Self) {
        self.text.push_str(&other.text);
    }

    /// An empty line; two of them never follow each other.
    pub(crate) fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A paragraph from the left edge.
    pub(crate) fn line(&mut self, text: &str) {
        self.indented(0, text);
    }

    /// A paragraph, all its lines `indent` columns in.
    pub(crate) fn indented(&mut self, indent: usize, text: &str) {
        self.hanging(&" ".repeat(indent), text);
    }

    /// A line that is never wrapped or changed: for texts that people copy, made by this program.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A paragraph that begins with `lead` and continues beneath its end.
    pub(crate) fn hanging(&mut self, lead: &str, text: &str) {
        let lead = neutralised(lead);
        let room = self.width.saturating_sub(lead.width()).max(NARROWEST / 2);
        let under = " ".repeat(lead.width());
        for (index, line) in wrapped(&neutralised(text), room).iter().enumerate() {
            let begin = if index == 0 { &lead } else { &under };
            self.text.push_str(format!("{begin}{line}").trim_end());
            self.text.push('\n');
        }
    }

    /// Labels in a column, what they label beside them.
    pub(crate) fn facts(&mut self, facts: &[(&str, String)]) {
        let column = facts.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + GUTTER;
        for (label, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            let pad = column.saturating_sub(label.width());
            self.hanging(&format!("{label}{}", " ".repeat(pad)), value);
        }
    }

    /// A table whose last column wraps within the room that is left.
    pub(crate) fn table<const N: usize>(&mut self, head: [&str; N], rows: Vec<[String; N]>) {
        let head = head.map(str::to_owned);
        let rows: Vec<[String; N]> =
            std::iter::once(head).chain(rows).map(|row| row.map(|cell| neutralised(&cell))).collect();
        let mut widths = [0; N];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        for row in rows {
            let Some((last, first)) = row.split_last() else { return };
            let mut lead = String::new();
            for (cell, width) in first.iter().zip(widths) {
                lead.push_str(cell);
                lead.push_str(&" ".repeat(width.saturating_sub(cell.width()) + GUTTER));
            }
            self.hanging(&lead, last);
        }
    }
}

/// Lines of at most `room` columns, broken between words. A word longer than a line stays whole: it may be an id that
/// somebody copies. No words make one empty line.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && line.width() + 1 + word.width() > room {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests;
