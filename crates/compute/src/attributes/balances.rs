//! With which balance each day of a window ended: that of its last transaction that states one, and of a day without any
//! that of the day before.

use super::{Asked, found::Lack, ledger::Transaction};

/// A balance and the days of the window that ended with it.
pub(super) struct Held<'a> {
    pub(super) of: &'a Transaction,
    pub(super) balance: i128,
    pub(super) days: i32,
}

/// The balances of a window in order. Days before the first known balance are not counted.
pub(super) fn held<'a>(asked: &Asked<'a>) -> Result<Vec<Held<'a>>, Lack> {
    let window = asked.days()?;
    let known = asked.ledger.rows.iter().filter(|row| row.day <= window.to);
    let mut last: Vec<(&Transaction, i128)> = Vec::new();
    for (row, balance) in known.filter_map(|row| Some((row, row.balance?))) {
        // what was there before the window, and what was later the same day overtaken, ended no day of it
        let overtaken = last.last().is_some_and(|(before, _)| before.day == row.day || row.day <= window.from);
        if overtaken {
            last.pop();
        }
        last.push((row, balance));
    }
    let ends = last.iter().skip(1).map(|(row, _)| row.day).chain([window.to + 1]);
    let each = last.iter().zip(ends);
    let held: Vec<_> = each
        .map(|((row, balance), end)| Held { of: row, balance: *balance, days: end - row.day.max(window.from) })
        .collect();
    if held.is_empty() { Err(Lack::NoBalances) } else { Ok(held) }
}

/// The balance that was known last on the day on which the window ends.
pub(super) fn latest(asked: &Asked<'_>) -> Result<i128, Lack> {
    let end = asked.end();
    let known = asked.ledger.rows.iter().rev().filter(|row| row.day <= end);
    known.filter_map(|row| row.balance).next().ok_or(Lack::NoBalances)
}
