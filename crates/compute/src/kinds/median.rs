//! The middle value in order of size, or the mean of the two in the middle; refused where there are no values.
//!
//! Exact: the mean of two values needs one digit more than the column, and has it only then. Of an odd number of
//! values it is one of the rows, of an even number the mean of two. Holds the column's values in memory.

use super::{
    Disclosure, Fold, Limits, RunError, Statistic,
    numbers::{Numbers, outcome},
    order::Values,
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
        self.values.len() as u64
    }

    fn finish(mut self: Box<Self>) -> Result<Outcome, RunError> {
        of_values(&mut self.values, self.scale)
    }
}

fn of_values(values: &mut Values, scale: u8) -> Result<Outcome, RunError> {
    let even = values.len().is_multiple_of(2);
    let none = RunError::TooFewValues { kind: Kind::Median, needed: 1, found: 0 };
    let around = values.around(values.len() / 2).ok_or(none)?;
    let upper = BigInt::from(around.value);
    // of an even number, the other middle value is the largest of those below
    let lower = around.below.filter(|_| even).map_or_else(|| upper.clone(), BigInt::from);
    let twice = lower + upper;
    if twice.bit(0) {
        outcome(Kind::Median, &(twice * 5u8), scale + 1)
    } else {
        outcome(Kind::Median, &(twice / 2u8), scale)
    }
}
