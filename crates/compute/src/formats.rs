//! Files become tables: one file here per format, recognised by content.
//!
//! A file is read whole or refused whole. The type of a column comes from all of its cells, and a cell that does not
//! fit refuses the file with its place and cause, unless the owner asked for bad rows to be skipped; then every
//! skipped row is reported. Reading takes two passes over the bytes, so memory is the file and the finished chunks.
//!
//! Errors quote cells, because the owner must find them: they are for her screen, never for a log or a peer.

mod csv;
mod date;
mod error;
mod json;
mod number;
mod rows;

use crate::{limits::FILE_BYTES, table::Table};
use protocol::Name;
use std::io::Read;

pub use error::{BadRow, ColumnProblem, Excerpt, Place, ReadError, RowProblem};
pub use number::NumberProblem;

/// A format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A JSON list of numbers, or of objects without nesting.
    Json,
    /// Delimited text, with or without a header.
    Csv,
}

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
    /// Its rows as columns.
    pub table: Table,
    /// Rows left out because `skip_bad_rows` was set: the first thousand of them.
    pub skipped: Vec<BadRow>,
    /// How many rows were left out in all.
    pub skipped_rows: u64,
}

/// Reads a file that is in memory.
///
/// # Errors
/// See [`ReadError`]; nothing is returned in part.
pub fn read(bytes: &[u8], options: &Options) -> Result<Reading, ReadError> {
    if bytes.len() > FILE_BYTES {
        return Err(ReadError::TooLarge);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) if is_binary(bytes) => return Err(ReadError::Unrecognised),
        Err(error) => return Err(ReadError::NotUtf8 { line: line_at(bytes, error.valid_up_to()) }),
    };
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    match options.format.map_or_else(|| recognise(text), Ok)? {
        Format::Json => json::read(text, options),
        Format::Csv => csv::read(text, options),
    }
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

/// The format a file is in, by its first character.
fn recognise(text: &str) -> Result<Format, ReadError> {
    if is_binary(text.as_bytes()) {
        return Err(ReadError::Unrecognised);
    }
    Ok(if text.trim_start().starts_with(['[', '{']) { Format::Json } else { Format::Csv })
}

/// No text has a zero byte, and UTF-16 has many.
fn is_binary(bytes: &[u8]) -> bool {
    bytes.iter().take(8192).any(|byte| *byte == 0)
}

fn line_at(bytes: &[u8], position: usize) -> u64 {
    bytes.iter().take(position).filter(|byte| **byte == b'\n').count() as u64 + 1
}

#[cfg(test)]
mod tests;
