//! The numbers of one column as whole multiples of its smallest unit, chunk by chunk.

use super::{Bounds, RunError};
use crate::{
    exact,
    view::{View, ViewError},
};
use arrow::{
    array::{Array, ArrayRef, AsArray, PrimitiveArray},
    compute,
    datatypes::{Decimal128Type, Int64Type},
};
use num_bigint::BigInt;
use protocol::{Column, ColumnType, Kind, Outcome};

/// One column of a view, with what limits the reading of it.
pub(super) struct Selection<'a> {
    pub(super) view: &'a dyn View,
    pub(super) column: &'a Column,
    pub(super) bounds: &'a Bounds<'a>,
}

/// One chunk of a numeric column.
pub(super) enum Numbers {
    Integer(PrimitiveArray<Int64Type>),
    Decimal(PrimitiveArray<Decimal128Type>),
}

impl Selection<'_> {
    /// Hands every chunk to `each`, in row order, within the bounds; fails unless all rows came.
    pub(super) fn for_each_chunk(
        &self,
        mut each: impl FnMut(ArrayRef) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let mut rows: u64 = 0;
        for chunk in self.view.chunks(&self.column.name)? {
            if (self.bounds.cancelled)() {
                return Err(RunError::Cancelled);
            }
            let chunk = chunk?;
            rows = rows.saturating_add(chunk.len() as u64);
            if rows > self.bounds.max_rows {
                return Err(RunError::TooManyRows { rows, limit: self.bounds.max_rows });
            }
            each(chunk)?;
        }
        if rows != self.view.rows() {
            let column = self.column.name.clone();
            return Err(ViewError::Rows { column, found: rows, expected: self.view.rows() }.into());
        }
        Ok(())
    }

    /// The same for a column of numbers.
    pub(super) fn for_each_numbers(
        &self,
        mut each: impl FnMut(Numbers) -> Result<(), RunError>,
    ) -> Result<(), RunError> {
        let mut index: u64 = 0;
        self.for_each_chunk(|chunk| {
            let numbers = Numbers::new(&chunk, self.column.of).ok_or_else(|| ViewError::Damaged {
                column: self.column.name.clone(),
                chunk: index,
                source: crate::chunk::ChunkError::OtherType { expected: self.column.of },
            })?;
            index += 1;
            each(numbers)
        })
    }

    /// Digits after the point of the column's values.
    pub(super) fn scale(&self) -> u8 {
        match self.column.of {
            ColumnType::Decimal(scale) => scale,
            _ => 0,
        }
    }

    /// How many values are present, and their exact sum in the column's smallest unit.
    pub(super) fn count_and_sum(&self) -> Result<(u64, BigInt), RunError> {
        let (mut count, mut sum) = (0_u64, BigInt::ZERO);
        self.for_each_numbers(|numbers| {
            count += numbers.present();
            sum += numbers.sum();
            Ok(())
        })?;
        Ok((count, sum))
    }

    /// The smallest or largest value by the chunk's kernel and then by `better`.
    pub(super) fn extreme(
        &self,
        kind: Kind,
        of_chunk: fn(&Numbers) -> Option<i128>,
        better: fn(i128, i128) -> i128,
    ) -> Result<Outcome, RunError> {
        let mut extreme: Option<i128> = None;
        self.for_each_numbers(|numbers| {
            extreme = match (extreme, of_chunk(&numbers)) {
                (Some(a), Some(b)) => Some(better(a, b)),
                (one, other) => one.or(other),
            };
            Ok(())
        })?;
        let value = extreme.ok_or(RunError::TooFewValues { kind, needed: 1, found: 0 })?;
        outcome(kind, &BigInt::from(value), self.scale())
    }
}

impl Numbers {
    /// The chunk as numbers, if it is what the schema says.
    fn new(chunk: &ArrayRef, of: ColumnType) -> Option<Self> {
        if *chunk.data_type() != crate::chunk::data_type(of) {
            return None;
        }
        match of {
            ColumnType::Integer => chunk.as_primitive_opt().cloned().map(Self::Integer),
            ColumnType::Decimal(_) => chunk.as_primitive_opt().cloned().map(Self::Decimal),
            ColumnType::Date | ColumnType::Text | ColumnType::Boolean => None,
        }
    }

    /// Values that are not absent.
    pub(super) fn present(&self) -> u64 {
        let (len, absent) = match self {
            Self::Integer(array) => (array.len(), array.null_count()),
            Self::Decimal(array) => (array.len(), array.null_count()),
        };
        (len - absent) as u64
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

    /// Their exact sum. Arrow's checked kernel does nearly all of it; where a chunk's sum leaves the column's own
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

/// An outcome of at most 38 digits.
pub(super) fn outcome(kind: Kind, mantissa: &BigInt, scale: u8) -> Result<Outcome, RunError> {
    exact::decimal(mantissa, scale).map(Outcome::Decimal).ok_or(RunError::TooManyDigits { kind })
}
