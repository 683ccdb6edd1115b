//! A quantile, to six more digits than the column, half to even; refused where there are no values.
//!
//! Definition 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996),
//! 361-365: of the values in order x₀ … x₍ₙ₋₁₎, with h = (n − 1)·p, `x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)`. Over
//! fractions, rounded once. It is a row or lies between two. Holds the column's values in memory.

use super::{
    Disclosure, Fold, Limits, MORE_DIGITS, RunError, Statistic,
    numbers::{Numbers, outcome},
    order::Values,
    scale_of, words,
};
use crate::exact::{divide_half_even, shifted};
use arrow::array::ArrayRef;
use num_bigint::BigInt;
use protocol::{Column, Decimal, Kind, Name, Outcome, Quantile as Asked};

pub(super) struct Quantile<'a>(pub(super) &'a Asked);

impl Statistic for Quantile<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Row
    }

    fn head(&self) -> String {
        let part = words::percent(&self.0.p);
        format!("The value that {part} of the values do not exceed (quantile {}) of “{}”", self.0.p, self.0.on.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.on.column]
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Ordering { p: self.0.p, scale: scale_of(columns), values: Values::default() })
    }
}

struct Ordering {
    p: Decimal,
    scale: u8,
    values: Values,
}

impl Fold for Ordering {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.values.add(&Numbers::only(rows)?);
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.values.len() as u64
    }

    fn finish(mut self: Box<Self>) -> Result<Outcome, RunError> {
        let none = || RunError::TooFewValues { kind: Kind::Quantile, needed: 1, found: 0 };
        let last = self.values.len().checked_sub(1).ok_or_else(none)?;
        // h = whole + rest ÷ unit
        let unit = shifted(&BigInt::from(1u8), self.p.scale().into());
        let h = BigInt::from(last) * self.p.mantissa();
        let whole = &h / &unit;
        let rest = h - &whole * &unit;
        let at = usize::try_from(&whole).unwrap_or(last).min(last);
        let around = self.values.around(at).ok_or_else(none)?;
        let lower = BigInt::from(around.value);
        let upper = around.above.map_or_else(|| lower.clone(), BigInt::from);
        let numerator = &lower * &unit + rest * (upper - &lower);
        let value = divide_half_even(&shifted(&numerator, MORE_DIGITS.into()), unit.magnitude()).ok_or_else(none)?;
        outcome(Kind::Quantile, &value, self.scale + MORE_DIGITS)
    }
}
