//! `total_inflow`: how much money came in.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::TotalInflow,
    says: "All the money that came in",
    formula: "Σ amount over the transactions of the window with amount > 0",
    source: "Plaid's API description, BaseReportAttributes: total_inflow_amount_30d, _60d and _90d. Ours takes any number of days.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::sum(asked.within(window).filter(|row| row.amount > 0)))
}

#[cfg(test)]
#[test]
fn what_came_in_during_the_window_is_added() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // 100.00 + 50.50 + 9.50; the 999.00 of the day before are out of the 30 days
    assert_eq!(testing::ask(&testing::days(AttributeName::TotalInflow, 30), &ledger), "160.00");
}
