//! `days_of_history`: over how many days the transactions reach.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::DaysOfHistory,
    says: "Over how many days the transactions reach",
    formula: "the day on which the window ends less that of the first transaction, and one",
    source: "Plaid's API description, BaseReportAccountInsights: days_available.",
    unit: Unit::Days,
    discloses: Disclosure::Count,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let values = asked.ledger.rows.iter().filter(|row| row.day <= asked.end()).count();
    Ok(Found::count((asked.end() - asked.ledger.history.from + 1).max(0), values))
}

#[cfg(test)]
#[test]
fn from_the_first_day_to_the_last_both_counted() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-06 | 1.00\n\
         2025-01-20 | 1.00\n\
         2025-03-30 | 1.00",
    );
    // 26 days of December, 31, 28, and 30 of March
    assert_eq!(testing::ask(&testing::history(AttributeName::DaysOfHistory), &ledger), "115");
    assert_eq!(
        testing::ask(&testing::as_of(testing::history(AttributeName::DaysOfHistory), "2025-01-05"), &ledger),
        "31"
    );
}
