//! `months_of_history`: for how many whole months there are transactions.

use super::{prelude::*, window};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::MonthsOfHistory,
    says: "For how many whole months there are transactions",
    formula: "the number of whole calendar months from the first that begins at most seven days before the first transaction until the last that is over when the window ends: the most months that can be asked about",
    source: "Indicina, Cashflow Analysis: noOfTransactingMonths. That months are whole is ours.",
    unit: Unit::Months,
    discloses: Disclosure::Count,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let values = asked.ledger.rows.iter().filter(|row| row.day <= asked.end()).count();
    let ends = window::first_whole(asked.ledger.history.from).zip(window::last_whole(asked.end()));
    Ok(Found::count(ends.map_or(0, |(first, last)| (last - first + 1).max(0)), values))
}

#[cfg(test)]
#[test]
fn whole_months_are_counted() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-06 | 1.00\n\
         2025-01-20 | 1.00\n\
         2025-03-30 | 1.00",
    );
    // December, whose first six days may have been quiet, to February; March is not over on the 30th, and is on the 31st
    assert_eq!(testing::ask(&testing::history(AttributeName::MonthsOfHistory), &ledger), "3");
    assert_eq!(
        testing::ask(&testing::as_of(testing::history(AttributeName::MonthsOfHistory), "2025-03-31"), &ledger),
        "4"
    );
}
