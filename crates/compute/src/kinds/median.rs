//! The middle value in order of size, or the mean of the two in the middle; refused where there are no values.
//!
//! Exact: the mean of two values needs one digit more than the column, and has it only then. Of an odd number of
//! values it is one of the rows, of an even number the mean of two. Holds the column's values in memory, 16 bytes each.

use super::{
    Disclosure, Fold, Limits, RunError, Statistic,
    numbers::{Numbers, Values, outcome},
    scale_of,
};
use arrow::array::ArrayRef;
use num_bigint::BigInt;
use protocol::{Column, Kind, Name, OnColumn, Outcome};

pub(super) struct Median<'a>(pub(super) &'a OnColumn);

impl Statistic for Median<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Row
    }

    fn head(&self) -> String {
        format!("The middle value (median) of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Ordering { scale: scale_of(columns), values: Values::default() })
    }
}

struct Ordering {
    scale: u8,
    values: Values,
}

impl Fold for Ordering {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.values.add(&Numbers::only(rows)?);
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.values.0.len() as u64
    }

    fn finish(mut self: Box<Self>) -> Result<Outcome, RunError> {
        of_values(&mut self.values.0, self.scale)
    }
}

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
