//! One column while it grows: cells go in, full chunks come out encoded.

use crate::{
    chunk::{self, ChunkError},
    limits::{CHUNK_BYTES, CHUNK_ROWS},
    table::{Cell, Chunk},
};
use arrow::array::{
    ArrayBuilder, BooleanBuilder, Date32Builder, Decimal64Builder, Decimal128Builder, Int64Builder, StringBuilder,
};
use protocol::{ColumnType, Decimal};

/// Room left in a chunk for the stream's headers and the padding of its buffers.
const OVERHEAD: usize = 1024;

pub(crate) struct ColumnBuilder {
    of: ColumnType,
    values: Values,
    rows: usize,
    bytes: usize,
    done: Vec<Chunk>,
}

enum Values {
    Integer(Int64Builder),
    /// Decimals of a chunk in which all are narrow so far; see [`crate::chunk`].
    Narrow(Decimal64Builder),
    Wide(Decimal128Builder),
    Date(Date32Builder),
    Text(StringBuilder),
    Boolean(BooleanBuilder),
}

impl ColumnBuilder {
    pub(crate) fn new(of: ColumnType) -> Self {
        Self { of, values: Values::new(of), rows: 0, bytes: OVERHEAD, done: Vec::new() }
    }

    /// Appends a cell that [`crate::table`] has found fit for the column; another type's cell becomes absent.
    pub(crate) fn push(&mut self, cell: &Cell<'_>) -> Result<(), ChunkError> {
        let units = match (self.of, cell) {
            (ColumnType::Decimal(scale), Cell::Number(value)) => rescaled(value, scale),
            _ => None,
        };
        let wide = units.is_some_and(|units| chunk::narrow(units).is_none());
        if wide {
            self.widen()?;
        }
        if self.rows == CHUNK_ROWS || self.bytes + self.width(cell) > CHUNK_BYTES {
            self.close()?;
            if wide {
                self.widen()?;
            }
        }
        match (&mut self.values, cell) {
            (Values::Narrow(to), _) => to.append_option(units.and_then(chunk::narrow)),
            (Values::Wide(to), _) => to.append_option(units),
            (Values::Integer(to), Cell::Number(value)) => to.append_option(integer(value)),
            (Values::Date(to), Cell::Date(days)) => to.append_value(*days),
            (Values::Text(to), Cell::Text(text)) => to.append_value(text),
            (Values::Boolean(to), Cell::Boolean(value)) => to.append_value(*value),
            (Values::Integer(to), _) => to.append_null(),
            (Values::Date(to), _) => to.append_null(),
            (Values::Text(to), _) => to.append_null(),
            (Values::Boolean(to), _) => to.append_null(),
        }
        self.rows += 1;
        self.bytes += self.width(cell);
        Ok(())
    }

    /// Makes room for a wide decimal: ends a chunk of narrow ones.
    fn widen(&mut self) -> Result<(), ChunkError> {
        if !matches!(self.values, Values::Narrow(_)) {
            return Ok(());
        }
        if self.rows > 0 {
            self.close()?;
        }
        self.values = Values::Wide(Decimal128Builder::new().with_data_type(chunk::data_type(self.of)));
        Ok(())
    }

    /// The chunks that are full by now.
    pub(crate) fn take(&mut self) -> Vec<Chunk> {
        std::mem::take(&mut self.done)
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
            (Values::Integer(_) | Values::Narrow(_), _) => 8,
            (Values::Wide(_), _) => 16,
            (Values::Date(_), _) => 4,
            (Values::Text(_), Cell::Text(text)) => 4 + text.len(),
            (Values::Text(_), _) => 4,
            (Values::Boolean(_), _) => 1,
        }
    }

    fn close(&mut self) -> Result<(), ChunkError> {
        let array = match &mut self.values {
            Values::Integer(builder) => ArrayBuilder::finish(builder),
            Values::Narrow(builder) => ArrayBuilder::finish(builder),
            Values::Wide(builder) => ArrayBuilder::finish(builder),
            Values::Date(builder) => ArrayBuilder::finish(builder),
            Values::Text(builder) => ArrayBuilder::finish(builder),
            Values::Boolean(builder) => ArrayBuilder::finish(builder),
        };
        let rows = u32::try_from(self.rows).map_err(|_| ChunkError::TooManyRows { rows: self.rows })?;
        self.done.push(Chunk { rows, bytes: chunk::encode(&array)? });
        (self.values, self.rows, self.bytes) = (Values::new(self.of), 0, OVERHEAD);
        Ok(())
    }
}

impl Values {
    /// None yet; decimals begin narrow.
    fn new(of: ColumnType) -> Self {
        match of {
            ColumnType::Integer => Self::Integer(Int64Builder::new()),
            ColumnType::Decimal(_) => {
                let narrow = chunk::narrow_type(of).unwrap_or_else(|| chunk::data_type(of));
                Self::Narrow(Decimal64Builder::new().with_data_type(narrow))
            }
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Boolean => Self::Boolean(BooleanBuilder::new()),
        }
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
