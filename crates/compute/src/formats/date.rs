//! Calendar dates as files write them; always with all four digits of the year.

use super::DayMonth;
use std::borrow::Cow;

/// How a column writes its dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateForm {
    /// 2021-04-03, 2021/04/03 (ISO 8601).
    YearFirst,
    /// 3.4.2021
    Dotted,
    /// 3/4/2021 or 3-4-2021, in that order.
    YearLast(DayMonth),
}

/// The days since 1970-01-01 of a date in that form, years 1 to 9999; `None` if there is no such date.
pub(super) fn parse(cell: &str, form: DateForm) -> Option<i32> {
    let cell = cell.trim();
    if !(8..=10).contains(&cell.len()) {
        return None;
    }
    let split = |separator: char| {
        let mut parts = cell.split(separator);
        let parts = (parts.next()?, parts.next()?, parts.next()?, parts.next());
        parts.3.is_none().then_some((parts.0, parts.1, parts.2))
    };
    let (year, month, day) = match form {
        DateForm::YearFirst => split('-').or_else(|| split('/'))?,
        DateForm::Dotted => split('.').map(|(day, month, year)| (year, month, day))?,
        DateForm::YearLast(order) => {
            let (first, second, year) = split('/').or_else(|| split('-'))?;
            match order {
                DayMonth::DayFirst => (year, second, first),
                DayMonth::MonthFirst => (year, first, second),
            }
        }
    };
    days(digits(year, 4..=4)?, digits(month, 1..=2)?, digits(day, 1..=2)?)
}

/// A date whose year has two digits, with all four: 70 to 99 are of the last century, as POSIX has it. Anything else stays.
pub(super) fn full_year(cell: &str) -> Cow<'_, str> {
    let mut parts = cell.split(['.', '/', '-']);
    let (Some(first), Some(second), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Cow::Borrowed(cell);
    };
    let short = [first, second].iter().all(|part| digits(part, 1..=2).is_some());
    match digits(year, 2..=2) {
        Some(two) if short => {
            let kept = cell.get(..cell.len() - 2).unwrap_or_default();
            Cow::Owned(format!("{kept}{}", if two >= 70 { 1900 + two } else { 2000 + two }))
        }
        _ => Cow::Borrowed(cell),
    }
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<i32> {
    let plain = length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Days since 1970-01-01 in the Gregorian calendar, after Hinnant's `days_from_civil`
/// (<https://howardhinnant.github.io/date_algorithms.html>): years begin in March, so that a leap day is the last.
fn days(year: i32, month: i32, day: i32) -> Option<i32> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if year < 1 || !(1..=length).contains(&day) {
        return None;
    }
    let march_year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests;
