use super::{AttributeName, Computation, OnColumn};
use crate::text::Name;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The kind of a computation, without its parameters: what a standing grant lists. Each credit attribute is a kind of its
/// own: who allowed one has not allowed another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// See [`Computation::Quantile`].
    Quantile,
    /// See [`Computation::Distinct`].
    Distinct,
    /// See [`Computation::Histogram`].
    Histogram,
    /// See [`Computation::Trend`].
    Trend,
    /// See [`Computation::Share`].
    Share,
    /// See [`Computation::Above`].
    Above,
    /// See [`Computation::Below`].
    Below,
    /// See [`Computation::Band`].
    Band,
    /// See [`Computation::Rounded`].
    Rounded,
    /// See [`Computation::Attribute`].
    Attribute(AttributeName),
}

impl Kind {
    /// Every kind but the attributes, in the order people are shown them.
    pub const ALL: [Self; 16] = [
        Self::Count,
        Self::Sum,
        Self::Mean,
        Self::Min,
        Self::Max,
        Self::Median,
        Self::Std,
        Self::Quantile,
        Self::Distinct,
        Self::Histogram,
        Self::Trend,
        Self::Share,
        Self::Above,
        Self::Below,
        Self::Band,
        Self::Rounded,
    ];

    /// Those that need to know a column and nothing else.
    pub const PLAIN: [Self; 8] =
        [Self::Count, Self::Sum, Self::Mean, Self::Min, Self::Max, Self::Median, Self::Std, Self::Distinct];

    /// Statistics: every kind that is neither an attribute nor a question.
    pub const STATISTICS: [Self; 12] = [
        Self::Count,
        Self::Sum,
        Self::Mean,
        Self::Min,
        Self::Max,
        Self::Median,
        Self::Std,
        Self::Quantile,
        Self::Distinct,
        Self::Histogram,
        Self::Trend,
        Self::Share,
    ];

    /// The kind a person or an older program names; `average` and `avg` mean `mean`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "average" | "avg" => Some(Self::Mean),
            _ => {
                let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
                kind.or_else(|| AttributeName::named(name).map(Self::Attribute))
            }
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
            Self::Quantile => "quantile",
            Self::Distinct => "distinct",
            Self::Histogram => "histogram",
            Self::Trend => "trend",
            Self::Share => "share",
            Self::Above => "above",
            Self::Below => "below",
            Self::Band => "band",
            Self::Rounded => "rounded",
            Self::Attribute(name) => name.name(),
        }
    }

    /// This kind over all values of a column; none where it needs to know more.
    #[must_use]
    pub fn over(self, column: Name) -> Option<Computation> {
        self.on(OnColumn::all(column))
    }

    /// This kind over a column, a filter and groups; none where it needs to know more.
    #[must_use]
    pub fn on(self, on: OnColumn) -> Option<Computation> {
        match self {
            Self::Count => Some(Computation::Count(on)),
            Self::Sum => Some(Computation::Sum(on)),
            Self::Mean => Some(Computation::Mean(on)),
            Self::Min => Some(Computation::Min(on)),
            Self::Max => Some(Computation::Max(on)),
            Self::Median => Some(Computation::Median(on)),
            Self::Std => Some(Computation::Std(on)),
            Self::Distinct => Some(Computation::Distinct(on)),
            Self::Quantile
            | Self::Histogram
            | Self::Trend
            | Self::Share
            | Self::Above
            | Self::Below
            | Self::Band
            | Self::Rounded
            | Self::Attribute(_) => None,
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
            Self::Quantile(_) => Kind::Quantile,
            Self::Distinct(_) => Kind::Distinct,
            Self::Histogram(_) => Kind::Histogram,
            Self::Trend(_) => Kind::Trend,
            Self::Share(_) => Kind::Share,
            Self::Above(_) => Kind::Above,
            Self::Below(_) => Kind::Below,
            Self::Band(_) => Kind::Band,
            Self::Rounded(_) => Kind::Rounded,
            Self::Attribute(attribute) => Kind::Attribute(attribute.name),
        }
    }

    /// Its kind and, of a question, that of its statistic: a standing grant covers it only if it lists them all.
    #[must_use]
    pub fn kinds(&self) -> Vec<Kind> {
        let mut kinds = vec![self.kind()];
        kinds.extend(self.is_question().then(|| self.statistic().kind()));
        kinds
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        let found = Self::named(&word).filter(|kind| kind.name() == word);
        found.ok_or_else(|| de::Error::custom("not the word of a kind"))
    }
}
