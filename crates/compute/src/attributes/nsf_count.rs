//! `nsf_count`: how often a payment was returned unpaid.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::NsfCount,
    says: "How often the bank returned a payment unpaid or charged for it",
    formula: "the number of transactions of the window with amount < 0 whose words name a returned payment",
    source: "Plaid's API description, BaseReportAttributes: nsf_overdraft_transactions_count_30d, _60d and _90d, there with overdrafts and less what was reversed. Ours counts returned payments alone and takes nothing back.",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Linear(|asked| kernels::times(asked, Class::Returned)),
};

#[cfg(test)]
#[test]
fn returned_payments_are_counted_and_their_refunds_are_not() {
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
    // 5 January (its refund is money in) and 20 January; “Unsfair” only holds the letters
    assert_eq!(testing::ask(&testing::days(AttributeName::NsfCount, 30), &ledger), "2");
    assert_eq!(testing::ask(&testing::days(AttributeName::NsfCount, 10), &ledger), "0");
}
