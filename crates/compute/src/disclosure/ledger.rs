//! The ledger of releases: what somebody has been told about the rows of a lineage, and whether one more outcome is too
//! much.
//!
//! A new outcome is refused if, together with the earlier ones, it fixes something about fewer rows than the owner's
//! smallest group. That is decided by which rows are in which sum, never by the numbers that came out: so a refusal tells
//! whoever asked nothing that they could not have worked out before (Kenthapadi, Mishra and Nissim, "Simulatable
//! Auditing", PODS 2005). What is no sum has a rule of its own.

use super::{
    known::{Known, RANK},
    rules::Refusal,
    told::{Fact, Other, Told, Unknowns},
};
use protocol::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that are no sums which are followed for one column: beyond it the ledger is full.
const OTHERS: usize = 512;

/// What somebody has been told about the rows of one lineage.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    known: BTreeMap<Unknowns, Known>,
    others: BTreeMap<Name, Vec<Other>>,
}

/// What an outcome is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// The owner's smallest group.
    pub smallest_group: u64,
    /// Rows of the dataset.
    pub rows: u64,
    /// Whether nobody looks at it before it leaves.
    pub unseen: bool,
}

/// What an outcome would come to, together with the earlier ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judgement {
    /// Set if it must not leave.
    pub refused: Option<Refusal>,
    /// What could be worked out about few rows, and could not before.
    pub few: Vec<Few>,
}

/// Rows about which something could be worked out by themselves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Few {
    /// What.
    pub unknowns: Unknowns,
    /// Of which rows.
    pub rows: Vec<u32>,
}

impl Ledger {
    /// Adds what was told.
    pub fn learn(&mut self, told: &Told) {
        for (unknowns, facts) in by_unknowns(told) {
            if let Some(first) = facts.first() {
                self.known.entry(unknowns).or_insert_with(|| Known::nothing(&first.about)).learn(&facts);
            }
        }
        for other in &told.others {
            self.others.entry(other.column.clone()).or_default().push(other.clone());
        }
    }

    /// Whether nothing was told yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.others.is_empty()
    }

    /// What one more outcome would come to. Nothing is learnt.
    #[must_use]
    pub fn judge(&self, told: &Told, measure: &Measure) -> Judgement {
        let smallest = usize::try_from(measure.smallest_group).unwrap_or(usize::MAX);
        let (mut few, mut ranks) = (BTreeSet::new(), BTreeMap::new());
        for (unknowns, facts) in by_unknowns(told) {
            let Some(first) = facts.first() else { continue };
            let nothing;
            let known = match self.known.get(&unknowns) {
                Some(known) => known,
                None => {
                    nothing = Known::nothing(&first.about);
                    &nothing
                }
            };
            let (found, rank) = known.tried(&facts, smallest);
            few.extend(found.into_iter().map(|rows| Few { unknowns: unknowns.clone(), rows }));
            ranks.insert(unknowns, rank);
        }
        let few: Vec<_> = few.into_iter().collect();
        let fewest = few.iter().map(|few| few.rows.len()).min();
        let refused = match fewest {
            Some(rows) => Some(Refusal::Fixes { rows: rows as u64, smallest: measure.smallest_group }),
            None => self.others_refuse(told, measure, &ranks),
        };
        Judgement { refused, few }
    }

    /// As [`Ledger::judge`]; of an outcome with groups, those are left out that would be too much, the ones of fewest rows
    /// first. Answers which groups stay.
    #[must_use]
    pub fn judge_groups(&self, told: &Told, measure: &Measure) -> (Judgement, Vec<u16>) {
        let mut parts = told.parts();
        parts.sort_by_key(|(part, rows)| (std::cmp::Reverse(*rows), *part));
        loop {
            let mut kept: Vec<u16> = parts.iter().map(|(part, _)| *part).collect();
            kept.sort_unstable();
            let judgement = self.judge(&told.only(&kept), measure);
            if judgement.refused.is_none() || parts.len() < 2 {
                return (judgement, kept);
            }
            parts.pop();
        }
    }

    /// The rules of what is no sum, and of how much may be told at all.
    fn others_refuse(&self, told: &Told, measure: &Measure, ranks: &BTreeMap<Unknowns, usize>) -> Option<Refusal> {
        let smallest = usize::try_from(measure.smallest_group).unwrap_or(usize::MAX);
        for other in &told.others {
            let earlier = self.others.get(&other.column).into_iter().flatten();
            let apart = earlier.map(|earlier| earlier.rows.apart(&other.rows)).filter(|apart| *apart > 0).min();
            if let Some(apart) = apart.filter(|apart| *apart < smallest) {
                return Some(Refusal::NearlyTheSame { rows: apart as u64, smallest: measure.smallest_group });
            }
        }
        let full = ranks.values().any(|rank| *rank > RANK) || self.others.values().any(|others| others.len() >= OTHERS);
        if full {
            return Some(Refusal::LedgerFull);
        }
        if measure.unseen { self.too_many(told, measure, ranks) } else { None }
    }

    /// Numbers about one column, of which some are no sums, must stay clearly fewer than its rows.
    fn too_many(&self, told: &Told, measure: &Measure, ranks: &BTreeMap<Unknowns, usize>) -> Option<Refusal> {
        let values = told.facts.iter().filter_map(|fact| match fact.about.unknowns() {
            Unknowns::Values(column) => Some(column),
            _ => None,
        });
        let columns: BTreeSet<Name> = values.chain(told.others.iter().map(|other| other.column.clone())).collect();
        for column in columns {
            let earlier = self.others.get(&column).into_iter().flatten();
            let new = told.others.iter().filter(|other| other.column == column);
            let others: u64 = earlier.chain(new).map(|other| u64::from(other.numbers)).sum();
            let key = Unknowns::Values(column);
            let rank = ranks.get(&key).copied().or_else(|| self.known.get(&key).map(Known::rank)).unwrap_or_default();
            let numbers = others + rank as u64;
            let most = (measure.rows / 2).min(measure.rows.saturating_sub(measure.smallest_group)).max(1);
            if others > 0 && numbers > most {
                return Some(Refusal::TooManyNumbers { numbers, rows: measure.rows, most });
            }
        }
        None
    }
}

fn by_unknowns(told: &Told) -> BTreeMap<Unknowns, Vec<&Fact>> {
    let mut by: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for fact in told.facts.iter().filter(|fact| !fact.rows.0.is_empty()) {
        by.entry(fact.about.unknowns()).or_default().push(fact);
    }
    by
}

#[cfg(test)]
mod tests;
