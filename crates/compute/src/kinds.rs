//! What can be asked. Every kind is one file: what it needs, its sentence, its kernel, what it discloses.
//!
//! Absent values are never counted. All kernels read the chunks in row order, once, and are exact, so an outcome
//! does not depend on how the rows were cut into chunks.

mod count;
mod max;
mod mean;
mod median;
mod min;
mod numbers;
mod std;
mod sum;

use crate::view::{View, ViewError};
use numbers::Selection;
use protocol::{Column, Computation, Kind, Name, OnColumn, Outcome};

/// What limits a run.
#[derive(Clone, Copy)]
pub struct Bounds<'a> {
    /// Most rows that may be read.
    pub max_rows: u64,
    /// Asked before every chunk; once it says yes, the run stops with [`RunError::Cancelled`].
    pub cancelled: &'a dyn Fn() -> bool,
}

/// What a sentence says about the dataset: the owner's own words and numbers, nothing from the requester.
#[derive(Clone, Copy, Debug)]
pub struct Described<'a> {
    /// The dataset's name.
    pub dataset: &'a Name,
    /// Its rows.
    pub rows: u64,
    /// Its columns.
    pub columns: &'a [Column],
}

/// What an outcome is, seen from the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disclosure {
    /// The value of a row, or a mean of two of them.
    Row,
    /// A number that all rows make together.
    Aggregate,
    /// How many there are.
    Count,
}

/// Why a computation makes no sense on a dataset: visible from its columns alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotPossible {
    /// No such column.
    #[error("there is no column “{column}”; the catalog lists the columns there are")]
    NoColumn {
        /// What was asked for.
        column: Name,
    },
    /// A column of dates, words, or yes and no.
    #[error("column “{column}” does not hold numbers; only “count” can be asked of it")]
    NotNumbers {
        /// The column.
        column: Name,
    },
}

/// Why a run has no outcome.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The dataset is not of the form the computation needs.
    #[error("the computation does not fit the dataset")]
    NotPossible(#[from] NotPossible),
    /// The rows cannot be read.
    #[error("the rows cannot be read")]
    View(#[from] ViewError),
    /// The caller stopped it.
    #[error("the computation was stopped before it finished")]
    Cancelled,
    /// More rows than allowed.
    #[error("{rows} rows are more than the {limit} that one computation may read")]
    TooManyRows {
        /// Rows of the dataset, or those read until the limit was passed.
        rows: u64,
        /// The limit.
        limit: u64,
    },
    /// Fewer values than the statistic is defined for.
    #[error("“{kind}” needs at least {needed} values in the column and found {found}", kind = kind.name())]
    TooFewValues {
        /// The statistic.
        kind: Kind,
        /// How many it needs.
        needed: u64,
        /// How many are present.
        found: u64,
    },
    /// The exact outcome has more digits than a receipt can hold.
    #[error("the exact outcome of “{kind}” has more than 38 digits", kind = kind.name())]
    TooManyDigits {
        /// The statistic.
        kind: Kind,
    },
}

/// Whether a computation makes sense on these columns.
///
/// # Errors
/// [`NotPossible`], with what could be asked instead.
pub fn check(computation: &Computation, columns: &[Column]) -> Result<(), NotPossible> {
    let (statistic, on) = of(computation);
    (statistic.check)(on, columns)
}

/// The sentence a prompt shows: what would leave, in plain words.
///
/// Made of the dataset's name, its number of rows and the name of one of its own columns. A column the dataset
/// does not have is never repeated.
#[must_use]
pub fn sentence(computation: &Computation, described: &Described<'_>) -> String {
    let (statistic, on) = of(computation);
    match column(on, described.columns) {
        Ok(column) => (statistic.sentence)(described, column),
        Err(_) => format!("Nothing: “{}” has no such column.", described.dataset),
    }
}

/// What the outcome is, seen from the rows.
#[must_use]
pub fn discloses(computation: &Computation) -> Disclosure {
    of(computation).0.discloses
}

/// Runs a computation over a view. Blocking and bound to one core; memory is one chunk, for the median one column.
///
/// # Errors
/// See [`RunError`]. Nothing of the rows is in an error but how many there are.
pub fn run(computation: &Computation, view: &dyn View, bounds: &Bounds<'_>) -> Result<Outcome, RunError> {
    let (statistic, on) = of(computation);
    (statistic.check)(on, view.columns())?;
    if view.rows() > bounds.max_rows {
        return Err(RunError::TooManyRows { rows: view.rows(), limit: bounds.max_rows });
    }
    let column = column(on, view.columns())?;
    (statistic.run)(&Selection { view, column, bounds })
}

/// What every file in kinds/ provides.
struct Statistic {
    discloses: Disclosure,
    check: fn(&OnColumn, &[Column]) -> Result<(), NotPossible>,
    sentence: fn(&Described<'_>, &Column) -> String,
    run: fn(&Selection<'_>) -> Result<Outcome, RunError>,
}

/// The one place where a computation meets its file.
fn of(computation: &Computation) -> (&'static Statistic, &OnColumn) {
    match computation {
        Computation::Count(on) => (&count::STATISTIC, on),
        Computation::Sum(on) => (&sum::STATISTIC, on),
        Computation::Mean(on) => (&mean::STATISTIC, on),
        Computation::Min(on) => (&min::STATISTIC, on),
        Computation::Max(on) => (&max::STATISTIC, on),
        Computation::Median(on) => (&median::STATISTIC, on),
        Computation::Std(on) => (&std::STATISTIC, on),
    }
}

fn column<'a>(on: &OnColumn, columns: &'a [Column]) -> Result<&'a Column, NotPossible> {
    let found = columns.iter().find(|column| column.name == on.column);
    found.ok_or_else(|| NotPossible::NoColumn { column: on.column.clone() })
}

/// The check of every statistic that calculates.
fn check_numbers(on: &OnColumn, columns: &[Column]) -> Result<(), NotPossible> {
    let column = column(on, columns)?;
    if column.of.is_numeric() { Ok(()) } else { Err(NotPossible::NotNumbers { column: on.column.clone() }) }
}

/// The end of every sentence: “electricity” in the 116 rows of “Utility bills”.
fn place(described: &Described<'_>, column: &Column) -> String {
    let rows = match described.rows {
        1 => "the only row".to_owned(),
        rows => format!("the {rows} rows"),
    };
    format!("“{}” in {rows} of “{}”", column.name, described.dataset)
}

#[cfg(test)]
mod tests;
