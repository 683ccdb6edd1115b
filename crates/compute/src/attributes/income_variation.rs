//! `income_variation`: how much income varies from month to month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::IncomeVariation,
    says: "How much income varies from month to month (sample standard deviation ÷ mean)",
    formula: "coefficient of variation of the sums of income of each month, sample standard deviation (n − 1) ÷ mean; needs two months, and income",
    source: "JPMorgan Chase Institute, Weathering Volatility 2.0 (2019): volatility as the coefficient of variation of monthly total take-home income.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).filter(|row| row.brings(Class::Income)).collect();
    found::variation(&months.sums(rows.iter().copied()), "income", rows.len())
}

#[cfg(test)]
#[test]
fn the_spread_of_monthly_income_over_its_mean() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-30 | 1.00 | | opening\n\
         2025-01-05 | 1000.00 | | ACME PAYROLL 01\n\
         2025-01-15 | 200.00 | | from a friend\n\
         2025-01-25 | 100.00 | | Child benefit\n\
         2025-02-05 | 1000.00 | | ACME PAYROLL 02\n\
         2025-03-06 | 1600.00 | | ACME PAYROLL 03\n\
         2025-03-20 | 80.00 | | Lessons, Mrs Smith\n\
         2025-03-31 | -5.00 | | coffee",
    );
    // 1100, 1000, 1600: Σ = 3700, Σ² = 4770000; √((3·4770000 − 3700²) ÷ 6) ÷ (3700 ÷ 3) = 321.455025… ÷ 1233.333… = 0.260639…
    assert_eq!(testing::ask(&testing::months(AttributeName::IncomeVariation, 3), &ledger), "0.260639");
}
