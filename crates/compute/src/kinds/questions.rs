//! Questions about a statistic: above, below, in which band, rounded. They are about the outcome that the bare
//! statistic would have, so that whoever sees both finds them in agreement.

use super::{RunError, words};
use crate::exact::{divide_half_even, shifted};
use num_bigint::BigInt;
use protocol::{Bands, Computation, Decimal, InBand, Kind, Outcome, Rounding, Scalar, Threshold};
use std::cmp::Ordering;

/// What the question answers, of the number that its statistic is.
pub(super) fn answer(question: &Computation, number: Scalar) -> Result<Outcome, RunError> {
    let value = number.decimal();
    match question {
        Computation::Above(Threshold { than, .. }) => Ok(Outcome::Holds(value.cmp_value(than) == Ordering::Greater)),
        Computation::Below(Threshold { than, .. }) => Ok(Outcome::Holds(value.cmp_value(than) == Ordering::Less)),
        Computation::Band(Bands { edges, .. }) => {
            let index = edges.partition_point(|edge| edge.cmp_value(&value).is_le());
            let index = u8::try_from(index).unwrap_or(u8::MAX);
            Ok(Outcome::Band(InBand { index, edges: edges.clone() }))
        }
        Computation::Rounded(Rounding { to, .. }) => rounded(&value, to).map(Outcome::Decimal),
        _ => Ok(number.into()),
    }
}

/// The multiple of the step that is nearest, the even one of two; at the step's scale.
pub(super) fn rounded(value: &Decimal, step: &Decimal) -> Result<Decimal, RunError> {
    let too_many = || RunError::TooManyDigits { kind: Kind::Rounded };
    let numerator = shifted(&BigInt::from(value.mantissa()), step.scale().into());
    let denominator = shifted(&BigInt::from(step.mantissa()), value.scale().into());
    let steps = divide_half_even(&numerator, denominator.magnitude()).ok_or_else(too_many)?;
    crate::exact::decimal(&(steps * step.mantissa()), step.scale()).ok_or_else(too_many)
}

/// The sentence of a question, before that of its statistic; none for a statistic.
pub(super) fn head(question: &Computation) -> Option<String> {
    match question {
        Computation::Above(Threshold { than, .. }) => Some(format!("Only whether it is above {than}, yes or no")),
        Computation::Below(Threshold { than, .. }) => Some(format!("Only whether it is below {than}, yes or no")),
        Computation::Band(Bands { edges, .. }) => {
            Some(format!("Only in which of these ranges it lies, {}", words::ranges(edges)))
        }
        Computation::Rounded(Rounding { to, .. }) => Some(format!("Only rounded to the nearest multiple of {to}")),
        _ => None,
    }
}
