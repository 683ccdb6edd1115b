//! How many different values there are. Defined for every column; 0 where there are none.
//!
//! Numbers, dates, yes and no are kept as whole numbers, each different one once or twice; words each once.

use super::{Disclosure, Fold, Limits, RunError, Statistic, numbers::Numbers};
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _},
    datatypes::Date32Type,
};
use protocol::{Column, Name, OnColumn, Outcome};
use std::collections::HashSet;

pub(super) struct Distinct<'a>(pub(super) &'a OnColumn);

impl Statistic for Distinct<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Count
    }

    fn head(&self) -> String {
        format!("How many different values there are of “{}”", self.0.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.column]
    }

    fn start(&self, _: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Seen { count: 0, words: HashSet::new(), numbers: Vec::new(), sorted: 0 })
    }
}

struct Seen {
    count: u64,
    words: HashSet<Box<str>>,
    numbers: Vec<i128>,
    /// How many of the numbers are in order and different.
    sorted: usize,
}

/// Numbers kept before the first look for those that are there twice.
const FEW: usize = 1 << 16;

impl Seen {
    fn add(&mut self, numbers: impl Iterator<Item = i128>) {
        self.numbers.extend(numbers);
        if self.numbers.len() > FEW.max(2 * self.sorted) {
            self.settle();
        }
    }

    fn settle(&mut self) {
        self.numbers.sort_unstable();
        self.numbers.dedup();
        self.sorted = self.numbers.len();
    }
}

impl Fold for Seen {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        let Some(values) = rows.first() else { return Ok(()) };
        self.count += (values.len() - values.null_count()) as u64;
        if let Some(words) = values.as_string_opt::<i32>() {
            for word in words.iter().flatten() {
                if !self.words.contains(word) {
                    self.words.insert(word.into());
                }
            }
        } else if let Some(dates) = values.as_primitive_opt::<Date32Type>() {
            self.add(dates.iter().flatten().map(i128::from));
        } else if let Some(yes) = values.as_boolean_opt() {
            self.add(yes.iter().flatten().map(i128::from));
        } else {
            self.add(Numbers::new(values)?.values());
        }
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.count
    }

    fn finish(mut self: Box<Self>) -> Result<Outcome, RunError> {
        self.settle();
        Ok(Outcome::Count((self.words.len() + self.numbers.len()) as u64))
    }
}
