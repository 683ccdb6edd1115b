//! The second pass of every format: rows go in, a table or a refusal comes out.

use super::{BadRow, Format, Options, Place, ReadError, Reading, RowProblem};
use crate::{
    limits::SKIPPED_LISTED,
    table::{Cell, Sink, TableBuilder, TableError},
};
use protocol::Column;

/// Rows after which full chunks are handed over: a column has filled two by then at most, unless it is of long texts.
pub(super) const POUR_ROWS: u64 = 16_384;

/// Where a format's second pass puts its rows, good and bad.
pub(super) struct Rows {
    builder: TableBuilder,
    skip_bad_rows: bool,
    bad: Vec<BadRow>,
    bad_rows: u64,
}

impl Rows {
    pub(super) fn new(columns: Vec<Column>, options: &Options) -> Result<Self, ReadError> {
        let skip_bad_rows = options.skip_bad_rows;
        Ok(Self { builder: TableBuilder::new(columns)?, skip_bad_rows, bad: Vec::new(), bad_rows: 0 })
    }

    /// Takes a row, or notes why it is bad.
    pub(super) fn push(&mut self, place: Place, row: Result<&[Cell<'_>], RowProblem>) -> Result<(), ReadError> {
        let problem = match row {
            Ok(_) if self.bad_rows > 0 && !self.skip_bad_rows => return Ok(()), // refused already, only counting
            Ok(cells) => match self.builder.push(cells) {
                Ok(()) => return Ok(()),
                Err(TableError::Cell { column, problem }) => RowProblem::Misfit { column, problem },
                Err(error) => return Err(error.into()),
            },
            Err(problem) => problem,
        };
        self.bad_rows += 1;
        if self.bad.len() < SKIPPED_LISTED {
            self.bad.push(BadRow { place, problem });
        }
        Ok(())
    }

    /// Hands over the chunks that are full by now, unless the file is refused already.
    pub(super) fn pour(&mut self, sink: &mut dyn Sink) -> Result<(), ReadError> {
        if self.bad_rows > 0 && !self.skip_bad_rows {
            return Ok(());
        }
        Ok(self.builder.pour(sink)?)
    }

    pub(super) fn finish(self, format: Format) -> Result<Reading, ReadError> {
        let first = self.bad.first().cloned();
        if let Some(BadRow { place, problem }) = first.clone()
            && !self.skip_bad_rows
        {
            return Err(ReadError::BadRow { place, problem, others: self.bad_rows - 1 });
        }
        match (self.builder.finish(), first) {
            (Ok(table), _) => {
                Ok(Reading { format, table, skipped: self.bad, skipped_rows: self.bad_rows, notes: Vec::new() })
            }
            (Err(TableError::NoRows), Some(BadRow { place, problem })) => {
                Err(ReadError::NothingLeft { place, problem, others: self.bad_rows - 1 })
            }
            (Err(TableError::NoRows), None) => Err(ReadError::NoRows),
            (Err(error), _) => Err(error.into()),
        }
    }
}
