//! `median_monthly_income`: the income of the middle month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::MedianMonthlyIncome,
    says: "The income of the middle month (median)",
    formula: "median of the sums of income of the whole months; of an even number the mean of the two in the middle",
    source: "Ours, over monthly income as in JPMorgan Chase Institute, Weathering Volatility 2.0 (2019).",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).filter(|row| row.brings(Class::Income)).collect();
    found::median(months.sums(rows.iter().copied()), asked.ledger.amount_scale, rows.len())
}

#[cfg(test)]
#[test]
fn the_middle_of_the_monthly_incomes() {
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
    // of 1100, 1000 and 1600; of the last two months (1000 + 1600) ÷ 2
    assert_eq!(testing::ask(&testing::months(AttributeName::MedianMonthlyIncome, 3), &ledger), "1100.00000000");
    assert_eq!(testing::ask(&testing::months(AttributeName::MedianMonthlyIncome, 2), &ledger), "1300.00000000");
}
