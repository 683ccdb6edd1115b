//! The middle value in order of size, or the mean of the two in the middle; refused where there are no values.
//!
//! Exact: the mean of two values needs one digit more than the column, and has it only then. Of an odd number of
//! values it is one of the rows, of an even number the mean of two. Holds the column's values in memory, 16 bytes each.

use super::{Described, Disclosure, RunError, Statistic, check_numbers, numbers::outcome, place};
use num_bigint::BigInt;
use protocol::{Column, Kind, Outcome};

pub(super) const STATISTIC: Statistic = Statistic {
    discloses: Disclosure::Row,
    check: check_numbers,
    sentence,
    run: |selection| {
        let mut values = Vec::new();
        selection.for_each_numbers(|numbers| {
            values.extend(numbers.values());
            Ok(())
        })?;
        of_values(&mut values, selection.scale())
    },
};

fn of_values(values: &mut [i128], scale: u8) -> Result<Outcome, RunError> {
    if values.is_empty() {
        return Err(RunError::TooFewValues { kind: Kind::Median, needed: 1, found: 0 });
    }
    let even = values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable(values.len() / 2);
    let upper = BigInt::from(*upper);
    // of an even number, the other middle value is the largest of those below
    let lower = if even {
        below.iter().max().map_or_else(|| upper.clone(), |lower| BigInt::from(*lower))
    } else {
        upper.clone()
    };
    let twice = lower + upper;
    if twice.bit(0) {
        outcome(Kind::Median, &(twice * 5u8), scale + 1)
    } else {
        outcome(Kind::Median, &(twice / 2u8), scale)
    }
}

fn sentence(described: &Described<'_>, column: &Column) -> String {
    format!("The middle value (median) of {}.", place(described, column))
}
