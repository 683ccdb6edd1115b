//! `total_outflow`: how much money went out.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::TotalOutflow,
    says: "All the money that went out",
    formula: "−Σ amount over the transactions of the window with amount < 0",
    source: "Plaid's API description, BaseReportAttributes: total_outflow_amount_30d, _60d and _90d. Ours takes any number of days.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::spent(asked.within(window).filter(|row| row.amount < 0)))
}

#[cfg(test)]
#[test]
fn what_went_out_is_added_as_a_positive_number() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // 30.00 + 12.25
    assert_eq!(testing::ask(&testing::days(AttributeName::TotalOutflow, 30), &ledger), "42.25");
}
