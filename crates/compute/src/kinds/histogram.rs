//! How many values lie in each bin between edges that the one who asks names. They never come from the data, which
//! would tell the smallest and the largest value. A bin has its lower edge and not its upper one.
//!
//! A bin with fewer values than the owner's minimum is not told of, also when there are none. Where those bins hold fewer
//! values than the minimum all together, the smallest of the others is not told of either, until they do not: else the
//! number of all values tells what was held back.

use super::{Disclosure, Fold, Limits, RunError, Statistic, filter::Units, numbers::Numbers, scale_of, words};
use arrow::array::ArrayRef;
use protocol::{Bins, Column, Decimal, Histogram as Asked, Name, Outcome, Tally};

pub(super) struct Histogram<'a>(pub(super) &'a Asked);

impl Statistic for Histogram<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Count
    }

    fn head(&self) -> String {
        format!(
            "How many of the values lie in each of these ranges, {}, of “{}”",
            words::ranges(&self.0.edges),
            self.0.on.column
        )
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.on.column]
    }

    fn start(&self, columns: &[&Column], limits: &Limits<'_>) -> Box<dyn Fold> {
        let edges = self.0.edges.clone();
        let starts = starts(&edges, scale_of(columns));
        Box::new(Counting { counts: vec![0; edges.len() + 1], edges, starts, smallest: limits.smallest_group })
    }
}

/// The smallest value of each range but the first, in units of the column.
pub(super) fn starts(edges: &[Decimal], scale: u8) -> Vec<i128> {
    edges.iter().map(|edge| Units::number(edge, scale).ceiling()).collect()
}

/// In which range a value lies: 0 is the one below every edge.
pub(super) fn range(starts: &[i128], value: i128) -> usize {
    starts.partition_point(|start| *start <= value)
}

/// What is told of each bin.
pub(super) fn tallies(counts: &[u64], smallest: u64) -> Vec<Tally> {
    let tally = |count: u64| if count < smallest { Tally::Few } else { Tally::Count(count) };
    let mut tallies: Vec<_> = counts.iter().map(|count| tally(*count)).collect();
    loop {
        let kept_back = counts.iter().zip(&tallies).filter(|(_, tally)| **tally == Tally::Few);
        let together: u64 = kept_back.map(|(count, _)| count).sum();
        if together == 0 || together >= smallest {
            return tallies;
        }
        let least = tallies.iter_mut().filter(|tally| **tally != Tally::Few).min_by_key(|tally| match tally {
            Tally::Count(count) => *count,
            Tally::Few => u64::MAX,
        });
        let Some(least) = least else { return tallies };
        *least = Tally::Few;
    }
}

struct Counting {
    edges: Vec<Decimal>,
    starts: Vec<i128>,
    counts: Vec<u64>,
    smallest: u64,
}

impl Fold for Counting {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        for value in Numbers::only(rows)?.values() {
            if let Some(count) = self.counts.get_mut(range(&self.starts, value)) {
                *count += 1;
            }
        }
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.counts.iter().sum()
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let mut tallies = tallies(&self.counts, self.smallest);
        let above = tallies.pop().unwrap_or(Tally::Few);
        let below = if tallies.is_empty() { Tally::Few } else { tallies.remove(0) };
        Ok(Outcome::Histogram(Bins { edges: self.edges, below, counts: tallies, above }))
    }
}
