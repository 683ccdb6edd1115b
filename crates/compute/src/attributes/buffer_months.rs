//! `buffer_months`: how many months the balance would last.

use super::{balances, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BufferMonths,
    says: "How many months of the usual spending the last known balance would cover",
    formula: "balance known last on the day on which the window ends ÷ mean of the money out of its whole months; refused where nothing went out",
    source: "Ours, after the cash buffer days of JPMorgan Chase Institute, Cash is King: Flows, Balances, and Buffer Days (2016): how many days of typical outflows the balance covers. Months for days, and the last balance, are ours.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let months = asked.months()?;
    let rows: Vec<_> = asked.within(months.window).filter(|row| row.amount < 0).collect();
    let balance = found::at_scale(balances::latest(asked)?, asked.ledger.amount_scale) * months.count;
    let outflow = found::at_scale(1, asked.ledger.balance_scale) * -found::sum(rows.iter().copied());
    Found::ratio(&balance, &outflow, "money going out", rows.len())
}

#[cfg(test)]
#[test]
fn the_last_balance_in_months_of_spending() {
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
    // 1300 ÷ 600 = 2.1666…
    assert_eq!(testing::ask(&testing::months(AttributeName::BufferMonths, 3), &ledger), "2.166667");
}
