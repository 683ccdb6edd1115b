//! `income_trend`: how much income rises from month to month.

use super::{found::Term, ledger::Transaction, prelude::*};

pub(super) const DEFINITION: Definition = Definition {
    name: AttributeName::IncomeTrend,
    says: "How much income rises each month (slope of the least-squares line)",
    formula: "slope of the least-squares line through the sums of income of the n whole months, x = 0 to n − 1: (n·Σxy − Σx·Σy) ÷ (n·Σx² − (Σx)²); needs two months",
    source: "Least squares as in NIST/SEMATECH e-Handbook of Statistical Methods, 4.1.4.1. That the trend of income matters: ours, after Mastercard Open Finance, Cash Flow Analytics (trends).",
    unit: Unit::Money,
    discloses: Disclosure::Aggregate,
    kernel: Kernel::Linear(compute),
};

fn compute(asked: &Asked<'_>) -> Result<Weighted, Lack> {
    let months = asked.months()?;
    let n = i64::from(months.count);
    if n < 2 {
        return Err(Lack::TooFew { needed: 2, of: "months" });
    }
    let (sum, squares) = (n * (n - 1) / 2, (n - 1) * n * (2 * n - 1) / 6);
    let term = |row: &Transaction| {
        let month = months.position(row.day).and_then(|at| i64::try_from(at).ok())?;
        Some(Term { row: row.row, weight: n * month - sum, value: row.amount })
    };
    let terms = asked.within(months.window).filter(|row| row.brings(Class::Income)).filter_map(term).collect();
    Ok(Weighted::of_amounts(terms, u128::try_from(n * squares - sum * sum).unwrap_or_default()))
}

#[cfg(test)]
#[test]
fn the_slope_of_monthly_income() {
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
    // x = 0, 1, 2 and y = 1100, 1000, 1600: (3·(1000 + 3200) − 3·3700) ÷ (3·5 − 9) = 1500 ÷ 6
    assert_eq!(testing::ask(&testing::months(AttributeName::IncomeTrend, 3), &ledger), "250.00000000");
}
