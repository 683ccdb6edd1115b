//! What somebody knows of one unknown of many rows: the row space of the linear facts they have.
//!
//! Rows that occur in every fact with the same weight cannot be told apart, and make a class. So a fact is a vector with
//! one entry for each class, and all facts together a basis, reduced: each basis vector has an entry 1 where every other
//! has 0, its pivot. A vector that differs from zero on a few rows only is in the space exactly if it is made of the
//! basis vectors whose pivots lie among those rows; then those few rows are known by themselves.
//!
//! Where conditions on a column are counted, each class has an entry for each range between the numbers the conditions
//! name. How many values a row has is taken as known, so the last range follows from the others and has no entry.

use super::{
    cuts::Cuts,
    field::{element, inverse, minus, negative, times},
    told::{About, Fact},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Numbers, none of which follows from the others, that are kept of one unknown: a household's questions of many years.
/// Beyond it the ledger is full.
pub(super) const RANK: usize = 512;

/// Rows of one class in a fact.
struct Seen {
    /// The weight of the first.
    weight: i64,
    rows: usize,
    /// Whether all have that weight.
    one: bool,
}

/// The row space of facts about one unknown.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The class of each row; those beyond the end are of class 0, about which nothing is known.
    labels: Vec<u32>,
    /// Rows of each class but the first.
    sizes: Vec<usize>,
    /// Where the conditions divide the column's values; none for the other unknowns.
    cuts: Option<Cuts>,
    basis: Vec<Vector>,
}

#[derive(Clone, Debug)]
struct Vector {
    pivot: usize,
    entries: Vec<u64>,
}

impl Known {
    /// Of the unknown of a fact, nothing yet.
    pub(super) fn nothing(about: &About) -> Self {
        let cuts = matches!(about, About::Within(..)).then(Cuts::default);
        Self { labels: Vec::new(), sizes: vec![0], cuts, basis: Vec::new() }
    }

    /// How many numbers are known of which none follows from the others.
    pub(super) fn rank(&self) -> usize {
        self.basis.len()
    }

    /// Learns facts. What they add is shown by [`Known::tried`].
    pub(super) fn learn(&mut self, facts: &[&Fact]) {
        self.divide(facts);
        for fact in facts {
            if self.rank() >= RANK {
                return;
            }
            let vector = self.vector(fact);
            self.add(vector);
        }
    }

    /// What these facts would add: groups of fewer than `smallest` rows that are known by themselves after them and were
    /// not before, and the rank after them.
    pub(super) fn tried(&self, facts: &[&Fact], smallest: usize) -> (BTreeSet<Vec<u32>>, usize) {
        let mut before = self.clone();
        before.divide(facts);
        let mut after = before.clone();
        for fact in facts {
            let vector = after.vector(fact);
            after.add(vector);
        }
        let new = |vector: &Vec<u64>| !before.spans(vector.clone());
        let found = after.short(smallest).into_iter().filter(new);
        (found.map(|vector| after.rows_of(&vector)).collect(), after.rank())
    }

    /// Makes classes and ranges so fine that each of these facts has one weight for each.
    fn divide(&mut self, facts: &[&Fact]) {
        let (old_cuts, old_classes) = (self.cuts.clone(), self.sizes.len());
        let mut parents: Vec<usize> = (0..old_classes).collect();
        for fact in facts {
            self.divide_rows(fact, &mut parents);
        }
        if let Some(cuts) = &mut self.cuts {
            for fact in facts {
                cuts.add(fact);
            }
        }
        if parents.len() == old_classes && self.cuts == old_cuts {
            return;
        }
        let (old, new) = (width(old_cuts.as_ref()), self.width());
        // where each new entry comes from: class by class, range by range; none where it follows from the rest, as zero
        let range = |at: usize| match (&old_cuts, &self.cuts) {
            (Some(before), Some(after)) => before.place_in(after, at).filter(|place| *place < old),
            _ => Some(at),
        };
        let ranges: Vec<_> = (0..new).map(range).collect();
        let from: Vec<Option<usize>> = parents
            .iter()
            .flat_map(|parent| ranges.iter().map(move |range| range.map(|range| parent * old + range)))
            .collect();
        let mut first = HashMap::new();
        for (to, from) in from.iter().enumerate() {
            if let Some(from) = from {
                first.entry(*from).or_insert(to);
            }
        }
        for vector in &mut self.basis {
            let entry = |from: &Option<usize>| from.and_then(|from| vector.entries.get(from).copied()).unwrap_or(0);
            let entries = from.iter().map(entry).collect();
            *vector = Vector { pivot: first.get(&vector.pivot).copied().unwrap_or_default(), entries };
        }
    }

    fn divide_rows(&mut self, fact: &Fact, parents: &mut Vec<usize>) {
        let rows = &fact.rows.0;
        let length = rows.last().map_or(0, |(row, _)| *row as usize + 1);
        if self.labels.len() < length {
            self.labels.resize(length, 0);
        }
        let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
        for (row, weight) in rows {
            let class = self.labels.get(*row as usize).copied().unwrap_or_default();
            let seen = seen.entry(class).or_insert(Seen { weight: *weight, rows: 0, one: true });
            seen.rows += 1;
            seen.one &= seen.weight == *weight;
        }
        let all = |class: u32, rows: usize| class != 0 && self.sizes.get(class as usize) == Some(&rows);
        // a class all of whose rows have one weight stays what it is; of one that is in the fact with all its rows and
        // several weights, those with the first one do: no class is ever without rows
        seen.retain(|class, seen| !(seen.one && all(*class, seen.rows)));
        let stay = seen.iter().filter(|(class, seen)| all(**class, seen.rows));
        let mut classes: BTreeMap<(u32, i64), u32> =
            stay.map(|(class, seen)| ((*class, seen.weight), *class)).collect();
        for (row, weight) in rows {
            let Some(label) = self.labels.get_mut(*row as usize).filter(|label| seen.contains_key(label)) else {
                continue;
            };
            let next = u32::try_from(self.sizes.len()).unwrap_or(u32::MAX);
            let class = *classes.entry((*label, *weight)).or_insert(next);
            if class == *label {
                continue;
            }
            if class == next {
                self.sizes.push(0);
                parents.push(parents.get(*label as usize).copied().unwrap_or_default());
            }
            if let Some(size) = self.sizes.get_mut(*label as usize).filter(|_| *label != 0) {
                *size -= 1;
            }
            if let Some(size) = self.sizes.get_mut(class as usize) {
                *size += 1;
            }
            *label = class;
        }
    }

    /// Entries for each class.
    fn width(&self) -> usize {
        width(self.cuts.as_ref())
    }

    fn vector(&self, fact: &Fact) -> Vec<u64> {
        let width = self.width();
        let mut entries = vec![0; self.sizes.len() * width];
        let ranges = match &self.cuts {
            None => vec![1],
            Some(cuts) => cuts.entries(fact),
        };
        for (row, weight) in &fact.rows.0 {
            let class = self.labels.get(*row as usize).copied().unwrap_or_default() as usize;
            let weight = element(*weight);
            for (range, holds) in ranges.iter().enumerate() {
                if let Some(entry) = entries.get_mut(class * width + range) {
                    *entry = match holds {
                        0 => 0,
                        1 => weight,
                        _ => negative(weight),
                    };
                }
            }
        }
        entries
    }

    /// Subtracts what the basis has of a vector.
    fn reduced(&self, mut vector: Vec<u64>) -> Vec<u64> {
        for known in &self.basis {
            let factor = vector.get(known.pivot).copied().unwrap_or_default();
            subtract(&mut vector, &known.entries, factor);
        }
        vector
    }

    fn spans(&self, vector: Vec<u64>) -> bool {
        self.reduced(vector).iter().all(|entry| *entry == 0)
    }

    fn add(&mut self, vector: Vec<u64>) {
        let mut vector = self.reduced(vector);
        let Some(pivot) = vector.iter().position(|entry| *entry != 0) else { return };
        let scale = vector.get(pivot).copied().map(inverse).unwrap_or_default();
        for entry in &mut vector {
            *entry = times(*entry, scale);
        }
        for known in &mut self.basis {
            let factor = known.entries.get(pivot).copied().unwrap_or_default();
            subtract(&mut known.entries, &vector, factor);
        }
        self.basis.push(Vector { pivot, entries: vector });
    }

    /// Vectors of the space that are about fewer than `smallest` rows: basis vectors, and all that are about one class.
    fn short(&self, smallest: usize) -> Vec<Vec<u64>> {
        let few = |vector: &&Vector| self.is_short(&vector.entries, smallest);
        let mut short: Vec<_> = self.basis.iter().filter(few).map(|vector| vector.entries.clone()).collect();
        let width = self.width();
        if width == 1 {
            short.extend(self.pairs(smallest));
        }
        if width > 1 {
            let small = (1..self.sizes.len()).filter(|class| self.sizes.get(*class).is_some_and(|n| *n < smallest));
            for class in small {
                short.extend(self.within_class(class * width..(class + 1) * width));
            }
        }
        short
    }

    /// Vectors about two classes that make one small group: of two basis vectors with pivots in them whose other entries
    /// are the same but for a factor.
    fn pairs(&self, smallest: usize) -> Vec<Vec<u64>> {
        let size = |vector: &Vector| self.sizes.get(vector.pivot).copied().unwrap_or(usize::MAX);
        let mut by_rest: BTreeMap<Vec<(usize, u64)>, (u64, &Vector)> = BTreeMap::new();
        let mut pairs = Vec::new();
        for vector in self.basis.iter().filter(|vector| vector.pivot != 0 && size(vector) < smallest) {
            let rest = vector.entries.iter().copied().enumerate();
            let rest: Vec<_> = rest.filter(|(at, entry)| *at != vector.pivot && *entry != 0).collect();
            let Some((_, first)) = rest.first().copied() else { continue };
            let scale = inverse(first);
            let rest: Vec<_> = rest.into_iter().map(|(at, entry)| (at, times(entry, scale))).collect();
            // the smallest class with that rest is the one to be paired with
            match by_rest.get_mut(&rest) {
                None => drop(by_rest.insert(rest, (scale, vector))),
                Some((other_scale, other)) => {
                    if size(vector) + size(other) < smallest {
                        let mut pair: Vec<_> = vector.entries.iter().map(|entry| times(*entry, scale)).collect();
                        subtract(&mut pair, &other.entries, *other_scale);
                        pairs.push(pair);
                    }
                    if size(vector) < size(other) {
                        (*other_scale, *other) = (scale, vector);
                    }
                }
            }
        }
        pairs
    }

    /// Vectors of the space that are zero outside these entries: combinations of the basis vectors with pivots in them.
    fn within_class(&self, entries: std::ops::Range<usize>) -> Vec<Vec<u64>> {
        let mut inside: Vec<Vec<u64>> = Vec::new();
        let mut reduced: Vec<Vec<u64>> = Vec::new();
        for vector in self.basis.iter().filter(|vector| entries.contains(&vector.pivot)) {
            let mut rest = vector.entries.clone();
            // eliminate outside the class only; pivots there are the first entries that are not zero
            for known in &reduced {
                if let Some(pivot) = outside(known, &entries) {
                    let divisor = known.get(pivot).copied().map(inverse).unwrap_or_default();
                    let factor = times(rest.get(pivot).copied().unwrap_or_default(), divisor);
                    subtract(&mut rest, known, factor);
                }
            }
            if outside(&rest, &entries).is_some() {
                reduced.push(rest);
            } else {
                inside.push(rest);
            }
        }
        inside
    }

    /// Counts rows only as far as the answer needs.
    fn is_short(&self, vector: &[u64], smallest: usize) -> bool {
        let width = self.width().max(1);
        let mut rows = 0;
        for (class, entries) in vector.chunks(width).enumerate() {
            if entries.iter().any(|entry| *entry != 0) {
                rows += self.sizes.get(class).copied().unwrap_or_default();
                if rows >= smallest {
                    return false;
                }
            }
        }
        true
    }

    /// The rows that a vector is about.
    fn rows_of(&self, vector: &[u64]) -> Vec<u32> {
        let width = self.width().max(1);
        let involved: BTreeSet<usize> = vector
            .chunks(width)
            .enumerate()
            .filter(|(_, entries)| entries.iter().any(|entry| *entry != 0))
            .map(|(class, _)| class)
            .collect();
        let rows = (0u32..).zip(&self.labels);
        rows.filter(|(_, class)| involved.contains(&(**class as usize))).map(|(row, _)| row).collect()
    }
}

/// Entries for each class: one, or one for each range but the last.
fn width(cuts: Option<&Cuts>) -> usize {
    cuts.map_or(1, Cuts::count)
}

/// The first entry outside a range that is not zero.
fn outside(vector: &[u64], inside: &std::ops::Range<usize>) -> Option<usize> {
    vector.iter().enumerate().position(|(at, entry)| *entry != 0 && !inside.contains(&at))
}

/// `from −= factor · vector`.
fn subtract(from: &mut [u64], vector: &[u64], factor: u64) {
    if factor == 0 {
        return;
    }
    for (entry, other) in from.iter_mut().zip(vector) {
        if *other != 0 {
            *entry = minus(*entry, times(factor, *other));
        }
    }
}

#[cfg(test)]
mod tests;
