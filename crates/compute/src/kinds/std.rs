//! The sample standard deviation, to six more digits than the column, half to even; refused for fewer than two values.
//!
//! `s = √( (n·Σx² − (Σx)²) ÷ (n·(n − 1)) )`, the n − 1 form of ISO 3534-1 (sample standard deviation), rearranged so
//! that only one division and one root remain; both are done on whole numbers, so no digit is lost before the rounding.

use super::{Described, Disclosure, RunError, Statistic, check_numbers, mean::MORE_DIGITS, numbers::outcome, place};
use crate::exact::root_half_even;
use num_bigint::{BigInt, BigUint};
use protocol::{Column, Kind};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Aggregate,
    check: check_numbers,
    sentence,
    run: |selection| {
        let (mut count, mut sum, mut squares) = (0_u64, BigInt::ZERO, Squares::default());
        selection.for_each_numbers(|numbers| {
            count += numbers.present();
            sum += numbers.sum();
            numbers.values().for_each(|value| squares.add(value.unsigned_abs()));
            Ok(())
        })?;
        let too_few = || RunError::TooFewValues { kind: Kind::Std, needed: 2, found: count };
        let pairs = BigUint::from(count) * BigUint::from(count.checked_sub(1).ok_or_else(too_few)?);
        // never negative, by Cauchy and Schwarz
        let spread = BigUint::from(count) * squares.total() - sum.magnitude() * sum.magnitude();
        let unit = BigUint::from(10u8).pow(2 * u32::from(MORE_DIGITS));
        let root = root_half_even(&(spread * unit), &pairs).ok_or_else(too_few)?;
        outcome(Kind::Std, &BigInt::from(root), selection.scale() + MORE_DIGITS)
    },
};

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

    fn total(self) -> BigUint {
        self.spilled + self.pending
    }
}

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("How much the values vary (sample standard deviation, n − 1) of {}.", place(described, column))
}
