//! Which days and months an attribute is about.
//!
//! A window ends on the last date of the dataset, or where the computation says, and must lie within the history: of
//! a part of it, a total would not be what its sentence says. Nobody books something every day, so the history may begin
//! and end a little inside the window.

use super::{found::Lack, ledger::Transaction};
use protocol::Date;

/// Days that may lie between an end of the window and the first or last transaction: a week, and of short windows a quarter.
const SLACK: i32 = 7;

/// Days, both included, since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: i32,
    pub(super) to: i32,
}

/// Whole calendar months one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Months {
    /// The first, counted as [`Date::month_index`] does.
    pub(super) first: i32,
    /// How many.
    pub(super) count: u8,
    /// Their days.
    pub(super) window: Window,
}

impl Window {
    pub(super) fn has(&self, day: i32) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// How many days.
    pub(super) fn length(&self) -> i32 {
        self.to - self.from + 1
    }

    /// Itself, if the history covers it.
    fn covered_by(self, history: Self) -> Result<Self, Lack> {
        let slack = SLACK.min(self.length() / 4);
        if history.from > self.from + slack {
            return Err(Lack::HistoryTooShort);
        }
        if history.to < self.to - slack {
            return Err(Lack::HistoryEndsBefore);
        }
        Ok(self)
    }
}

impl Months {
    /// In which of them a day lies, from 0.
    pub(super) fn position(&self, day: i32) -> Option<usize> {
        let month = Date::from_days(day)?.month_index() - self.first;
        usize::try_from(month).ok().filter(|at| *at < usize::from(self.count))
    }

    /// What the rows of each month come to.
    pub(super) fn sums<'a>(&self, rows: impl Iterator<Item = &'a Transaction>) -> Vec<i128> {
        let mut sums = vec![0; usize::from(self.count)];
        for row in rows {
            if let Some(sum) = self.position(row.day).and_then(|at| sums.get_mut(at)) {
                // 10^6 transactions below 10^28
                *sum += row.amount;
            }
        }
        sums
    }
}

/// So many days, the last of them `to`.
pub(super) fn days(count: u16, to: i32, history: Window) -> Result<Window, Lack> {
    Window { from: to - i32::from(count) + 1, to }.covered_by(history)
}

/// So many whole months, of which the last is over on the day `until`.
pub(super) fn months(count: u8, until: i32, history: Window) -> Result<Months, Lack> {
    let last = last_whole(until).ok_or(Lack::HistoryTooShort)?;
    let first = last - i32::from(count) + 1;
    let (from, to) = first_day(first).zip(first_day(last + 1)).ok_or(Lack::HistoryTooShort)?;
    Ok(Months { first, count, window: Window { from, to: to - 1 }.covered_by(history)? })
}

/// The last month that is over on a day.
pub(super) fn last_whole(day: i32) -> Option<i32> {
    // the day after the last of a month lies in the next one
    Date::from_days(day + 1).map(|next| next.month_index() - 1)
}

/// The first month whose beginning a history covers.
pub(super) fn first_whole(day: i32) -> Option<i32> {
    Date::from_days(day - SLACK).map(|before| before.month_index() + i32::from(before.civil().2 > 1))
}

/// The first day of a month.
pub(super) fn first_day(month: i32) -> Option<i32> {
    day_of(month, 1)
}

/// A day of a month that every month has.
pub(super) fn day_of(month: i32, day: u8) -> Option<i32> {
    Date::new(month.div_euclid(12), month.rem_euclid(12) + 1, day.into()).map(Date::days)
}
