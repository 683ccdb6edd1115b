//! `outflow_variation`: how much spending varies from month to month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::OutflowVariation,
    says: "How much the money that went out varies from month to month (sample standard deviation ÷ mean)",
    formula: "coefficient of variation of the sums of money out of each month, sample standard deviation (n − 1) ÷ mean; needs two months",
    source: "JPMorgan Chase Institute, Weathering Volatility 2.0 (2019): spending volatility as the coefficient of variation of monthly totals.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).filter(|row| row.amount < 0).collect();
    found::variation(&months.sums(rows.iter().copied()), "money going out", rows.len())
}

#[cfg(test)]
#[test]
fn the_spread_of_monthly_spending_over_its_mean() {
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
    // 400, 600, 800: deviation 200, mean 600; 200 ÷ 600
    assert_eq!(testing::ask(&testing::months(AttributeName::OutflowVariation, 3), &ledger), "0.333333");
}
