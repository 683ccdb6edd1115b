//! `gambling_share`: which part of the money that went out went to gambling.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::GamblingShare,
    says: "Which part of the money that went out went to gambling",
    formula: "Σ gambling ÷ Σ money out, over the transactions of the window; refused where nothing went out",
    source: "Ours, over Plaid's personal finance category ENTERTAINMENT_CASINOS_AND_GAMBLING. The phrases are ours.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(|asked| kernels::share_of_outflow(asked, Class::Gambling)),
};

#[cfg(test)]
#[test]
fn gambling_as_a_part_of_what_went_out() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 900.00 | | Gehalt\n\
         2025-01-04 | -60.00 | | ATM WITHDRAWAL 5TH AVE\n\
         2025-01-08 | -3.00 | | ATM fee\n\
         2025-01-12 | -30.00 | | Lucky Casino\n\
         2025-01-20 | -100.00 | | Groceries\n\
         2025-01-30 | -47.00 | | Tipico Sports",
    );
    // (30 + 47) ÷ 240 = 0.3208333…
    assert_eq!(testing::ask(&testing::days(AttributeName::GamblingShare, 30), &ledger), "0.320833");
}
