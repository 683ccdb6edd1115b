//! Rows that are made up: the columns of a dataset, and none of its cells.
//!
//! Somebody who is to ask about a dataset can try the question on them first. They come from a file of the owner's, or from
//! a generator that is given names and types of columns and nothing else: it has no way to look at a row.

mod words;

use crate::{
    chunk::{self, ChunkError},
    table::{Cell, Table, TableBuilder, TableError},
    view::{View, ViewError},
};
use arrow::array::{
    Array, ArrayRef, AsArray as _, BooleanArray, Date32Array, Decimal64Array, Decimal128Array, Int64Array,
};
use protocol::{Column, Decimal, Name, limits::MOCK_ROWS};
use words::{Dice, Story};

/// Why made-up rows are none for a dataset.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// None, or too many.
    #[error("a mock has 1 to {MOCK_ROWS} rows")]
    Rows,
    /// A column is not there.
    #[error("the mock has no column “{0}”: it has the columns of the dataset, by the same names")]
    Missing(Name),
    /// A column that the dataset does not have.
    #[error("the dataset has no column “{0}”")]
    Extra(Name),
    /// A cell of another type.
    #[error("the mock does not fit the dataset: {0}")]
    Table(#[from] TableError),
    /// The file cannot be read again.
    #[error("the mock cannot be read")]
    View(#[from] ViewError),
}

/// The rows of a file, as rows of these columns.
///
/// # Errors
/// Other columns, cells of another type, too many rows.
pub fn fitted(file: &Table, columns: &[Column]) -> Result<Table, MockError> {
    if file.rows() > MOCK_ROWS {
        return Err(MockError::Rows);
    }
    let has = |name: &Name| columns.iter().any(|column| column.name == *name);
    if let Some(extra) = file.columns().iter().find(|column| !has(&column.name)) {
        return Err(MockError::Extra(extra.name.clone()));
    }
    let mut cells = Vec::new();
    for column in columns {
        let Some(found) = file.columns().iter().find(|found| found.name == column.name) else {
            return Err(MockError::Missing(column.name.clone()));
        };
        let chunks = View::chunks(file, &found.name)?.collect::<Result<Vec<_>, _>>()?;
        cells.push(chunks);
    }
    let mut builder = TableBuilder::new(columns.to_vec())?;
    let columns: Vec<Vec<Cell<'_>>> = cells.iter().map(|chunks| chunks.iter().flat_map(cells_of).collect()).collect();
    for at in 0..usize::try_from(file.rows()).unwrap_or_default() {
        let row: Vec<_> = columns.iter().map(|cells| cells.get(at).copied().unwrap_or(Cell::Absent)).collect();
        builder.push(&row)?;
    }
    Ok(builder.finish()?)
}

/// The cells of a chunk, as they go into a table.
fn cells_of(chunk: &ArrayRef) -> Vec<Cell<'_>> {
    let any = chunk.as_any();
    let number = |mantissa: i128, scale: u8| Decimal::new(mantissa, scale).map_or(Cell::Absent, Cell::Number);
    let cell = |at: usize| -> Cell<'_> {
        if let Some(of) = any.downcast_ref::<Int64Array>() {
            number(of.value(at).into(), 0)
        } else if let Some(of) = any.downcast_ref::<Decimal64Array>() {
            number(of.value(at).into(), u8::try_from(of.scale()).unwrap_or_default())
        } else if let Some(of) = any.downcast_ref::<Decimal128Array>() {
            number(of.value(at), u8::try_from(of.scale()).unwrap_or_default())
        } else if let Some(of) = any.downcast_ref::<Date32Array>() {
            Cell::Date(of.value(at))
        } else if let Some(of) = any.downcast_ref::<BooleanArray>() {
            Cell::Boolean(of.value(at))
        } else {
            chunk.as_string_opt::<i32>().map_or(Cell::Absent, |of| Cell::Text(of.value(at)))
        }
    };
    (0..chunk.len()).map(|at| if chunk.is_null(at) { Cell::Absent } else { cell(at) }).collect()
}

/// So many rows of these columns, made from a seed: the same seed makes the same rows everywhere and always.
///
/// # Errors
/// None, or more than a thousand rows; columns that no dataset has.
pub fn generated(columns: &[Column], rows: u64, seed: u64) -> Result<Table, MockError> {
    if !(1..=MOCK_ROWS).contains(&rows) {
        return Err(MockError::Rows);
    }
    let mut builder = TableBuilder::new(columns.to_vec())?;
    let (mut dice, story) = (Dice::new(seed), Story::of(columns));
    for row in 0..rows {
        let turn = story.turn(row, rows, &mut dice);
        let made: Vec<_> = columns.iter().map(|column| turn.cell(column, &mut dice)).collect();
        let cells: Vec<_> = made.iter().map(words::Made::cell).collect();
        builder.push(&cells)?;
    }
    Ok(builder.finish()?)
}

/// A table put together again from the encoded chunks of its columns.
///
/// # Errors
/// Chunks that are none of these columns, or of another number of rows.
pub fn table(columns: Vec<Column>, chunks: &[Vec<&[u8]>]) -> Result<Table, MockError> {
    let mut builder = TableBuilder::new(columns.clone())?;
    let decoded = columns.iter().zip(chunks).map(|(column, chunks)| {
        let arrays = chunks.iter().map(|bytes| chunk::decode(bytes, column.of));
        arrays.collect::<Result<Vec<_>, ChunkError>>()
    });
    let decoded = decoded.collect::<Result<Vec<_>, _>>().map_err(TableError::from)?;
    let cells: Vec<Vec<Cell<'_>>> = decoded.iter().map(|chunks| chunks.iter().flat_map(cells_of).collect()).collect();
    let rows = cells.first().map_or(0, Vec::len);
    if rows as u64 > MOCK_ROWS || cells.iter().any(|column| column.len() != rows) {
        return Err(MockError::Rows);
    }
    for at in 0..rows {
        let row: Vec<_> = cells.iter().map(|cells| cells.get(at).copied().unwrap_or(Cell::Absent)).collect();
        builder.push(&row)?;
    }
    Ok(builder.finish()?)
}

#[cfg(test)]
mod tests;
