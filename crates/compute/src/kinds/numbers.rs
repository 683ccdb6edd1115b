//! The numbers of one column as whole multiples of its smallest unit, stretch by stretch.

use super::{Fold, Limits, RunError, lanes};
use crate::{chunk::ChunkError, exact};
use arrow::{
    array::{Array, ArrayRef, AsArray, PrimitiveArray},
    buffer::BooleanBuffer,
    compute,
    datatypes::{Decimal64Type, Decimal128Type, Int64Type},
};
use num_bigint::BigInt;
use protocol::{ColumnType, Kind, Outcome};

/// A stretch of a numeric column.
pub(crate) enum Numbers {
    /// Whole numbers, or decimals in units, of 64 bits.
    Short(PrimitiveArray<Int64Type>),
    /// Decimals in units of 128 bits.
    Long(PrimitiveArray<Decimal128Type>),
}

/// Digits after the point of a column's values.
pub(crate) fn scale(of: ColumnType) -> u8 {
    match of {
        ColumnType::Decimal(scale) => scale,
        ColumnType::Integer | ColumnType::Date | ColumnType::Text | ColumnType::Boolean => 0,
    }
}

/// How many values are present, their exact sum in the column's smallest unit, and what the largest of them makes of it.
#[derive(Clone)]
pub(super) struct Total {
    pub(super) count: u64,
    sum: Spilling,
    /// Percent of the sum of magnitudes that one value may make; with 100 nobody asks.
    percent: u8,
    /// Sum of the magnitudes.
    magnitudes: Spilling,
    /// Magnitude of the largest value, of those that can matter.
    largest: u128,
}

impl Total {
    pub(super) fn new(limits: &Limits<'_>) -> Self {
        Self { percent: limits.dominance, ..Self::unwatched() }
    }

    /// Where nobody asks what the largest value makes of it.
    pub(super) fn unwatched() -> Self {
        let (sum, magnitudes) = (Spilling::default(), Spilling::default());
        Self { count: 0, sum, percent: 100, magnitudes, largest: 0 }
    }

    pub(super) fn add(&mut self, numbers: &Numbers) {
        if self.is_watched() {
            self.add_watched(numbers, None);
            return;
        }
        match numbers {
            Numbers::Short(array) => match array.nulls() {
                None => self.add_sum(array.len() as u64, lanes::sum(array.values())),
                Some(present) => self.add_short(array, present.inner()),
            },
            Numbers::Long(array) => array.iter().flatten().for_each(|value| self.add_sum(1, value)),
        }
    }

    /// Adds those that a mask keeps.
    pub(super) fn add_kept(&mut self, numbers: &Numbers, kept: &BooleanBuffer) {
        if self.is_watched() {
            self.add_watched(numbers, Some(kept));
            return;
        }
        match numbers {
            Numbers::Short(array) => match array.nulls() {
                None => self.add_short(array, kept),
                Some(present) => self.add_short(array, &(kept & present.inner())),
            },
            Numbers::Long(array) => {
                let values = array.iter().zip(kept.iter()).filter_map(|(value, kept)| value.filter(|_| kept));
                values.for_each(|value| self.add_sum(1, value));
            }
        }
    }

    fn add_short(&mut self, array: &PrimitiveArray<Int64Type>, kept: &BooleanBuffer) {
        let (count, sum) = lanes::sum_kept(array.values(), kept);
        self.add_sum(count, sum);
    }

    /// Adds values, or those that a mask keeps, and what the largest of them can make of the sum.
    fn add_watched(&mut self, numbers: &Numbers, kept: Option<&BooleanBuffer>) {
        let array = match numbers {
            Numbers::Short(array) => array,
            Numbers::Long(array) => {
                let values = array.iter().enumerate().filter(|(row, _)| kept.is_none_or(|kept| kept.value(*row)));
                return values.filter_map(|(_, value)| value).for_each(|value| self.add_value(value));
            }
        };
        let kept = match (array.nulls(), kept) {
            (Some(present), Some(kept)) => Some(present.inner() & kept),
            (Some(present), None) => Some(present.inner().clone()),
            (None, kept) => kept.cloned(),
        };
        let found = match &kept {
            None => lanes::magnitudes(array.values(), self.percent),
            Some(kept) => lanes::magnitudes_kept(array.values(), kept),
        };
        self.add_found(&found);
    }

    /// Adds what a kernel found.
    pub(super) fn add_found(&mut self, found: &lanes::Found) {
        self.add_sum(found.count, found.sum);
        self.magnitudes.add(found.magnitudes);
        self.largest = self.largest.max(found.largest.into());
    }

    /// Adds a value.
    pub(super) fn add_value(&mut self, value: i128) {
        self.add_sum(1, value);
        if self.is_watched() {
            let magnitude = value.unsigned_abs();
            // cells have 28 digits
            self.magnitudes.add(i128::try_from(magnitude).unwrap_or(i128::MAX));
            self.largest = self.largest.max(magnitude);
        }
    }

    fn is_watched(&self) -> bool {
        self.percent < 100
    }

    /// Whether one value makes more of the sum of magnitudes than it may.
    pub(super) fn dominated(&self) -> bool {
        self.is_watched() && BigInt::from(self.largest) * 100u8 > self.magnitudes.total() * self.percent
    }

    /// Adds the sum of so many values.
    fn add_sum(&mut self, count: u64, sum: i128) {
        self.count += count;
        self.sum.add(sum);
    }

    /// Adds what another one has.
    pub(super) fn join(&mut self, other: Self) {
        self.add_sum(other.count, other.sum.pending);
        self.sum.spilled += other.sum.spilled;
        self.magnitudes.add(other.magnitudes.pending);
        self.magnitudes.spilled += other.magnitudes.spilled;
        self.largest = self.largest.max(other.largest);
    }

    /// The sum.
    pub(super) fn sum(&self) -> BigInt {
        self.sum.total()
    }
}

/// An exact sum: in 128 bits as long as it fits, which is nearly always.
#[derive(Clone, Default)]
pub(super) struct Spilling {
    pending: i128,
    spilled: BigInt,
}

impl Spilling {
    pub(super) fn add(&mut self, value: i128) {
        match self.pending.checked_add(value) {
            Some(sum) => self.pending = sum,
            None => self.spilled += std::mem::replace(&mut self.pending, value),
        }
    }

    pub(super) fn total(&self) -> BigInt {
        &self.spilled + self.pending
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

impl Numbers {
    /// The numbers of a statistic that reads one column.
    pub(super) fn only(rows: &[ArrayRef]) -> Result<Self, ChunkError> {
        rows.first().map_or(Err(ChunkError::Damaged(NOT_NUMBERS)), Self::new)
    }

    /// A stretch as numbers, if it holds any.
    pub(crate) fn new(stretch: &ArrayRef) -> Result<Self, ChunkError> {
        let integers = || stretch.as_primitive_opt().cloned().map(Self::Short);
        let narrow = || {
            let narrow = stretch.as_primitive_opt::<Decimal64Type>();
            narrow.map(|array| Self::Short(PrimitiveArray::new(array.values().clone(), array.nulls().cloned())))
        };
        let decimals = || stretch.as_primitive_opt().cloned().map(Self::Long);
        integers().or_else(narrow).or_else(decimals).ok_or(ChunkError::Damaged(NOT_NUMBERS))
    }

    /// Values that are not absent.
    pub(super) fn present(&self) -> u64 {
        let (len, absent) = match self {
            Self::Short(array) => (array.len(), array.null_count()),
            Self::Long(array) => (array.len(), array.null_count()),
        };
        (len - absent) as u64
    }

    /// The value of a row, if it is present.
    pub(crate) fn get(&self, row: usize) -> Option<i128> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row).into()),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }

    pub(super) fn min(&self) -> Option<i128> {
        match self {
            Self::Short(array) => compute::min(array).map(i128::from),
            Self::Long(array) => compute::min(array),
        }
    }

    pub(super) fn max(&self) -> Option<i128> {
        match self {
            Self::Short(array) => compute::max(array).map(i128::from),
            Self::Long(array) => compute::max(array),
        }
    }

    /// The values that are present, in row order.
    pub(super) fn values(&self) -> Box<dyn Iterator<Item = i128> + '_> {
        match self {
            Self::Short(array) => Box::new(array.iter().flatten().map(i128::from)),
            Self::Long(array) => Box::new(array.iter().flatten()),
        }
    }
}

const NOT_NUMBERS: &str = "it holds no numbers";

/// An outcome of at most 38 digits.
pub(super) fn outcome(kind: Kind, mantissa: &BigInt, scale: u8) -> Result<Outcome, RunError> {
    exact::decimal(mantissa, scale).map(Outcome::Decimal).ok_or(RunError::TooManyDigits { kind })
}
