//! Files become tables: one file here per format, recognised by content.
//!
//! A file is read whole or refused whole. The type of a column comes from all of its cells, and a cell that does not
//! fit refuses the file with its place and cause, unless the owner asked for bad rows to be skipped; then every
//! skipped row is reported. Reading takes two passes over the bytes, so memory is the file and the finished chunks.
//!
//! Errors quote cells, because the owner must find them: they are for her screen, never for a log or a peer.

mod csv;
mod date;
mod json;
mod number;

use crate::{
    limits::{FILE_BYTES, SKIPPED_LISTED},
    table::{Cell, Misfit, Table, TableBuilder, TableError},
};
use protocol::{BadText, Column, ColumnType, Name};
use std::{fmt, io::Read};

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

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Where it begins.
    pub place: Place,
    /// What is wrong with it.
    pub problem: RowProblem,
}

/// Where a row is in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The line it begins on, from 1, the header counted.
    Line(u64),
    /// Its position in a list, from 1.
    Item(u64),
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// A cell that is not what its column holds.
    #[error("{cell} is not {expected} (column “{column}”)")]
    NotA {
        /// The cell, shortened.
        cell: Excerpt,
        /// What the column holds.
        expected: &'static str,
        /// The column.
        column: Name,
    },
    /// A number that cannot be kept exactly.
    #[error("{cell} {problem} (column “{column}”)")]
    Number {
        /// The cell, shortened.
        cell: Excerpt,
        /// Why.
        problem: NumberProblem,
        /// The column.
        column: Name,
    },
    /// A cell that does not fit its column.
    #[error("column “{column}”: {problem}")]
    Misfit {
        /// The column.
        column: Name,
        /// Why.
        problem: Misfit,
    },
    /// Another number of fields than the columns.
    #[error("{found} fields where there are {expected} columns")]
    Width {
        /// Fields of the row.
        found: usize,
        /// Columns of the file.
        expected: usize,
    },
    /// An item that is not what the list is made of.
    #[error("it is {found} where the list is made of {expected}")]
    Item {
        /// What it is.
        found: &'static str,
        /// What the others are.
        expected: &'static str,
    },
    /// A list or an object inside a row.
    #[error("“{column}” holds a list or an object; only plain values can be columns")]
    Nested {
        /// The column.
        column: Excerpt,
    },
    /// One object names a column twice.
    #[error("it names “{column}” twice")]
    Twice {
        /// The column.
        column: Excerpt,
    },
}

/// Why a file is refused. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Too large.
    #[error("the file is larger than {} MiB; split it", FILE_BYTES >> 20)]
    TooLarge,
    /// The file could not be read.
    #[error("the file cannot be read")]
    Io(#[from] std::io::Error),
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Names of columns and no rows.
    #[error("there are no rows")]
    NoRows,
    /// Not text in UTF-8.
    #[error("line {line} is not UTF-8 text; save the file with the encoding UTF-8")]
    NotUtf8 {
        /// The line of the first wrong byte, from 1.
        line: u64,
    },
    /// Another format.
    #[error("this is neither a JSON list nor delimited text (CSV); export it as one of them")]
    Unrecognised,
    /// Not JSON, or not a list.
    #[error("this is not a JSON list of numbers or objects ({0})")]
    Json(#[from] serde_json::Error),
    /// Not CSV.
    #[error("this is not delimited text")]
    Csv(#[from] ::csv::Error),
    /// A quote that is never closed: everything after it would be one cell.
    #[error("line {line}: a quote opens in this row and never closes")]
    OpenQuote {
        /// The line the row begins on.
        line: u64,
    },
    /// A bad row, and how many more there are.
    #[error("{place}: {problem}{}; correct it, or skip bad rows", more(*.others))]
    BadRow {
        /// Where the first one is.
        place: Place,
        /// What is wrong with it.
        problem: RowProblem,
        /// Bad rows after it.
        others: u64,
    },
    /// Bad rows were to be skipped, and all were bad.
    #[error("no row can be read; the first, {place}: {problem}")]
    NothingLeft {
        /// Where the first one is.
        place: Place,
        /// What is wrong with it.
        problem: RowProblem,
    },
    /// A column that can be read in more than one way, or in none.
    #[error("column “{column}”: {problem}")]
    Column {
        /// The column.
        column: Name,
        /// What is unclear.
        problem: ColumnProblem,
    },
    /// A name no column may have.
    #[error("column {position} has a name that cannot be used")]
    ColumnName {
        /// Its position, from 1.
        position: usize,
        /// Why.
        #[source]
        source: BadText,
    },
    /// Not a table any dataset can be.
    #[error("the file cannot become a dataset")]
    Table(#[from] TableError),
}

/// Why a column cannot be read as one thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnProblem {
    /// All dates could be either.
    #[error(
        "{example} can be day/month or month/day, and no date in the column tells; say whether dates are day-first or month-first"
    )]
    AmbiguousDates {
        /// One of them, shortened.
        example: Excerpt,
    },
    /// Some dates are day-first only, some month-first only.
    #[error(
        "some dates are day/month and some month/day; write all of them as year-month-day, or keep the column as text"
    )]
    MixedDates,
    /// All numbers could be either.
    #[error(
        "{example} can have a decimal mark or a thousands separator, and no number in the column tells; say whether the decimal mark is a point or a comma"
    )]
    AmbiguousNumbers {
        /// One of them, shortened.
        example: Excerpt,
    },
    /// Some numbers have decimal points, as many have decimal commas, or thousands are set apart only sometimes.
    #[error(
        "its numbers are written in more than one way; say whether the decimal mark is a point or a comma, or keep the column as text"
    )]
    MixedNumbers,
    /// Amounts in more than one currency.
    #[error("it has amounts in {first} and in {second}; split it, or keep the column as text")]
    MixedCurrencies {
        /// The sign seen first.
        first: char,
        /// Another one.
        second: char,
    },
}

/// A piece of a file for a message: at most 40 characters, none that hides or reorders others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    pub(crate) fn of(text: &str) -> Self {
        const SHOWN: usize = 40;
        let mut shown: String = text.chars().take(SHOWN).collect();
        if text.chars().nth(SHOWN).is_some() {
            shown.push('…');
        }
        Self(protocol::text::neutralised(&shown))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Item(item) => write!(f, "item {item}"),
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// What a column of that type holds, for a message.
fn what(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Integer | ColumnType::Decimal(_) => "a number",
        ColumnType::Date => "a date",
        ColumnType::Text => "text",
        ColumnType::Boolean => "true or false",
    }
}

fn more(others: u64) -> String {
    match others {
        0 => String::new(),
        1 => " (and 1 more bad row)".to_owned(),
        others => format!(" (and {others} more bad rows)"),
    }
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

/// Where a format's second pass puts its rows, good and bad.
struct Rows {
    builder: TableBuilder,
    names: Vec<Name>,
    skip_bad_rows: bool,
    bad: Vec<BadRow>,
    bad_rows: u64,
}

impl Rows {
    fn new(columns: Vec<Column>, options: &Options) -> Result<Self, ReadError> {
        let names = columns.iter().map(|column| column.name.clone()).collect();
        let skip_bad_rows = options.skip_bad_rows;
        Ok(Self { builder: TableBuilder::new(columns)?, names, skip_bad_rows, bad: Vec::new(), bad_rows: 0 })
    }

    /// Takes a row, or notes why it is bad.
    fn push(&mut self, place: Place, row: Result<&[Cell<'_>], RowProblem>) -> Result<(), ReadError> {
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

    fn finish(self) -> Result<Reading, ReadError> {
        let first = self.bad.first().cloned();
        if let Some(BadRow { place, problem }) = first.clone()
            && !self.skip_bad_rows
        {
            return Err(ReadError::BadRow { place, problem, others: self.bad_rows - 1 });
        }
        match (self.builder.finish(), first) {
            (Ok(table), _) => Ok(Reading { table, skipped: self.bad, skipped_rows: self.bad_rows }),
            (Err(TableError::NoRows), Some(BadRow { place, problem })) => {
                Err(ReadError::NothingLeft { place, problem })
            }
            (Err(TableError::NoRows), None) => Err(ReadError::NoRows),
            (Err(error), _) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
