//! `average_monthly_income`: the income of a month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::AverageMonthlyIncome,
    says: "The income of each month, on average",
    formula: "Σ income over the transactions of the window ÷ number of months; income is money in whose words name wages, a pension or a benefit",
    source: "Plaid's API description, CraBankIncomeSummary: historical_average_monthly_income. Ours finds income by phrases, and takes the mean of whole months.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    let income = asked.within(months.window).filter(|row| row.brings(Class::Income));
    Ok(Weighted::sum(income).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn income_is_what_is_named_so_or_marked() {
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
    // (1100 + 1000 + 1600) ÷ 3 = 1233.333…; with the lessons (1100 + 1000 + 1680) ÷ 3 = 1260
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyIncome, 3), &ledger), "1233.33333333");
    assert_eq!(
        testing::ask(
            &testing::with_words(testing::months(AttributeName::AverageMonthlyIncome, 3), &["lessons"]),
            &ledger
        ),
        "1260.00000000"
    );
}
