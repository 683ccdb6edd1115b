//! The arithmetic mean `Σx ÷ n`, to six more digits than the column, half to even; refused where there are no values.

use super::{
    Disclosure, Fold, Limits, MORE_DIGITS, RunError, Statistic,
    numbers::{Numbers, Total, outcome},
    scale_of,
};
use crate::exact::{divide_half_even, shifted};
use arrow::array::ArrayRef;
use protocol::{Column, Kind, Name, OnColumn, Outcome};

pub(super) struct Mean<'a>(pub(super) &'a OnColumn);

impl Statistic for Mean<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Aggregate
    }

    fn head(&self) -> String {
        format!("The mean of the values of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, columns: &[&Column], limits: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Averaging { scale: scale_of(columns), total: Total::new(limits) })
    }

    fn after(&self, columns: &[&Column], total: Total) -> Option<Box<dyn Fold>> {
        Some(Box::new(Averaging { scale: scale_of(columns), total }))
    }
}

struct Averaging {
    scale: u8,
    total: Total,
}

impl Fold for Averaging {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.total.add(&Numbers::only(rows)?);
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.total.count
    }

    fn dominated(&self) -> bool {
        self.total.dominated()
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let mean = divide_half_even(&shifted(&self.total.sum(), MORE_DIGITS.into()), &self.total.count.into());
        let mean = mean.ok_or(RunError::TooFewValues { kind: Kind::Mean, needed: 1, found: 0 })?;
        outcome(Kind::Mean, &mean, self.scale + MORE_DIGITS)
    }
}
