//! Which outcomes are linear facts about rows, and of which: what the ledger of releases adds up.
//!
//! An outcome is a linear fact if it is `Σ weightᵢ·uᵢ ÷ divisor` for unknowns uᵢ of single rows. For sums, means and
//! slopes the unknowns are the rows' values; for counts, shares and bins, whether a row is among those counted. Whoever
//! has enough such facts can solve them for one row.

use super::{
    Bounds, Limits, RunError, check,
    filter::Filter,
    groups::Groups,
    histogram,
    numbers::{self, Numbers},
    plan::{Plan, Stretch, members},
    share, trend,
};
use crate::{attributes::Computing, chunk::ChunkError, disclosure::Rules, view::View};
use arrow::array::Array as _;
use protocol::{Computation, GroupKey, Name, Outcome, Tally};
use std::collections::BTreeMap;

/// One number of an outcome as a linear fact about rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinearFact {
    /// What is unknown of each row.
    pub about: Unknown,
    /// The group it is the answer of, if the computation has groups.
    pub group: Option<GroupKey>,
    /// Positions of the rows, from 0, ascending, with their weights, of which none is 0.
    pub rows: Vec<(u32, i64)>,
    /// What the weighted sum is divided by.
    pub divisor: u128,
}

/// What is unknown of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// Its value in this column.
    Value(Name),
    /// Whether it is one of those counted.
    Counted,
}

/// The rows and weights that an outcome is a linear fact of: one fact for each number that is told; none of what is
/// held back (groups and bins that are too small). `None` where the computation is not linear: order statistics, spread,
/// distinct counts, questions.
///
/// # Errors
/// As [`super::run_by`], under the same rules.
pub fn linear_facts(
    rules: &Rules,
    computation: &Computation,
    view: &dyn View,
    bounds: &Bounds<'_>,
) -> Result<Option<Vec<LinearFact>>, RunError> {
    check(computation, view.columns())?;
    let bounds = &Limits::new(bounds, rules);
    let plan = Plan::new(computation, view.columns())?;
    match computation {
        Computation::Count(_) => plan.facts(view, bounds, Weighing::Each).map(Some),
        Computation::Sum(_) => plan.facts(view, bounds, Weighing::Added).map(Some),
        Computation::Mean(_) => plan.facts(view, bounds, Weighing::Averaged).map(Some),
        Computation::Trend(trend) => plan.facts(view, bounds, Weighing::Date(trend.per)).map(Some),
        Computation::Share(share) => {
            let that = Filter::new(&share.that, &plan.reads());
            plan.facts(view, bounds, Weighing::Holding(that)).map(Some)
        }
        Computation::Histogram(asked) => {
            let scale = plan.reads().first().map_or(0, |column| numbers::scale(column.of));
            bins(&plan, view, bounds, &histogram::starts(&asked.edges, scale)).map(Some)
        }
        Computation::Attribute(asked) => {
            let mut computing = Computing::new(asked, &plan.reads());
            plan.walk(view, bounds, |stretch| computing.take(&stretch.values))?;
            computing.facts()
        }
        Computation::Min(_)
        | Computation::Max(_)
        | Computation::Median(_)
        | Computation::Std(_)
        | Computation::Quantile(_)
        | Computation::Distinct(_)
        | Computation::Above(_)
        | Computation::Below(_)
        | Computation::Band(_)
        | Computation::Rounded(_) => Ok(None),
    }
}

/// What makes a row's weight.
enum Weighing {
    /// Every value counts once.
    Each,
    /// Every value is added.
    Added,
    /// Every value is added, and the sum divided by their number.
    Averaged,
    /// By the row's date: `n·x − Σx`.
    Date(protocol::Per),
    /// Rows that hold, of all that are complete.
    Holding(Filter),
}

/// The rows of one group, or of the whole, while they are found.
#[derive(Default)]
struct Found {
    /// Position and, for a trend, x; otherwise whether the row is in the sum.
    rows: Vec<(u32, i64)>,
}

impl Plan<'_> {
    fn facts(&self, view: &dyn View, bounds: &Limits<'_>, weighing: Weighing) -> Result<Vec<LinearFact>, RunError> {
        let mut groups = Groups::new(self.group().and_then(|group| group.every));
        let mut found: BTreeMap<usize, Found> = BTreeMap::new();
        self.walk(view, bounds, |stretch| {
            let marks = weighing.marks(stretch)?;
            let mut add = |group: usize, row: usize| {
                if let Some(Some(mark)) = marks.get(row) {
                    found.entry(group).or_default().rows.push((position(stretch, row), *mark));
                }
            };
            if self.group().is_none() {
                let kept = |row: &usize| stretch.mask.as_ref().is_none_or(|mask| mask.value(*row));
                (0..marks.len()).filter(kept).for_each(|row| add(0, row));
                return Ok(());
            }
            for (group, rows) in members(&mut groups, stretch)? {
                rows.values().iter().for_each(|row| add(group, *row as usize));
            }
            Ok(())
        })?;
        self.told(view, bounds, &weighing, groups, found)
    }

    /// Facts of the numbers that the outcome tells, in its order.
    fn told(
        &self,
        view: &dyn View,
        bounds: &Limits<'_>,
        weighing: &Weighing,
        groups: Groups,
        mut found: BTreeMap<usize, Found>,
    ) -> Result<Vec<LinearFact>, RunError> {
        let about = match (weighing, self.reads().first()) {
            (Weighing::Added | Weighing::Averaged | Weighing::Date(_), Some(column)) => {
                Unknown::Value(column.name.clone())
            }
            _ => Unknown::Counted,
        };
        let fact = |group, found: Found| weighing.fact(about.clone(), group, found.rows);
        if self.group().is_none() {
            return Ok(vec![fact(None, found.remove(&0).unwrap_or_default())]);
        }
        let mut keys = groups.keys().enumerate().collect::<BTreeMap<_, _>>();
        let Outcome::Groups(told) = self.run(view, bounds)?.outcome else { return Ok(Vec::new()) };
        let mut by_key = Vec::new();
        for (index, found) in found {
            if let Some(Ok(key)) = keys.remove(&index) {
                by_key.push((key, found));
            }
        }
        by_key.sort_by(|(a, _), (b, _)| a.order(b));
        by_key.retain(|(key, _)| told.iter().any(|group| group.key == *key));
        Ok(by_key.into_iter().map(|(key, found)| fact(Some(key), found)).collect())
    }
}

impl Weighing {
    /// For each row of a stretch a mark, if it is counted: x of a trend; otherwise 1 if it is in the sum, 0 if not.
    fn marks(&self, stretch: &Stretch<'_>) -> Result<Vec<Option<i64>>, ChunkError> {
        let values = &stretch.values;
        let length = values.first().map_or(0, |array| array.len());
        let complete = share::complete(values);
        let present = |row: usize| complete.as_ref().is_none_or(|complete| complete.is_valid(row));
        let mark: Box<dyn Fn(usize) -> Option<i64>> = match self {
            Self::Each | Self::Added | Self::Averaged => Box::new(|_| Some(1)),
            Self::Date(per) => {
                let dates = trend::dates(values)?;
                Box::new(move |row| trend::position(dates.value(row), *per))
            }
            Self::Holding(that) => {
                let holding = share::holding(that, values);
                Box::new(move |row| Some(i64::from(holding.value(row))))
            }
        };
        Ok((0..length).map(|row| if present(row) { mark(row) } else { None }).collect())
    }

    /// The fact of rows and marks.
    fn fact(&self, about: Unknown, group: Option<GroupKey>, mut rows: Vec<(u32, i64)>) -> LinearFact {
        let counted = rows.len() as u128;
        let divisor = match self {
            Self::Each | Self::Added => 1,
            Self::Averaged | Self::Holding(_) => counted,
            Self::Date(_) => slope(&mut rows),
        };
        rows.retain(|(_, weight)| *weight != 0);
        LinearFact { about, group, rows, divisor }
    }
}

/// From x of each row to its weight `n·x − Σx` in the slope; returns `n·Σx² − (Σx)²`.
fn slope(rows: &mut [(u32, i64)]) -> u128 {
    let mut sums = trend::Sums { n: rows.len() as u64, ..trend::Sums::default() };
    for (_, x) in rows.iter() {
        let x = i128::from(*x);
        sums.x += x;
        sums.xx += x * x;
    }
    for (_, x) in rows {
        let weight = i128::from(sums.n) * i128::from(*x) - sums.x;
        // 10^7 rows times 4·10^6 days
        *x = i64::try_from(weight).unwrap_or(i64::MAX);
    }
    u128::try_from(sums.spread()).unwrap_or_default()
}

/// One fact for each bin that is told.
fn bins(plan: &Plan<'_>, view: &dyn View, bounds: &Limits<'_>, starts: &[i128]) -> Result<Vec<LinearFact>, RunError> {
    let mut rows = vec![Vec::new(); starts.len() + 1];
    plan.walk(view, bounds, |stretch| {
        let numbers = Numbers::only(&stretch.values)?;
        let kept = |row: &usize| stretch.mask.as_ref().is_none_or(|mask| mask.value(*row));
        let length = stretch.values.first().map_or(0, |array| array.len());
        for row in (0..length).filter(kept) {
            let range = numbers.get(row).map(|value| histogram::range(starts, value));
            if let Some(bin) = range.and_then(|range| rows.get_mut(range)) {
                bin.push((position(stretch, row), 1));
            }
        }
        Ok(())
    })?;
    let Outcome::Histogram(told) = plan.run(view, bounds)?.outcome else { return Ok(Vec::new()) };
    let tallies = [told.below].into_iter().chain(told.counts).chain([told.above]);
    let told = rows.into_iter().zip(tallies).filter(|(_, tally)| *tally != Tally::Few);
    Ok(told.map(|(rows, _)| LinearFact { about: Unknown::Counted, group: None, rows, divisor: 1 }).collect())
}

/// Position of a row in the dataset, which has far fewer than 2^32 rows.
fn position(stretch: &Stretch<'_>, row: usize) -> u32 {
    u32::try_from(stretch.first + row as u64).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
