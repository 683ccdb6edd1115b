//! What is wrong with a row, a column or a map of columns, in words its owner can act on.

use super::NumberProblem;
use crate::table::Misfit;
use protocol::{ColumnType, Name};
use std::fmt;

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
    /// Its position in a table without lines, from 1.
    Row(u64),
    /// A transaction: its position in the file, from 1, and the line it begins on.
    Transaction {
        /// Its position.
        number: u64,
        /// Its line.
        line: u64,
    },
}

impl Place {
    /// What an owner looks for first: the line where there is one, else the position.
    #[must_use]
    pub fn at(&self) -> u64 {
        match self {
            Self::Line(at) | Self::Item(at) | Self::Row(at) | Self::Transaction { line: at, .. } => *at,
        }
    }
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
    /// A part that every transaction has is not there.
    #[error("it has no “{field}”")]
    Missing {
        /// What the format calls the part.
        field: &'static str,
    },
    /// A part of a transaction that is not what it must be.
    #[error("{cell} is not {expected} (“{field}”)")]
    Field {
        /// The part, shortened.
        cell: Excerpt,
        /// What it must be.
        expected: &'static str,
        /// What the format calls the part.
        field: &'static str,
    },
    /// An amount that cannot be kept exactly.
    #[error("{cell} {problem} (“{field}”)")]
    Amount {
        /// The amount, shortened.
        cell: Excerpt,
        /// Why.
        problem: NumberProblem,
        /// What the format calls it.
        field: &'static str,
    },
    /// Money went out and came in within one row.
    #[error("it has a debit and a credit")]
    BothWays,
    /// An amount that is one number with a decimal point and another with a decimal comma.
    #[error("{cell} can have a decimal mark or a thousands separator (“{field}”); say which mark is the decimal one")]
    UnclearAmount {
        /// The amount, shortened.
        cell: Excerpt,
        /// What the format calls it.
        field: &'static str,
    },
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

/// Why the columns named for the parts of a transaction cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMap {
    /// One part in two columns.
    #[error("the map names {part} twice")]
    Twice {
        /// The part.
        part: &'static str,
    },
    /// No day.
    #[error("the map names no date; say which column it is: date=COLUMN")]
    NoDate,
    /// No amount.
    #[error("the map names no amount; say which column it is: amount=COLUMN, or debit=COLUMN and credit=COLUMN")]
    NoAmount,
    /// Two kinds of amounts.
    #[error("the map names an amount and a debit or credit; it is one or the other")]
    TwoAmounts,
    /// No such column.
    #[error("there is no column “{column}” in the file; its columns are {}", listed(.there))]
    NoColumn {
        /// What was named.
        column: Excerpt,
        /// The first columns of the nearest record.
        there: Vec<Excerpt>,
    },
    /// Two columns of that name.
    #[error("two columns are called “{column}”; rename one in the file")]
    Ambiguous {
        /// The name.
        column: Excerpt,
    },
    /// A column of something else.
    #[error("column “{column}” does not hold dates")]
    NotDates {
        /// The column.
        column: Excerpt,
    },
    /// A column of something else.
    #[error("column “{column}” does not hold amounts")]
    NotAmounts {
        /// The column.
        column: Excerpt,
    },
}

fn listed(excerpts: &[Excerpt]) -> String {
    excerpts.iter().map(|excerpt| format!("“{excerpt}”")).collect::<Vec<_>>().join(", ")
}

/// A piece of a file for a message: at most 40 characters, none that hides or reorders others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt(String);

impl Excerpt {
    /// Words of our own, which need no shortening.
    pub(super) fn whole(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(super) fn of(text: &str) -> Self {
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
            Self::Row(row) => write!(f, "row {row}"),
            Self::Transaction { number, line } => write!(f, "transaction {number} (line {line})"),
        }
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// What a column of that type holds, for a message.
pub(super) fn what(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Integer | ColumnType::Decimal(_) => "a number",
        ColumnType::Date => "a date",
        ColumnType::Text => "text",
        ColumnType::Boolean => "true or false",
    }
}
