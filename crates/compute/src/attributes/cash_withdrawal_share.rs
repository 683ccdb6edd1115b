//! `cash_withdrawal_share`: which part of the money that went out was taken as cash.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::CashWithdrawalShare,
    says: "Which part of the money that went out was withdrawn in cash",
    formula: "Σ cash withdrawals ÷ Σ money out, over the transactions of the window; refused where nothing went out",
    source: "Ours, over Plaid's personal finance category TRANSFER_OUT_WITHDRAWAL. The phrases are ours.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(|asked| kernels::share_of_outflow(asked, Class::Cash)),
};

#[cfg(test)]
#[test]
fn cash_as_a_part_of_what_went_out() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 900.00 | | Gehalt\n\
         2025-01-04 | -60.00 | | ATM WITHDRAWAL 5TH AVE\n\
         2025-01-08 | -3.00 | | ATM fee\n\
         2025-01-12 | -30.00 | | Lucky Casino\n\
         2025-01-20 | -100.00 | | Groceries\n\
         2025-01-30 | -47.00 | | Tipico Sports",
    );
    // 60 ÷ (60 + 3 + 30 + 100 + 47) = 60 ÷ 240; the fee of the machine is no cash
    assert_eq!(testing::ask(&testing::days(AttributeName::CashWithdrawalShare, 30), &ledger), "0.250000");
}
