//! `balance_volatility`: how much the balance varies from day to day.

use super::{balances, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::BalanceVolatility,
    says: "How much the balance at the end of a day varies (sample standard deviation, n − 1)",
    formula: "√((n·Σb² − (Σb)²) ÷ (n·(n − 1))) of the balances b at the end of the n days of the window from the first on which a balance is known",
    source: "Ours, over the daily ending balances of Plaid's API description, CashflowReportMonthlySummary.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let held = balances::held(asked)?;
    let days: Vec<i128> = held.iter().flat_map(|held| (0..held.days).map(|_| held.balance)).collect();
    found::deviation(&days, asked.ledger.balance_scale, held.len())
}

#[cfg(test)]
#[test]
fn the_spread_of_the_balances_that_days_ended_with() {
    use super::testing;
    let ledger = testing::ledger(
        "2025-01-01 | 1.00 | 70.00 | before\n\
         2025-01-03 | 1.00 | 100.00 | ends the 3rd, 4th\n\
         2025-01-05 | 1.00 | 500.00 | overtaken the same day\n\
         2025-01-05 | 1.00 | -20.00 | ends the 5th to 7th\n\
         2025-01-08 | 1.00 | 40.00 | ends the 8th\n\
         2025-01-09 | 1.00 | | states none: 9th as the 8th",
    );
    // Σb = 220, Σb² = 2·10000 + 3·400 + 2·1600 = 24400; (7·24400 − 48400) ÷ 42 = 2914.285714…; its root 53.984124…
    assert_eq!(testing::ask(&testing::days(AttributeName::BalanceVolatility, 7), &ledger), "53.98412465");
}
