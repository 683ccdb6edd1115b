//! How much a column rises per day or per month: the slope of the least-squares line through its values over dates, to
//! six more digits than the column, half to even; refused where there are not two different dates.
//!
//! `b = (n·Σxy − Σx·Σy) ÷ (n·Σx² − (Σx)²)`, the solution of the normal equations for y = a + b·x (NIST/SEMATECH
//! e-Handbook of Statistical Methods, 4.1.4.1, Linear Least Squares Regression), over whole numbers with one division.
//! x counts days, or calendar months, in which every day of a month counts alike: a bill of 31 January and one of
//! 28 February are a month apart.

use super::{
    Disclosure, Fold, Limits, MORE_DIGITS, RunError, Statistic,
    numbers::{Numbers, Spilling, outcome},
    scale_of,
};
use crate::{
    chunk::ChunkError,
    exact::{divide_half_even, shifted},
};
use arrow::{
    array::{Array as _, ArrayRef, AsArray as _, PrimitiveArray},
    datatypes::Date32Type,
};
use num_bigint::{BigInt, Sign};
use protocol::{Column, Date, Kind, Name, Outcome, Per, Trend as Asked};

pub(super) struct Trend<'a>(pub(super) &'a Asked);

impl Statistic for Trend<'_> {
    fn discloses(&self) -> Disclosure {
        Disclosure::Aggregate
    }

    fn head(&self) -> String {
        let Asked { on, over, per } = self.0;
        let per = match per {
            Per::Day => "day",
            Per::Month => "month",
        };
        format!("How much “{}” rises per {per} (slope of the least-squares line over “{over}”)", on.column)
    }

    fn reads(&self) -> Vec<&Name> {
        vec![&self.0.on.column, &self.0.over]
    }

    fn start(&self, columns: &[&Column], _: &Limits<'_>) -> Box<dyn Fold> {
        Box::new(Fitting { scale: scale_of(columns), per: self.0.per, sums: Sums::default() })
    }
}

/// Days or months, by what a trend counts in; none for a date outside the calendar.
pub(super) fn position(days: i32, per: Per) -> Option<i64> {
    Date::from_days(days).map(|date| match per {
        Per::Day => date.days().into(),
        Per::Month => date.month_index().into(),
    })
}

/// The dates of a stretch.
pub(super) fn dates(rows: &[ArrayRef]) -> Result<&PrimitiveArray<Date32Type>, ChunkError> {
    let dates = rows.get(1).and_then(|dates| dates.as_primitive_opt::<Date32Type>());
    dates.ok_or(ChunkError::Damaged("it holds no dates"))
}

/// Sums over the pairs of which both are present.
#[derive(Default)]
pub(super) struct Sums {
    pub(super) n: u64,
    pub(super) x: i128,
    pub(super) xx: i128,
    pub(super) y: BigInt,
    pub(super) xy: BigInt,
}

impl Sums {
    /// `n·Σx² − (Σx)²`: with 10^7 dates of less than 4·10^6 days it stays far below 2^127.
    pub(super) fn spread(&self) -> i128 {
        i128::from(self.n) * self.xx - self.x * self.x
    }
}

struct Fitting {
    scale: u8,
    per: Per,
    sums: Sums,
}

impl Fold for Fitting {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        let (values, dates) = (Numbers::only(rows)?, dates(rows)?);
        let (mut y, mut xy) = (Spilling::default(), Spilling::default());
        for row in 0..dates.len() {
            let date = dates.is_valid(row).then(|| position(dates.value(row), self.per)).flatten();
            let (Some(x), Some(value)) = (date, values.get(row)) else { continue };
            let x = i128::from(x);
            self.sums.n += 1;
            self.sums.x += x;
            self.sums.xx += x * x;
            y.add(value);
            // below 4·10^6 times below 10^28
            xy.add(x * value);
        }
        self.sums.y += y.total();
        self.sums.xy += xy.total();
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.sums.n
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let sums = &self.sums;
        if sums.n < 2 {
            return Err(RunError::TooFewValues { kind: Kind::Trend, needed: 2, found: sums.n });
        }
        let rise = &sums.xy * sums.n - &sums.y * sums.x;
        let spread = BigInt::from(sums.spread());
        // never negative, by Cauchy and Schwarz; zero where all dates are the same
        let slope = if spread.sign() == Sign::Plus {
            divide_half_even(&shifted(&rise, MORE_DIGITS.into()), spread.magnitude())
        } else {
            None
        };
        outcome(Kind::Trend, &slope.ok_or(RunError::OneDate)?, self.scale + MORE_DIGITS)
    }
}
