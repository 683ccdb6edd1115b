//! `rent_to_income`: which part of income is rent.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::RentToIncome,
    says: "Which part of income went to rent",
    formula: "Σ rent ÷ Σ income, over the whole months of the window; refused where there is no income",
    source: "Ours, after the cost burden of the U.S. Department of Housing and Urban Development (housing costs above 30 % of income), with income as it arrives in place of gross income.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.months()?.window).collect();
    let rents: Vec<_> = rows.iter().filter(|row| row.costs(Class::Rent)).copied().collect();
    let income: Vec<_> = rows.iter().filter(|row| row.brings(Class::Income)).copied().collect();
    let values = rents.len() + income.len();
    Found::ratio(&-found::sum(rents), &found::sum(income), "income", values)
}

#[cfg(test)]
#[test]
fn rent_as_a_part_of_income() {
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
    // February to April: 1000 ÷ 3000; with Mrs Miller 1500 ÷ 3000
    assert_eq!(testing::ask(&testing::months(AttributeName::RentToIncome, 3), &ledger), "0.333333");
    assert_eq!(
        testing::ask(&testing::with_words(testing::months(AttributeName::RentToIncome, 3), &["Mrs Miller"]), &ledger),
        "0.500000"
    );
}
