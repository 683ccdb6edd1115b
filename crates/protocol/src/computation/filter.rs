//! Which rows a statistic is about: typed comparisons, all of which must hold, and groups.

use crate::{Date, Decimal, Every, Name};
use serde::{Deserialize, Serialize};

/// A comparison of one column. A row whose cell is absent satisfies none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Name of the column, as the catalog gives it.
    pub column: Name,
    /// What must hold for its cell.
    pub is: Comparison,
}

/// What must hold for a cell. Words are only equal or one of several; yes and no only equal or not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The same value.
    Equal(Value),
    /// Another value.
    Not(Value),
    /// Smaller, or earlier.
    Less(Value),
    /// Not larger, or not later.
    AtMost(Value),
    /// Larger, or later.
    More(Value),
    /// Not smaller, or not earlier.
    AtLeast(Value),
    /// Within bounds, both included.
    Between(Between),
    /// One of these.
    OneOf(#[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::ONE_OF }, _, _>")] Vec<Value>),
}

/// Two bounds, both included; the first is not above the second.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// From here.
    pub from: Value,
    /// To here.
    pub to: Value,
}

/// A value that a cell is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number.
    Number(Decimal),
    /// A day.
    Date(Date),
    /// Words: plain and bounded as a name is, so that a prompt can show them.
    Text(Name),
    /// Yes or no.
    Boolean(bool),
}

/// One answer for each value of a column. Rows whose cell is absent are in no group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupBy {
    /// Words, whole numbers, yes and no, or dates.
    pub column: Name,
    /// For dates, and only for them: how long a period is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Every>,
}

impl Comparison {
    /// The values it compares with, in order.
    #[must_use]
    pub fn values(&self) -> Vec<&Value> {
        match self {
            Self::Equal(value)
            | Self::Not(value)
            | Self::Less(value)
            | Self::AtMost(value)
            | Self::More(value)
            | Self::AtLeast(value) => vec![value],
            Self::Between(Between { from, to }) => vec![from, to],
            Self::OneOf(values) => values.iter().collect(),
        }
    }
}
