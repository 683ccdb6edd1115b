//! The numbers of one column as whole multiples of its smallest unit, stretch by stretch.

use super::{Fold, Limits, RunError};
use crate::{chunk::ChunkError, exact};
use arrow::{
    array::{Array, ArrayRef, AsArray, PrimitiveArray},
    compute,
    datatypes::{Decimal128Type, Int64Type},
};
use num_bigint::{BigInt, BigUint};
use protocol::{ColumnType, Kind, Outcome};

/// A stretch of a numeric column.
pub(crate) enum Numbers {
    Integer(PrimitiveArray<Int64Type>),
    Decimal(PrimitiveArray<Decimal128Type>),
}

/// Digits after the point of a column's values.
pub(crate) fn scale(of: ColumnType) -> u8 {
    match of {
        ColumnType::Decimal(scale) => scale,
        ColumnType::Integer | ColumnType::Date | ColumnType::Text | ColumnType::Boolean => 0,
    }
}

/// How many values are present, their exact sum in the column's smallest unit, and what the largest of them makes of it.
pub(super) struct Total {
    pub(super) count: u64,
    pub(super) sum: BigInt,
    /// Percent of the sum of magnitudes that one value may make.
    percent: u8,
    /// Sum of the magnitudes.
    magnitudes: BigUint,
    largest: u128,
}

impl Total {
    pub(super) fn new(limits: &Limits<'_>) -> Self {
        let (sum, magnitudes) = (BigInt::ZERO, BigUint::ZERO);
        Self { count: 0, sum, percent: limits.dominance, magnitudes, largest: 0 }
    }

    /// Where nobody asks what the largest value makes of it.
    pub(super) fn unwatched() -> Self {
        Self { count: 0, sum: BigInt::ZERO, percent: 100, magnitudes: BigUint::ZERO, largest: 0 }
    }

    pub(super) fn add(&mut self, numbers: &Numbers) {
        self.count += numbers.present();
        let sum = numbers.sum();
        if self.percent < 100 {
            let (min, max) = (numbers.min().unwrap_or(0), numbers.max().unwrap_or(0));
            self.largest = self.largest.max(min.unsigned_abs()).max(max.unsigned_abs());
            // of values of one sign the magnitudes add up to the sum's: the kernel has it already
            self.magnitudes += if min >= 0 || max <= 0 {
                sum.magnitude().clone()
            } else {
                numbers.values().map(|value| BigUint::from(value.unsigned_abs())).sum()
            };
        }
        self.sum += sum;
    }

    /// Whether one value makes more of the sum of magnitudes than it may.
    pub(super) fn dominated(&self) -> bool {
        self.percent < 100 && BigUint::from(self.largest) * 100u8 > &self.magnitudes * self.percent
    }
}

/// The smallest or largest value by the kernel of a stretch and then by `better`.
pub(super) struct Extreme {
    pub(super) kind: Kind,
    pub(super) scale: u8,
    pub(super) of_stretch: fn(&Numbers) -> Option<i128>,
    pub(super) better: fn(i128, i128) -> i128,
    pub(super) best: Option<i128>,
    pub(super) count: u64,
}

impl Fold for Extreme {
    fn take(&mut self, rows: &[ArrayRef]) -> Result<(), RunError> {
        let numbers = Numbers::only(rows)?;
        self.count += numbers.present();
        self.best = match (self.best, (self.of_stretch)(&numbers)) {
            (Some(a), Some(b)) => Some((self.better)(a, b)),
            (one, other) => one.or(other),
        };
        Ok(())
    }

    fn counted(&self) -> u64 {
        self.count
    }

    fn finish(self: Box<Self>) -> Result<Outcome, RunError> {
        let value = self.best.ok_or(RunError::TooFewValues { kind: self.kind, needed: 1, found: 0 })?;
        outcome(self.kind, &BigInt::from(value), self.scale)
    }
}

/// All values that are present, 16 bytes each: what an order statistic needs.
#[derive(Default)]
pub(super) struct Values(pub(super) Vec<i128>);

impl Values {
    pub(super) fn add(&mut self, numbers: &Numbers) {
        self.0.extend(numbers.values());
    }
}

impl Numbers {
    /// The numbers of a statistic that reads one column.
    pub(super) fn only(rows: &[ArrayRef]) -> Result<Self, ChunkError> {
        rows.first().map_or(Err(ChunkError::Damaged(NOT_NUMBERS)), Self::new)
    }

    /// A stretch as numbers, if it holds any.
    pub(crate) fn new(stretch: &ArrayRef) -> Result<Self, ChunkError> {
        let integers = || stretch.as_primitive_opt().cloned().map(Self::Integer);
        let decimals = || stretch.as_primitive_opt().cloned().map(Self::Decimal);
        integers().or_else(decimals).ok_or(ChunkError::Damaged(NOT_NUMBERS))
    }

    /// Values that are not absent.
    pub(super) fn present(&self) -> u64 {
        let (len, absent) = match self {
            Self::Integer(array) => (array.len(), array.null_count()),
            Self::Decimal(array) => (array.len(), array.null_count()),
        };
        (len - absent) as u64
    }

    /// The value of a row, if it is present.
    pub(crate) fn get(&self, row: usize) -> Option<i128> {
        match self {
            Self::Integer(array) => array.is_valid(row).then(|| array.value(row).into()),
            Self::Decimal(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }

    pub(super) fn min(&self) -> Option<i128> {
        match self {
            Self::Integer(array) => compute::min(array).map(i128::from),
            Self::Decimal(array) => compute::min(array),
        }
    }

    pub(super) fn max(&self) -> Option<i128> {
        match self {
            Self::Integer(array) => compute::max(array).map(i128::from),
            Self::Decimal(array) => compute::max(array),
        }
    }

    /// Their exact sum. Arrow's checked kernel does nearly all of it; where a stretch's sum leaves the column's own
    /// width, its values are added one by one in a wider one.
    pub(super) fn sum(&self) -> BigInt {
        let kernel = match self {
            Self::Integer(array) => compute::sum_checked(array).map(|sum| sum.map(i128::from)),
            Self::Decimal(array) => compute::sum_checked(array),
        };
        match kernel {
            Ok(sum) => BigInt::from(sum.unwrap_or(0)),
            Err(_) => self.values().map(BigInt::from).sum(),
        }
    }

    /// The values that are present, in row order.
    pub(super) fn values(&self) -> Box<dyn Iterator<Item = i128> + '_> {
        match self {
            Self::Integer(array) => Box::new(array.iter().flatten().map(i128::from)),
            Self::Decimal(array) => Box::new(array.iter().flatten()),
        }
    }
}

const NOT_NUMBERS: &str = "it holds no numbers";

/// An outcome of at most 38 digits.
pub(super) fn outcome(kind: Kind, mantissa: &BigInt, scale: u8) -> Result<Outcome, RunError> {
    exact::decimal(mantissa, scale).map(Outcome::Decimal).ok_or(RunError::TooManyDigits { kind })
}
