//! `days_since_nsf`: how long ago a payment was last returned.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::DaysSinceNsf,
    says: "How many days ago the bank last returned a payment unpaid, or the whole number of days where it did not",
    formula: "the last day of the window less the day of its last returned payment; the number of days asked about where there is none",
    source: "Ours, after Plaid's API description, BaseReportAttributes (counts of the same transactions). The time since the last one is ours.",
    unit: Unit::Days,
    discloses: Disclosure::Row,
    kernel: Kernel::Other(|asked| kernels::days_since(asked, Class::Returned)),
};

#[cfg(test)]
#[test]
fn the_days_since_the_last_returned_payment_or_all_of_them() {
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
    // from 20 to 30 January; in the 7 days up to 30 January there is none
    assert_eq!(testing::ask(&testing::days(AttributeName::DaysSinceNsf, 30), &ledger), "10");
    assert_eq!(testing::ask(&testing::days(AttributeName::DaysSinceNsf, 7), &ledger), "7");
}
