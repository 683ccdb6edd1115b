//! Whether monthly payments came on time.
//!
//! Each month has one due day. What is paid from ten days before it, until ten days before the next one, is that month's
//! payment; the first of these payments decides. It is on time until the grace is over. A month without any is late.

use super::{Asked, classes::Class, found::Lack, window};

/// Days before the due one from which a payment is for it: rent is often sent when the wage comes.
const EARLY: i32 = 10;

/// Whether the payment of each month was on time, oldest first, and how many payments there are.
pub(super) struct Payments {
    pub(super) on_time: Vec<bool>,
    pub(super) paid: usize,
}

/// The payments of a class for the months whose due day and grace are over when the window ends.
pub(super) fn payments(asked: &Asked<'_>, class: Class) -> Result<Payments, Lack> {
    let Some(due) = asked.attribute.due else { return Err(Lack::HistoryTooShort) };
    let (count, until, history) =
        (i32::from(asked.attribute.months.unwrap_or_default()), asked.end(), asked.ledger.history);
    let due_in = |month: i32| window::day_of(month, due.day).ok_or(Lack::HistoryTooShort);
    let grace = i32::from(due.grace);
    let this = window::last_whole(until).ok_or(Lack::HistoryTooShort)? + 1;
    let over = if due_in(this)? + grace <= until { this } else { this - 1 };
    let last = if due_in(over)? + grace <= until { over } else { over - 1 };
    let first = last - count + 1;
    // the history must reach back to the first of these payments and on to the last
    let length = u16::try_from(due_in(last)? + grace - due_in(first)? + 1).unwrap_or(u16::MAX);
    window::days(length, due_in(last)? + grace, history)?;
    let mut payments = Payments { on_time: Vec::new(), paid: 0 };
    for month in first..=last {
        let (due_day, next) = (due_in(month)?, due_in(month + 1)?);
        let period = window::Window { from: due_day - EARLY, to: next - EARLY - 1 };
        let mut paid = asked.within(period).filter(|row| row.costs(class) && row.day <= until);
        let first = paid.next().map(|row| row.day);
        payments.paid += paid.count() + usize::from(first.is_some());
        payments.on_time.push(first.is_some_and(|day| day <= due_day + grace));
    }
    Ok(payments)
}
