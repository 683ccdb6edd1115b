//! A credit attribute among the other kinds: its definition is a file in `attributes/`.

use super::{Disclosure, Fold, Limits, Ran, RunError, Statistic};
use crate::attributes::{self, Computing};
use arrow::array::ArrayRef;
use protocol::{Attribute as Asked, Column, LedgerColumn, Name, Outcome};

pub(super) struct Attribute<'a>(pub(super) &'a Asked);

impl Statistic for Attribute<'_> {
    fn discloses(&self) -> Disclosure {
        attributes::definition(self.0.name).discloses
    }

    fn head(&self) -> String {
        attributes::phrase(self.0)
    }

    fn reads(&self) -> Vec<&Name> {
        self.0.name.columns().into_iter().map(LedgerColumn::name).collect()
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Reading(Computing::new(self.0, columns)))
    }
}

/// Rows are kept until the last one is there: only then is it known which days are meant.
struct Reading(Computing);

impl Fold for Reading {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.0.take(rows)
    }

    /// Not known before the end, and an attribute has no groups for which it would have to be.
    fn counted(&self) -> u64 {
        0
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        self.0.finish().map(|ran| ran.outcome)
    }

    fn ran(self: Box<Self>) -> Result<Ran, RunError> {
        self.0.finish()
    }
}
