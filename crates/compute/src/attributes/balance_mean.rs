//! `balance_mean`: the mean balance at the end of a day.

use super::{balances, found::Term, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BalanceMean,
    says: "The mean of the balance at the end of each day",
    formula: "Σ balance at the end of a day ÷ number of days, over the days of the window from the first on which a balance is known; a day without a transaction ends as the day before",
    source: "Plaid's API description, CashflowReportMonthlySummary: average_daily_ending_balance. Ours is over days.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let held = balances::held(asked)?;
    let days: i32 = held.iter().map(|held| held.days).sum();
    let term = |held: &balances::Held<'_>| Term { row: held.of.row, weight: held.days.into(), value: held.balance };
    Ok(Weighted::of_balances(held.iter().map(term).collect(), u128::try_from(days).unwrap_or_default()))
}

#[cfg(test)]
#[test]
fn each_day_counts_with_the_balance_it_ended_with() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 1.00 | 70.00 | before\n\
         2025-01-03 | 1.00 | 100.00 | ends the 3rd, 4th\n\
         2025-01-05 | 1.00 | 500.00 | overtaken the same day\n\
         2025-01-05 | 1.00 | -20.00 | ends the 5th to 7th\n\
         2025-01-08 | 1.00 | 40.00 | ends the 8th\n\
         2025-01-09 | 1.00 | | states none: 9th as the 8th",
    );
    // days 3 to 9: 2 × 100 + 3 × −20 + 2 × 40 = 220; ÷ 7 = 31.428571…
    assert_eq!(testing::ask(&testing::days(AttributeName::BalanceMean, 7), &ledger), "31.42857143");
}
