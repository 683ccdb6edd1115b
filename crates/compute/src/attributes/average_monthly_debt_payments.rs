//! `average_monthly_debt_payments`: how much goes to debts each month.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::AverageMonthlyDebtPayments,
    says: "What was paid for debts each month, on average",
    formula: "−Σ amount over the transactions of the window with amount < 0 whose words name a loan, a mortgage or a credit card ÷ number of months",
    source: "Plaid's personal finance category LOAN_PAYMENTS. The phrases, and the mean over whole months, are ours.",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    let debts = asked.within(months.window).filter(|row| row.costs(Class::Debt));
    Ok(Weighted::spent(debts).over(months.count.into()))
}

#[cfg(test)]
#[test]
fn what_is_paid_for_debts_is_added_and_a_loan_paid_out_is_not() {
    use super::testing;
    let ledger = testing::ledger(
        "2024-12-28 | 1200.00 | | Salary\n\
         2025-01-15 | -150.00 | | Car loan\n\
         2025-01-28 | 1200.00 | | Salary\n\
         2025-02-15 | -150.00 | | Car loan\n\
         2025-02-20 | -60.00 | | CREDIT CARD PAYMENT\n\
         2025-02-28 | 1200.00 | | Salary\n\
         2025-03-01 | 5000.00 | | Loan paid out\n\
         2025-03-15 | -150.00 | | Car loan\n\
         2025-03-31 | 1200.00 | | Salary",
    );
    // (3 × 150 + 60) ÷ 3
    assert_eq!(testing::ask(&testing::months(AttributeName::AverageMonthlyDebtPayments, 3), &ledger), "170.00000000");
}
