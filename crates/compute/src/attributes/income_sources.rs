//! `income_sources`: from how many payers income came.

use super::prelude::*;
use std::collections::BTreeSet;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::IncomeSources,
    says: "From how many payers income came",
    formula: "the number of different payers among the income of the window: counterparties, or descriptions where there is none, without words that hold digits",
    source: "Plaid's API description, CraBankIncomeSummary: income_sources_count. Telling payers apart by words is ours.",
    unit: Unit::Count,
    discloses: Disclosure::Count,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.months()?.window).filter(|row| row.brings(Class::Income)).collect();
    let payers: BTreeSet<_> = rows.iter().map(|row| row.payee).collect();
    Ok(Found::count(payers.len(), rows.len()))
}

#[cfg(test)]
#[test]
fn payers_are_told_apart_by_their_words() {
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
    // ACME and child benefit; with the lessons three
    assert_eq!(testing::ask(&testing::months(AttributeName::IncomeSources, 3), &ledger), "2");
    assert_eq!(
        testing::ask(&testing::with_words(testing::months(AttributeName::IncomeSources, 3), &["lessons"]), &ledger),
        "3"
    );
}
