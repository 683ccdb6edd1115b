//! `longest_late_rent_streak`: how many rents in a row were not on time.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::LongestLateRentStreak,
    says: "The most months in a row without their rent on time",
    formula: "the longest run of months, one after the other, whose rent was not on time, as rent_on_time_ratio has it",
    source: "Ours, over the months of rent_on_time_ratio.",
    unit: Unit::Months,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(|asked| kernels::late_streak(asked, Class::Rent)),
};

#[cfg(test)]
#[test]
fn late_rents_one_after_the_other_are_counted() {
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
    // with 5 days of grace March and April; with Mrs Miller March alone; with 4 February to April
    assert_eq!(
        testing::ask(&testing::due(testing::months(AttributeName::LongestLateRentStreak, 4), 1, 5), &ledger),
        "2"
    );
    assert_eq!(
        testing::ask(
            &testing::with_words(
                testing::due(testing::months(AttributeName::LongestLateRentStreak, 4), 1, 5),
                &["Mrs Miller"]
            ),
            &ledger
        ),
        "1"
    );
    assert_eq!(
        testing::ask(&testing::due(testing::months(AttributeName::LongestLateRentStreak, 4), 1, 4), &ledger),
        "3"
    );
}
