//! `average_monthly_rent`: the rent of a month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::AverageMonthlyRent,
    says: "The rent paid each month, on average",
    formula: "−Σ amount over the transactions of the window with amount < 0 whose words name rent ÷ number of months",
    source: "Plaid's personal finance category RENT_AND_UTILITIES_RENT. The phrases, and the mean over whole months, are ours.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    let rent = asked.within(months.window).filter(|row| row.costs(Class::Rent));
    Ok(Weighted::spent(rent).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn rent_is_what_is_named_so_or_marked() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-24 | 1500.00 | | Payroll\n\
         2024-12-30 | -500.00 | | Rent January\n\
         2025-01-24 | 1500.00 | | Payroll\n\
         2025-02-06 | -500.00 | | Rent February\n\
         2025-02-20 | -90.00 | | Hertz rent a car\n\
         2025-02-24 | 1500.00 | | Payroll\n\
         2025-03-07 | -500.00 | | Rent March\n\
         2025-03-24 | 1500.00 | | Payroll\n\
         2025-04-03 | -500.00 | | To Mrs Miller\n\
         2025-04-30 | -20.00 | | coffee",
    );
    // February to April: 2 × 500 ÷ 3 = 333.333…, with Mrs Miller 3 × 500 ÷ 3; a rented car is no rent
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyRent, 3), &ledger), "333.33333333");
    assert_eq!(
        testing::ask(
            &testing::with_words(testing::months(AttributeName::AverageMonthlyRent, 3), &["Mrs Miller"]),
            &ledger
        ),
        "500.00000000"
    );
}
