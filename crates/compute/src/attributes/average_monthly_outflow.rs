//! `average_monthly_outflow`: how much goes out each month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::AverageMonthlyOutflow,
    says: "The money that went out each month, on average",
    formula: "−Σ amount over the transactions of the window with amount < 0 ÷ number of months",
    source: "Plaid's API description, CashflowReportMonthlySummary (outflow by month). The mean over whole months is ours.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    Ok(Weighted::spent(asked.within(months.window).filter(|row| row.amount < 0)).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn what_went_out_during_whole_months_over_their_number() {
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
    // (400 + 600 + 800) ÷ 3
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyOutflow, 3), &ledger), "600.00000000");
}
