//! Safer forms of a question for a bare number: what an owner could offer instead.
//!
//! Rounded to its leading digit, above or below a round number, or only its band: each tells less than the number. The
//! round numbers come from the number's magnitude; the owner sees each before she offers it, and may choose others.

use super::questions;
use num_bigint::BigInt;
use protocol::{Bands, Computation, Decimal, Outcome, Rounding, Threshold};

/// Questions whose answers tell less than the outcome that was asked for, with those answers; none where it is no single
/// number.
#[must_use]
pub fn safer(computation: &Computation, outcome: &Outcome) -> Vec<(Computation, Outcome)> {
    let number = outcome.scalar().filter(|_| !computation.is_question());
    let Some(value) = number.map(|number| number.decimal().normalized()) else { return Vec::new() };
    let Some(step) = leading(&value) else { return Vec::new() };
    let of = || Box::new(computation.clone());
    let times = |factor: i128| step.mantissa().checked_mul(factor).and_then(|m| Decimal::new(m, step.scale()).ok());
    let sign = if value.mantissa() < 0 { -1 } else { 1 };
    let digit = value_in(&value, &step);
    let mut forms = vec![Computation::Rounded(Rounding { of: of(), to: step })];
    forms.extend(times(digit).map(|than| Computation::Above(Threshold { of: of(), than })));
    let mut edges: Vec<Decimal> = [1, 2, 5, 10].into_iter().filter_map(|factor| times(sign * factor)).collect();
    edges.sort_by(Decimal::cmp_value);
    forms.push(Computation::Band(Bands { of: of(), edges }));
    let answered = |form: Computation| {
        let answer = outcome.scalar().and_then(|number| questions::answer(&form, number).ok())?;
        Some((form, answer))
    };
    forms.into_iter().filter_map(answered).collect()
}

/// The power of ten of the leading digit: 100 for 874.12, 0.01 for 0.042, and 1 for 0.
fn leading(value: &Decimal) -> Option<Decimal> {
    let digits = BigInt::from(value.mantissa()).magnitude().to_string().len();
    let above = u32::try_from(digits).ok()? - 1;
    let scale = u32::from(value.scale());
    if above >= scale {
        return Decimal::new(10_i128.checked_pow(above - scale)?, 0).ok();
    }
    Decimal::new(1, u8::try_from(scale - above).ok()?).ok()
}

/// How many whole steps lie below the value: the digit that leads it.
fn value_in(value: &Decimal, step: &Decimal) -> i128 {
    let numerator = BigInt::from(value.mantissa()) * BigInt::from(10u8).pow(step.scale().into());
    let denominator = BigInt::from(step.mantissa()) * BigInt::from(10u8).pow(value.scale().into());
    let quotient = &numerator / &denominator;
    let below = numerator < &quotient * &denominator;
    i128::try_from(if below { quotient - 1u8 } else { quotient }).unwrap_or_default()
}

#[cfg(test)]
mod tests;
