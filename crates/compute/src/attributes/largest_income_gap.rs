//! `largest_income_gap`: the longest time without income.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::LargestIncomeGap,
    says: "The most days between one income and the next",
    formula: "max number of days between two incomes of the window, one after the other; needs two",
    source: "Ours, after Plaid's API description, BaseReportAccountInsights: longest_gap_between_transactions.",
    unit: Unit::Days,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.months()?.window).filter(|row| row.brings(Class::Income)).collect();
    let gaps = rows.iter().zip(rows.iter().skip(1)).map(|(one, next)| next.day - one.day);
    let largest = gaps.max().ok_or(Lack::TooFew { needed: 2, of: "incomes" })?;
    Ok(Found::count(largest, rows.len()))
}

#[cfg(test)]
#[test]
fn the_longest_wait_for_the_next_income() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-30 | 1.00 | | opening\n\
         2025-01-05 | 1000.00 | | ACME PAYROLL 01\n\
         2025-01-15 | 200.00 | | from a friend\n\
         2025-01-25 | 100.00 | | Child benefit\n\
         2025-02-05 | 1000.00 | | ACME PAYROLL 02\n\
         2025-03-06 | 1600.00 | | ACME PAYROLL 03\n\
         2025-03-20 | 80.00 | | Lessons, Mrs Smith\n\
         2025-03-31 | -5.00 | | coffee",
    );
    // 5 to 25 January 20, to 5 February 11, to 6 March 29
    assert_eq!(testing::ask(&testing::months(AttributeName::LargestIncomeGap, 3), &ledger), "29");
}
