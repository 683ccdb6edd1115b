//! The share of rows that satisfy conditions: a decimal of six digits, half to even; refused where there are no rows.
//!
//! Rows in which a cell that the conditions look at is absent are not counted, on neither side.

use super::{Disclosure, Fold, Limits, RunError, Statistic, filter::Filter, numbers::outcome, words};
use crate::exact::{divide_half_even, shifted};
use arrow::{
    array::{Array as _, ArrayRef},
    buffer::{BooleanBuffer, NullBuffer},
};
use num_bigint::BigInt;
use protocol::{Column, Kind, Name, Outcome, Share as Asked};

/// Digits of a share.
const DIGITS: u8 = 6;

pub(super) struct Share<'a>(pub(super) &'a Asked);

impl Statistic for Share<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Aggregate
    }

    fn head(&self) -> String {
        format!("The share of the rows where {}", words::conditions(&self.0.that))
    }

    fn reads(&self) -> Vec<&Name> {
        let mut columns = Vec::new();
        for condition in &self.0.that {
            if !columns.contains(&&condition.column) {
                columns.push(&condition.column);
            }
        }
        columns
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Sharing { that: Filter::new(&self.0.that, columns), holds: 0, rows: 0 })
    }
}

/// Rows in which every one of these cells is present.
pub(super) fn complete(rows: &[ArrayRef]) -> Option<NullBuffer> {
    rows.iter().fold(None, |all, array| NullBuffer::union(all.as_ref(), array.nulls()))
}

/// Rows that satisfy the conditions; absent cells satisfy none.
pub(super) fn holding(that: &Filter, rows: &[ArrayRef]) -> BooleanBuffer {
    that.mask(rows).unwrap_or_else(|| BooleanBuffer::new_unset(rows.first().map_or(0, |array| array.len())))
}

struct Sharing {
    that: Filter,
    holds: u64,
    rows: u64,
}

impl Fold for Sharing {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        let length = rows.first().map_or(0, |array| array.len());
        let absent = complete(rows).map_or(0, |present| present.null_count());
        self.rows += (length - absent) as u64;
        self.holds += holding(&self.that, rows).count_set_bits() as u64;
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.rows
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let share = divide_half_even(&shifted(&BigInt::from(self.holds), DIGITS.into()), &self.rows.into());
        let share = share.ok_or(RunError::TooFewValues { kind: Kind::Share, needed: 1, found: 0 })?;
        outcome(Kind::Share, &share, DIGITS)
    }
}
