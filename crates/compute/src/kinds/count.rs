//! How many values are present. Defined for every column; 0 where there are none.

use super::{Disclosure, Fold, Limits, RunError, Statistic};
use arrow::array::{Array as _, ArrayRef};
use protocol::{Column, Name, OnColumn, Outcome};

pub(super) struct Count<'a>(pub(super) &'a OnColumn);

impl Statistic for Count<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Count
    }

    fn head(&self) -> String {
        format!("How many values there are of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, _: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Present(0))
    }
}

struct Present(u64);

impl Fold for Present {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.0 += rows.first().map_or(0, |values| (values.len() - values.null_count()) as u64);
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.0
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        Ok(Outcome::Count(self.0))
    }
}
