//! Real bills, and what is true of them: worked out here once more, apart from everything that the story checks.

use crate::error::CliError;
use protocol::Decimal;

/// Monthly utility bills of one household; source and licence are beside the file.
pub(super) const CSV: &str = include_str!("../../../../tests/data/bills/household-utilities.csv");
/// Where they come from, as the screen names it.
pub(super) const SOURCE: &str =
    "116 real monthly utility bills of one household, 1999 to 2010: R package mosaicData, “Utilities”";

/// Digits that a mean has beyond those of its column.
const MORE_DIGITS: u32 = 6;

/// One column of amounts in whole cents, in order of size; never empty.
#[derive(Debug)]
pub(super) struct Amounts(Vec<i128>);

impl Amounts {
    /// That column of the bills.
    pub(super) fn of(column: &str) -> Result<Self, CliError> {
        let mut amounts = in_order(column)?;
        amounts.sort_unstable();
        Ok(Self(amounts))
    }

    /// Some amounts, in cents.
    pub(super) fn of_cents(mut cents: Vec<i128>) -> Result<Self, CliError> {
        cents.sort_unstable();
        if cents.is_empty() { Err(CliError::failed("there are no amounts")) } else { Ok(Self(cents)) }
    }

    pub(super) fn count(&self) -> Result<Decimal, CliError> {
        decimal(self.number(), 0)
    }

    pub(super) fn sum(&self) -> Result<Decimal, CliError> {
        decimal(self.total(), 2)
    }

    pub(super) fn min(&self) -> Result<Decimal, CliError> {
        decimal(self.0.first().copied().unwrap_or_default(), 2)
    }

    pub(super) fn max(&self) -> Result<Decimal, CliError> {
        decimal(self.0.last().copied().unwrap_or_default(), 2)
    }

    /// The one in the middle, or what lies halfway between the two in the middle.
    pub(super) fn median(&self) -> Result<Decimal, CliError> {
        let at = |index: usize| self.0.get(index).copied().unwrap_or_default();
        let number = self.0.len();
        // Half of the two together, in tenths of a cent.
        decimal((at(number / 2) + at((number - 1) / 2)) * 5, 3)
    }

    /// Sum ÷ number, rounded half to even (IEEE 754) at six digits beyond the cents.
    pub(super) fn mean(&self) -> Result<Decimal, CliError> {
        let scaled = self.total() * 10_i128.pow(MORE_DIGITS);
        let (floor, rest) = (scaled.div_euclid(self.number()), scaled.rem_euclid(self.number()));
        let up = match (rest * 2).cmp(&self.number()) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Greater => 1,
            std::cmp::Ordering::Equal => floor.rem_euclid(2),
        };
        decimal(floor + up, 8)
    }

    fn number(&self) -> i128 {
        i128::try_from(self.0.len()).unwrap_or(i128::MAX)
    }

    fn total(&self) -> i128 {
        self.0.iter().sum()
    }
}

/// The amounts of a column in cents, in the order of the file.
pub(super) fn in_order(column: &str) -> Result<Vec<i128>, CliError> {
    let mut lines = CSV.lines();
    let head = lines.next().unwrap_or_default();
    let place = head.split(',').position(|name| name == column);
    let place = place.ok_or_else(|| CliError::failed(format!("the bills have no column {column}")))?;
    let amounts: Option<Vec<_>> = lines.map(|line| cents(line.split(',').nth(place)?)).collect();
    amounts
        .filter(|amounts| !amounts.is_empty())
        .ok_or_else(|| CliError::failed(format!("column {column} holds no amounts")))
}

/// `43.3` as 4330; nothing for what is no amount of dollars and cents.
fn cents(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i128>().ok())?;
    let fraction = match fraction.len() {
        1 => digits(fraction)? * 10,
        2 => digits(fraction)?,
        _ => return None,
    };
    Some(digits(whole)? * 100 + fraction)
}

fn decimal(mantissa: i128, scale: u8) -> Result<Decimal, CliError> {
    Decimal::new(mantissa, scale).map_err(|e| CliError::failed("the bills are too large to add up").because(e))
}

#[cfg(test)]
mod tests;
