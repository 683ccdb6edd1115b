//! `Σx`, at the column's scale; 0 where there are no values.

use super::{
    Disclosure, Fold, Limits, RunError, Statistic,
    numbers::{Numbers, Total, outcome},
    scale_of,
};
use arrow::array::ArrayRef;
use protocol::{Column, Kind, Name, OnColumn, Outcome};

pub(super) struct Sum<'a>(pub(super) &'a OnColumn);

impl Statistic for Sum<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Aggregate
    }

    fn head(&self) -> String {
        format!("The sum of the values of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, columns: &[&Column], limits: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Adding { scale: scale_of(columns), total: Total::new(limits) })
    }

    fn after(&self, columns: &[&Column], total: Total) -> Option<Box<dyn Fold>> {
        Some(Box::new(Adding { scale: scale_of(columns), total }))
    }
}

struct Adding {
    scale: u8,
    total: Total,
}

impl Fold for Adding {
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
        outcome(Kind::Sum, &self.total.sum(), self.scale)
    }
}
