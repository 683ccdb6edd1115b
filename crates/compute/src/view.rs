//! What a computation sees: one version of one dataset, read-only, column by column.

use crate::{
    chunk::{self, ChunkError},
    table::Table,
};
use arrow::array::ArrayRef;
use protocol::{Column, Name};
use std::sync::Arc;

/// The chunks of one column that lie in memory, in row order.
pub type Resident = Arc<[ArrayRef]>;

/// The chunks of one column, in row order.
pub type Chunks<'a> = Box<dyn Iterator<Item = Result<ArrayRef, ViewError>> + 'a>;

/// A read-only handle on one version of one dataset.
///
/// Whoever implements it answers for the version: every call sees the same rows, even while newer ones are stored.
pub trait View {
    /// Its columns, in order.
    fn columns(&self) -> &[Column];
    /// Its rows.
    fn rows(&self) -> u64;
    /// The chunks of one column, read one at a time.
    ///
    /// # Errors
    /// The column does not exist; a chunk (as an item) that cannot be read or is damaged.
    fn chunks(&self, column: &Name) -> Result<Chunks<'_>, ViewError>;
    /// All chunks of one column, if they lie in memory and reading them costs no more than looking at them.
    fn held(&self, _column: &Name) -> Option<Resident> {
        None
    }
    /// How many threads may compute over columns that are [held](View::held).
    fn threads(&self) -> usize {
        1
    }
}

/// Why a column cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No such column.
    #[error("there is no column “{column}”")]
    NoColumn {
        /// What was asked for.
        column: Name,
    },
    /// A chunk is not what was stored.
    #[error("chunk {chunk} of column “{column}” is damaged; restore the dataset from a backup or add it again")]
    Damaged {
        /// The column.
        column: Name,
        /// Its position, from 0.
        chunk: u64,
        /// What is wrong with it.
        #[source]
        source: ChunkError,
    },
    /// The column has another number of rows than the dataset.
    #[error("column “{column}” has {found} rows where the dataset has {expected}")]
    Rows {
        /// The column.
        column: Name,
        /// Rows in its chunks.
        found: u64,
        /// Rows of the dataset.
        expected: u64,
    },
    /// The store behind the view failed.
    #[error("the dataset cannot be read")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A table that has not been stored yet: previews, tests.
impl View for Table {
    fn columns(&self) -> &[Column] {
        Table::columns(self)
    }

    fn rows(&self) -> u64 {
        Table::rows(self)
    }

    fn chunks(&self, column: &Name) -> Result<Chunks<'_>, ViewError> {
        let found = Table::chunks(self).find(|(candidate, _)| candidate.name == *column);
        let (column, chunks) = found.ok_or_else(|| ViewError::NoColumn { column: column.clone() })?;
        Ok(Box::new((0..).zip(chunks).map(move |(index, chunk)| {
            chunk::decode(&chunk.bytes, column.of).map_err(|source| ViewError::Damaged {
                column: column.name.clone(),
                chunk: index,
                source,
            })
        })))
    }
}

#[cfg(test)]
mod tests;
