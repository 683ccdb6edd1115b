//! `overdraft_count`: how often an overdraft was charged.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::OverdraftCount,
    says: "How often the bank charged for an overdraft",
    formula: "the number of transactions of the window with amount < 0 whose words name an overdraft",
    source: "Plaid's API description, CashflowReportMonthlySummary: overdraft_transaction_count. Ours is over days.",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Linear(|asked| kernels::times(asked, Class::Overdraft)),
};

#[cfg(test)]
#[test]
fn overdrafts_are_counted_and_the_protection_from_them_is_not() {
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
    // 10 January; the transfer of 11 January keeps from one
    assert_eq!(testing::ask(&testing::days(AttributeName::OverdraftCount, 30), &ledger), "1");
}
