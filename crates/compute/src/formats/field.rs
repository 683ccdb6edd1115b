//! Parts of a transaction as the formats write them: amounts, days, currencies, words.

use super::{
    DecimalMark, Excerpt, RowProblem,
    date::{self, DateForm},
    number,
};
use protocol::Decimal;

/// A part that must be there.
pub(super) fn needed<'a>(text: Option<&'a str>, field: &'static str) -> Result<&'a str, RowProblem> {
    text.map(str::trim).filter(|text| !text.is_empty()).ok_or(RowProblem::Missing { field })
}

/// An amount whose decimal mark is a point or a comma, with or without thousands set apart, and no currency sign.
///
/// Of two different marks the last is the decimal one. A single mark before exactly three digits could be either: it is
/// refused unless the caller knows the mark.
pub(super) fn amount(text: &str, field: &'static str, mark: Option<DecimalMark>) -> Result<Decimal, RowProblem> {
    let text = text.trim();
    let not_a = || RowProblem::Field { cell: Excerpt::of(text), expected: "an amount", field };
    let mark = match (mark, text.rfind('.'), text.rfind(',')) {
        (Some(mark), ..) => mark,
        (None, Some(point), Some(comma)) if comma > point => DecimalMark::Comma,
        (None, Some(at), None) | (None, None, Some(at)) => {
            lone_mark(text, at).ok_or_else(|| RowProblem::UnclearAmount { cell: Excerpt::of(text), field })?
        }
        (None, ..) => DecimalMark::Point,
    };
    let written = number::written(text, mark).filter(|written| written.currency.is_none()).ok_or_else(not_a)?;
    written.value.map_err(|problem| RowProblem::Amount { cell: Excerpt::of(text), problem, field })
}

/// What the only mark of an amount is; `None` if it could set thousands apart as well as begin the fraction.
fn lone_mark(text: &str, at: usize) -> Option<DecimalMark> {
    let (mark, other) = match text.as_bytes().get(at) {
        Some(b'.') => (DecimalMark::Point, DecimalMark::Comma),
        _ => (DecimalMark::Comma, DecimalMark::Point),
    };
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    let repeated = before.contains(['.', ',']);
    let thousands = after.bytes().take_while(u8::is_ascii_digit).count() == 3;
    let whole = before.trim_start_matches(['-', '+', ' ']);
    match (repeated, thousands) {
        (true, _) => Some(other),
        (false, true) if (1..=3).contains(&whole.len()) && whole != "0" => None,
        _ => Some(mark),
    }
}

/// An amount as XML Schema and JSON write it: a point or nothing, no thousands.
pub(super) fn plain_amount(text: &str, field: &'static str) -> Result<Decimal, RowProblem> {
    let text = text.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    let problem = |problem| RowProblem::Amount { cell: Excerpt::of(text), problem, field };
    number::json(digits).map_err(problem)
}

/// The same amount the other way.
pub(super) fn negated(amount: Decimal) -> Result<Decimal, RowProblem> {
    // every amount here has fewer digits than an i128 can hold
    Decimal::new(-amount.mantissa(), amount.scale()).map_err(|_| RowProblem::Missing { field: "amount" })
}

/// A day written 20210403, followed by anything that is not a digit, or by a time.
pub(super) fn compact_day(text: &str, field: &'static str) -> Result<i32, RowProblem> {
    let text = text.trim();
    let not_a = || RowProblem::Field { cell: Excerpt::of(text), expected: "a date", field };
    let (year, month, day) =
        text.get(..4).zip(text.get(4..6)).zip(text.get(6..8)).map(|((y, m), d)| (y, m, d)).ok_or_else(not_a)?;
    date::parse(&format!("{year}-{month}-{day}"), DateForm::YearFirst).filter(is_plausible).ok_or_else(not_a)
}

/// A day written 2021-04-03, alone or before a time.
pub(super) fn iso_day(text: &str, field: &'static str) -> Result<i32, RowProblem> {
    let text = text.trim();
    let day = text.split(['T', ' ', 'Z', '+']).next().unwrap_or_default();
    date::parse(day, DateForm::YearFirst).filter(is_plausible).ok_or_else(|| RowProblem::Field {
        cell: Excerpt::of(text),
        expected: "a date",
        field,
    })
}

/// Whether a bank can have written it: the years 1900 to 2199.
pub(super) fn is_plausible(day: &i32) -> bool {
    // 1900-01-01 and 2200-01-01 as days since 1970-01-01
    (-25_567..84_006).contains(day)
}

/// A currency of ISO 4217: three letters.
pub(super) fn currency(text: &str, field: &'static str) -> Result<String, RowProblem> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err(RowProblem::Field { cell: Excerpt::of(text), expected: "a currency of three letters", field })
}

/// Words in one line: white space of any kind and length becomes one space.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
