//! What may be asked: typed computations, whose deterministic CBOR is what is signed, shown and run.

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
}

/// The column a statistic reads. Absent values are not counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnColumn {
    /// Name of the column, as the catalog gives it.
    pub column: Name,
}

/// The kind of a computation, without its parameters: what a standing grant lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// See [`Computation::Count`].
    Count,
    /// See [`Computation::Sum`].
    Sum,
    /// See [`Computation::Mean`].
    Mean,
    /// See [`Computation::Min`].
    Min,
    /// See [`Computation::Max`].
    Max,
    /// See [`Computation::Median`].
    Median,
    /// See [`Computation::Std`].
    Std,
}

impl Kind {
    /// Every kind, in the order people are shown them.
    pub const ALL: [Self; 7] = [Self::Count, Self::Sum, Self::Mean, Self::Min, Self::Max, Self::Median, Self::Std];

    /// The kind a person or an older program names; `average` and `avg` mean `mean`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "average" | "avg" => Some(Self::Mean),
            _ => Self::ALL.into_iter().find(|kind| kind.name() == name),
        }
    }

    /// Its one word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Min => "min",
            Self::Max => "max",
            Self::Median => "median",
            Self::Std => "std",
        }
    }

    /// This kind over one column.
    #[must_use]
    pub fn over(self, column: Name) -> Computation {
        let on = OnColumn { column };
        match self {
            Self::Count => Computation::Count(on),
            Self::Sum => Computation::Sum(on),
            Self::Mean => Computation::Mean(on),
            Self::Min => Computation::Min(on),
            Self::Max => Computation::Max(on),
            Self::Median => Computation::Median(on),
            Self::Std => Computation::Std(on),
        }
    }
}

impl Computation {
    /// Its kind, without parameters.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Count(_) => Kind::Count,
            Self::Sum(_) => Kind::Sum,
            Self::Mean(_) => Kind::Mean,
            Self::Min(_) => Kind::Min,
            Self::Max(_) => Kind::Max,
            Self::Median(_) => Kind::Median,
            Self::Std(_) => Kind::Std,
        }
    }

    /// The columns it reads: nothing else is opened.
    #[must_use]
    pub fn columns(&self) -> Vec<&Name> {
        match self {
            Self::Count(on)
            | Self::Sum(on)
            | Self::Mean(on)
            | Self::Min(on)
            | Self::Max(on)
            | Self::Median(on)
            | Self::Std(on) => vec![&on.column],
        }
    }

    /// SHA-256 of its deterministic CBOR: what runs is what has this hash.
    pub fn hash(&self) -> Result<Digest, cbor::CborError> {
        Ok(Digest(Sha256::digest(cbor::to_vec(self)?).into()))
    }
}

/// What a computation answers: what leaves the owner's computer, exact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A number of things.
    Count(u64),
    /// An exact decimal.
    Decimal(Decimal),
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Decimal(value) => write!(f, "{}", value),
        }
    }
}

/// A column as the catalog shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name, unique in the dataset.
    pub name: Name,
    /// What it holds.
    #[serde(rename = "type")]
    pub of: ColumnType,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Whole numbers.
    Integer,
    /// Decimals with that many digits after the point.
    Decimal(u8),
    /// Calendar dates.
    Date,
    /// Words.
    Text,
    /// Yes or no.
    Boolean,
}

impl ColumnType {
    /// Whether arithmetic means something on it.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Decimal(_))
    }
}

#[cfg(test)]
mod tests;
