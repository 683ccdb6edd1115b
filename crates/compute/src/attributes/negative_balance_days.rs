//! `negative_balance_days`: on how many days the account was overdrawn.

use super::{balances, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::NegativeBalanceDays,
    says: "On how many days the balance ended below zero",
    formula: "the number of days of the window, from the first on which a balance is known, whose balance at the end is below 0",
    source: "Plaid's API description, CashflowReportMonthlySummary: negative_ending_balance_day_count, and SignalEvaluateCoreAttributes: days_with_negative_balance_count_90d.",
    unit: Unit::Days,
    discloses: Disclosure::Count,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let held = balances::held(asked)?;
    let below: i32 = held.iter().filter(|held| held.balance < 0).map(|held| held.days).sum();
    Ok(Found::count(below, held.len()))
}

#[cfg(test)]
#[test]
fn days_that_ended_below_zero_are_counted() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 1.00 | 70.00 | before\n\
         2025-01-03 | 1.00 | 100.00 | ends the 3rd, 4th\n\
         2025-01-05 | 1.00 | 500.00 | overtaken the same day\n\
         2025-01-05 | 1.00 | -20.00 | ends the 5th to 7th\n\
         2025-01-08 | 1.00 | 40.00 | ends the 8th\n\
         2025-01-09 | 1.00 | | states none: 9th as the 8th",
    );
    // the 5th, 6th and 7th
    assert_eq!(testing::ask(&testing::days(AttributeName::NegativeBalanceDays, 7), &ledger), "3");
}
