//! `recurring_bills`: how many bills come every month.

use super::{prelude::*, recurring};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::RecurringBills,
    says: "How many bills come every month",
    formula: "the number of payees with one or two payments in each whole month of the window, no month’s sum more than twice another’s; needs three months",
    source: "Ours, after Plaid's API description, recurring transaction streams (frequency MONTHLY).",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let looked = asked.within(months.window).filter(|row| row.amount < 0).count();
    Ok(Found::count(recurring::bills(asked, &months)?.len(), looked))
}

#[cfg(test)]
#[test]
fn a_payee_of_every_month_is_a_bill_and_a_shop_is_none() {
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
    // Netflix and City Power (75 is less than 2 × 40); the supermarket was paid three times in January, the telephone not at all
    assert_eq!(testing::ask(&testing::months(AttributeName::RecurringBills, 3), &ledger), "2");
    assert_eq!(
        testing::ask(&testing::months(AttributeName::RecurringBills, 2), &ledger),
        "it needs at least 3 months in what was asked about and found fewer"
    );
}
