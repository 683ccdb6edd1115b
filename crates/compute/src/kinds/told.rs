//! What an outcome tells about rows, for the ledger of releases.
//!
//! Values are unknown of the rows that are in a sum. Of everything else, how many rows there are of a kind, the rows that
//! count are those among which is counted, whether they turn out to be of that kind or not: two counts over nearly the
//! same rows tell of the few by which they differ, also where these are not of the kind. So conditions on numbers say
//! what is unknown, and all other conditions say of which rows. A sum or mean tells how many values stand behind it.

use super::{
    Bounds, Limits, RunError, check,
    filter::Filter,
    groups::Groups,
    linear::{Unknown, linear_facts},
    pieces,
    plan::{Plan, Stretch, members},
    share,
};
use crate::{
    disclosure::{About, Fact, Other, Rows, Rules, Told},
    view::View,
};
use arrow::{array::Array as _, buffer::BooleanBuffer};
use protocol::{
    Column, ColumnType, Comparison, Computation, Condition, Digest, GroupKey, Name, Outcome, Share, Tally, cbor,
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// What an outcome of this computation tells, in positions of the view's rows from 0.
///
/// # Errors
/// As [`super::run_by`], under the same rules.
pub fn told(rules: &Rules, computation: &Computation, view: &dyn View, bounds: &Bounds<'_>) -> Result<Told, RunError> {
    check(computation, view.columns())?;
    let limits = &Limits::new(bounds, rules);
    let plan = Plan::new(computation, view.columns())?;
    if let Computation::Attribute(asked) = computation.statistic() {
        let adds_up = linear_facts(rules, computation, view, bounds)?.is_some();
        return attribute(asked, adds_up, &plan, view);
    }
    let Some(facts) = linear_facts(rules, computation, view, bounds)? else {
        return other(computation, &plan, view, limits);
    };
    let keys: Vec<_> = facts.iter().filter_map(|fact| fact.group.clone()).collect();
    let part = |key: &Option<GroupKey>| {
        let key = key.as_ref()?;
        u16::try_from(keys.iter().position(|one| one == key)?).ok()
    };
    let scopes = Scopes::of(computation, &plan, view, limits, &keys)?;
    let mut told = Told::default();
    for fact in facts {
        if let Unknown::Value(column) = fact.about {
            told.facts.push(Fact { about: About::Value(column), part: part(&fact.group), rows: Rows(fact.rows) });
        }
    }
    told.facts.extend(scopes.counted(computation, &plan, view, limits)?);
    Ok(told)
}

/// Of a credit attribute. Which rows are in it is decided by what its definition finds in their words and signs, and not
/// by whoever asks: so a sum is one about all rows, of an unknown that is the definition's own. Stored again with a row
/// more, it tells that row. Others are numbers that are no sums, of all rows too.
fn attribute(asked: &protocol::Attribute, adds_up: bool, plan: &Plan<'_>, view: &dyn View) -> Result<Told, RunError> {
    let rows = Rows::each(0..u32::try_from(view.rows()).unwrap_or(u32::MAX));
    let of = Digest(Sha256::digest(cbor::to_vec(asked).unwrap_or_default()).into());
    let fact = Fact { about: About::Holds(of), part: None, rows: rows.clone() };
    if adds_up {
        return Ok(Told { facts: vec![fact], others: vec![] });
    }
    let numeric = plan.columns().iter().filter(|column| column.of.is_numeric());
    let others = numeric.map(|column| Other { column: column.name.clone(), numbers: 1, rows: rows.clone() });
    Ok(Told { facts: vec![], others: others.collect() })
}

/// Of an outcome that is no sum: the rows that it looks at, once for each column of numbers that it is made of.
fn other(computation: &Computation, plan: &Plan<'_>, view: &dyn View, limits: &Limits<'_>) -> Result<Told, RunError> {
    let mut rows = Vec::new();
    plan.walk(view, limits, |stretch| {
        let length = stretch.values.first().map_or(0, |array| array.len());
        let complete = share::complete(&stretch.values);
        let counts = |row: &usize| {
            stretch.mask.as_ref().is_none_or(|mask| mask.value(*row))
                && complete.as_ref().is_none_or(|complete| complete.is_valid(*row))
        };
        rows.extend((0..length).filter(counts).map(|row| position(stretch.first, row)));
        Ok(())
    })?;
    let numbers = match plan.group() {
        None => 1,
        Some(_) => match plan.run(view, limits)?.outcome {
            Outcome::Groups(groups) => u32::try_from(groups.len()).unwrap_or(u32::MAX),
            _ => 1,
        },
    };
    let on = computation.on().map(|on| &on.column);
    let columns = plan.columns().iter().filter(|column| column.of.is_numeric()).map(|column| &column.name);
    let columns: Vec<_> = on.map_or_else(|| columns.collect(), |column| vec![column]);
    let others =
        columns.into_iter().map(|column| Other { column: column.clone(), numbers, rows: Rows::each(rows.clone()) });
    Ok(Told { facts: vec![], others: others.collect() })
}

/// The rows among which is counted: of each group that is told of, or of the whole.
struct Scopes<'c> {
    /// Conditions on numbers, of the filter.
    numbers: Vec<&'c Condition>,
    /// The rows that satisfy all others.
    rows: Vec<(Option<u16>, Vec<u32>)>,
}

impl<'c> Scopes<'c> {
    fn of(
        computation: &'c Computation,
        plan: &Plan<'_>,
        view: &dyn View,
        limits: &Limits<'_>,
        keys: &[GroupKey],
    ) -> Result<Self, RunError> {
        let (numbers, others) = divided(computation.filter(), plan.columns());
        let rows = scope(&others, plan, view, limits, keys)?;
        Ok(Self { numbers, rows })
    }

    /// The facts about what is counted.
    fn counted(
        &self,
        computation: &Computation,
        plan: &Plan<'_>,
        view: &dyn View,
        limits: &Limits<'_>,
    ) -> Result<Vec<Fact>, RunError> {
        let reads: Vec<Name> = plan.reads().into_iter().map(|column| column.name.clone()).collect();
        let mut facts = facts_over(about(&self.numbers, &reads), &self.rows);
        match computation {
            Computation::Share(asked) => facts.extend(self.share(asked, &reads, plan, view, limits)?),
            Computation::Histogram(asked) => {
                let outcome = plan.run(view, limits)?.outcome;
                for bin in bins(&asked.edges, &outcome, &asked.on.column) {
                    let conditions: Vec<_> = bin.iter().chain(self.numbers.iter().copied()).collect();
                    facts.extend(facts_over(about(&conditions, &reads), &self.rows));
                }
            }
            _ => {}
        }
        Ok(facts)
    }
}

impl Scopes<'_> {
    /// How many rows the conditions hold for. Those on numbers say what is unknown; without any, those on words and yes and
    /// no do: whether a bill was paid is what is asked, and not by which the rows are chosen.
    fn share(
        &self,
        asked: &Share,
        reads: &[Name],
        plan: &Plan<'_>,
        view: &dyn View,
        limits: &Limits<'_>,
    ) -> Result<Vec<Fact>, RunError> {
        let (numbers, others) = divided(&asked.that, plan.columns());
        let dated = |condition: &&Condition| {
            plan.columns().iter().any(|column| column.name == condition.column && column.of == ColumnType::Date)
        };
        let numbers = [&numbers[..], &self.numbers[..]].concat();
        let (about, those) = if numbers.is_empty() {
            let (dates, words): (Vec<_>, Vec<_>) = others.into_iter().partition(dated);
            (if words.is_empty() { about(&[], reads) } else { holds(&words, &[]) }, dates)
        } else {
            (about(&numbers, reads), others)
        };
        let that = Filter::new(&those.into_iter().cloned().collect::<Vec<_>>(), plan.columns());
        let those = holding_rows(&that, plan, view, limits)?;
        let holds = |row: &u32| those.as_ref().is_none_or(|those| those.value(*row as usize));
        let narrowed = |(part, rows): &Scope| (*part, rows.iter().copied().filter(holds).collect());
        Ok(facts_over(about, &self.rows.iter().map(narrowed).collect::<Vec<_>>()))
    }
}

/// Conditions on numbers, and all others.
fn divided<'c>(conditions: &'c [Condition], columns: &[&Column]) -> (Vec<&'c Condition>, Vec<&'c Condition>) {
    let numeric =
        |condition: &&Condition| columns.iter().any(|column| column.name == condition.column && column.of.is_numeric());
    conditions.iter().partition(numeric)
}

/// What is unknown where it is counted how many rows satisfy conditions on numbers and have values in some columns.
fn about(conditions: &[&Condition], present: &[Name]) -> About {
    let Some(first) = conditions.first() else {
        let mut present = present.to_vec();
        present.sort();
        return About::Present(present);
    };
    let one = conditions.iter().all(|condition| condition.column == first.column);
    if one && present.iter().all(|column| *column == first.column) {
        return About::Within(first.column.clone(), conditions.iter().copied().cloned().collect());
    }
    // of several columns at once
    holds(conditions, present)
}

/// Known only as what it is.
fn holds(conditions: &[&Condition], present: &[Name]) -> About {
    let bytes = cbor::to_vec(&(conditions, present)).unwrap_or_default();
    About::Holds(Digest(Sha256::digest(bytes).into()))
}

/// The rows of a group, by its number, or of the whole.
type Scope = (Option<u16>, Vec<u32>);

fn facts_over(about: About, scopes: &[Scope]) -> Vec<Fact> {
    let over =
        |(part, rows): &Scope| Fact { about: about.clone(), part: *part, rows: Rows::each(rows.iter().copied()) };
    scopes.iter().map(over).collect()
}

/// The rows of each group that is told of, or all, that satisfy conditions.
fn scope(
    conditions: &[&Condition],
    plan: &Plan<'_>,
    view: &dyn View,
    limits: &Limits<'_>,
    keys: &[GroupKey],
) -> Result<Vec<Scope>, RunError> {
    let conditions: Vec<_> = conditions.iter().copied().cloned().collect();
    let filter = Filter::new(&conditions, plan.columns());
    let by = plan.group().and_then(|group| plan.columns().iter().position(|column| column.name == group.column));
    let mut groups = Groups::new(plan.group().and_then(|group| group.every));
    let mut found: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    pieces::for_each(view, plan.columns(), limits, |first, arrays| {
        let mask = filter.mask(arrays);
        let length = arrays.first().map_or(0, |array| array.len());
        let Some(by) = by else {
            let kept = |row: &usize| mask.as_ref().is_none_or(|mask| mask.value(*row));
            found.entry(0).or_default().extend((0..length).filter(kept).map(|row| position(first, row)));
            return Ok(());
        };
        let stretch = Stretch { first, values: Vec::new(), mask, by: arrays.get(by) };
        for (group, rows) in members(&mut groups, &stretch)? {
            found.entry(group).or_default().extend(rows.values().iter().map(|row| position(first, *row as usize)));
        }
        Ok(())
    })?;
    if by.is_none() {
        return Ok(vec![(None, found.remove(&0).unwrap_or_default())]);
    }
    let mut scopes = Vec::new();
    for (index, key) in groups.keys().enumerate() {
        // a group whose words cannot be told is not among those that are
        let Ok(key) = key else { continue };
        if let Some(part) = keys.iter().position(|one| *one == key) {
            scopes.push((u16::try_from(part).ok(), found.remove(&index).unwrap_or_default()));
        }
    }
    scopes.sort();
    Ok(scopes)
}

/// Which rows satisfy conditions that are not about numbers; none where there are no such conditions, since all do.
fn holding_rows(
    that: &Filter,
    plan: &Plan<'_>,
    view: &dyn View,
    limits: &Limits<'_>,
) -> Result<Option<BooleanBuffer>, RunError> {
    let mut all: Option<Vec<bool>> = None;
    pieces::for_each(view, plan.columns(), limits, |_, arrays| {
        if let Some(mask) = that.mask(arrays) {
            all.get_or_insert_default().extend(mask.iter());
        }
        Ok(())
    })?;
    Ok(all.map(BooleanBuffer::from))
}

/// The conditions of each bin that is told of.
fn bins(edges: &[protocol::Decimal], outcome: &Outcome, column: &Name) -> Vec<Vec<Condition>> {
    let Outcome::Histogram(told) = outcome else { return Vec::new() };
    let number = |at: Option<usize>| at.and_then(|at| edges.get(at)).map(|edge| protocol::Value::Number(*edge));
    let condition = |is: Comparison| Condition { column: column.clone(), is };
    let tallies = [told.below].into_iter().chain(told.counts.iter().copied()).chain([told.above]);
    tallies
        .enumerate()
        .filter(|(_, tally)| *tally != Tally::Few)
        .map(|(at, _)| {
            let from = number(at.checked_sub(1)).map(Comparison::AtLeast);
            let to = number(Some(at)).map(Comparison::Less);
            from.into_iter().chain(to).map(condition).collect()
        })
        .collect()
}

/// Position of a row in the dataset, which has far fewer than 2^32 rows.
fn position(first: u64, row: usize) -> u32 {
    u32::try_from(first + row as u64).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
