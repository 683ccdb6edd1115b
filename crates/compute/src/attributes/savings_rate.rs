//! `savings_rate`: which part of the money that came in was kept.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::SavingsRate,
    says: "Which part of the money that came in did not go out again",
    formula: "Σ amount ÷ Σ amount with amount > 0, over the whole months of the window; below 0 where more went out; refused where nothing came in",
    source: "Ours, after the personal saving rate of the U.S. Bureau of Economic Analysis (saving ÷ disposable income), with movements of the account in place of both.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.months()?.window).collect();
    let inflow = found::sum(rows.iter().filter(|row| row.amount > 0).copied());
    Found::ratio(&found::sum(rows.iter().copied()), &inflow, "money coming in", rows.len())
}

#[cfg(test)]
#[test]
fn what_was_kept_of_what_came_in() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 700.00 | 700.00\n\
         2025-01-10 | 1000.00 | 1700.00\n\
         2025-01-20 | -400.00 | 1300.00\n\
         2025-02-10 | 500.00 | 1800.00\n\
         2025-02-20 | -600.00 | 1200.00\n\
         2025-03-10 | 900.00 | 2100.00\n\
         2025-03-31 | -800.00 | 1300.00",
    );
    // (2400 − 1800) ÷ 2400
    assert_eq!(testing::ask(&testing::months(AttributeName::SavingsRate, 3), &ledger), "0.250000");
}
