//! `income_months_share`: in which part of the months income came.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::IncomeMonthsShare,
    says: "In which part of the months income came",
    formula: "number of whole months of the window with income ÷ number of months",
    source: "Ours, over income by month as in Plaid's API description, CraBankIncomeHistoricalSummary.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).filter(|row| row.brings(Class::Income)).collect();
    let paid = months.sums(rows.iter().copied()).iter().filter(|sum| **sum > 0).count();
    Found::ratio(&paid.into(), &months.count.into(), "months", rows.len())
}

#[cfg(test)]
#[test]
fn months_with_income_of_all_months() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-30 | 1.00 | | opening\n\
         2025-01-05 | 1000.00 | | Salary\n\
         2025-03-06 | 1000.00 | | Salary\n\
         2025-03-31 | -5.00 | | coffee",
    );
    // January and March, of three
    assert_eq!(testing::ask(&testing::months(AttributeName::IncomeMonthsShare, 3), &ledger), "0.666667");
}
