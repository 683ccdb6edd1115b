//! What holds for every computation and outcome, whatever the data: checked before one is signed or believed.

use super::{
    Bands, Bins, Comparison, Computation, Condition, Group, Histogram, InBand, Outcome, Quantile, Rounding, Share,
    Threshold, Value,
};
use crate::{
    Decimal, cbor,
    envelope::{Invalid, distinct, require},
    limits::{BAND_EDGES, COMPUTATION_BYTES, CONDITIONS, GROUPS, HISTOGRAM_EDGES, ONE_OF},
};
use std::cmp::Ordering;

impl Computation {
    /// Parameters within their bounds, comparisons that can be made, and not larger than a message may carry.
    ///
    /// # Errors
    /// The parameter, and what is wrong with it.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.is_question() {
            let of = self.statistic();
            let number = !of.is_question() && !matches!(of, Self::Histogram(_)) && of.group().is_none();
            require(
                number,
                "of",
                "not a statistic that is a single number: no histogram, no groups, no other question",
            )?;
        }
        self.statistic().validate_parameters()?;
        self.validate_parameters()?;
        let filter = self.filter();
        require(filter.len() <= CONDITIONS, "where", "more than 8 conditions")?;
        filter.iter().try_for_each(Condition::validate)?;
        let small = cbor::to_vec(self).is_ok_and(|bytes| bytes.len() <= COMPUTATION_BYTES);
        require(small, "computation", "larger than 3,072 bytes")
    }

    fn validate_parameters(&self) -> Result<(), Invalid> {
        match self {
            Self::Quantile(Quantile { p, .. }) => {
                let between = p.mantissa() > 0 && p.cmp_value(&Decimal::from(1)) == Ordering::Less;
                require(between, "p", "not between 0 and 1, both excluded")
            }
            Self::Histogram(Histogram { on, edges }) => {
                require((2..=HISTOGRAM_EDGES).contains(&edges.len()), "edges", "fewer than 2, or more than 65")?;
                require(ascending(edges), "edges", "not in ascending order, each once")?;
                require(on.group.is_none(), "group", "not possible for a histogram")
            }
            Self::Share(Share { that, .. }) => {
                require(!that.is_empty(), "that", "no condition whose share could be asked")?;
                require(that.len() <= CONDITIONS, "that", "more than 8 conditions")?;
                that.iter().try_for_each(Condition::validate)
            }
            Self::Band(Bands { edges, .. }) => {
                require((1..=BAND_EDGES).contains(&edges.len()), "edges", "none, or more than 16")?;
                require(ascending(edges), "edges", "not in ascending order, each once")
            }
            Self::Attribute(attribute) => attribute.validate(),
            Self::Rounded(Rounding { to, .. }) => require(to.mantissa() > 0, "to", "not above 0"),
            Self::Above(Threshold { .. })
            | Self::Below(Threshold { .. })
            | Self::Count(_)
            | Self::Sum(_)
            | Self::Mean(_)
            | Self::Min(_)
            | Self::Max(_)
            | Self::Median(_)
            | Self::Std(_)
            | Self::Distinct(_)
            | Self::Trend(_) => Ok(()),
        }
    }
}

impl Condition {
    /// Values of one type that the comparison can be made with, none twice, bounds in order.
    ///
    /// # Errors
    /// The part, and what is wrong with it.
    pub fn validate(&self) -> Result<(), Invalid> {
        let values = self.is.values();
        let alike = values.windows(2).all(|two| matches!(two, [a, b] if a.type_name() == b.type_name()));
        require(alike, "where", "compares with values of different types")?;
        match &self.is {
            Comparison::Between(between) => {
                let order = between.from.order(&between.to);
                require(order.is_some_and(Ordering::is_le), "where", "its first bound is above the second")?;
            }
            Comparison::OneOf(several) => {
                require(!several.is_empty(), "where", "is one of no values")?;
                require(several.len() <= ONE_OF, "where", "names more than 32 values")?;
                require(distinct(several), "where", "has a value twice")?;
            }
            _ => {}
        }
        let able = values.first().is_some_and(|value| value.can_be(&self.is));
        require(able, "where", "words are only equal or one of several, yes and no only equal or not")
    }
}

impl Value {
    /// What it is, in a word.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Date(_) => "date",
            Self::Text(_) => "text",
            Self::Boolean(_) => "boolean",
        }
    }

    /// Whether this comparison can be made with values of its type.
    fn can_be(&self, is: &Comparison) -> bool {
        match self {
            Self::Number(_) | Self::Date(_) => true,
            Self::Text(_) => matches!(is, Comparison::Equal(_) | Comparison::OneOf(_)),
            Self::Boolean(_) => matches!(is, Comparison::Equal(_) | Comparison::Not(_)),
        }
    }

    /// The order of two numbers or two dates; none for anything else.
    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp_value(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl Outcome {
    /// Groups in order and none twice; as many counts as bins; a band that there is.
    ///
    /// # Errors
    /// The part, and what is wrong with it.
    pub fn validate(&self) -> Result<(), Invalid> {
        match self {
            Self::Count(_) | Self::Decimal(_) | Self::Holds(_) => Ok(()),
            Self::Band(InBand { index, edges }) => {
                require((1..=BAND_EDGES).contains(&edges.len()) && ascending(edges), "edges", "none, or out of order")?;
                require(usize::from(*index) <= edges.len(), "index", "of a band that there is not")
            }
            Self::Groups(groups) => {
                require(groups.len() <= GROUPS, "groups", "more than 64")?;
                let before = |two: &[Group]| matches!(two, [a, b] if a.key.order(&b.key).is_lt());
                require(groups.windows(2).all(before), "groups", "not in ascending order, each once")
            }
            Self::Histogram(Bins { edges, counts, .. }) => {
                require((2..=HISTOGRAM_EDGES).contains(&edges.len()) && ascending(edges), "edges", "out of order")?;
                require(counts.len() + 1 == edges.len(), "counts", "not one for each bin")
            }
        }
    }
}

fn ascending(edges: &[Decimal]) -> bool {
    edges.windows(2).all(|two| matches!(two, [a, b] if a.cmp_value(b).is_lt()))
}
