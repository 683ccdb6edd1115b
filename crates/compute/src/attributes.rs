//! Credit attributes: named definitions over the transactions of a ledger. Each is one file: what it is, its formula, where
//! it comes from, what it tells, and a small ledger by hand.
//!
//! What they share: `ledger` reads the rows, `window` says which days and months, `classes` what a description means,
//! `found` does the arithmetic, `kernels` what differs in a class alone, `words` the sentence. All of it is exact, and nothing here knows what day it is: a window
//! ends on the last date of the dataset, or where the computation says.

mod average_monthly_debt_payments;
mod average_monthly_income;
mod average_monthly_inflow;
mod average_monthly_net;
mod average_monthly_outflow;
mod average_monthly_rent;
mod balance_mean;
mod balance_min;
mod balance_volatility;
mod bank_fees;
mod bill_on_time_ratio;
mod buffer_months;
mod cash_withdrawal_share;
mod days_of_history;
mod days_since_nsf;
mod days_since_overdraft;
mod debt_to_income;
mod gambling_share;
mod income_months_share;
mod income_sources;
mod income_trend;
mod income_variation;
mod inflow_count;
mod largest_income_gap;
mod largest_inflow;
mod longest_late_rent_streak;
mod median_monthly_income;
mod months_of_history;
mod negative_balance_days;
mod net_cash_flow;
mod nsf_count;
mod outflow_count;
mod outflow_variation;
mod overdraft_count;
mod positive_months_share;
mod recurring_bills;
mod recurring_bills_monthly;
mod rent_on_time_ratio;
mod rent_to_income;
mod savings_rate;
mod total_inflow;
mod total_outflow;

mod balances;
mod classes;
mod due;
mod found;
mod kernels;
mod ledger;
mod recurring;
mod window;
mod words;

#[cfg(test)]
mod real;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use classes::{Class, marks, phrases};
pub use found::Lack;
pub use words::{parameters, phrase};

use crate::kinds::{Disclosure, LinearFact, Ran, RunError, Unknown};
use arrow::array::ArrayRef;
use found::{Found, Weighted};
use ledger::{Gathering, Ledger};
use protocol::{Attribute, AttributeName, Column, LedgerColumn};

/// What an attribute's number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money, in the currency of the transactions.
    Money,
    /// A number of things.
    Count,
    /// A number of days.
    Days,
    /// A number of months.
    Months,
    /// A part of a whole, or one amount in terms of another.
    Ratio,
}

/// One attribute: everything there is to say about it, and its kernel.
pub struct Definition {
    /// Its name.
    pub name: AttributeName,
    /// The beginning of its sentence.
    pub says: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// Where the definition comes from.
    pub source: &'static str,
    /// What the number counts.
    pub unit: Unit,
    /// What it is, seen from the rows.
    pub discloses: Disclosure,
    kernel: Kernel,
}

/// How an attribute is computed.
enum Kernel {
    /// As a weighted sum over rows, which is also what the ledger of releases is told.
    Linear(fn(&Asked<'_>) -> Result<Weighted, Lack>),
    /// Otherwise.
    Other(fn(&Asked<'_>) -> Result<Found, Lack>),
}

/// An attribute that is asked of transactions.
struct Asked<'a> {
    attribute: &'a Attribute,
    ledger: &'a Ledger,
}

/// What every attribute's file needs.
mod prelude {
    pub(super) use super::{
        Asked, Definition, Kernel, Unit,
        classes::Class,
        found::{self, Found, Lack, Weighted},
    };
    pub(super) use crate::kinds::Disclosure;
    pub(super) use protocol::AttributeName;
}

/// The one place where a name meets its file.
#[must_use]
pub fn definition(name: AttributeName) -> &'static Definition {
    use AttributeName as Name;
    match name {
        Name::TotalInflow => &total_inflow::DEFINITION,
        Name::TotalOutflow => &total_outflow::DEFINITION,
        Name::NetCashFlow => &net_cash_flow::DEFINITION,
        Name::InflowCount => &inflow_count::DEFINITION,
        Name::OutflowCount => &outflow_count::DEFINITION,
        Name::LargestInflow => &largest_inflow::DEFINITION,
        Name::NsfCount => &nsf_count::DEFINITION,
        Name::OverdraftCount => &overdraft_count::DEFINITION,
        Name::BankFees => &bank_fees::DEFINITION,
        Name::DaysSinceNsf => &days_since_nsf::DEFINITION,
        Name::DaysSinceOverdraft => &days_since_overdraft::DEFINITION,
        Name::BalanceMean => &balance_mean::DEFINITION,
        Name::BalanceMin => &balance_min::DEFINITION,
        Name::BalanceVolatility => &balance_volatility::DEFINITION,
        Name::NegativeBalanceDays => &negative_balance_days::DEFINITION,
        Name::CashWithdrawalShare => &cash_withdrawal_share::DEFINITION,
        Name::GamblingShare => &gambling_share::DEFINITION,
        Name::AverageMonthlyInflow => &average_monthly_inflow::DEFINITION,
        Name::AverageMonthlyOutflow => &average_monthly_outflow::DEFINITION,
        Name::AverageMonthlyNet => &average_monthly_net::DEFINITION,
        Name::OutflowVariation => &outflow_variation::DEFINITION,
        Name::PositiveMonthsShare => &positive_months_share::DEFINITION,
        Name::SavingsRate => &savings_rate::DEFINITION,
        Name::BufferMonths => &buffer_months::DEFINITION,
        Name::AverageMonthlyIncome => &average_monthly_income::DEFINITION,
        Name::MedianMonthlyIncome => &median_monthly_income::DEFINITION,
        Name::IncomeVariation => &income_variation::DEFINITION,
        Name::IncomeTrend => &income_trend::DEFINITION,
        Name::IncomeMonthsShare => &income_months_share::DEFINITION,
        Name::IncomeSources => &income_sources::DEFINITION,
        Name::LargestIncomeGap => &largest_income_gap::DEFINITION,
        Name::AverageMonthlyRent => &average_monthly_rent::DEFINITION,
        Name::RentToIncome => &rent_to_income::DEFINITION,
        Name::RentOnTimeRatio => &rent_on_time_ratio::DEFINITION,
        Name::LongestLateRentStreak => &longest_late_rent_streak::DEFINITION,
        Name::BillOnTimeRatio => &bill_on_time_ratio::DEFINITION,
        Name::RecurringBills => &recurring_bills::DEFINITION,
        Name::RecurringBillsMonthly => &recurring_bills_monthly::DEFINITION,
        Name::AverageMonthlyDebtPayments => &average_monthly_debt_payments::DEFINITION,
        Name::DebtToIncome => &debt_to_income::DEFINITION,
        Name::DaysOfHistory => &days_of_history::DEFINITION,
        Name::MonthsOfHistory => &months_of_history::DEFINITION,
    }
}

impl Definition {
    /// Whether its number is a weighted sum over rows: [`crate::linear_facts`] names them.
    #[must_use]
    pub fn is_linear(&self) -> bool {
        matches!(self.kernel, Kernel::Linear(_))
    }
}

/// Rows of a ledger as they come, until the attribute can be computed.
pub(crate) struct Computing {
    attribute: Attribute,
    gathering: Gathering,
}

impl Computing {
    /// `columns` are those the attribute reads, in its order.
    pub(crate) fn new(attribute: &Attribute, columns: &[&Column]) -> Self {
        Self { attribute: attribute.clone(), gathering: Gathering::new(attribute, columns) }
    }

    /// Takes a stretch of rows.
    pub(crate) fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        self.gathering.take(rows)
    }

    /// The number, and how many transactions stand behind it.
    pub(crate) fn finish(self) -> Result<Ran, RunError> {
        let Self { attribute, gathering } = self;
        let ledger = gathering.finish()?;
        let asked = Asked { attribute: &attribute, ledger: &ledger };
        let found = match definition(attribute.name).kernel {
            Kernel::Linear(weigh) => weigh(&asked).and_then(|weighted| weighted.found(&ledger)),
            Kernel::Other(kernel) => kernel(&asked),
        };
        let Found { value, values } = found?;
        Ok(Ran { outcome: value.into(), values, dominated: false })
    }

    /// The rows and weights whose weighted sum the number is; none where it is no such sum.
    pub(crate) fn facts(self) -> Result<Option<Vec<LinearFact>>, RunError> {
        let Self { attribute, gathering } = self;
        let Kernel::Linear(weigh) = definition(attribute.name).kernel else { return Ok(None) };
        let ledger = gathering.finish()?;
        let Weighted { of, terms, divisor, .. } = weigh(&Asked { attribute: &attribute, ledger: &ledger })?;
        let about = match of {
            found::Of::Amount => Unknown::Value(LedgerColumn::Amount.name().clone()),
            found::Of::Balance => Unknown::Value(LedgerColumn::Balance.name().clone()),
            found::Of::Whether => Unknown::Counted,
        };
        let mut rows: Vec<_> = terms.iter().map(|term| (term.row, term.weight)).collect();
        rows.retain(|(_, weight)| *weight != 0);
        rows.sort_unstable();
        Ok(Some(vec![LinearFact { about, group: None, rows, divisor }]))
    }
}
