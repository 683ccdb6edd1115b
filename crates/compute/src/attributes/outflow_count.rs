//! `outflow_count`: how often money went out.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::OutflowCount,
    says: "How often money went out",
    formula: "the number of transactions of the window with amount < 0",
    source: "Plaid's API description, BaseReportAccountInsights: number_of_outflows.",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::count(asked.within(window), |row| row.amount < 0))
}

#[cfg(test)]
#[test]
fn each_time_that_money_went_out_counts_once() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // 20 and 28 January
    assert_eq!(testing::ask(&testing::days(AttributeName::OutflowCount, 30), &ledger), "2");
}
