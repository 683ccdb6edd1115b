//! `balance_min`: the lowest balance at the end of a day.

use super::{balances, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BalanceMin,
    says: "The lowest balance at the end of a day",
    formula: "min balance at the end of a day, over the days of the window from the first on which a balance is known",
    source: "Ours, after Plaid's API description, SignalEvaluateCoreAttributes: p10_eod_balance_30d (low quantiles of the balance at the end of a day).",
    unit: Unit::Money,
    discloses: Disclosure::Row,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let held = balances::held(asked)?;
    let least = held.iter().map(|held| held.balance).min().ok_or(Lack::NoBalances)?;
    Found::money(&least.into(), asked.ledger.balance_scale, held.len())
}

#[cfg(test)]
#[test]
fn the_lowest_that_a_day_ended_with() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 1.00 | 70.00 | before\n\
         2025-01-03 | 1.00 | 100.00 | ends the 3rd, 4th\n\
         2025-01-05 | 1.00 | 500.00 | overtaken the same day\n\
         2025-01-05 | 1.00 | -20.00 | ends the 5th to 7th\n\
         2025-01-08 | 1.00 | 40.00 | ends the 8th\n\
         2025-01-09 | 1.00 | | states none: 9th as the 8th",
    );
    // of 100, −20 and 40
    assert_eq!(testing::ask(&testing::days(AttributeName::BalanceMin, 7), &ledger), "-20.00");
}
