//! Groups of rows: found as they come, each with a statistic of its own.

use super::{Fold, Limits, RunError};
use crate::{chunk::ChunkError, limits::GROUP_KEYS};
use arrow::{
    array::{Array, ArrayRef, AsArray, UInt32Array},
    buffer::BooleanBuffer,
    compute::take,
    datatypes::{Date32Type, Int64Type},
};
use protocol::{Date, Decimal, Every, Group, GroupKey, Name, Period, limits::GROUPS};
use std::collections::HashMap;

/// Numbers between the least and the largest of those whose slots are looked up in a list and not by hash.
const WINDOW: usize = 1 << 16;

/// The groups found so far, each with a slot from 1. Slot 0 is that of rows in no group.
pub(super) struct Groups {
    every: Option<Every>,
    numbers: HashMap<i64, u32>,
    words: HashMap<String, u32>,
    keys: Vec<Key>,
    window: Window,
    /// Room for the slots of a stretch.
    slots: Vec<u32>,
}

/// What the rows of a group have in common, before it is known to leave.
enum Key {
    Number(i64),
    Word(String),
    Boolean(bool),
    Period(Period),
}

/// Slots of some consecutive numbers, as far as they are known.
#[derive(Default)]
struct Window {
    least: i64,
    slots: Vec<u32>,
}

/// The rows of one stretch that belong to each group: positions, by the group's index.
pub(super) type Members = Vec<(usize, UInt32Array)>;

impl Groups {
    pub(super) fn new(every: Option<Every>) -> Self {
        let (numbers, words) = (HashMap::new(), HashMap::new());
        Self { every, numbers, words, keys: Vec::new(), window: Window::default(), slots: Vec::new() }
    }

    /// How many groups there are so far.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Which rows of a stretch belong to which group, by the array of the group's column; rows outside the mask and
    /// those without a value belong to none.
    pub(super) fn members(&mut self, by: &ArrayRef, mask: Option<&BooleanBuffer>) -> Result<Members, RunError> {
        let slots = self.slots(by, mask)?;
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.len()];
        for (row, slot) in (0..).zip(&slots) {
            let group = usize::try_from(*slot).ok().and_then(|slot| slot.checked_sub(1));
            if let Some(rows) = group.and_then(|group| rows.get_mut(group)) {
                rows.push(row);
            }
        }
        self.reuse(slots);
        let members = rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty());
        Ok(members.map(|(group, rows)| (group, UInt32Array::from(rows))).collect())
    }

    /// The slot of each row of a stretch; see [`Groups::members`].
    pub(super) fn slots(&mut self, by: &ArrayRef, mask: Option<&BooleanBuffer>) -> Result<Vec<u32>, RunError> {
        let kept = match (by.nulls(), mask) {
            (Some(present), Some(mask)) => Some(present.inner() & mask),
            (Some(present), None) => Some(present.inner().clone()),
            (None, mask) => mask.cloned(),
        };
        let mut slots = std::mem::take(&mut self.slots);
        slots.clear();
        slots.resize(by.len(), 0);
        let kept = kept.as_ref();
        if let Some(numbers) = by.as_primitive_opt::<Int64Type>() {
            self.by_number(numbers.values().iter().copied(), by, kept, &mut slots)?;
        } else if let Some(days) = by.as_primitive_opt::<Date32Type>() {
            self.by_number(days.values().iter().map(|day| i64::from(*day)), by, kept, &mut slots)?;
        } else {
            for (row, to) in slots.iter_mut().enumerate() {
                if kept.is_none_or(|kept| kept.value(row)) {
                    *to = self.slot(by, row)?;
                }
            }
        }
        Ok(slots)
    }

    /// Takes back what [`Groups::slots`] returned, to be written over by the next.
    pub(super) fn reuse(&mut self, slots: Vec<u32>) {
        self.slots = slots;
    }

    /// The slots of rows by numbers, looked up in the window.
    fn by_number(
        &mut self,
        numbers: impl Iterator<Item = i64>,
        by: &ArrayRef,
        kept: Option<&BooleanBuffer>,
        slots: &mut [u32],
    ) -> Result<(), RunError> {
        for ((row, number), to) in numbers.enumerate().zip(slots) {
            let kept = kept.is_none_or(|kept| kept.value(row));
            let mut slot = self.window.slot(number);
            if kept && slot == 0 {
                slot = self.slot(by, row)?;
                self.window.learn(number, slot);
            }
            *to = if kept { slot } else { 0 };
        }
        Ok(())
    }

    /// The slot of one row that has a value.
    fn slot(&mut self, by: &ArrayRef, row: usize) -> Result<u32, RunError> {
        match by.as_string_opt::<i32>() {
            Some(words) => match self.words.get(words.value(row)) {
                Some(slot) => Ok(*slot),
                None => self.slot_of(Key::Word(words.value(row).to_owned())),
            },
            None => self.slot_of(self.key(by, row)?),
        }
    }

    /// The slot of a group, which is new if there is none.
    fn slot_of(&mut self, key: Key) -> Result<u32, RunError> {
        let next = u32::try_from(self.keys.len() + 1).unwrap_or(u32::MAX);
        let slot = match &key {
            Key::Word(word) => match self.words.get(word) {
                Some(slot) => *slot,
                None => *self.words.entry(word.clone()).or_insert(next),
            },
            Key::Number(number) => *self.numbers.entry(*number).or_insert(next),
            Key::Boolean(yes) => *self.numbers.entry((*yes).into()).or_insert(next),
            Key::Period(period) => *self.numbers.entry(period.index().into()).or_insert(next),
        };
        if slot == next {
            if self.keys.len() == GROUP_KEYS {
                return Err(RunError::TooManyGroups { limit: GROUP_KEYS });
            }
            self.keys.push(key);
        }
        Ok(slot)
    }

    /// The key of one row that has a value, which is no word.
    fn key(&self, by: &ArrayRef, row: usize) -> Result<Key, ChunkError> {
        if let Some(numbers) = by.as_primitive_opt::<Int64Type>() {
            return Ok(Key::Number(numbers.value(row)));
        }
        if let Some(yes) = by.as_boolean_opt() {
            return Ok(Key::Boolean(yes.value(row)));
        }
        let (Some(dates), Some(every)) = (by.as_primitive_opt::<Date32Type>(), self.every) else {
            return Err(ChunkError::Damaged("it holds nothing that groups are made by"));
        };
        let date = Date::from_days(dates.value(row)).ok_or(ChunkError::Damaged("a date lies outside the calendar"))?;
        Ok(Key::Period(Period::of(date, every)))
    }

    /// Takes over the groups of other rows: the slot here of each of their slots.
    pub(super) fn join(&mut self, other: Self) -> Result<Vec<usize>, RunError> {
        let slots = other.keys.into_iter().map(|key| self.slot_of(key).map(|slot| slot as usize));
        [Ok(0)].into_iter().chain(slots).collect()
    }

    /// The keys as they leave, by the group's index.
    pub(super) fn keys(self) -> impl Iterator<Item = Result<GroupKey, RunError>> {
        self.keys.into_iter().map(|key| match key {
            Key::Number(number) => {
                let number = Decimal::new(number.into(), 0).map_err(|_| RunError::GroupName)?;
                Ok(GroupKey::Number(number))
            }
            Key::Word(word) => word.parse::<Name>().map(GroupKey::Text).map_err(|_| RunError::GroupName),
            Key::Boolean(yes) => Ok(GroupKey::Boolean(yes)),
            Key::Period(period) => Ok(GroupKey::Period(period)),
        })
    }
}

impl Window {
    /// The slot of a number; 0 if it is not known.
    #[inline(always)]
    fn slot(&self, number: i64) -> u32 {
        self.position(number).and_then(|at| self.slots.get(at)).copied().unwrap_or_default()
    }

    /// Outside of it for a number outside of it, since its own numbers do not wrap.
    #[inline(always)]
    fn position(&self, number: i64) -> Option<usize> {
        usize::try_from(number.wrapping_sub(self.least)).ok()
    }

    /// Notes the slot of a number, unless it is too far from the others: then it is found by hash each time.
    fn learn(&mut self, number: i64, slot: u32) {
        if self.slots.is_empty() {
            self.least = number;
        }
        let below = self.least.checked_sub(number).and_then(|below| usize::try_from(below).ok()).unwrap_or_default();
        if number < self.least {
            // as much again, so that falling numbers do not move the list each time
            let room = WINDOW.saturating_sub(self.slots.len());
            let more = below.max(self.slots.len()).min(room);
            let least = i64::try_from(more).ok().and_then(|more| self.least.checked_sub(more));
            let (Some(least), true) = (least, below > 0 && below <= more) else { return };
            self.least = least;
            self.slots.splice(..0, std::iter::repeat_n(0, more));
        }
        let Some(at) = self.position(number).filter(|at| *at < WINDOW) else { return };
        if self.slots.len() <= at {
            self.slots.resize(at + 1, 0);
        }
        if let Some(to) = self.slots.get_mut(at) {
            *to = slot;
        }
    }
}

/// The rows of a group out of the arrays that its statistic reads.
pub(super) fn pick(arrays: &[ArrayRef], rows: &UInt32Array) -> Result<Vec<ArrayRef>, ChunkError> {
    arrays.iter().map(|array| take(array, rows, None).map_err(ChunkError::Arrow)).collect()
}

/// The answers of the groups that are large enough and more than one of their rows, in order, and how many values the smallest of them has.
pub(super) fn finish(
    groups: Groups,
    folds: Vec<Box<dyn Fold>>,
    limits: &Limits<'_>,
) -> Result<(Vec<Group>, Option<u64>), RunError> {
    let mut large = Vec::new();
    for (key, fold) in groups.keys().zip(folds) {
        let counted = fold.counted();
        if counted == 0 || counted < limits.smallest_group || fold.dominated() {
            continue;
        }
        let outcome = match fold.finish() {
            // defined for the larger groups only: the same as being too small
            Err(RunError::TooFewValues { .. } | RunError::OneDate) => continue,
            other => other?,
        };
        large.extend(outcome.scalar().map(|value| Ok((counted, Group { key: key?, value }))));
    }
    if large.len() > GROUPS {
        return Err(RunError::TooManyGroups { limit: GROUPS });
    }
    let mut large = large.into_iter().collect::<Result<Vec<(u64, Group)>, RunError>>()?;
    large.sort_by(|(_, a), (_, b)| a.key.order(&b.key));
    let smallest = large.iter().map(|(counted, _)| *counted).min();
    Ok((large.into_iter().map(|(_, group)| group).collect(), smallest))
}

#[cfg(test)]
mod tests;
