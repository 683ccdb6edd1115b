//! `largest_inflow`: the largest amount that came in at once.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::LargestInflow,
    says: "The largest amount that came in at once",
    formula: "max amount over the transactions of the window with amount > 0; refused where there is none",
    source: "Ours.",
    unit: Unit::Money,
    discloses: Disclosure::Row,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.days()?).filter(|row| row.amount > 0).collect();
    let largest = rows.iter().map(|row| row.amount).max().ok_or(Lack::NothingOf { of: "money coming in" })?;
    Found::money(&largest.into(), asked.ledger.amount_scale, rows.len())
}

#[cfg(test)]
#[test]
fn the_largest_of_the_window() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // of 100.00, 50.50 and 9.50; the 999.00 are a day too early
    assert_eq!(testing::ask(&testing::days(AttributeName::LargestInflow, 30), &ledger), "100.00");
    assert_eq!(testing::ask(&testing::days(AttributeName::LargestInflow, 7), &ledger), "50.50");
}
