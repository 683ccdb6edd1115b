//! `debt_to_income`: which part of income goes to debts.

use super::prelude::*;

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::DebtToIncome,
    says: "Which part of income went to debts",
    formula: "Σ debt payments ÷ Σ income, over the whole months of the window; refused where there is no income",
    source: "Ours, after the Consumer Financial Protection Bureau, “What is a debt-to-income ratio?” (all monthly debt payments ÷ gross monthly income), with what the account shows of both: income as it arrives, and no debt that is paid elsewhere.",
    unit: Unit::Ratio,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Other(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Found, Lack> {
    let rows: Vec<_> = asked.within(asked.months()?.window).collect();
    let debts: Vec<_> = rows.iter().filter(|row| row.costs(Class::Debt)).copied().collect();
    let income: Vec<_> = rows.iter().filter(|row| row.brings(Class::Income)).copied().collect();
    let values = debts.len() + income.len();
    Found::ratio(&-found::sum(debts), &found::sum(income), "income", values)
}

#[cfg(test)]
#[test]
fn debts_as_a_part_of_income() {
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
    // 510 ÷ 3600 = 0.141666…
    assert_eq!(testing::ask(&testing::months(AttributeName::DebtToIncome, 3), &ledger), "0.141667");
}
