//! What an attribute comes to, and the arithmetic: exact integers, one division at the end, rounded half to even.

use super::ledger::{Ledger, Transaction};
use crate::exact::{decimal, divide_half_even, root_half_even, shifted};
use num_bigint::{BigInt, Sign};
use protocol::{Decimal, Scalar};

/// Digits of a ratio, and digits that a mean of money has beyond those of the amounts.
pub(super) const DIGITS: u8 = 6;

/// Why an attribute has no number. Nothing of the rows is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Lack {
    /// Amounts that cannot be added.
    #[error("the transactions are in several currencies, or some name none; ask about one of them with currency")]
    SeveralCurrencies,
    /// A transfer between two of them would count as money in and money out.
    #[error("the transactions are of several accounts, or some name none; ask about one of them with account")]
    SeveralAccounts,
    /// None of that currency or account.
    #[error("there is no transaction with a date and an amount in what was asked about")]
    NoTransactions,
    /// The window begins before the history does.
    #[error("the transactions begin later than what was asked about; ask about fewer days or months")]
    HistoryTooShort,
    /// The window ends after the history does.
    #[error("the transactions end before the day as of which was asked; ask as of an earlier day")]
    HistoryEndsBefore,
    /// The file stated none.
    #[error("no balance is known in what was asked about: the file states none, or they do not add up")]
    NoBalances,
    /// A ratio to nothing.
    #[error("there is no {of} in what was asked about")]
    NothingOf {
        /// What there is none of.
        of: &'static str,
    },
    /// A spread or a distance needs several.
    #[error("it needs at least {needed} {of} in what was asked about and found fewer")]
    TooFew {
        /// How many it needs.
        needed: u8,
        /// Of what.
        of: &'static str,
    },
    /// More digits than a receipt can hold.
    #[error("the exact number has more than 38 digits")]
    TooManyDigits,
}

/// A number, and how many transactions stand behind it.
pub(super) struct Found {
    pub(super) value: Scalar,
    pub(super) values: u64,
}

/// What the unknowns of a weighted sum are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// The amounts of the rows.
    Amount,
    /// The balances of the rows.
    Balance,
    /// Whether a row is counted.
    Whether,
}

/// One row of a weighted sum.
pub(super) struct Term {
    pub(super) row: u32,
    pub(super) weight: i64,
    pub(super) value: i128,
}

/// `Σ weight·value ÷ divisor` over rows.
pub(super) struct Weighted {
    pub(super) of: Of,
    pub(super) terms: Vec<Term>,
    pub(super) divisor: u128,
    /// How many rows stand behind it: its terms, and of a count all rows that were looked at.
    values: u64,
    /// Digits beyond those of the values: some where there is a division.
    more: u8,
}

impl Weighted {
    /// How many of these rows count.
    pub(super) fn count<'a>(
        rows: impl Iterator<Item = &'a Transaction>,
        counts: impl Fn(&Transaction) -> bool,
    ) -> Self {
        let rows: Vec<_> = rows.collect();
        let counted = rows.iter().filter(|row| counts(row));
        let terms = counted.map(|row| Term { row: row.row, weight: 1, value: 1 }).collect();
        Self { of: Of::Whether, terms, divisor: 1, values: rows.len() as u64, more: 0 }
    }

    /// The sum of their amounts.
    pub(super) fn sum<'a>(rows: impl Iterator<Item = &'a Transaction>) -> Self {
        let terms: Vec<_> = rows.map(|row| Term { row: row.row, weight: 1, value: row.amount }).collect();
        let values = terms.len() as u64;
        Self { of: Of::Amount, terms, divisor: 1, values, more: 0 }
    }

    /// The sum of amounts that went out, as a positive number.
    pub(super) fn spent<'a>(rows: impl Iterator<Item = &'a Transaction>) -> Self {
        let mut sum = Self::sum(rows);
        sum.terms.iter_mut().for_each(|term| term.weight = -1);
        sum
    }

    /// The same divided.
    pub(super) fn over(self, divisor: u128) -> Self {
        Self { divisor, more: DIGITS, ..self }
    }

    /// Balances, each with the days that ended with it, over all of these days.
    pub(super) fn of_balances(terms: Vec<Term>, days: u128) -> Self {
        let values = terms.len() as u64;
        Self { of: Of::Balance, terms, divisor: days, values, more: DIGITS }
    }

    /// Amounts with weights of their own.
    pub(super) fn of_amounts(terms: Vec<Term>, divisor: u128) -> Self {
        let values = terms.len() as u64;
        Self { of: Of::Amount, terms, divisor, values, more: DIGITS }
    }

    /// The number itself.
    pub(super) fn found(&self, ledger: &Ledger) -> Result<Found, Lack> {
        let values = self.values;
        let scale = match self.of {
            Of::Whether => return Ok(Found { value: Scalar::Count(self.terms.len() as u64), values }),
            Of::Amount => ledger.amount_scale,
            Of::Balance => ledger.balance_scale,
        };
        let sum: BigInt = self.terms.iter().map(|term| BigInt::from(term.value) * term.weight).sum();
        let quotient = divide_half_even(&shifted(&sum, self.more.into()), &self.divisor.into());
        let value = decimal(&quotient.ok_or(Lack::TooManyDigits)?, scale + self.more).ok_or(Lack::TooManyDigits)?;
        Ok(Found { value: Scalar::Decimal(value), values })
    }
}

impl Found {
    /// A number of things.
    pub(super) fn count(count: impl TryInto<u64>, values: usize) -> Self {
        Self { value: Scalar::Count(count.try_into().unwrap_or_default()), values: values as u64 }
    }

    /// An amount of money in units of `10^-scale`.
    pub(super) fn money(units: &BigInt, scale: u8, values: usize) -> Result<Self, Lack> {
        let value = decimal(units, scale).ok_or(Lack::TooManyDigits)?;
        Ok(Self { value: Scalar::Decimal(value), values: values as u64 })
    }

    /// `part ÷ whole`, to six digits.
    pub(super) fn ratio(part: &BigInt, whole: &BigInt, of: &'static str, values: usize) -> Result<Self, Lack> {
        let signed = if whole.sign() == Sign::Minus { -part } else { part.clone() };
        let quotient = divide_half_even(&shifted(&signed, DIGITS.into()), whole.magnitude());
        let value = decimal(&quotient.ok_or(Lack::NothingOf { of })?, DIGITS).ok_or(Lack::TooManyDigits)?;
        Ok(Self { value: Scalar::Decimal(value), values: values as u64 })
    }
}

/// The sum of the amounts of rows.
pub(super) fn sum<'a>(rows: impl IntoIterator<Item = &'a Transaction>) -> BigInt {
    rows.into_iter().map(|row| BigInt::from(row.amount)).sum()
}

/// A number so many digits finer.
pub(super) fn at_scale(value: i128, digits: u8) -> BigInt {
    shifted(&value.into(), digits.into())
}

/// The middle one, or the mean of the two in the middle, six digits finer than they are.
pub(super) fn median(mut values: Vec<i128>, scale: u8, counted: usize) -> Result<Found, Lack> {
    values.sort_unstable();
    let half = values.len() / 2;
    let lower = if values.len().is_multiple_of(2) { half.checked_sub(1) } else { Some(half) };
    let middle = lower.and_then(|lower| Some((*values.get(lower)?, *values.get(half)?)));
    let (lower, upper) = middle.ok_or(Lack::TooFew { needed: 1, of: "months" })?;
    let twice = BigInt::from(lower) + upper;
    let mean = divide_half_even(&shifted(&twice, DIGITS.into()), &2u8.into()).ok_or(Lack::TooManyDigits)?;
    Found::money(&mean, scale + DIGITS, counted)
}

/// Sample standard deviation, six digits finer than the values are: `√((n·Σx² − (Σx)²) ÷ (n·(n − 1)))`.
pub(super) fn deviation(values: &[i128], scale: u8, counted: usize) -> Result<Found, Lack> {
    if values.len() < 2 {
        return Err(Lack::TooFew { needed: 2, of: "days" });
    }
    let n = BigInt::from(values.len());
    let numerator = shifted(&spread(values), 2 * u32::from(DIGITS));
    let root = root_half_even(numerator.magnitude(), (&n * (&n - 1u8)).magnitude()).ok_or(Lack::TooManyDigits)?;
    Found::money(&root.into(), scale + DIGITS, counted)
}

/// The sum of all values.
pub(super) fn total(values: &[i128]) -> BigInt {
    values.iter().map(|value| BigInt::from(*value)).sum()
}

/// Sample standard deviation ÷ mean, to six digits: `√(n·(n·Σx² − (Σx)²) ÷ ((n − 1)·(Σx)²))`.
pub(super) fn variation(values: &[i128], of: &'static str, counted: usize) -> Result<Found, Lack> {
    if values.len() < 2 {
        return Err(Lack::TooFew { needed: 2, of: "months" });
    }
    let (n, sum) = (BigInt::from(values.len()), total(values));
    let numerator = shifted(&(&n * spread(values)), 2 * u32::from(DIGITS));
    let denominator = (&n - 1u8) * &sum * &sum;
    let root = root_half_even(numerator.magnitude(), denominator.magnitude()).ok_or(Lack::NothingOf { of })?;
    let value: Decimal = decimal(&BigInt::from(root), DIGITS).ok_or(Lack::TooManyDigits)?;
    Ok(Found { value: Scalar::Decimal(value), values: counted as u64 })
}

/// `n·Σx² − (Σx)²`, which is never negative.
pub(super) fn spread(values: &[i128]) -> BigInt {
    let sum = total(values);
    let squares: BigInt = values.iter().map(|value| BigInt::from(*value) * *value).sum();
    squares * values.len() - &sum * &sum
}
