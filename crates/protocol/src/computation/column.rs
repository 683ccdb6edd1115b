use crate::text::Name;
use serde::{Deserialize, Serialize};

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
