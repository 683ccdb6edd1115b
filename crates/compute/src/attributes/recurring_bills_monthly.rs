//! `recurring_bills_monthly`: how much the bills of every month come to.

use super::{prelude::*, recurring};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::RecurringBillsMonthly,
    says: "What the bills that come every month come to each month, on average",
    formula: "−Σ amount over the payments to the payees that recurring_bills counts ÷ number of months",
    source: "Ours, after Plaid's API description, recurring transaction streams (average_amount).",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    let bills = recurring::bills(asked, &months)?;
    Ok(Weighted::spent(bills.into_iter().flatten()).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn the_payments_of_every_month_over_the_months() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-02 | -15.00 | | Netflix 4411\n\
         2025-01-10 | -40.00 | | | City Power\n\
         2025-01-11 | -20.00 | | Supermarket\n\
         2025-01-12 | -20.00 | | Supermarket\n\
         2025-01-13 | -20.00 | | Supermarket\n\
         2025-02-02 | -15.00 | | Netflix 4412\n\
         2025-02-10 | -75.00 | | | City Power\n\
         2025-02-11 | -20.00 | | Supermarket\n\
         2025-02-20 | -10.00 | | Telephone\n\
         2025-03-02 | -18.00 | | Netflix 4413\n\
         2025-03-10 | -50.00 | | | City Power\n\
         2025-03-11 | -20.00 | | Supermarket\n\
         2025-03-20 | -25.00 | | Telephone\n\
         2025-03-31 | 900.00 | | Salary",
    );
    // (15 + 15 + 18 + 40 + 75 + 50) ÷ 3 = 213 ÷ 3
    assert_eq!(testing::ask(&testing::months(AttributeName::RecurringBillsMonthly, 3), &ledger), "71.00000000");
}
