//! What a computation answers: what leaves the owner's computer, exact.

use crate::{Decimal, Name, Period};
use serde::{Deserialize, Serialize};
use std::{cmp::Ordering, fmt};

/// What a computation answers: what leaves the owner's computer, exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A number of things.
    Count(u64),
    /// An exact decimal.
    Decimal(Decimal),
    /// Yes or no, and nothing of the number behind it.
    Holds(bool),
    /// In which band the number lies, and nothing else of it.
    Band(InBand),
    /// One number for each group that is large enough, in ascending order of its key.
    Groups(#[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::GROUPS }, _, _>")] Vec<Group>),
    /// How many values lie where.
    Histogram(Bins),
}

/// A single number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scalar {
    /// A number of things.
    Count(u64),
    /// An exact decimal.
    Decimal(Decimal),
}

/// One of the bands that edges make: 0 lies below the first edge, and each band begins with its lower edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InBand {
    /// Which, from 0 to the number of edges.
    pub index: u8,
    /// Ascending.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::BAND_EDGES }, _, _>")]
    pub edges: Vec<Decimal>,
}

/// The answer for one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What its rows have in common.
    pub key: GroupKey,
    /// The statistic over its rows.
    pub value: Scalar,
}

/// What the rows of a group have in common.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKey {
    /// The same words.
    Text(Name),
    /// The same whole number.
    Number(Decimal),
    /// No, or yes.
    Boolean(bool),
    /// Dates of the same period.
    Period(Period),
}

/// A histogram: each bin has its lower edge and not its upper one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bins {
    /// Ascending; one more than bins.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::HISTOGRAM_EDGES }, _, _>")]
    pub edges: Vec<Decimal>,
    /// Values below the first edge.
    pub below: Tally,
    /// Values in each bin.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::HISTOGRAM_EDGES }, _, _>")]
    pub counts: Vec<Tally>,
    /// Values at or above the last edge.
    pub above: Tally,
}

/// How many values lie in a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tally {
    /// Fewer than the owner's minimum, perhaps none.
    Few,
    /// So many.
    Count(u64),
}

impl GroupKey {
    /// The order in which groups stand: numbers and periods ascending, no before yes, words by their bytes.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.cmp_value(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Period(a), Self::Period(b)) => (a.every(), a.index()).cmp(&(b.every(), b.index())),
            _ => self.place().cmp(&other.place()),
        }
    }

    fn place(&self) -> u8 {
        match self {
            Self::Text(_) => 0,
            Self::Number(_) => 1,
            Self::Boolean(_) => 2,
            Self::Period(_) => 3,
        }
    }
}

impl Scalar {
    /// The number; a count as a decimal without fraction.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        match self {
            Self::Count(count) => Decimal::from(count),
            Self::Decimal(value) => value,
        }
    }
}

impl From<Scalar> for Outcome {
    fn from(scalar: Scalar) -> Self {
        match scalar {
            Scalar::Count(count) => Self::Count(count),
            Scalar::Decimal(value) => Self::Decimal(value),
        }
    }
}

impl Outcome {
    /// The number it is, if it is a single one.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar> {
        match self {
            Self::Count(count) => Some(Scalar::Count(*count)),
            Self::Decimal(value) => Some(Scalar::Decimal(*value)),
            Self::Holds(_) | Self::Band(_) | Self::Groups(_) | Self::Histogram(_) => None,
        }
    }
}

/// A band in words: `below 100`, `100 to below 500`, `500 or more`. `index` counts from 0, the one below every edge.
#[must_use]
pub fn band(edges: &[Decimal], index: usize) -> String {
    let edge = |at: Option<usize>| at.and_then(|at| edges.get(at));
    match (edge(index.checked_sub(1)), edge(Some(index))) {
        (None, Some(upper)) => format!("below {upper}"),
        (Some(lower), Some(upper)) => format!("{lower} to below {upper}"),
        (Some(lower), None) => format!("{lower} or more"),
        (None, None) => "anywhere".to_owned(),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Decimal(value) => write!(f, "{value}"),
            Self::Holds(holds) => f.write_str(if *holds { "yes" } else { "no" }),
            Self::Band(InBand { index, edges }) => f.write_str(&band(edges, usize::from(*index))),
            Self::Groups(groups) if groups.is_empty() => f.write_str("no group is large enough"),
            Self::Groups(groups) => {
                let each: Vec<_> = groups.iter().map(|group| format!("{}: {}", group.key, group.value)).collect();
                f.write_str(&each.join("; "))
            }
            Self::Histogram(bins) => {
                let tallies = [bins.below].into_iter().chain(bins.counts.iter().copied()).chain([bins.above]);
                let each: Vec<_> =
                    tallies.enumerate().map(|(at, tally)| format!("{}: {tally}", band(&bins.edges, at))).collect();
                f.write_str(&each.join("; "))
            }
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Decimal(value) => write!(f, "{value}"),
        }
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\u{201c}{text}\u{201d}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Boolean(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Period(period) => write!(f, "{period}"),
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Few => f.write_str("too few to say"),
            Self::Count(count) => write!(f, "{count}"),
        }
    }
}
