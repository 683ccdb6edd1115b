//! Files become tables: one file here per format, recognised by content.
//!
//! A file is read whole or refused whole. The type of a column comes from all of its cells, and a cell that does not
//! fit refuses the file with its place and cause, unless the owner asked for bad rows to be skipped; then every
//! skipped row is reported. Reading takes two passes over the bytes, so memory is the file and the finished
//! chunks. Delimited text and Parquet can be of any length that a table may have: [`load`] reads them from where they lie,
//! and memory is a few chunks. Every other format is read whole.
//!
//! Statements of every kind become the same columns: `ledger` has them. What is odd in a file and is no error is a
//! [`Note`]. Account numbers never get into a table: see [`AccountKey`].
//!
//! Errors quote cells, because the owner must find them: they are for her screen, never for a log or a peer.

mod account;
mod balance;
mod camt053;
mod csv;
mod date;
mod element;
mod encoding;
mod error;
mod espi;
mod fdx;
mod field;
mod format;
mod json;
mod ledger;
mod markup;
mod mt940;
mod note;
mod number;
mod object;
mod ofx;
mod parquet;
mod part;
mod plaid;
mod problem;
mod qif;
mod recognise;
mod rows;
mod source;

use crate::{
    limits::{FILE_BYTES, STREAMED_BYTES},
    table::{Sink, Table},
};
use protocol::Name;
use std::{io::Read, sync::Arc};

pub use account::AccountKey;
pub use error::ReadError;
pub use format::Format;
pub use markup::MarkupProblem;
pub use note::Note;
pub use number::NumberProblem;
pub use parquet::ParquetProblem;
pub use part::Part;
pub use problem::{BadMap, BadRow, ColumnProblem, Excerpt, Place, RowProblem};
pub use source::Source;

/// What some programs write before text in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// How much of a long file decides on its format.
const HEAD_BYTES: usize = 64 * 1024;

/// How to read a file. The default detects everything and skips nothing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format; recognised by content if not given.
    pub format: Option<Format>,
    /// Leave out rows that cannot be read, and report them, instead of refusing the file.
    pub skip_bad_rows: bool,
    /// What the one column of a list of numbers is called; `value` if not given.
    pub value_column: Option<Name>,
    /// Whether the first line names the columns; detected if not given.
    pub header: Option<bool>,
    /// The decimal mark; detected per column if not given.
    pub decimal_mark: Option<DecimalMark>,
    /// Whether 03/04/2021 is 3 April or 4 March; detected per column if not given.
    pub day_month: Option<DayMonth>,
    /// Columns kept as text whatever they look like.
    pub text_columns: Vec<String>,
    /// Which columns of delimited text are the parts of a transaction; with any, its rows become transactions.
    pub map: Vec<(Part, String)>,
    /// The currency (ISO 4217) of transactions whose file names none.
    pub currency: Option<String>,
    /// What makes account numbers unrecognisable; without it the accounts of transactions stay unknown.
    pub account_key: Option<AccountKey>,
}

/// The mark before the fraction of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// 1,234.50
    Point,
    /// 1.234,50
    Comma,
}

/// The order of day and month in a date whose year is last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayMonth {
    /// 3 April is 03/04.
    DayFirst,
    /// 3 April is 04/03.
    MonthFirst,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What it turned out to be.
    pub format: Format,
    /// Its rows as columns.
    pub table: Table,
    /// Rows left out because `skip_bad_rows` was set: the first thousand of them.
    pub skipped: Vec<BadRow>,
    /// How many rows were left out in all.
    pub skipped_rows: u64,
    /// What else the owner should know of it.
    pub notes: Vec<Note>,
}

/// Reads a file that is in memory.
///
/// # Errors
/// See [`ReadError`]; nothing is returned in part.
pub fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    if bytes.len() > FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    recognise::refuse_packed(bytes)?;
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ReadError::Empty);
    }
    let format = options.format.map_or_else(|| recognise::recognise(bytes), Ok)?;
    if !options.map.is_empty() && format != Format::Csv {
        return Err(ReadError::MapOfOther { format });
    }
    match format {
        Format::Json => json::read(encoding::utf8(bytes)?, options),
        Format::Csv if !options.map.is_empty() => csv::mapped::read(bytes, options),
        Format::Csv => csv::read(encoding::utf8(bytes)?, options),
        Format::Parquet => parquet::read(Arc::new(bytes.to_vec()), options, None),
        Format::Plaid => plaid::read(encoding::utf8(bytes)?, options),
        Format::Fdx => fdx::read(encoding::utf8(bytes)?, options),
        Format::Ofx => ofx::read(bytes, options),
        Format::Qif => qif::read(bytes, options),
        Format::Mt940 => mt940::read(bytes, options),
        Format::Camt053 => camt053::read(bytes, options),
        Format::Espi => espi::read(bytes, options),
    }
}

/// Reads a file that is in memory, and hands its chunks to `sink` as [`load`] does.
///
/// # Errors
/// See [`ReadError`].
pub fn read_into(bytes: Vec<u8>, options: &Options, sink: &mut dyn Sink) -> Result<Reading, ReadError> {
    load(Arc::new(bytes), options, sink)
}

/// Reads a file and hands its chunks to `sink` instead of returning them: the table that is returned knows its columns and
/// rows and has no chunks. Delimited text and Parquet are read where they lie, and their chunks handed over meanwhile, so
/// that memory is a few chunks; what was handed over before a file is refused is for the sink's owner to take back.
///
/// # Errors
/// See [`ReadError`].
pub fn load(file: Arc<dyn Source>, options: &Options, sink: &mut dyn Sink) -> Result<Reading, ReadError> {
    if file.length() > STREAMED_BYTES {
        return Err(ReadError::TooLargeAtAll);
    }
    let head = source::part(&*file, 0, HEAD_BYTES)?;
    recognise::refuse_packed(&head)?;
    let text = head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&head);
    let format = options.format.map_or_else(|| recognise::recognise(text), Ok)?;
    let mut reading = match format {
        Format::Parquet if options.map.is_empty() => parquet::read(Arc::clone(&file), options, Some(&mut *sink))?,
        Format::Csv if options.map.is_empty() => {
            let file = source::Behind(&*file, (head.len() - text.len()) as u64);
            csv::load(&file, options, &mut *sink)?
        }
        _ => read(&source::whole(&*file, FILE_BYTES)?, options)?,
    };
    reading.table.pour(sink)?;
    Ok(reading)
}

/// Reads a file from anything that can be read, never more of it than a file may have.
///
/// # Errors
/// See [`ReadError`].
pub fn read_from(from: impl Read, options: &Options) -> Result<Reading, ReadError> {
    let mut bytes = Vec::new();
    from.take(FILE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    read(&bytes, options)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
