//! Why a file is refused, in words its owner can act on.

use super::{BadMap, ColumnProblem, Excerpt, Format, MarkupProblem, ParquetProblem, Place, RowProblem};
use crate::{
    limits::{FILE_BYTES, ROW_BYTES, STREAMED_BYTES},
    table::TableError,
};
use protocol::{BadText, Name};

/// Why a file is refused. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Too large to be read whole.
    #[error(
        "the file is larger than {} MiB, the most for its format; split it (CSV whose columns are not mapped, and Parquet, may have {} MiB)",
        FILE_BYTES >> 20,
        STREAMED_BYTES >> 20
    )]
    TooLarge,
    /// Too large for any format.
    #[error("the file is larger than {} MiB; split it, or save it as Parquet", STREAMED_BYTES >> 20)]
    TooLargeAtAll,
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
    /// Bytes that the stated encoding does not have.
    #[error("the file is not in the encoding it states ({encoding}); save it with the encoding UTF-8")]
    NotInEncoding {
        /// The encoding's name.
        encoding: &'static str,
    },
    /// Another format.
    #[error("this is none of the formats that are read here ({}); export it as one of them", known())]
    Unrecognised,
    /// Something to be unpacked.
    #[error("this is {what}; unpack it first (or, from a spreadsheet, save as CSV), and add what is inside")]
    Packed {
        /// What it is.
        what: &'static str,
    },
    /// Something made to be looked at.
    #[error("this is {what}, made to be looked at; ask your bank or program for an export: {}", known())]
    Printed {
        /// What it is.
        what: &'static str,
    },
    /// XML of an unknown kind.
    #[error("this is XML of a kind that is not read here (it begins with <{root}>); read are {}", known())]
    UnknownXml {
        /// Its first element.
        root: Excerpt,
    },
    /// A message of a bank that is no statement.
    #[error("this is {what}; ask your bank for a statement: camt.053")]
    NoStatement {
        /// What it is.
        what: &'static str,
    },
    /// Not JSON, or without a list of transactions.
    #[error("this is not JSON with a list of transactions ({0})")]
    JsonRecords(#[source] serde_json::Error),
    /// A feed of a meter without what it measured.
    #[error("there are no interval readings in this file; choose usage data when you export it")]
    NoReadings,
    /// Readings of an unknown unit.
    #[error(
        "line {line}: nothing in the file says which unit these readings are in; download it again with its reading types"
    )]
    NoReadingType {
        /// Where the readings begin.
        line: u64,
    },
    /// What readings are to be multiplied by cannot be read.
    #[error(
        "line {line}: the power of ten of these readings is no whole number, so nobody can tell how large they are; download the file again"
    )]
    NoPowerOfTen {
        /// Where the readings begin.
        line: u64,
    },
    /// How far the meter's clock is from UTC cannot be read.
    #[error(
        "line {line}: the meter's tzOffset “{found}” is no number of seconds within 15 hours of UTC, so nobody can tell on which days its readings are; download the file again"
    )]
    NoTimeOffset {
        /// Where the entry with it begins.
        line: u64,
        /// What is there.
        found: Excerpt,
    },
    /// Not the format it was said to be.
    #[error("this is not {}; leave the format out, and it is recognised", .format.title())]
    NotThat {
        /// The format.
        format: Format,
    },
    /// Columns named for transactions are not there, or are not what they should be.
    #[error(transparent)]
    Map(#[from] BadMap),
    /// Columns named for a format that has none.
    #[error("a map of columns is for delimited text, and this is {}; leave the map out", .format.title())]
    MapOfOther {
        /// The format.
        format: Format,
    },
    /// Parquet that cannot be read.
    #[error(transparent)]
    Parquet(#[from] ParquetProblem),
    /// Markup that cannot be read.
    #[error("line {line}: {problem}")]
    Markup {
        /// The line.
        line: u64,
        /// Why.
        problem: MarkupProblem,
    },
    /// The end is missing.
    #[error("line {line}: the file ends within {within}, so a part of it is missing; download it again")]
    CutOff {
        /// The last line.
        line: u64,
        /// What was open.
        within: Excerpt,
    },
    /// A statement of accounts on which nothing moved.
    #[error("there are no booked transactions in this file{}; choose a longer period when you export it", left(*.pending))]
    NoTransactions {
        /// The format.
        format: Format,
        /// Pending transactions in it.
        pending: u64,
    },
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
    /// A row that does not end.
    #[error("line {line}: the row is longer than {} MiB; perhaps a quote opens in it and never closes", ROW_BYTES >> 20)]
    LongRow {
        /// The line it begins on.
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
    #[error("no row can be read; the first, {place}: {problem}{}", more(*.others))]
    NothingLeft {
        /// Where the first one is.
        place: Place,
        /// What is wrong with it.
        problem: RowProblem,
        /// Bad rows after it.
        others: u64,
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

/// The formats in a sentence.
fn known() -> String {
    Format::ALL.map(Format::title).join(", ")
}

fn left(pending: u64) -> &'static str {
    if pending > 0 { " (only pending ones, which may still change)" } else { "" }
}

fn more(others: u64) -> String {
    match others {
        0 => String::new(),
        1 => " (and 1 more bad row)".to_owned(),
        others => format!(" (and {others} more bad rows)"),
    }
}
