//! Bills that come every month.
//!
//! A payee is recurring if each month of the window has one or two payments to it, and no month's sum is more than twice
//! another's: a supplier whose bill varies with the weather is one, a shop is none.

use super::{Asked, found::Lack, ledger::Transaction, window::Months};
use std::collections::BTreeMap;

/// Months below which nothing can be called recurring.
const MONTHS: u8 = 3;
/// Most payments a month to somebody who sends bills.
const A_MONTH: usize = 2;

/// The payments to each recurring payee.
pub(super) fn bills<'a>(asked: &Asked<'a>, months: &Months) -> Result<Vec<Vec<&'a Transaction>>, Lack> {
    if months.count < MONTHS {
        return Err(Lack::TooFew { needed: MONTHS, of: "months" });
    }
    let mut payees: BTreeMap<u32, Vec<&Transaction>> = BTreeMap::new();
    for row in asked.within(months.window).filter(|row| row.amount < 0) {
        if let Some(payee) = row.payee {
            payees.entry(payee).or_default().push(row);
        }
    }
    Ok(payees.into_values().filter(|payments| is_monthly(payments, months)).collect())
}

fn is_monthly(payments: &[&Transaction], months: &Months) -> bool {
    let mut counts = vec![0; usize::from(months.count)];
    for at in payments.iter().filter_map(|row| months.position(row.day)) {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    let sums = months.sums(payments.iter().copied());
    // amounts that went out are negative: the most is the least
    let (most, least) = (sums.iter().min(), sums.iter().max());
    let alike = most.zip(least).is_some_and(|(most, least)| *most >= least * 2);
    alike && counts.iter().all(|count| (1..=A_MONTH).contains(count))
}
