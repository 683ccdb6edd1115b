//! `average_monthly_net`: how much is left each month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::AverageMonthlyNet,
    says: "How much more money came in than went out each month, on average",
    formula: "Σ amount over the transactions of the window ÷ number of months",
    source: "Mastercard Open Finance, Cash Flow Analytics (consumer): net cash flow. The mean over whole months is ours.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    Ok(Weighted::sum(asked.within(months.window)).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn what_is_left_of_whole_months_over_their_number() {
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
    // (2400 − 1800) ÷ 3; and without January (1400 − 1400) ÷ 2
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyNet, 3), &ledger), "200.00000000");
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyNet, 2), &ledger), "0.00000000");
}
