//! The arithmetic mean `Σx ÷ n`, to six more digits than the column, half to even; refused where there are no values.

use super::{Described, Disclosure, RunError, Statistic, check_numbers, numbers::outcome, place};
use crate::exact::{divide_half_even, shifted};
use protocol::{Column, Kind};

/// Digits a mean and a standard deviation have beyond those of their column.
pub(super) const MORE_DIGITS: u8 = 6;

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Aggregate,
    check: check_numbers,
    sentence,
    run: |selection| {
        let (count, sum) = selection.count_and_sum()?;
        let mean = divide_half_even(&shifted(&sum, u32::from(MORE_DIGITS)), count);
        let mean = mean.ok_or(RunError::TooFewValues { kind: Kind::Mean, needed: 1, found: 0 })?;
        outcome(Kind::Mean, &mean, selection.scale() + MORE_DIGITS)
    },
};

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("The mean of the values of {}.", place(described, column))
}
