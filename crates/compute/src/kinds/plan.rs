//! What one run reads, and how: columns side by side, a filter, groups, and a kernel for each.

use super::{
    Fold, Limits, NotPossible, Ran, RunError, Statistic,
    filter::Filter,
    groups::{self, Groups, Members},
    numbers::Total,
    of, pieces,
};
use crate::view::View;
use arrow::{
    array::{ArrayRef, BooleanArray},
    buffer::BooleanBuffer,
    compute,
};
use protocol::{Column, Computation, GroupBy, Name, Outcome};

/// A statistic made ready for the columns of a dataset.
pub(super) struct Plan<'a> {
    statistic: Box<dyn Statistic + 'a>,
    /// Every column that is read, each once.
    columns: Vec<&'a Column>,
    /// Which of them the statistic reads, in its order.
    reads: Vec<usize>,
    filter: Filter,
    group: Option<(usize, &'a GroupBy)>,
}

/// A stretch of rows before any choice among them.
pub(super) struct Stretch<'a> {
    /// Position of its first row.
    pub(super) first: u64,
    /// One array for each column the statistic reads.
    pub(super) values: Vec<ArrayRef>,
    /// The rows that satisfy the filter; all where there is none.
    pub(super) mask: Option<BooleanBuffer>,
    /// The array of the column that groups are made by.
    pub(super) by: Option<&'a ArrayRef>,
}

impl<'a> Plan<'a> {
    /// The plan of a computation, of a question for its statistic.
    pub(super) fn new(computation: &'a Computation, columns: &'a [Column]) -> Result<Self, NotPossible> {
        let find = |name: &Name| {
            let found = columns.iter().find(|column| column.name == *name);
            found.ok_or_else(|| NotPossible::NoColumn { column: name.clone() })
        };
        let read = computation.columns().into_iter().map(find).collect::<Result<Vec<_>, _>>()?;
        let at = |name: &Name| read.iter().position(|column| column.name == *name);
        let statistic = of(computation);
        let reads = statistic.reads().into_iter().filter_map(at).collect();
        let filter = Filter::new(computation.filter(), &read);
        let group = computation.group().and_then(|group| Some((at(&group.column)?, group)));
        Ok(Self { statistic, reads, filter, group, columns: read })
    }

    /// One answer, or one for each group that is large enough.
    pub(super) fn run(&self, view: &dyn View, limits: &Limits<'_>) -> Result<Ran, RunError> {
        if self.statistic.after(&self.reads(), Total::unwatched()).is_some() {
            return self.run_totals(view, limits);
        }
        match self.group {
            None => self.run_whole(view, limits),
            Some((_, group)) => self.run_grouped(group, view, limits),
        }
    }

    fn run_whole(&self, view: &dyn View, limits: &Limits<'_>) -> Result<Ran, RunError> {
        let mut fold = self.start(limits);
        self.walk(view, limits, |stretch| match &stretch.mask {
            None => fold.take(&stretch.values),
            Some(mask) => fold.take(&kept(&stretch.values, mask)?),
        })?;
        fold.ran()
    }

    fn run_grouped(&self, group: &GroupBy, view: &dyn View, limits: &Limits<'_>) -> Result<Ran, RunError> {
        let mut groups = Groups::new(group.every);
        let mut folds: Vec<Box<dyn Fold>> = Vec::new();
        self.walk(view, limits, |stretch| {
            for (index, rows) in members(&mut groups, stretch)? {
                while folds.len() < groups.len() {
                    folds.push(self.start(limits));
                }
                if let Some(fold) = folds.get_mut(index) {
                    fold.take(&groups::pick(&stretch.values, &rows)?)?;
                }
            }
            Ok(())
        })?;
        let all = folds.iter().map(|fold| fold.counted()).sum();
        let (told, smallest) = groups::finish(groups, folds, limits)?;
        Ok(Ran { outcome: Outcome::Groups(told), values: smallest.unwrap_or(all), dominated: false })
    }

    /// A kernel before any row.
    pub(super) fn start(&self, limits: &Limits<'_>) -> Box<dyn Fold> {
        let columns: Vec<_> = self.reads.iter().filter_map(|at| self.columns.get(*at).copied()).collect();
        self.statistic.start(&columns, limits)
    }

    /// Hands every stretch of rows to `each`, in order.
    pub(super) fn walk(
        &self,
        view: &dyn View,
        limits: &Limits<'_>,
        mut each: impl FnMut(&Stretch<'_>) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        pieces::for_each(view, &self.columns, limits, |first, arrays| {
            let values = self.reads.iter().filter_map(|at| arrays.get(*at).cloned()).collect();
            let by = self.group.and_then(|(at, _)| arrays.get(at));
            each(&Stretch { first, values, mask: self.filter.mask(arrays), by })
        })
    }

    /// The columns the statistic reads, in its order.
    pub(super) fn reads(&self) -> Vec<&'a Column> {
        self.reads.iter().filter_map(|at| self.columns.get(*at).copied()).collect()
    }

    /// The statistic.
    pub(super) fn statistic(&self) -> &dyn Statistic {
        &*self.statistic
    }

    /// Every column that is read, each once.
    pub(super) fn columns(&self) -> &[&'a Column] {
        &self.columns
    }

    /// What groups are made by.
    pub(super) fn group(&self) -> Option<&'a GroupBy> {
        self.group.map(|(_, group)| group)
    }
}

/// Which rows of a stretch belong to which group.
pub(super) fn members(groups: &mut Groups, stretch: &Stretch<'_>) -> Result<Members, RunError> {
    stretch.by.map_or(Ok(Members::new()), |by| groups.members(by, stretch.mask.as_ref()))
}

/// The rows of these arrays that a mask keeps.
fn kept(arrays: &[ArrayRef], mask: &BooleanBuffer) -> Result<Vec<ArrayRef>, RunError> {
    if mask.count_set_bits() == mask.len() {
        return Ok(arrays.to_vec());
    }
    let mask = BooleanArray::new(mask.clone(), None);
    let keep = |array: &ArrayRef| compute::filter(array, &mask);
    Ok(arrays.iter().map(keep).collect::<Result<_, _>>().map_err(crate::chunk::ChunkError::Arrow)?)
}
