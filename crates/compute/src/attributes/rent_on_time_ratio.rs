//! `rent_on_time_ratio`: which part of the rents was paid on time.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::RentOnTimeRatio,
    says: "Which part of the months had its rent on time",
    formula: "number of months with a rent on time ÷ number of months. A month’s rent is the first from ten days before its due day until ten days before the next one; it is on time until the grace is over; a month without any is not. The last month is the last whose grace is over when the window ends",
    source: "Ours, after Positive Rental Payment History in HUD Handbook 4000.1 (on-time payment of all rents of the previous 12 months; on time there is within the month due) and Fannie Mae, Selling Guide, rental payment history over 12 months.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(|asked| kernels::on_time_ratio(asked, Class::Rent)),
};

#[cfg(test)]
#[test]
fn a_rent_is_on_time_until_its_grace_is_over() {
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
    // due on the 1st: January paid on 30 December, February on the 6th (5 days late), March on the 7th (6 days late), April not named: 2 of 4 with 5 days of grace, 1 of 4 with 4, 3 of 4 with 5 and Mrs Miller
    assert_eq!(
        testing::ask(&testing::due(testing::months(AttributeName::RentOnTimeRatio, 4), 1, 5), &ledger),
        "0.500000"
    );
    assert_eq!(
        testing::ask(&testing::due(testing::months(AttributeName::RentOnTimeRatio, 4), 1, 4), &ledger),
        "0.250000"
    );
    assert_eq!(
        testing::ask(
            &testing::with_words(
                testing::due(testing::months(AttributeName::RentOnTimeRatio, 4), 1, 5),
                &["Mrs Miller"]
            ),
            &ledger
        ),
        "0.750000"
    );
}
