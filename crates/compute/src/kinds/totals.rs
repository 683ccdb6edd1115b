//! Statistics that need no more of the rows than a count and a sum: read without a copy of what a filter keeps, groups
//! without a kernel each, and on several threads where the columns lie in memory.
//!
//! Sums of whole numbers do not depend on an order, so what several threads found comes to the same bytes as one.

use super::{
    Fold, Limits, Ran, RunError,
    groups::{self, Groups},
    lanes,
    numbers::{Numbers, Total},
    plan::{Plan, Stretch},
};
use crate::view::{Chunks, View, ViewError};
use arrow::array::{Array as _, ArrayRef};
use protocol::{Column, Name, Outcome};
use std::thread;

/// Rows below which a thread more costs more than it saves; tests compute over few rows.
const ROWS_EACH: usize = if cfg!(test) { 8 } else { 1 << 17 };

/// The totals of the groups found so far, by their slots; without groups, that of slot 0.
struct Tally {
    groups: Option<Groups>,
    totals: Vec<Total>,
    /// A total before any row.
    none: Total,
    /// Sums of 64 bits that are still to be added to the totals.
    pending: Vec<lanes::Slot>,
    /// What no pending sum exceeds in magnitude.
    bound: u128,
}

impl Plan<'_> {
    /// One answer, or one for each group, from totals alone.
    pub(super) fn run_totals(&self, view: &dyn View, limits: &Limits<'_>) -> Result<Ran, RunError> {
        let Tally { groups, totals, .. } = self.tally(view, limits)?;
        let columns = self.reads();
        let fold = |total: Total| self.statistic().after(&columns, total);
        match groups {
            None => {
                let fold = totals.into_iter().next().and_then(fold);
                let fold = fold.unwrap_or_else(|| self.start(limits));
                let (values, dominated) = (fold.counted(), fold.dominated());
                Ok(Ran { outcome: fold.finish()?, values, dominated })
            }
            Some(groups) => {
                let folds: Vec<Box<dyn Fold>> = totals.into_iter().skip(1).filter_map(fold).collect();
                let all = folds.iter().map(|fold| fold.counted()).sum();
                let (told, smallest) = groups::finish(groups, folds, limits)?;
                Ok(Ran { outcome: Outcome::Groups(told), values: smallest.unwrap_or(all), dominated: false })
            }
        }
    }

    fn tally(&self, view: &dyn View, limits: &Limits<'_>) -> Result<Tally, RunError> {
        let parts = self.parts(view);
        if parts.len() < 2 || (limits.cancelled)() {
            return self.tally_part(view, limits);
        }
        let Limits { max_rows, smallest_group, dominance, .. } = *limits;
        let work = |part: &Part<'_>| {
            // a part is read in milliseconds
            let limits = Limits { max_rows, smallest_group, dominance, cancelled: &|| false };
            self.tally_part(part, &limits)
        };
        let tallies = thread::scope(|scope| {
            let (first, others) = parts.split_first()?;
            let work = &work;
            let others: Vec<_> = others.iter().map(|part| scope.spawn(move || work(part))).collect();
            let mut tallies = vec![work(first)];
            for other in others {
                // a panic of one is one here too, as it would be without threads
                tallies.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            Some(tallies)
        });
        let mut tallies = tallies.into_iter().flatten();
        let first = tallies.next().unwrap_or_else(|| self.tally_part(view, limits))?;
        tallies.try_fold(first, |all, other| all.joined(other?))
    }

    fn tally_part(&self, view: &dyn View, limits: &Limits<'_>) -> Result<Tally, RunError> {
        let groups = self.group().map(|group| Groups::new(group.every));
        let (none, pending) = (Total::new(limits), Vec::new());
        let mut tally = Tally { groups, totals: vec![none.clone()], none, pending, bound: 0 };
        self.walk(view, limits, |stretch| tally.take(stretch))?;
        tally.settle();
        Ok(tally)
    }
}

impl Tally {
    fn take(&mut self, stretch: &Stretch<'_>) -> Result<(), RunError> {
        let numbers = Numbers::only(&stretch.values)?;
        let (Some(groups), Some(by)) = (&mut self.groups, stretch.by) else {
            if let Some(total) = self.totals.first_mut() {
                match &stretch.mask {
                    None => total.add(&numbers),
                    Some(mask) => total.add_kept(&numbers, mask),
                }
            }
            return Ok(());
        };
        let slots = groups.slots(by, stretch.mask.as_ref())?;
        self.totals.resize(groups.len() + 1, self.none.clone());
        match &numbers {
            Numbers::Short(array) if array.null_count() == 0 => self.scatter(array.values(), &slots),
            // slot 0 is that of rows in no group
            _ => {
                for (row, slot) in slots.iter().enumerate().filter(|(_, slot)| **slot > 0) {
                    if let (Some(value), Some(total)) = (numbers.get(row), self.totals.get_mut(*slot as usize)) {
                        total.add_value(value);
                    }
                }
            }
        }
        if let Some(groups) = &mut self.groups {
            groups.reuse(slots);
        }
        Ok(())
    }

    /// Adds values in 64 bits, after making sure that they suffice.
    fn scatter(&mut self, values: &[i64], slots: &[u32]) {
        const LIMIT: u128 = i64::MAX as u128;
        let bound = lanes::bound(values);
        if self.bound + bound > LIMIT {
            self.settle();
        }
        if bound > LIMIT {
            for (value, slot) in values.iter().zip(slots) {
                if let Some(total) = self.totals.get_mut(*slot as usize) {
                    total.add_value((*value).into());
                }
            }
            return;
        }
        self.bound += bound;
        self.pending.resize(self.totals.len(), lanes::Slot::default());
        lanes::scatter(values, slots, &mut self.pending);
    }

    /// Adds to the totals what is pending.
    fn settle(&mut self) {
        for (total, slot) in self.totals.iter_mut().zip(self.pending.drain(..)) {
            total.add_found(&slot.found());
        }
        self.bound = 0;
    }

    /// What two parts of the rows come to together.
    fn joined(mut self, other: Self) -> Result<Self, RunError> {
        let same = 0..other.totals.len();
        let slots = match (&mut self.groups, other.groups) {
            (Some(groups), Some(others)) => groups.join(others)?,
            _ => same.collect(),
        };
        self.totals.resize(self.groups.as_ref().map_or(0, Groups::len) + 1, self.none.clone());
        for (slot, total) in slots.into_iter().zip(other.totals) {
            if let Some(to) = self.totals.get_mut(slot) {
                to.join(total);
            }
        }
        Ok(self)
    }
}

/// Some consecutive rows of columns that lie in memory.
struct Part<'a> {
    columns: &'a [Column],
    rows: usize,
    /// Of each column that is read the chunks, or what of them belongs to these rows.
    chunks: Vec<(&'a Name, Vec<ArrayRef>)>,
}

impl View for Part<'_> {
    fn columns(&self) -> &[Column] {
        self.columns
    }

    fn rows(&self) -> u64 {
        self.rows as u64
    }

    fn chunks(&self, column: &Name) -> Result<Chunks<'_>, ViewError> {
        let found = self.chunks.iter().find(|(name, _)| *name == column);
        let (_, chunks) = found.ok_or_else(|| ViewError::NoColumn { column: column.clone() })?;
        Ok(Box::new(chunks.iter().cloned().map(Ok)))
    }
}

impl<'a> Plan<'a> {
    /// The rows in about as many parts as threads may read them; none where not all columns lie in memory.
    fn parts<'v>(&'v self, view: &'v dyn View) -> Vec<Part<'v>> {
        let rows = usize::try_from(view.rows()).unwrap_or_default();
        let threads = view.threads().min(rows / ROWS_EACH);
        if threads < 2 {
            return Vec::new();
        }
        let held = self.columns().iter().map(|column| Some((&column.name, view.held(&column.name)?)));
        let Some(held) = held.collect::<Option<Vec<_>>>() else { return Vec::new() };
        if held.iter().any(|(_, chunks)| chunks.iter().map(|chunk| chunk.len()).sum::<usize>() != rows) {
            return Vec::new(); // read one by one it is an error that names the column
        }
        let size = rows.div_ceil(threads);
        let part = |first: usize| {
            let last = rows.min(first + size);
            let chunks = held.iter().map(|(name, chunks)| (*name, cut(chunks, first, last))).collect();
            Part { columns: view.columns(), rows: last - first, chunks }
        };
        (0..rows).step_by(size).map(part).collect()
    }
}

/// The rows from `first` and before `last` out of all of a column's chunks.
fn cut(chunks: &[ArrayRef], first: usize, last: usize) -> Vec<ArrayRef> {
    let mut end = 0;
    let within = |chunk: &ArrayRef| {
        let start = end;
        end += chunk.len();
        let (from, to) = (first.clamp(start, end) - start, last.clamp(start, end) - start);
        (from < to).then(|| chunk.slice(from, to - from))
    };
    chunks.iter().filter_map(within).collect()
}
