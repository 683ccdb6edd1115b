//! Rows become columns: typed cells in, encoded chunks per column out.
//!
//! Each column is cut into chunks of its own, at its own boundaries: a statistic reads one column, and a chunk of
//! long texts would otherwise make its neighbours' chunks tiny.

use crate::{
    chunk::ChunkError,
    column::{ColumnBuilder, integer, rescaled},
    limits::{CELL_BYTES, CELLS, ROWS},
};
use protocol::{
    Column, ColumnType, Decimal, Name,
    limits::{CELL_DIGITS, CELL_SCALE, COLUMNS},
};
use std::collections::HashSet;

/// One value of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Nothing there.
    Absent,
    /// A whole number or decimal, exact.
    Number(Decimal),
    /// Days since 1970-01-01.
    Date(i32),
    /// Words.
    Text(&'a str),
    /// Yes or no.
    Boolean(bool),
}

/// Columns of equal length, cut into encoded chunks: what the store seals.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: u64,
    chunks: Vec<Vec<Chunk>>,
}

/// One encoded chunk of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// Rows in it.
    pub rows: u32,
    /// An Arrow IPC stream; see [`crate::chunk`].
    pub bytes: Vec<u8>,
}

/// Takes chunks over as soon as they are full, so that a table never lies in memory whole.
pub trait Sink {
    /// Takes the next chunk of a column, by its position.
    ///
    /// # Errors
    /// Whatever stops the table.
    fn put(&mut self, column: usize, chunk: Chunk) -> Result<(), SinkError>;
}

/// Why a sink takes no more.
pub type SinkError = Box<dyn std::error::Error + Send + Sync>;

/// Why a table cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// No columns.
    #[error("no columns")]
    NoColumns,
    /// No rows.
    #[error("no rows")]
    NoRows,
    /// More columns than a dataset may have.
    #[error("{columns} columns are more than {COLUMNS}; leave some out")]
    TooManyColumns {
        /// Their number.
        columns: usize,
    },
    /// Two columns of the same name.
    #[error("two columns are called “{name}”; rename one")]
    SameName {
        /// The name.
        name: Name,
    },
    /// More digits after the point than a dataset keeps.
    #[error("column “{name}” has {scale} digits after the point, more than {CELL_SCALE}")]
    Scale {
        /// The column.
        name: Name,
        /// Its scale.
        scale: u8,
    },
    /// More rows than a dataset may have.
    #[error("more than {ROWS} rows; split the file")]
    TooManyRows,
    /// More cells than a dataset may have.
    #[error("more than {CELLS} cells; leave out columns or split the file")]
    TooManyCells,
    /// A row of another width.
    #[error("a row has {cells} cells where there are {columns} columns")]
    Width {
        /// Cells of the row.
        cells: usize,
        /// Columns of the table.
        columns: usize,
    },
    /// A cell that does not fit its column.
    #[error("column “{column}”: {problem}")]
    Cell {
        /// The column.
        column: Name,
        /// What is wrong.
        problem: Misfit,
    },
    /// A chunk could not be encoded.
    #[error("a chunk cannot be made")]
    Chunk(#[from] ChunkError),
    /// A chunk could not be handed over.
    #[error("a chunk cannot be stored")]
    Sink(#[source] SinkError),
}

/// Why a cell does not fit its column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    /// Another type of value.
    #[error("not of the column's type")]
    Type,
    /// Too large, or with a fraction the column cannot keep.
    #[error("the number needs more than {CELL_DIGITS} digits or more digits after the point than the column has")]
    Digits,
    /// Too long.
    #[error("a text of {bytes} bytes is longer than {CELL_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
}

/// Builds a [`Table`] row by row. A refused row leaves nothing behind.
pub struct TableBuilder {
    columns: Vec<Column>,
    builders: Vec<ColumnBuilder>,
    rows: u64,
}

impl TableBuilder {
    /// A table of these columns, without rows.
    ///
    /// # Errors
    /// No columns, too many, two of the same name, or a scale no dataset has.
    pub fn new(columns: Vec<Column>) -> Result<Self, TableError> {
        check_columns(&columns)?;
        let builders = columns.iter().map(|column| ColumnBuilder::new(column.of)).collect();
        Ok(Self { columns, builders, rows: 0 })
    }

    /// Appends a row, whole or not at all.
    ///
    /// # Errors
    /// A row of another width, a cell that does not fit, or too many rows or cells.
    pub fn push(&mut self, row: &[Cell<'_>]) -> Result<(), TableError> {
        if row.len() != self.columns.len() {
            return Err(TableError::Width { cells: row.len(), columns: self.columns.len() });
        }
        if self.rows >= ROWS {
            return Err(TableError::TooManyRows);
        }
        if (self.rows + 1).saturating_mul(row.len() as u64) > CELLS {
            return Err(TableError::TooManyCells);
        }
        for (column, cell) in self.columns.iter().zip(row) {
            fits(cell, column.of).map_err(|problem| TableError::Cell { column: column.name.clone(), problem })?;
        }
        for (builder, cell) in self.builders.iter_mut().zip(row) {
            builder.push(cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    /// Hands over the chunks that are full by now: the table will be without them.
    ///
    /// # Errors
    /// [`TableError::Sink`].
    pub fn pour(&mut self, sink: &mut dyn Sink) -> Result<(), TableError> {
        for (column, builder) in self.builders.iter_mut().enumerate() {
            for chunk in builder.take() {
                sink.put(column, chunk).map_err(TableError::Sink)?;
            }
        }
        Ok(())
    }

    /// The finished table.
    ///
    /// # Errors
    /// [`TableError::NoRows`].
    pub fn finish(self) -> Result<Table, TableError> {
        if self.rows == 0 {
            return Err(TableError::NoRows);
        }
        let chunks = self.builders.into_iter().map(ColumnBuilder::finish).collect::<Result<_, _>>()?;
        Ok(Table { columns: self.columns, rows: self.rows, chunks })
    }
}

impl Table {
    /// A table of one column of numbers, at the largest scale among them.
    ///
    /// # Errors
    /// No numbers, too many, or one with more digits than a dataset keeps.
    pub fn from_numbers(name: Name, numbers: &[Decimal]) -> Result<Self, TableError> {
        let mut of = NumberType::default();
        numbers.iter().for_each(|number| of.include(number));
        let mut builder = TableBuilder::new(vec![Column { name, of: of.column_type() }])?;
        for number in numbers {
            builder.push(&[Cell::Number(*number)])?;
        }
        builder.finish()
    }

    /// Hands over every chunk. What is left knows its columns and how many rows it had.
    ///
    /// # Errors
    /// [`TableError::Sink`].
    pub fn pour(&mut self, sink: &mut dyn Sink) -> Result<(), TableError> {
        for (column, chunks) in self.chunks.iter_mut().enumerate() {
            for chunk in chunks.drain(..) {
                sink.put(column, chunk).map_err(TableError::Sink)?;
            }
        }
        Ok(())
    }

    /// Its columns, in order.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The encoded chunks of every column, in the order of [`Table::columns`]; chunks are in row order.
    pub fn chunks(&self) -> impl Iterator<Item = (&Column, &[Chunk])> {
        self.columns.iter().zip(self.chunks.iter().map(Vec::as_slice))
    }

    /// Columns, and the chunks of each: for a store that takes the bytes over.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Column>, Vec<Vec<Chunk>>) {
        (self.columns, self.chunks)
    }
}

/// The narrowest numeric type that holds every number it has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct NumberType {
    scale: u8,
    beyond_i64: bool,
}

impl NumberType {
    pub(crate) fn include(&mut self, number: &Decimal) {
        self.scale = self.scale.max(number.scale());
        self.beyond_i64 |= number.scale() == 0 && integer(number).is_none();
    }

    pub(crate) fn column_type(self) -> ColumnType {
        if self.scale == 0 && !self.beyond_i64 { ColumnType::Integer } else { ColumnType::Decimal(self.scale) }
    }
}

/// Whether a cell can stand in a column.
pub(crate) fn fits(cell: &Cell<'_>, of: ColumnType) -> Result<(), Misfit> {
    let fits = |fits: bool| if fits { Ok(()) } else { Err(Misfit::Digits) };
    match (cell, of) {
        (Cell::Number(number), ColumnType::Integer) => fits(integer(number).is_some()),
        (Cell::Number(number), ColumnType::Decimal(scale)) => fits(rescaled(number, scale).is_some()),
        (Cell::Text(text), ColumnType::Text) if text.len() > CELL_BYTES => Err(Misfit::TooLong { bytes: text.len() }),
        (Cell::Absent, _)
        | (Cell::Date(_), ColumnType::Date)
        | (Cell::Text(_), ColumnType::Text)
        | (Cell::Boolean(_), ColumnType::Boolean) => Ok(()),
        _ => Err(Misfit::Type),
    }
}

fn check_columns(columns: &[Column]) -> Result<(), TableError> {
    if columns.is_empty() {
        return Err(TableError::NoColumns);
    }
    if columns.len() > COLUMNS {
        return Err(TableError::TooManyColumns { columns: columns.len() });
    }
    let mut names = HashSet::new();
    for column in columns {
        if !names.insert(&column.name) {
            return Err(TableError::SameName { name: column.name.clone() });
        }
        if let ColumnType::Decimal(scale) = column.of
            && scale > CELL_SCALE
        {
            return Err(TableError::Scale { name: column.name.clone(), scale });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
