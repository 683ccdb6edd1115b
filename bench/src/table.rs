//! The table that is printed.

use std::fmt;

/// One line per figure: what, measured, the goal or what it is compared with.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 3]>);

impl Table {
    /// Adds a figure.
    pub(crate) fn add(&mut self, what: &str, measured: impl Into<String>, beside: &str) {
        self.0.push([what.to_owned(), measured.into(), beside.to_owned()]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| self.0.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let (first, second) = (width(0), width(1));
        for [what, measured, beside] in &self.0 {
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
