//! `bank_fees`: what the bank charged.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BankFees,
    says: "All that the bank charged in fees",
    formula: "−Σ amount over the transactions of the window with amount < 0 whose words name a fee of the bank, a returned payment or an overdraft",
    source: "Plaid's personal finance categories: BANK_FEES, with what belongs to it. The phrases are ours.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let window = asked.days()?;
    Ok(Weighted::spent(asked.within(window).filter(|row| row.costs(Class::Fee))))
}

#[cfg(test)]
#[test]
fn fees_of_every_sort_are_added() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 500.00 | | Payroll ACME\n\
         2025-01-05 | -35.00 | | NSF FEE ITEM 0042\n\
         2025-01-05 | 35.00 | | NSF fee refund\n\
         2025-01-10 | -34.00 | | Overdraft item fee\n\
         2025-01-11 | -50.00 | | Transfer, overdraft protection\n\
         2025-01-20 | -25.00 | | RETURNED CHECK FEE, CHECK # 319\n\
         2025-01-21 | -4.00 | | Monthly fee\n\
         2025-01-30 | -10.00 | | Unsfair Ltd",
    );
    // 35.00 + 34.00 + 25.00 + 4.00
    assert_eq!(testing::ask(&testing::days(AttributeName::BankFees, 30), &ledger), "98.00");
}
