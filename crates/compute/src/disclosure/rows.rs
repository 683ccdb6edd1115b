//! Who a row is, across versions of a dataset: a keyed hash of all its cells.
//!
//! The same cells under the same names of columns are the same row, wherever it stands and whatever else is in the file.
//! Rows that are equal in all cells are told apart by counting them. Whoever lacks the key of the home cannot try rows
//! until one fits.

use crate::{
    chunk::ChunkError,
    kinds::{Bounds, RunError, each_stretch},
    view::View,
};
use arrow::array::{Array as _, ArrayRef, AsArray as _};
use arrow::datatypes::{Date32Type, Decimal64Type, Decimal128Type, Int64Type};
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::{Column, ColumnType, Decimal};
use sha2::Sha256;
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
};

/// Bytes that identify a row: among 2^18 rows two that differ agree in them with a chance of 2^-61.
const ROW_BYTES: usize = 12;

/// Who a row is.
pub type RowId = [u8; ROW_BYTES];

/// The key under which rows become what the ledger keeps.
#[derive(Clone)]
pub struct RowKey([u8; 32]);

impl RowKey {
    /// A key of 32 random bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RowKey(..)")
    }
}

/// Who each row of a view is, in order: the first 12 bytes of HMAC-SHA256(key, "halfdoor/row/1" ‖ for each column in order
/// of name: its name and the cell ‖ how many equal rows stand before it). Numbers go by value: 1.50 is 1.5.
///
/// # Errors
/// Rows that cannot be read; the bounds.
pub fn identities(key: &RowKey, view: &dyn View, bounds: &Bounds<'_>) -> Result<Vec<RowId>, RunError> {
    let mut columns: Vec<&Column> = view.columns().iter().collect();
    columns.sort_by(|a, b| a.name.cmp(&b.name));
    let mut ids = Vec::new();
    let mut before: HashMap<RowId, u64> = HashMap::new();
    let mac = |bytes: &[u8]| -> Result<RowId, RunError> {
        let mac = Hmac::<Sha256>::new_from_slice(&key.0).map_err(|_| ChunkError::Damaged("the key is no key"))?;
        let hash = mac.chain_update(bytes).finalize().into_bytes();
        let mut id = [0; ROW_BYTES];
        id.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        Ok(id)
    };
    each_stretch(view, &columns, bounds, |arrays| {
        let length = arrays.first().map_or(0, |array| array.len());
        for row in 0..length {
            let mut bytes = b"halfdoor/row/1".to_vec();
            for (column, array) in columns.iter().zip(arrays) {
                word(&mut bytes, column.name.as_str());
                cell(&mut bytes, column.of, array, row)?;
            }
            let plain = mac(&bytes)?;
            let equal = before.entry(plain).or_default();
            let id = if *equal == 0 {
                plain
            } else {
                bytes.extend(equal.to_be_bytes());
                mac(&bytes)?
            };
            *equal += 1;
            ids.push(id);
        }
        Ok(())
    })?;
    Ok(ids)
}

fn word(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn cell(bytes: &mut Vec<u8>, of: ColumnType, array: &ArrayRef, row: usize) -> Result<(), ChunkError> {
    let other = || ChunkError::OtherType { expected: of };
    if array.is_null(row) {
        bytes.push(0);
        return Ok(());
    }
    match of {
        ColumnType::Integer => {
            let number = array.as_primitive_opt::<Int64Type>().ok_or_else(other)?.value(row);
            number_of(bytes, number.into(), 0).ok_or_else(other)?;
        }
        ColumnType::Decimal(scale) => {
            let narrow = array.as_primitive_opt::<Decimal64Type>().map(|array| array.value(row).into());
            let wide = || array.as_primitive_opt::<Decimal128Type>().map(|array| array.value(row));
            let number = narrow.or_else(wide).ok_or_else(other)?;
            number_of(bytes, number, scale).ok_or_else(other)?;
        }
        ColumnType::Date => {
            bytes.push(2);
            bytes.extend(array.as_primitive_opt::<Date32Type>().ok_or_else(other)?.value(row).to_be_bytes());
        }
        ColumnType::Text => {
            bytes.push(3);
            word(bytes, array.as_string_opt::<i32>().ok_or_else(other)?.value(row));
        }
        ColumnType::Boolean => {
            bytes.extend([4, u8::from(array.as_boolean_opt().ok_or_else(other)?.value(row))]);
        }
    }
    Ok(())
}

fn number_of(bytes: &mut Vec<u8>, mantissa: i128, scale: u8) -> Option<()> {
    let number = Decimal::new(mantissa, scale).ok()?.normalized();
    bytes.extend([1, number.scale()]);
    bytes.extend(number.mantissa().to_be_bytes());
    Some(())
}

/// The rows of a lineage: all that were ever in one of its datasets, each with its place in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lineage(Vec<RowId>);

impl Lineage {
    /// From the bytes that [`Lineage::to_bytes`] made.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(bytes.chunks_exact(ROW_BYTES).filter_map(|chunk| chunk.try_into().ok()).collect())
    }

    /// The identities of its rows, one after the other.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of these rows is in it.
    #[must_use]
    pub fn shares(&self, rows: &std::collections::HashSet<RowId>) -> bool {
        self.0.iter().any(|row| rows.contains(row))
    }

    /// Adds the rows that it lacks; answers the place of each.
    pub fn add(&mut self, rows: &[RowId]) -> Vec<u32> {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut places: BTreeMap<RowId, u32> = self.0.iter().enumerate().map(|(at, row)| (*row, place(at))).collect();
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let next = place(self.0.len());
            let at = *places.entry(*row).or_insert(next);
            if at == next {
                self.0.push(*row);
            }
            found.push(at);
        }
        found
    }

    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> &[RowId] {
        &self.0
    }
}

#[cfg(test)]
mod tests;
