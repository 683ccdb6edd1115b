//! `bill_on_time_ratio`: which part of a bill’s payments came on time.

use super::{kernels, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BillOnTimeRatio,
    says: "Which part of the months had a payment of the bill on time",
    formula: "as rent_on_time_ratio, over payments whose words have one of those given",
    source: "Ours, after the payment history of utility and telephone bills as non-traditional credit in Fannie Mae, Selling Guide, B3-5.4 (12 months of payments on time).",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(|asked| kernels::on_time_ratio(asked, Class::Marked)),
};

#[cfg(test)]
#[test]
fn a_bill_is_known_by_its_words() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-14 | -40.00 | | City Power & Light\n\
         2025-02-17 | -45.00 | | City Power & Light\n\
         2025-03-15 | -43.00 | | CITY POWER+LIGHT\n\
         2025-03-31 | -5.00 | | coffee",
    );
    // due on the 15th with 1 day of grace: 14 January, 17 February (late), 15 March
    assert_eq!(
        testing::ask(
            &testing::with_words(
                testing::due(testing::months(AttributeName::BillOnTimeRatio, 3), 15, 1),
                &["power", "Stadtwerke"]
            ),
            &ledger
        ),
        "0.666667"
    );
    assert_eq!(
        testing::ask(
            &testing::with_words(
                testing::due(testing::months(AttributeName::BillOnTimeRatio, 3), 15, 2),
                &["power light"]
            ),
            &ledger
        ),
        "1.000000"
    );
}
