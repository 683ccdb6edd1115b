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

/// The groups found so far.
pub(super) struct Groups {
    every: Option<Every>,
    numbers: HashMap<i64, usize>,
    words: HashMap<String, usize>,
    keys: Vec<Key>,
}

/// What the rows of a group have in common, before it is known to leave.
enum Key {
    Number(i64),
    Word(String),
    Boolean(bool),
    Period(Period),
}

/// The rows of one stretch that belong to each group: positions, by the group's index.
pub(super) type Members = Vec<(usize, UInt32Array)>;

impl Groups {
    pub(super) fn new(every: Option<Every>) -> Self {
        Self { every, numbers: HashMap::new(), words: HashMap::new(), keys: Vec::new() }
    }

    /// How many groups there are so far.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Which rows of a stretch belong to which group, by the array of the group's column; rows outside the mask and
    /// those without a value belong to none.
    pub(super) fn members(&mut self, by: &ArrayRef, mask: Option<&BooleanBuffer>) -> Result<Members, RunError> {
        let mut rows: Vec<Vec<u32>> = vec![Vec::new(); self.len()];
        for row in 0..by.len() {
            if by.is_null(row) || mask.is_some_and(|mask| !mask.value(row)) {
                continue;
            }
            let group = self.group(by, row)?;
            if rows.len() <= group {
                rows.resize_with(group + 1, Vec::new);
            }
            let position = u32::try_from(row).map_err(|_| ChunkError::TooManyRows { rows: by.len() })?;
            if let Some(rows) = rows.get_mut(group) {
                rows.push(position);
            }
        }
        let members = rows.into_iter().enumerate().filter(|(_, rows)| !rows.is_empty());
        Ok(members.map(|(group, rows)| (group, UInt32Array::from(rows))).collect())
    }

    /// The group of one row that has a value.
    fn group(&mut self, by: &ArrayRef, row: usize) -> Result<usize, RunError> {
        let next = self.keys.len();
        let (group, key) = if let Some(words) = by.as_string_opt::<i32>() {
            let word = words.value(row);
            if let Some(group) = self.words.get(word) {
                return Ok(*group);
            }
            self.words.insert(word.to_owned(), next);
            (next, Key::Word(word.to_owned()))
        } else {
            let (number, key) = self.number(by, row)?;
            let group = *self.numbers.entry(number).or_insert(next);
            (group, key)
        };
        if group == next {
            if next == GROUP_KEYS {
                return Err(RunError::TooManyGroups { limit: GROUP_KEYS });
            }
            self.keys.push(key);
        }
        Ok(group)
    }

    /// A number that is the same for all rows of a group, and the group's key.
    fn number(&self, by: &ArrayRef, row: usize) -> Result<(i64, Key), ChunkError> {
        if let Some(numbers) = by.as_primitive_opt::<Int64Type>() {
            let number = numbers.value(row);
            return Ok((number, Key::Number(number)));
        }
        if let Some(yes) = by.as_boolean_opt() {
            let yes = yes.value(row);
            return Ok((yes.into(), Key::Boolean(yes)));
        }
        let (Some(dates), Some(every)) = (by.as_primitive_opt::<Date32Type>(), self.every) else {
            return Err(ChunkError::Damaged("it holds nothing that groups are made by"));
        };
        let date = Date::from_days(dates.value(row)).ok_or(ChunkError::Damaged("a date lies outside the calendar"))?;
        let period = Period::of(date, every);
        Ok((period.index().into(), Key::Period(period)))
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
