//! What may be asked: typed computations, whose deterministic CBOR is what is signed, shown and run.

mod attribute;
mod choice;
mod column;
mod filter;
mod fit;
mod kind;
mod outcome;
mod valid;

pub use attribute::{Attribute, AttributeName, Due, Form, LedgerColumn, Span, Words};
pub use column::{Column, ColumnType};
pub use filter::{Between, Comparison, Condition, GroupBy, Value};
pub use fit::NotPossible;
pub use kind::Kind;
pub use outcome::{Bins, Group, GroupKey, InBand, Outcome, Scalar, Tally, band};

use crate::{Decimal, Digest, cbor, text::Name};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A question over one dataset. Nothing that is not one of these can run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Computation {
    /// How many values are present.
    Count(OnColumn),
    /// Their sum.
    Sum(OnColumn),
    /// Their arithmetic mean, to six more digits than the column, half to even.
    Mean(OnColumn),
    /// The smallest value.
    Min(OnColumn),
    /// The largest value.
    Max(OnColumn),
    /// The middle value, or the mean of the two in the middle.
    Median(OnColumn),
    /// The sample standard deviation (n − 1), to six more digits than the column, half to even.
    Std(OnColumn),
    /// A quantile, to six more digits than the column, half to even.
    Quantile(Quantile),
    /// How many different values there are, in a column of any type.
    Distinct(OnColumn),
    /// How many values lie in each bin.
    Histogram(Histogram),
    /// How much a column rises per day or month: the slope of the least-squares line.
    Trend(Trend),
    /// The share of the rows for which a condition holds, to six digits.
    Share(Share),
    /// A credit attribute over the transactions of a ledger.
    Attribute(Attribute),
    /// Whether a statistic is above a number.
    Above(Threshold),
    /// Whether a statistic is below a number.
    Below(Threshold),
    /// In which band a statistic lies.
    Band(Bands),
    /// A statistic rounded to a step, half to even.
    Rounded(Rounding),
}

/// The column a statistic reads, and of which rows. Absent values are not counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnColumn {
    /// Name of the column, as the catalog gives it.
    pub column: Name,
    /// Only rows for which all of these hold.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::cbor::at_most::<{ crate::limits::CONDITIONS }, _, _>"
    )]
    pub filter: Vec<Condition>,
    /// One answer for each group of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupBy>,
}

/// A quantile by definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American
/// Statistician 50 (1996): of n values in order, x₀ to x₍ₙ₋₁₎, and h = (n − 1)·p, it is
/// `x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quantile {
    /// Of which values.
    pub on: OnColumn,
    /// Between 0 and 1, both excluded.
    pub p: Decimal,
}

/// Counts between edges that the one who asks names: they never come from the data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Of which values; without groups.
    pub on: OnColumn,
    /// Ascending; each bin has its lower edge and not its upper one.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::HISTOGRAM_EDGES }, _, _>")]
    pub edges: Vec<Decimal>,
}

/// The slope of the least-squares line of a column over dates: `(n·Σxy − Σx·Σy) ÷ (n·Σx² − (Σx)²)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// Which values.
    pub on: OnColumn,
    /// The column of their dates.
    pub over: Name,
    /// What x counts.
    pub per: Per,
}

/// What the dates of a trend are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Days.
    Day,
    /// Calendar months: every day of a month counts alike.
    Month,
}

/// The share of the rows that satisfy conditions, among those whose cells the conditions look at are all present.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// All of these hold.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::CONDITIONS }, _, _>")]
    pub that: Vec<Condition>,
    /// Only among rows for which all of these hold.
    #[serde(
        default,
        rename = "where",
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::cbor::at_most::<{ crate::limits::CONDITIONS }, _, _>"
    )]
    pub filter: Vec<Condition>,
    /// One answer for each group of rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupBy>,
}

/// A question whose answer is yes or no. It is about the outcome that the bare statistic would have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// A statistic that is a single number.
    pub of: Box<Computation>,
    /// What it is compared with; equal is neither above nor below.
    pub than: Decimal,
}

/// A question whose answer is a band. It is about the outcome that the bare statistic would have.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// A statistic that is a single number.
    pub of: Box<Computation>,
    /// Ascending; each band begins with its lower edge.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::BAND_EDGES }, _, _>")]
    pub edges: Vec<Decimal>,
}

/// A number made coarser. It is the outcome that the bare statistic would have, rounded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// A statistic that is a single number.
    pub of: Box<Computation>,
    /// The step, above 0: the answer is a multiple of it.
    pub to: Decimal,
}

impl OnColumn {
    /// All values of a column.
    #[must_use]
    pub fn all(column: Name) -> Self {
        Self { column, filter: Vec::new(), group: None }
    }
}

impl Computation {
    /// What a question is about; a statistic itself.
    #[must_use]
    pub fn statistic(&self) -> &Self {
        match self {
            Self::Above(Threshold { of, .. })
            | Self::Below(Threshold { of, .. })
            | Self::Band(Bands { of, .. })
            | Self::Rounded(Rounding { of, .. }) => of,
            other => other,
        }
    }

    /// Whether it asks about a statistic instead of for it.
    #[must_use]
    pub fn is_question(&self) -> bool {
        matches!(self, Self::Above(_) | Self::Below(_) | Self::Band(_) | Self::Rounded(_))
    }

    /// The column whose values its statistic is made of; a share and an attribute have none.
    #[must_use]
    pub fn on(&self) -> Option<&OnColumn> {
        match self.statistic() {
            Self::Count(on)
            | Self::Sum(on)
            | Self::Mean(on)
            | Self::Min(on)
            | Self::Max(on)
            | Self::Median(on)
            | Self::Std(on)
            | Self::Distinct(on)
            | Self::Quantile(Quantile { on, .. })
            | Self::Histogram(Histogram { on, .. })
            | Self::Trend(Trend { on, .. }) => Some(on),
            _ => None,
        }
    }

    /// The conditions a row must satisfy to be looked at.
    #[must_use]
    pub fn filter(&self) -> &[Condition] {
        match (self.on(), self.statistic()) {
            (Some(on), _) => &on.filter,
            (None, Self::Share(share)) => &share.filter,
            _ => &[],
        }
    }

    /// What it has one answer for each of.
    #[must_use]
    pub fn group(&self) -> Option<&GroupBy> {
        match (self.on(), self.statistic()) {
            (Some(on), _) => on.group.as_ref(),
            (None, Self::Share(share)) => share.group.as_ref(),
            _ => None,
        }
    }

    /// Whether it looks at parts of the rows: by a filter, or group by group; of an attribute see
    /// [`Attribute::in_parts`].
    #[must_use]
    pub fn in_parts(&self) -> bool {
        if let Self::Attribute(attribute) = self.statistic() {
            return attribute.in_parts();
        }
        !self.filter().is_empty() || self.group().is_some()
    }

    /// The columns it reads, each once: nothing else is opened.
    #[must_use]
    pub fn columns(&self) -> Vec<&Name> {
        let statistic = self.statistic();
        if let Self::Attribute(attribute) = statistic {
            return attribute.name.columns().into_iter().map(LedgerColumn::name).collect();
        }
        let (over, that) = match statistic {
            Self::Trend(trend) => (Some(&trend.over), &[][..]),
            Self::Share(share) => (None, &share.that[..]),
            _ => (None, &[][..]),
        };
        let conditions = that.iter().chain(self.filter()).map(|condition| &condition.column);
        let group = self.group().map(|group| &group.column);
        let mut columns = Vec::new();
        for column in self.on().map(|on| &on.column).into_iter().chain(over).chain(conditions).chain(group) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }

    /// SHA-256 of its deterministic CBOR: what runs is what has this hash.
    pub fn hash(&self) -> Result<Digest, cbor::CborError> {
        Ok(Digest(Sha256::digest(cbor::to_vec(self)?).into()))
    }
}

#[cfg(test)]
mod tests;
