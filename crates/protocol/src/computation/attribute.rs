//! Credit attributes: named definitions over the transactions of a ledger, with bounded parameters.
//!
//! What each one means stands in one file of the engine; here is what travels: the name, and what it must be told.

use super::{Column, ColumnType, NotPossible};
use crate::{
    Date, Name,
    envelope::{Invalid, distinct, require},
    limits::{ATTRIBUTE_DAYS, ATTRIBUTE_MONTHS, ATTRIBUTE_WORDS, DUE_DAY, GRACE_DAYS},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::sync::LazyLock;

/// A credit attribute and what it needs to be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Which.
    pub name: AttributeName,
    /// So many days, the last of them the day on which the window ends; where [`Span::Days`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
    /// So many whole calendar months, the last of them over when the window ends; where [`Span::Months`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub months: Option<u8>,
    /// The day on which the window ends; the last date of the dataset unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// When a monthly payment is due, for attributes about such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// Words of a description or counterparty that mark what is meant, besides those that are known; for attributes that take them.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "crate::cbor::at_most::<{ crate::limits::ATTRIBUTE_WORDS }, _, _>"
    )]
    pub words: Vec<Name>,
    /// Only transactions in this currency (ISO 4217).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Name>,
    /// Only transactions of this account, as the column has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Name>,
}

/// When a monthly payment is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// Day of the month, 1 to 28.
    pub day: u8,
    /// Days after it that are still on time, 0 to 15.
    pub grace: u8,
}

/// What the length of a window is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Nothing: all of the history up to the end of the window.
    History,
    /// Days.
    Days,
    /// Whole calendar months.
    Months,
}

/// Whether words can mark what is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// They cannot.
    None,
    /// They add to those that are known.
    Further,
    /// Without them nothing is meant.
    Needed,
}

/// What an attribute must be told and what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// What its window is counted in.
    pub span: Span,
    /// Whether it needs to know when a payment is due.
    pub due: bool,
    /// Whether words can mark what is meant.
    pub words: Words,
    /// Whether it reads descriptions and counterparties.
    pub texts: bool,
    /// Whether it reads balances.
    pub balances: bool,
}

/// The columns of a ledger of transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerColumn {
    /// When it was booked.
    Date,
    /// What moved; money in is positive.
    Amount,
    /// ISO 4217.
    Currency,
    /// What it was for.
    Description,
    /// The other side.
    Counterparty,
    /// What is in the account afterwards.
    Balance,
    /// Which account, as a hash.
    Account,
}

macro_rules! names {
    ($($(#[$said:meta])* $name:ident $word:literal,)*) => {
        /// The credit attributes, each by its name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AttributeName {
            $($(#[$said])* $name,)*
        }

        impl AttributeName {
            /// Every attribute, in the order people are shown them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its one word.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

names! {
    /// Money in.
    TotalInflow "total_inflow",
    /// Money out.
    TotalOutflow "total_outflow",
    /// Money in less money out.
    NetCashFlow "net_cash_flow",
    /// Times that money came in.
    InflowCount "inflow_count",
    /// Times that money went out.
    OutflowCount "outflow_count",
    /// The largest amount that came in.
    LargestInflow "largest_inflow",
    /// Payments returned unpaid.
    NsfCount "nsf_count",
    /// Overdrafts charged.
    OverdraftCount "overdraft_count",
    /// Fees of the bank.
    BankFees "bank_fees",
    /// Days since a payment was returned.
    DaysSinceNsf "days_since_nsf",
    /// Days since an overdraft was charged.
    DaysSinceOverdraft "days_since_overdraft",
    /// Mean balance at the end of a day.
    BalanceMean "balance_mean",
    /// Lowest balance at the end of a day.
    BalanceMin "balance_min",
    /// How much the balance at the end of a day varies.
    BalanceVolatility "balance_volatility",
    /// Days that ended below zero.
    NegativeBalanceDays "negative_balance_days",
    /// Cash withdrawals among what went out.
    CashWithdrawalShare "cash_withdrawal_share",
    /// Gambling among what went out.
    GamblingShare "gambling_share",
    /// Money in, per month.
    AverageMonthlyInflow "average_monthly_inflow",
    /// Money out, per month.
    AverageMonthlyOutflow "average_monthly_outflow",
    /// Money in less money out, per month.
    AverageMonthlyNet "average_monthly_net",
    /// How much money out varies from month to month.
    OutflowVariation "outflow_variation",
    /// Months in which more came in than went out.
    PositiveMonthsShare "positive_months_share",
    /// What of the money in was not spent.
    SavingsRate "savings_rate",
    /// Months that the balance would last.
    BufferMonths "buffer_months",
    /// Income per month.
    AverageMonthlyIncome "average_monthly_income",
    /// Income of the middle month.
    MedianMonthlyIncome "median_monthly_income",
    /// How much income varies from month to month.
    IncomeVariation "income_variation",
    /// How much income rises per month.
    IncomeTrend "income_trend",
    /// Months in which income came.
    IncomeMonthsShare "income_months_share",
    /// Payers of income.
    IncomeSources "income_sources",
    /// Longest time without income.
    LargestIncomeGap "largest_income_gap",
    /// Rent per month.
    AverageMonthlyRent "average_monthly_rent",
    /// Rent as a part of income.
    RentToIncome "rent_to_income",
    /// Rents paid on time.
    RentOnTimeRatio "rent_on_time_ratio",
    /// Most rents not on time, one after the other.
    LongestLateRentStreak "longest_late_rent_streak",
    /// A bill's payments on time.
    BillOnTimeRatio "bill_on_time_ratio",
    /// Bills that come every month.
    RecurringBills "recurring_bills",
    /// Bills that come every month, in money.
    RecurringBillsMonthly "recurring_bills_monthly",
    /// Debt payments per month.
    AverageMonthlyDebtPayments "average_monthly_debt_payments",
    /// Debt payments as a part of income.
    DebtToIncome "debt_to_income",
    /// Days from the first transaction on.
    DaysOfHistory "days_of_history",
    /// Whole months of transactions.
    MonthsOfHistory "months_of_history",
}

/// Windows that are asked for by custom, so that a standing grant covers them without more being said.
const USUAL_DAYS: [u16; 3] = [30, 60, 90];
const USUAL_MONTHS: [u8; 3] = [3, 6, 12];
/// Due on the first, with the five days of grace that leases commonly give.
const USUAL_DUE: Due = Due { day: 1, grace: 5 };

impl AttributeName {
    /// The attribute of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|attribute| attribute.name() == name)
    }

    /// What it must be told and what it reads.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::DaysOfHistory | Self::MonthsOfHistory => Form::over(Span::History),
            Self::TotalInflow
            | Self::TotalOutflow
            | Self::NetCashFlow
            | Self::InflowCount
            | Self::OutflowCount
            | Self::LargestInflow => Form::over(Span::Days),
            Self::NsfCount
            | Self::OverdraftCount
            | Self::BankFees
            | Self::DaysSinceNsf
            | Self::DaysSinceOverdraft
            | Self::CashWithdrawalShare
            | Self::GamblingShare => Form::over(Span::Days).texts(),
            Self::BalanceMean | Self::BalanceMin | Self::BalanceVolatility | Self::NegativeBalanceDays => {
                Form::over(Span::Days).balances()
            }
            Self::AverageMonthlyInflow
            | Self::AverageMonthlyOutflow
            | Self::AverageMonthlyNet
            | Self::OutflowVariation
            | Self::PositiveMonthsShare
            | Self::SavingsRate => Form::over(Span::Months),
            Self::BufferMonths => Form::over(Span::Months).balances(),
            Self::RecurringBills
            | Self::RecurringBillsMonthly
            | Self::AverageMonthlyDebtPayments
            | Self::DebtToIncome => Form::over(Span::Months).texts(),
            Self::AverageMonthlyIncome
            | Self::MedianMonthlyIncome
            | Self::IncomeVariation
            | Self::IncomeTrend
            | Self::IncomeMonthsShare
            | Self::IncomeSources
            | Self::LargestIncomeGap
            | Self::AverageMonthlyRent
            | Self::RentToIncome => Form::over(Span::Months).texts().words(Words::Further),
            Self::RentOnTimeRatio | Self::LongestLateRentStreak => {
                Form::over(Span::Months).texts().words(Words::Further).due()
            }
            Self::BillOnTimeRatio => Form::over(Span::Months).texts().words(Words::Needed).due(),
        }
    }

    /// The columns it reads, in the order in which its kernel takes them.
    #[must_use]
    pub fn columns(self) -> Vec<LedgerColumn> {
        let Form { texts, balances, .. } = self.form();
        let mut columns = vec![LedgerColumn::Date, LedgerColumn::Amount, LedgerColumn::Currency, LedgerColumn::Account];
        if texts {
            columns.extend([LedgerColumn::Description, LedgerColumn::Counterparty]);
        }
        if balances {
            columns.push(LedgerColumn::Balance);
        }
        columns
    }
}

impl Form {
    const fn over(span: Span) -> Self {
        Self { span, due: false, words: Words::None, texts: false, balances: false }
    }

    const fn texts(self) -> Self {
        Self { texts: true, ..self }
    }

    const fn balances(self) -> Self {
        Self { balances: true, ..self }
    }

    const fn words(self, words: Words) -> Self {
        Self { words, ..self }
    }

    const fn due(self) -> Self {
        Self { due: true, ..self }
    }
}

impl LedgerColumn {
    /// Every column, in the order in which a ledger has them.
    pub const ALL: [Self; 7] =
        [Self::Date, Self::Amount, Self::Currency, Self::Description, Self::Counterparty, Self::Balance, Self::Account];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static Name {
        static NAMES: LazyLock<[Name; 7]> = LazyLock::new(|| {
            ["date", "amount", "currency", "description", "counterparty", "balance", "account"].map(Name::of_ours)
        });
        let [date, amount, currency, description, counterparty, balance, account] = &*NAMES;
        match self {
            Self::Date => date,
            Self::Amount => amount,
            Self::Currency => currency,
            Self::Description => description,
            Self::Counterparty => counterparty,
            Self::Balance => balance,
            Self::Account => account,
        }
    }

    fn can_be(self, of: ColumnType) -> bool {
        match self {
            Self::Date => of == ColumnType::Date,
            Self::Amount | Self::Balance => of.is_numeric(),
            Self::Currency | Self::Description | Self::Counterparty | Self::Account => of == ColumnType::Text,
        }
    }
}

impl Attribute {
    /// This attribute, told nothing yet.
    #[must_use]
    pub fn new(name: AttributeName) -> Self {
        let (days, months, as_of, due, currency, account) = (None, None, None, None, None, None);
        Self { name, days, months, as_of, due, words: Vec::new(), currency, account }
    }

    /// Told what it must be told and nothing else, within the bounds.
    pub(super) fn validate(&self) -> Result<(), Invalid> {
        let form = self.name.form();
        require(self.days.is_some() == (form.span == Span::Days), "days", "needed by this attribute, or not its own")?;
        let months = self.months.is_some() == (form.span == Span::Months);
        require(months, "months", "needed by this attribute, or not its own")?;
        require(self.due.is_some() == form.due, "due", "needed by this attribute, or not its own")?;
        require(self.days.is_none_or(|days| ATTRIBUTE_DAYS.contains(&days)), "days", "not 7 to 366")?;
        require(self.months.is_none_or(|months| ATTRIBUTE_MONTHS.contains(&months)), "months", "not 1 to 24")?;
        if let Some(Due { day, grace }) = self.due {
            require((1..=DUE_DAY).contains(&day), "due", "not a day from 1 to 28")?;
            require(grace <= GRACE_DAYS, "grace", "more than 15 days")?;
        }
        let (none, needed) = (self.words.is_empty(), form.words == Words::Needed);
        require(none || form.words != Words::None, "words", "not its own")?;
        require(!(none && needed), "words", "needed: which words of a description or counterparty mark it")?;
        require(self.words.len() <= ATTRIBUTE_WORDS, "words", "more than 8")?;
        require(distinct(&self.words), "words", "one is there twice")?;
        let letters = |name: &Name| name.as_str().len() == 3 && name.as_str().bytes().all(|b| b.is_ascii_uppercase());
        require(self.currency.as_ref().is_none_or(letters), "currency", "not three capital letters (ISO 4217)")
    }

    /// Whether the columns are those of a ledger, as far as it reads them.
    pub(super) fn fits(&self, columns: &[Column]) -> Result<(), NotPossible> {
        for part in self.name.columns() {
            let found = columns.iter().find(|column| column.name == *part.name());
            if found.is_none_or(|column| !part.can_be(column.of)) {
                return Err(NotPossible::NotTransactions { column: part.name().clone() });
            }
        }
        Ok(())
    }

    /// Whether it looks at a part of the transactions that is not the customary one: by words, another end, an account or
    /// a currency, or a window of unusual length. Two of those that differ in one row tell that row.
    #[must_use]
    pub fn in_parts(&self) -> bool {
        let chosen = self.as_of.is_some() || self.currency.is_some() || self.account.is_some();
        chosen
            || !self.words.is_empty()
            || self.days.is_some_and(|days| !USUAL_DAYS.contains(&days))
            || self.months.is_some_and(|months| !USUAL_MONTHS.contains(&months))
            || self.due.is_some_and(|due| due != USUAL_DUE)
    }
}

impl Serialize for AttributeName {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for AttributeName {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let word = String::deserialize(from)?;
        Self::named(&word).ok_or_else(|| de::Error::custom("not the name of an attribute"))
    }
}
