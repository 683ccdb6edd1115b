//! The rows of a test set: a table whose `q:` columns are the bins.

use crate::model::Model;

/// One applicant, quantised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A bin for each feature of the model.
    pub bins: Vec<u8>,
    /// The recorded answer (`pred_clear_quantised`), where the table has one.
    pub recorded: Option<u8>,
}

/// Why a table has no rows for a model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// A feature without its column.
    #[error("the table has no column `q:{0}`: give every feature of the model its bin")]
    Column(String),
    /// A cell that is no bin.
    #[error("line {line}: the cell of `{column}` is not a bin of the feature")]
    Cell {
        /// The line, the heading being 1.
        line: usize,
        /// The column's name.
        column: String,
    },
}

/// Reads at most `most` rows of a comma-separated table with one line of headings (RFC 4180, one line for each row).
///
/// # Errors
/// A column is missing, or a cell is not a bin.
pub fn rows(model: &Model, table: &str, most: usize) -> Result<Vec<Row>, RowsError> {
    let mut lines = (1..).zip(table.lines());
    let headings: Vec<String> = lines.next().map(|(_, line)| cells(line)).unwrap_or_default();
    let place = |name: &str| headings.iter().position(|heading| heading.trim() == name);
    let mut places = Vec::new();
    for feature in model.features() {
        let name = format!("q:{}", feature.name);
        places.push((place(&name).ok_or_else(|| RowsError::Column(feature.name.clone()))?, feature.quantiser.bins()));
    }
    let recorded = place("pred_clear_quantised");
    let row = |(line, text): (usize, &str)| {
        let cells = cells(text);
        let bin = |place: usize, bins: u8| {
            let wrong = || RowsError::Cell { line, column: headings.get(place).cloned().unwrap_or_default() };
            let number: f64 = cells.get(place).and_then(|cell| cell.trim().parse().ok()).ok_or_else(wrong)?;
            let whole = (0.0..f64::from(bins)).contains(&number) && number.fract() == 0.0;
            if whole { Ok(number as u8) } else { Err(wrong()) }
        };
        let bins = places.iter().map(|&(place, bins)| bin(place, bins)).collect::<Result<_, _>>()?;
        Ok(Row { bins, recorded: recorded.map(|place| bin(place, 2)).transpose()? })
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
