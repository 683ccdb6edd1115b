//! Numbers as people and programs write them, read exactly or not at all.

use super::DecimalMark;
use protocol::{
    Decimal,
    limits::{CELL_DIGITS, CELL_SCALE},
};

/// Why a number cannot be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberProblem {
    /// Not a number at all.
    #[error("is not a number")]
    NotANumber,
    /// Too large.
    #[error("has more than {CELL_DIGITS} digits")]
    TooManyDigits,
    /// Too fine.
    #[error("has more than {CELL_SCALE} digits after the point")]
    TooFine,
}

/// A number as it stands in a cell of delimited text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Its value, if it can be kept.
    pub(super) value: Result<Decimal, NumberProblem>,
    /// The currency sign beside it.
    pub(super) currency: Option<char>,
    /// The separator between its thousands.
    pub(super) separator: Option<char>,
    /// Has thousands and does not set them apart.
    pub(super) runs_on: bool,
    /// Begins with a zero no number needs: 02139 is a code.
    pub(super) is_code: bool,
}

const CURRENCIES: [char; 7] = ['$', '€', '£', '¥', '₹', '₽', '₺'];
/// Space, no-break space, narrow no-break space, apostrophes: set thousands apart in either notation.
const SEPARATORS: [char; 5] = [' ', '\u{A0}', '\u{202F}', '\'', '’'];

/// Reads `-1.5e3` as JSON defines it (RFC 8259, section 6), keeping the digits after the point that are written.
pub(super) fn json(text: &str) -> Result<Decimal, NumberProblem> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (text, None),
    };
    let (negative, number) = number.strip_prefix('-').map_or((false, number), |number| (true, number));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let exponent = match exponent {
        None => 0,
        Some(written) => {
            let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
            if digits.is_empty() || !is_digits(digits) {
                return Err(NumberProblem::NotANumber);
            }
            // more digits than an i64 are a power no cell can have, but of zero
            let far = if written.starts_with('-') { -i64::from(i32::MAX) } else { i64::from(i32::MAX) };
            written.parse().unwrap_or(far).clamp(-i64::from(i32::MAX), i64::from(i32::MAX))
        }
    };
    exact(negative, whole, fraction, exponent)
}

/// Reads a cell such as `($1,234.50)`, `1.234,50-`, `€ 12` with that decimal mark; `None` if it is no number.
pub(super) fn written(cell: &str, mark: DecimalMark) -> Option<Written> {
    let Amount { negative, currency, number } = amount(cell.trim())?;
    let (point, separator) = match mark {
        DecimalMark::Point => ('.', ','),
        DecimalMark::Comma => (',', '.'),
    };
    let (whole, fraction) = match number.split_once(point) {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, ""),
    };
    if !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let separator = whole.chars().find(|c| !c.is_ascii_digit()).map(|found| {
        let known = found == separator || SEPARATORS.contains(&found);
        (known && is_grouped(whole, found)).then_some(found)
    });
    let separator = match separator {
        Some(None) => return None, // something else than separated thousands
        Some(separator) => separator,
        None => None,
    };
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    let digits = if digits.is_empty() { "0" } else { &digits };
    Some(Written {
        value: exact(negative, digits, fraction, 0),
        currency,
        separator,
        runs_on: separator.is_none() && digits.len() > 3,
        is_code: digits.len() > 1 && digits.starts_with('0'),
    })
}

struct Amount<'a> {
    negative: bool,
    currency: Option<char>,
    number: &'a str,
}

/// Takes signs, parentheses and a currency sign off a number.
fn amount(cell: &str) -> Option<Amount<'_>> {
    let (mut negative, mut signed, mut currency, mut rest) = (false, false, None, cell);
    loop {
        let (first, last) = (rest.chars().next()?, rest.chars().next_back()?);
        rest = match (first, last) {
            ('(', ')') if !signed => {
                (negative, signed) = (true, true);
                rest.strip_prefix('(')?.strip_suffix(')')?
            }
            ('-' | '−', _) if !signed => {
                (negative, signed) = (true, true);
                rest.strip_prefix(first)?
            }
            ('+', _) if !signed => {
                signed = true;
                rest.strip_prefix(first)?
            }
            (_, '-' | '−') if !signed => {
                (negative, signed) = (true, true);
                rest.strip_suffix(last)?
            }
            (sign, _) if currency.is_none() && CURRENCIES.contains(&sign) => {
                currency = Some(sign);
                rest.strip_prefix(sign)?
            }
            (_, sign) if currency.is_none() && CURRENCIES.contains(&sign) => {
                currency = Some(sign);
                rest.strip_suffix(sign)?
            }
            _ => return Some(Amount { negative, currency, number: rest }),
        }
        .trim();
    }
}

/// Whether digits stand in groups of three, the first of one to three.
fn is_grouped(whole: &str, separator: char) -> bool {
    let mut groups = whole.split(separator);
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()) && is_digits(group));
    first && groups.all(|group| group.len() == 3 && is_digits(group))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `±whole.fraction × 10^exponent`. Keeps the digits after the point that are written, but zeros beyond what fits.
fn exact(negative: bool, whole: &str, fraction: &str, exponent: i64) -> Result<Decimal, NumberProblem> {
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(NumberProblem::NotANumber);
    }
    let fine = i64::from(CELL_SCALE);
    let mut digits = format!("{whole}{fraction}");
    let mut scale = i64::try_from(fraction.len()).map_err(|_| NumberProblem::TooFine)?.saturating_sub(exponent);
    digits.drain(..digits.len() - digits.trim_start_matches('0').len());
    if digits.is_empty() {
        let scale = u8::try_from(scale.clamp(0, fine)).map_err(|_| NumberProblem::TooFine)?;
        return Decimal::new(0, scale).map_err(|_| NumberProblem::TooFine);
    }
    while scale > fine && digits.ends_with('0') {
        digits.pop();
        scale -= 1;
    }
    if scale > fine {
        return Err(NumberProblem::TooFine);
    }
    let zeros = usize::try_from((-scale).max(0)).map_err(|_| NumberProblem::TooManyDigits)?;
    if digits.len().saturating_add(zeros) > CELL_DIGITS as usize {
        return Err(NumberProblem::TooManyDigits);
    }
    digits.extend(std::iter::repeat_n('0', zeros));
    let magnitude: i128 = digits.parse().map_err(|_| NumberProblem::NotANumber)?;
    let scale = u8::try_from(scale.max(0)).map_err(|_| NumberProblem::TooFine)?;
    Decimal::new(if negative { -magnitude } else { magnitude }, scale).map_err(|_| NumberProblem::TooManyDigits)
}

#[cfg(test)]
mod tests;
