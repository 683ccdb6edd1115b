//! The rows of a test set: a table with a bin or a value for each feature.

use super::{Binning, Feature, binning::whole};

/// One applicant, quantised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A bin for each feature of the model.
    pub bins: Vec<u8>,
    /// The recorded answer (`pred_clear_quantised`, or `approved`), where the table has one.
    pub recorded: Option<u8>,
}

/// Columns with a recorded answer; the first that is there counts.
const RECORDED: [&str; 2] = ["pred_clear_quantised", "approved"];

/// Why a table has no rows for a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// A feature without its column.
    #[error("the table has neither a column `q:{0}` with bins nor `{0}` with values: give every feature one of them")]
    Column(String),
    /// A cell that is no bin.
    #[error("line {line}: the cell of `{column}` is not a bin of the feature, nor a value that has one")]
    Cell {
        /// The line, the heading being 1.
        line: usize,
        /// The column's name.
        column: String,
    },
}

/// Where a feature's bin comes from.
enum Source<'a> {
    /// A `q:` column.
    Bins(usize, u8),
    /// A column of values.
    Values(usize, &'a Binning),
    /// It has one bin only.
    Nowhere,
}

/// Reads at most `most` rows of a comma-separated table with one line of headings (RFC 4180, one line for each row). A
/// column `q:NAME` holds bins; without it, a column `NAME` holds values, which are put into their bins.
///
/// # Errors
/// A column is missing, or a cell is not a bin.
pub fn rows(features: &[Feature], table: &str, most: usize) -> Result<Vec<Row>, RowsError> {
    let mut lines = (1..).zip(table.lines());
    let headings: Vec<String> = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let place = |name: &str| headings.iter().position(|heading| heading.trim() == name);
    let source = |feature| {
        let Feature { name, binning, .. }: &Feature = feature;
        let bins = place(&format!("q:{name}")).map(|at| Source::Bins(at, binning.bins()));
        let values = || place(name).map(|at| Source::Values(at, binning));
        let nowhere = || (binning.bins() < 2).then_some(Source::Nowhere);
        bins.or_else(values).or_else(nowhere).ok_or_else(|| RowsError::Column(name.clone()))
    };
    let sources = features.iter().map(source).collect::<Result<Vec<_>, _>>()?;
    let recorded = RECORDED.iter().find_map(|name| place(name));
    let row = |(line, text): (usize, &str)| {
        let cells = cells(text);
        let cell = |place: usize, bin: &dyn Fn(f64) -> Option<u8>| {
            let number = cells.get(place).and_then(|cell| cell.trim().parse().ok());
            let wrong = || RowsError::Cell { line, column: headings.get(place).cloned().unwrap_or_default() };
            number.and_then(bin).ok_or_else(wrong)
        };
        let bin = |source: &Source<'_>| match *source {
            Source::Bins(place, bins) => cell(place, &|number| whole(number, bins)),
            Source::Values(place, binning) => cell(place, &|number| binning.bin(number).ok()),
            Source::Nowhere => Ok(0),
        };
        let bins = sources.iter().map(bin).collect::<Result<_, _>>()?;
        Ok(Row { bins, recorded: recorded.map(|place| cell(place, &|number| whole(number, 2))).transpose()? })
    };
    lines.filter(|(_, text)| !text.trim().is_empty()).take(most).map(row).collect()
}

/// The cells of one line; inside quotes a comma is text and two quotes are one.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut before = None;
    for c in line.chars() {
        match (c, quoted) {
            ('"', _) => {
                quoted = !quoted;
                if quoted && before == Some('"') {
                    cells.last_mut().into_iter().for_each(|cell| cell.push('"'));
                }
            }
            (',', false) => cells.push(String::new()),
            _ => cells.last_mut().into_iter().for_each(|cell| cell.push(c)),
        }
        before = Some(c);
    }
    cells
}
