//! `positive_months_share`: in which part of the months more came in than went out.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::PositiveMonthsShare,
    says: "In which part of the months more money came in than went out",
    formula: "number of whole months of the window whose Σ amount > 0 ÷ number of months",
    source: "Ours, over net cash flow by month as in Mastercard Open Finance, Cash Flow Analytics (consumer).",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).collect();
    let positive = months.sums(rows.iter().copied()).iter().filter(|sum| **sum > 0).count();
    Found::ratio(&positive.into(), &months.count.into(), "months", rows.len())
}

#[cfg(test)]
#[test]
fn months_with_something_left_of_all_months() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-31 | 700.00 | 700.00\n\
         2025-01-10 | 1000.00 | 1700.00\n\
         2025-01-20 | -400.00 | 1300.00\n\
         2025-02-10 | 500.00 | 1800.00\n\
         2025-02-20 | -600.00 | 1200.00\n\
         2025-03-10 | 900.00 | 2100.00\n\
         2025-03-31 | -800.00 | 1300.00",
    );
    // January +600, February −100, March +100: 2 of 3
    assert_eq!(testing::ask(&testing::months(AttributeName::PositiveMonthsShare, 3), &ledger), "0.666667");
}
