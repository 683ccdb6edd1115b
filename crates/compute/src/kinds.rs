//! What can be asked. Every kind is one file: what it reads, its sentence, its kernel, what it discloses.
//!
//! Absent values are never counted. All kernels read the rows in order, once, and are exact, so an outcome does not
//! depend on how the rows were cut into chunks. Filters and groups are the same for every kind: each kernel is handed
//! the rows it is about, group by group.

mod attribute;
mod count;
mod distinct;
mod filter;
mod groups;
mod histogram;
mod lanes;
mod linear;
mod max;
mod mean;
mod median;
mod min;
pub(crate) mod numbers;
mod order;
mod pieces;
mod plan;
mod quantile;
mod questions;
mod rounded;
mod safer;
mod share;
mod span;
mod std;
mod sum;
mod told;
mod totals;
mod trend;
pub(crate) mod words;

pub use linear::{LinearFact, Unknown, linear_facts};
pub use protocol::NotPossible;
pub use safer::safer;
pub use span::{date_column, dates};
pub use told::told;

use crate::{
    attributes::Lack,
    chunk::ChunkError,
    disclosure::Rules,
    view::{View, ViewError},
};
use arrow::array::ArrayRef;
use numbers::Total;
use plan::Plan;
use protocol::{Column, Computation, Date, Kind, Name, Outcome};

/// Digits that a mean, a standard deviation, a quantile and a slope have beyond those of their column.
const MORE_DIGITS: u8 = 6;

/// What limits a run.
#[derive(Clone, Copy)]
pub struct Bounds<'a> {
    /// Most rows that may be read.
    pub max_rows: u64,
    /// Asked before every chunk; once it says yes, the run stops with [`RunError::Cancelled`].
    pub cancelled: &'a dyn Fn() -> bool,
}

/// What limits a run, the owner's rules among it.
struct Limits<'a> {
    max_rows: u64,
    /// Fewest values in a group or a bin that is told of.
    smallest_group: u64,
    /// Percent of a sum that one row may make.
    dominance: u8,
    cancelled: &'a dyn Fn() -> bool,
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
    /// The owner's own words about it, if there are any.
    pub description: Option<&'a str>,
    /// The first and the last of its dates, where they are known: on the owner's side only.
    pub dates: Option<(Date, Date)>,
}

impl<'a> Described<'a> {
    /// A dataset of which no more is known than the catalog's figures.
    #[must_use]
    pub fn new(dataset: &'a Name, rows: u64, columns: &'a [Column]) -> Self {
        Self { dataset, rows, columns, description: None, dates: None }
    }
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
    /// A yes, a no or a range: less than any number.
    Question,
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
    /// A stretch of rows is not what its column says.
    #[error("the rows are damaged; restore the dataset from a backup or add it again")]
    Chunk(#[from] ChunkError),
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
    /// A trend over one date.
    #[error("a trend needs at least two different dates")]
    OneDate,
    /// More groups than an outcome may have, or than are looked at.
    #[error("there are more than {limit} groups; group by something with fewer values, or filter")]
    TooManyGroups {
        /// The limit: [`protocol::limits::GROUPS`] that leave, or [`crate::limits::GROUP_KEYS`] that are looked at.
        limit: usize,
    },
    /// A group whose words cannot be told.
    #[error("a group's words are longer than 64 bytes or hold a character that shows nothing; group by another column")]
    GroupName,
    /// A credit attribute that these transactions do not have.
    #[error(transparent)]
    Attribute(#[from] Lack),
    /// The exact outcome has more digits than a receipt can hold.
    #[error("the exact outcome of “{kind}” has more than 38 digits", kind = kind.name())]
    TooManyDigits {
        /// The statistic.
        kind: Kind,
    },
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// What would leave.
    pub outcome: Outcome,
    /// How many values stand behind it; of groups, behind the smallest that is told of.
    pub values: u64,
    /// Whether one row makes more of a sum than it may. A group of which this holds is not told of.
    pub dominated: bool,
}

/// Whether a computation makes sense on these columns.
///
/// # Errors
/// [`NotPossible`], with what could be asked instead.
pub fn check(computation: &Computation, columns: &[Column]) -> Result<(), NotPossible> {
    computation.fits(columns)
}

/// The sentence a prompt shows: what would leave, in plain words.
///
/// Made of the dataset's own words and numbers, the names of its own columns and typed values: numbers, dates, yes and
/// no, and quoted words of a filter, which are plain text of at most 64 bytes. A column the dataset does not have is
/// never repeated.
#[must_use]
pub fn sentence(computation: &Computation, described: &Described<'_>) -> String {
    let own = |name: &&Name| described.columns.iter().any(|column| column.name == **name);
    if !computation.columns().iter().all(own) {
        return format!("Nothing: “{}” has no such column.", described.dataset);
    }
    asked(computation, &words::place(computation, described))
}

/// The same without a dataset at hand: for who holds no more than a signed computation, with the names it has.
#[must_use]
pub fn phrase(computation: &Computation) -> String {
    asked(computation, &words::parts(computation))
}

fn asked(computation: &Computation, place: &str) -> String {
    let statistic = format!("{}{place}", of(computation).head());
    match questions::head(computation) {
        None => format!("{statistic}."),
        Some(question) => format!("{question}: {}.", words::lowered(&statistic)),
    }
}

/// What the outcome is, seen from the rows.
#[must_use]
pub fn discloses(computation: &Computation) -> Disclosure {
    match computation {
        Computation::Above(_) | Computation::Below(_) | Computation::Band(_) => Disclosure::Question,
        other => of(other).discloses(),
    }
}

/// Runs a computation over a view, under the rules a dataset has unless its owner changes them. See [`run_by`].
///
/// # Errors
/// See [`RunError`]. Nothing of the rows is in an error but how many there are.
pub fn run(computation: &Computation, view: &dyn View, bounds: &Bounds<'_>) -> Result<Outcome, RunError> {
    run_by(&Rules::default(), computation, view, bounds).map(|ran| ran.outcome)
}

/// Runs a computation over a view. Groups and bins smaller than the rules allow are not told of.
///
/// Blocking, and bound to one core unless the view says otherwise; memory is one chunk of each column, for order statistics
/// and distinct counts one column.
///
/// # Errors
/// See [`RunError`]. Nothing of the rows is in an error but how many there are.
pub fn run_by(rules: &Rules, computation: &Computation, view: &dyn View, bounds: &Bounds<'_>) -> Result<Ran, RunError> {
    check(computation, view.columns())?;
    if view.rows() > bounds.max_rows {
        return Err(RunError::TooManyRows { rows: view.rows(), limit: bounds.max_rows });
    }
    let plan = Plan::new(computation, view.columns())?;
    let ran = plan.run(view, &Limits::new(bounds, rules))?;
    let ran = match &rules.round_to {
        Some(step) => Ran { outcome: rounded::outcome(ran.outcome, step)?, ..ran },
        None => ran,
    };
    match ran.outcome.scalar() {
        Some(number) => Ok(Ran { outcome: questions::answer(computation, number)?, ..ran }),
        None => Ok(ran),
    }
}

/// Hands the rows of some columns to `each`, stretch by stretch: an array for each column, all of the same length.
///
/// # Errors
/// What `each` fails with; rows that cannot be read; the bounds.
pub(crate) fn each_stretch(
    view: &dyn View,
    columns: &[&Column],
    bounds: &Bounds<'_>,
    mut each: impl FnMut(&[ArrayRef]) -> Result<(), RunError>,
) -> Result<(), RunError> {
    pieces::for_each(view, columns, &Limits::new(bounds, &Rules::default()), |_, arrays| each(arrays))
}

impl<'a> Limits<'a> {
    fn new(bounds: &Bounds<'a>, rules: &Rules) -> Self {
        let Bounds { max_rows, cancelled } = *bounds;
        Self { max_rows, smallest_group: rules.smallest_group, dominance: rules.dominance, cancelled }
    }
}

/// What every file in kinds/ provides.
trait Statistic: Sync {
    /// What its outcome is, seen from the rows.
    fn discloses(&self) -> Disclosure;
    /// The beginning of its sentence, up to where the rows are named.
    fn head(&self) -> String;
    /// The columns it reads, in the order in which its kernel takes them; those of filters and groups aside.
    fn reads(&self) -> Vec<&Name>;
    /// Its kernel, before any row; `columns` are those it reads.
    fn start(&self, columns: &[&Column], limits: &Limits<'_>) -> Box<dyn Fold>;
    /// Its kernel after rows of which this is the total, where it needs to know no more of them.
    fn after(&self, _columns: &[&Column], _total: Total) -> Option<Box<dyn Fold>> {
        None
    }
}

/// A kernel: takes rows stretch by stretch, and then says what they come to.
trait Fold {
    /// Takes a stretch of rows: an array for each column the statistic reads, all of the same length.
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError>;
    /// How many values it has counted so far.
    fn counted(&self) -> u64;
    /// Whether one row makes more of the sum than it may; of what is no sum, never.
    fn dominated(&self) -> bool {
        false
    }
    /// The outcome over the rows taken.
    fn finish(self: Box<Self>) -> Result<Outcome, RunError>;
    /// The same, and how many values stand behind it.
    fn ran(self: Box<Self>) -> Result<Ran, RunError> {
        let (values, dominated) = (self.counted(), self.dominated());
        Ok(Ran { outcome: self.finish()?, values, dominated })
    }
}

/// The one place where a computation meets its file. Of a question: its statistic.
fn of(computation: &Computation) -> Box<dyn Statistic + '_> {
    match computation {
        Computation::Count(on) => Box::new(count::Count(on)),
        Computation::Sum(on) => Box::new(sum::Sum(on)),
        Computation::Mean(on) => Box::new(mean::Mean(on)),
        Computation::Min(on) => Box::new(min::Min(on)),
        Computation::Max(on) => Box::new(max::Max(on)),
        Computation::Median(on) => Box::new(median::Median(on)),
        Computation::Std(on) => Box::new(std::Std(on)),
        Computation::Quantile(quantile) => Box::new(quantile::Quantile(quantile)),
        Computation::Distinct(on) => Box::new(distinct::Distinct(on)),
        Computation::Histogram(histogram) => Box::new(histogram::Histogram(histogram)),
        Computation::Trend(trend) => Box::new(trend::Trend(trend)),
        Computation::Share(share) => Box::new(share::Share(share)),
        Computation::Attribute(asked) => Box::new(attribute::Attribute(asked)),
        Computation::Above(threshold) | Computation::Below(threshold) => of(&threshold.of),
        Computation::Band(bands) => of(&bands.of),
        Computation::Rounded(rounding) => of(&rounding.of),
    }
}

/// Digits after the point of the first column a statistic reads.
fn scale_of(columns: &[&Column]) -> u8 {
    columns.first().map_or(0, |column| numbers::scale(column.of))
}

#[cfg(test)]
mod tests;
