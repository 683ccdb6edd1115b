//! `net_cash_flow`: how much more came in than went out.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::NetCashFlow,
    says: "How much more money came in than went out",
    formula: "Σ amount over the transactions of the window",
    source: "Mastercard Open Finance, Cash Flow Analytics (consumer): net cash flow over the time intervals asked for; Plaid's API description, CashflowReportMonthlySummary. Ours is over days.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::sum(asked.within(window)))
}

#[cfg(test)]
#[test]
fn what_came_in_less_what_went_out() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 999.00\n\
         2025-01-01 | 100.00\n\
         2025-01-20 | -30.00\n\
         2025-01-25 | 50.50\n\
         2025-01-28 | -12.25\n\
         2025-01-30 | 9.50",
    );
    // 160.00 − 42.25
    assert_eq!(testing::ask(&testing::days(AttributeName::NetCashFlow, 30), &ledger), "117.75");
}
