//! Calendar dates, and the months, quarters and years they lie in: the Gregorian calendar, years 1 to 9999.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A day of the Gregorian calendar, years 1 to 9999, written as ISO 8601 does: 2025-03-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// A text that is not a date, or no date of the calendar.
#[derive(Debug, Clone, Copy, thiserror::Error, PartialEq, Eq)]
#[error("not a date such as 2025-03-31")]
pub struct BadDate;

/// How long the periods are that dates are grouped into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    /// Calendar months.
    Month,
    /// Three months, the first from January.
    Quarter,
    /// Calendar years.
    Year,
}

/// One month, quarter or year: 2025-03, 2025-Q1, 2025.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Period {
    every: Every,
    /// Periods since the one that began with the year 0.
    index: i32,
}

/// 0001-01-01 and 9999-12-31, in days since 1970-01-01.
const FIRST: i32 = -719_162;
const LAST: i32 = 2_932_896;

impl Date {
    /// The date of so many days since 1970-01-01; none outside the years 1 to 9999.
    #[must_use]
    pub fn from_days(days: i32) -> Option<Self> {
        (FIRST..=LAST).contains(&days).then_some(Self(days))
    }

    /// The date of a year, month and day; none where the calendar has no such day.
    ///
    /// After Hinnant's `days_from_civil` (<https://howardhinnant.github.io/date_algorithms.html>): years begin in March,
    /// so that a leap day is the last.
    #[must_use]
    pub fn new(year: i32, month: i32, day: i32) -> Option<Self> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        let march_year = if month <= 2 { year - 1 } else { year };
        let (era, year_of_era) = (march_year.div_euclid(400), march_year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let date = Self::from_days(era * 146_097 + day_of_era - 719_468)?;
        (date.civil() == (year, month, day)).then_some(date)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        self.0
    }

    /// Year, month and day, after Hinnant's `civil_from_days` (as above).
    #[must_use]
    pub fn civil(self) -> (i32, i32, i32) {
        let days = self.0 + 719_468;
        let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        (year_of_era + era * 400 + i32::from(month <= 2), month, day)
    }

    /// The calendar month as a number that counts them: twelve times the year, and the month from 0.
    #[must_use]
    pub fn month_index(self) -> i32 {
        let (year, month, _) = self.civil();
        year * 12 + month - 1
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = BadDate;

    /// Accepts `yyyy-mm-dd` with all ten characters only.
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let (year, rest) = text.split_once('-').ok_or(BadDate)?;
        let (month, day) = rest.split_once('-').ok_or(BadDate)?;
        Self::new(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?).ok_or(BadDate)
    }
}

impl Period {
    /// The period a date lies in.
    #[must_use]
    pub fn of(date: Date, every: Every) -> Self {
        Self { every, index: date.month_index() / months(every) }
    }

    /// The period at a position in the order of its like; none outside the years 1 to 9999.
    #[must_use]
    pub fn at(every: Every, index: i32) -> Option<Self> {
        let years = 12 / months(every);
        (years..10_000 * years).contains(&index).then_some(Self { every, index })
    }

    /// How long it is.
    #[must_use]
    pub fn every(self) -> Every {
        self.every
    }

    /// Its position in the order of its like.
    #[must_use]
    pub fn index(self) -> i32 {
        self.index
    }
}

fn months(every: Every) -> i32 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Year => 12,
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.every {
            Every::Month => write!(f, "{:04}-{:02}", self.index / 12, self.index % 12 + 1),
            Every::Quarter => write!(f, "{:04}-Q{}", self.index / 4, self.index % 4 + 1),
            Every::Year => write!(f, "{:04}", self.index),
        }
    }
}

impl FromStr for Period {
    type Err = BadDate;

    /// Accepts `yyyy`, `yyyy-Qn` and `yyyy-mm` only.
    fn from_str(text: &str) -> Result<Self, BadDate> {
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let year = digits(year, 4)?;
        let (every, number) = match rest {
            None => (Every::Year, 1),
            Some(rest) => match rest.strip_prefix('Q') {
                Some(quarter) => (Every::Quarter, digits(quarter, 1)?),
                None => (Every::Month, digits(rest, 2)?),
            },
        };
        let years = 12 / months(every);
        let within = (1..=years).contains(&number);
        let period = if within { Self::at(every, year * years + number - 1) } else { None };
        period.ok_or(BadDate)
    }
}

fn digits(text: &str, length: usize) -> Result<i32, BadDate> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| BadDate) } else { Err(BadDate) }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
