//! `inflow_count`: how often money came in.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::InflowCount,
    says: "How often money came in",
    formula: "the number of transactions of the window with amount > 0",
    source: "Plaid's API description, BaseReportAccountInsights: number_of_inflows.",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::count(asked.within(window), |row| row.amount > 0))
}

#[cfg(test)]
#[test]
fn each_time_that_money_came_in_counts_once() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // 1, 25 and 30 January
    assert_eq!(testing::ask(&testing::days(AttributeName::InflowCount, 30), &ledger), "3");
}
