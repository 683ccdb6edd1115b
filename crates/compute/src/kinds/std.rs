//! The sample standard deviation, to six more digits than the column, half to even; refused for fewer than two values.
//!
//! `s = √( (n·Σx² − (Σx)²) ÷ (n·(n − 1)) )`, the n − 1 form of ISO 3534-1 (sample standard deviation), rearranged so
//! that only one division and one root remain; both are done on whole numbers, so no digit is lost before the rounding.

use super::{
    Disclosure, Fold, Limits, MORE_DIGITS, RunError, Statistic,
    numbers::{Numbers, Total, outcome},
    scale_of,
};
use crate::exact::root_half_even;
use arrow::array::ArrayRef;
use num_bigint::{BigInt, BigUint};
use protocol::{Column, Kind, Name, OnColumn, Outcome};

pub(super) struct Std<'a>(pub(super) &'a OnColumn);

impl Statistic for Std<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Aggregate
    }

    fn head(&self) -> String {
        format!("How much the values vary (sample standard deviation, n − 1) of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Spreading { scale: scale_of(columns), total: Total::unwatched(), squares: Squares::default() })
    }
}

struct Spreading {
    scale: u8,
    total: Total,
    squares: Squares,
}

impl Fold for Spreading {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        let numbers = Numbers::only(rows)?;
        self.total.add(&numbers);
        numbers.values().for_each(|value| self.squares.add(value.unsigned_abs()));
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.total.count
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let (count, sum) = (&self.total.count, self.total.sum());
        let too_few = || RunError::TooFewValues { kind: Kind::Std, needed: 2, found: *count };
        let pairs = BigUint::from(*count) * BigUint::from(count.checked_sub(1).ok_or_else(too_few)?);
        // never negative, by Cauchy and Schwarz
        let spread = BigUint::from(*count) * self.squares.total() - sum.magnitude() * sum.magnitude();
        let unit = BigUint::from(10u8).pow(2 * u32::from(MORE_DIGITS));
        let root = root_half_even(&(spread * unit), &pairs).ok_or_else(too_few)?;
        outcome(Kind::Std, &BigInt::from(root), self.scale + MORE_DIGITS)
    }
}

/// An exact sum of squares: in 128 bits as long as it fits, which is nearly always.
#[derive(Default)]
struct Squares {
    spilled: BigUint,
    pending: u128,
}

impl Squares {
    fn add(&mut self, value: u128) {
        let square = value.checked_mul(value);
        match square.and_then(|square| self.pending.checked_add(square)) {
            Some(pending) => self.pending = pending,
            None => self.spilled += BigUint::from(value) * BigUint::from(value),
        }
    }

    fn total(&self) -> BigUint {
        &self.spilled + self.pending
    }
}
