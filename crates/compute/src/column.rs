//! One column while it grows: cells go in, full chunks come out encoded.

use crate::{
    chunk::{self, ChunkError},
    limits::{CHUNK_BYTES, CHUNK_ROWS},
    table::{Cell, Chunk},
};
use arrow::{
    array::{ArrayBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder},
    datatypes::DataType,
};
use protocol::{ColumnType, Decimal};

/// Room left in a chunk for the stream's headers and the padding of its buffers.
const OVERHEAD: usize = 1024;

pub(crate) struct ColumnBuilder {
    values: Values,
    rows: usize,
    bytes: usize,
    done: Vec<Chunk>,
}

enum Values {
    Integer(Int64Builder),
    Decimal(Decimal128Builder, u8),
    Date(Date32Builder),
    Text(StringBuilder),
    Boolean(BooleanBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(of: ColumnType) -> Self {
        let values = match of {
            ColumnType::Integer => Values::Integer(Int64Builder::new()),
            ColumnType::Decimal(scale) => {
                let of: DataType = chunk::data_type(of);
                Values::Decimal(Decimal128Builder::new().with_data_type(of), scale)
            }
            ColumnType::Date => Values::Date(Date32Builder::new()),
            ColumnType::Text => Values::Text(StringBuilder::new()),
            ColumnType::Boolean => Values::Boolean(BooleanBuilder::new()),
        };
        Self { values, rows: 0, bytes: OVERHEAD, done: Vec::new() }
    }

    /// Appends a cell that [`crate::table`] has found fit for the column; another type's cell becomes absent.
    pub(crate) fn push(&mut self, cell: &Cell<'_>) -> Result<(), ChunkError> {
        let bytes = self.width(cell);
        if self.rows == CHUNK_ROWS || self.bytes + bytes > CHUNK_BYTES {
            self.close()?;
        }
        match (&mut self.values, cell) {
            (Values::Integer(to), Cell::Number(value)) => to.append_option(integer(value)),
            (Values::Decimal(to, scale), Cell::Number(value)) => to.append_option(rescaled(value, *scale)),
            (Values::Date(to), Cell::Date(days)) => to.append_value(*days),
            (Values::Text(to), Cell::Text(text)) => to.append_value(text),
            (Values::Boolean(to), Cell::Boolean(value)) => to.append_value(*value),
            (Values::Integer(to), _) => to.append_null(),
            (Values::Decimal(to, _), _) => to.append_null(),
            (Values::Date(to), _) => to.append_null(),
            (Values::Text(to), _) => to.append_null(),
            (Values::Boolean(to), _) => to.append_null(),
        }
        self.rows += 1;
        self.bytes += bytes;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Vec<Chunk>, ChunkError> {
        if self.rows > 0 {
            self.close()?;
        }
        Ok(self.done)
    }

    /// Upper bound of what a cell adds to the encoded chunk, in bytes; one of them is for its bit of presence.
    fn width(&self, cell: &Cell<'_>) -> usize {
        1 + match (&self.values, cell) {
            (Values::Integer(_), _) => 8,
            (Values::Decimal(..), _) => 16,
            (Values::Date(_), _) => 4,
            (Values::Text(_), Cell::Text(text)) => 4 + text.len(),
            (Values::Text(_), _) => 4,
            (Values::Boolean(_), _) => 1,
        }
    }

    fn close(&mut self) -> Result<(), ChunkError> {
        let array = match &mut self.values {
            Values::Integer(builder) => ArrayBuilder::finish(builder),
            Values::Decimal(builder, _) => ArrayBuilder::finish(builder),
            Values::Date(builder) => ArrayBuilder::finish(builder),
            Values::Text(builder) => ArrayBuilder::finish(builder),
            Values::Boolean(builder) => ArrayBuilder::finish(builder),
        };
        let rows = u32::try_from(self.rows).map_err(|_| ChunkError::TooManyRows { rows: self.rows })?;
        self.done.push(Chunk { rows, bytes: chunk::encode(&array)? });
        (self.rows, self.bytes) = (0, OVERHEAD);
        Ok(())
    }
}

/// The number as an i64, if it is whole and fits one.
pub(crate) fn integer(value: &Decimal) -> Option<i64> {
    rescaled(value, 0).and_then(|mantissa| i64::try_from(mantissa).ok())
}

/// The unscaled integer at another scale, if no digit is lost and it still has at most 28 of them.
pub(crate) fn rescaled(value: &Decimal, scale: u8) -> Option<i128> {
    let limit = 10_i128.pow(protocol::limits::CELL_DIGITS);
    let mantissa = match scale.checked_sub(value.scale()) {
        Some(more) => value.mantissa().checked_mul(10_i128.checked_pow(u32::from(more))?)?,
        None => {
            let unit = 10_i128.checked_pow(u32::from(value.scale() - scale))?;
            if value.mantissa() % unit != 0 {
                return None;
            }
            value.mantissa() / unit
        }
    };
    (mantissa > -limit && mantissa < limit).then_some(mantissa)
}

#[cfg(test)]
mod tests;
