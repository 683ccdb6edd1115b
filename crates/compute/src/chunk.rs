//! One chunk of one column: an Arrow array, and its bytes at rest.
//!
//! The bytes are a complete Arrow IPC stream (schema, one record batch, end), so any Arrow program can read an
//! exported chunk. Decimals of which all have at most 18 digits are 64-bit numbers (Arrow's Decimal64), others 128-bit
//! ones, chunk by chunk; 64-bit numbers lie in as few bytes as their chunk allows (`chunk/packed.rs`).
//!
//! Reading chunks back is stricter than Arrow's own reader, which trusts offsets and panics on wrong ones: the schema must
//! be the one of the column, and every offset and length is checked before Arrow sees it.

mod decoded;
mod packed;

pub use decoded::Decoded;

use crate::limits::{CHUNK_BYTES, CHUNK_ROWS};
use arrow::{
    array::{Array, ArrayRef, AsArray as _, Decimal128Array, RecordBatch},
    buffer::Buffer,
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
    ipc::{self, MetadataVersion, reader::read_record_batch, root_as_message, writer::StreamWriter},
};
use protocol::{
    ColumnType,
    limits::{CELL_DIGITS, CELL_SCALE},
};
use std::{collections::HashMap, sync::Arc};

/// Digits Arrow is told a decimal may have: the most that 128 bits hold.
pub(crate) const PRECISION: u8 = 38;
/// Digits of a decimal in 8 bytes, as Arrow is told: the most that 64 bits hold.
const NARROW_PRECISION: u8 = 18;
/// What a chunk calls its one column: chunks do not repeat the name, the dataset's schema has it.
const FIELD: &str = "value";
/// Begins every message of an Arrow IPC stream.
const CONTINUATION: [u8; 4] = [0xFF; 4];

/// Why bytes are not a chunk, or an array cannot become one.
#[derive(Debug, thiserror::Error)]
pub enum ChunkError {
    /// More bytes than a chunk may have.
    #[error("a chunk of {bytes} bytes is longer than {CHUNK_BYTES}")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// More rows than a chunk may have.
    #[error("a chunk of {rows} rows has more than {CHUNK_ROWS}")]
    TooManyRows {
        /// Their number.
        rows: usize,
    },
    /// Not the bytes [`encode`] makes.
    #[error("the chunk is damaged: {0}")]
    Damaged(&'static str),
    /// A chunk of another type of column.
    #[error("the chunk does not hold a column of {expected:?}")]
    OtherType {
        /// What the dataset's schema says.
        expected: ColumnType,
    },
    /// Arrow refused.
    #[error("the chunk's values are damaged")]
    Arrow(#[from] ArrowError),
}

/// The Arrow type of a column; of decimals the wide one, see [`narrow_type`].
#[must_use]
pub fn data_type(of: ColumnType) -> DataType {
    match of {
        ColumnType::Integer => DataType::Int64,
        ColumnType::Decimal(scale) => DataType::Decimal128(PRECISION, i8::try_from(scale).unwrap_or(i8::MAX)),
        ColumnType::Date => DataType::Date32,
        ColumnType::Text => DataType::Utf8,
        ColumnType::Boolean => DataType::Boolean,
    }
}

/// The other type that a chunk of a column may have: decimals that need no more than 8 bytes.
#[must_use]
pub fn narrow_type(of: ColumnType) -> Option<DataType> {
    match data_type(of) {
        DataType::Decimal128(_, scale) => Some(DataType::Decimal64(NARROW_PRECISION, scale)),
        _ => None,
    }
}

/// Whether a chunk of a column may have that type.
#[must_use]
pub fn is_of(found: &DataType, of: ColumnType) -> bool {
    *found == data_type(of) || Some(found) == narrow_type(of).as_ref()
}

/// A number of a column's units that lies in 8 bytes, if it does.
pub(crate) fn narrow(units: i128) -> Option<i64> {
    const LIMIT: i64 = 10_i64.pow(NARROW_PRECISION as u32);
    i64::try_from(units).ok().filter(|units| -LIMIT < *units && *units < LIMIT)
}

/// One number of a chunk, in units of its column; of dates the days since 1970. None where there is none.
#[must_use]
pub fn units(values: &ArrayRef, row: usize) -> Option<i128> {
    use arrow::datatypes::{Date32Type, Decimal64Type, Decimal128Type, Int64Type};
    if row >= values.len() || values.is_null(row) {
        return None;
    }
    let integer = values.as_primitive_opt::<Int64Type>().map(|numbers| numbers.value(row).into());
    let narrow = || values.as_primitive_opt::<Decimal64Type>().map(|numbers| numbers.value(row).into());
    let decimal = || values.as_primitive_opt::<Decimal128Type>().map(|numbers| numbers.value(row));
    let day = || values.as_primitive_opt::<Date32Type>().map(|days| days.value(row).into());
    integer.or_else(narrow).or_else(decimal).or_else(day)
}

/// The bytes of one chunk: an Arrow IPC stream, uncompressed.
///
/// # Errors
/// More rows or bytes than a chunk may have; an array whose type no column has.
pub fn encode(values: &ArrayRef) -> Result<Vec<u8>, ChunkError> {
    if values.len() > CHUNK_ROWS {
        return Err(ChunkError::TooManyRows { rows: values.len() });
    }
    let (name, values) = packed::pack(values)?.unwrap_or_else(|| (FIELD.to_owned(), Arc::clone(values)));
    let schema = Arc::new(Schema::new(vec![Field::new(name, values.data_type().clone(), true)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![values])?;
    let mut writer = StreamWriter::try_new(Vec::with_capacity(1024), &schema)?;
    writer.write(&batch)?;
    let bytes = writer.into_inner()?;
    if bytes.len() > CHUNK_BYTES {
        return Err(ChunkError::TooLong { bytes: bytes.len() });
    }
    Ok(bytes)
}

/// The array in a chunk of a column of that type.
///
/// # Errors
/// Anything but what [`encode`] makes of such a column; never panics and never allocates more than a few chunks.
pub fn decode(bytes: &[u8], of: ColumnType) -> Result<ArrayRef, ChunkError> {
    if bytes.len() > CHUNK_BYTES {
        return Err(ChunkError::TooLong { bytes: bytes.len() });
    }
    Ok(decode_buffer(&Buffer::from(bytes), of)?.0) // a copy with Arrow's alignment
}

/// As [`decode`], and the memory of what was unpacked; of other arrays none, they lie in `bytes`. What does not lie as Arrow
/// wants it is copied by its reader.
fn decode_buffer(bytes: &Buffer, of: ColumnType) -> Result<packed::Unpacked, ChunkError> {
    if bytes.len() > CHUNK_BYTES {
        return Err(ChunkError::TooLong { bytes: bytes.len() });
    }
    let mut rest = bytes.clone();
    let (schema, _) = next_message(&mut rest)?;
    let found = check_schema(&schema, of)?;
    let (header, body) = next_message(&mut rest)?;
    if rest.as_slice() != [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] {
        return Err(ChunkError::Damaged("it does not end where it should"));
    }
    let values = batch(&header, &body, of, found)?;
    if let Some(numbers) = values.as_fixed_size_binary_opt() {
        return packed::unpack(numbers, of);
    }
    check_digits(&values)?;
    Ok((values, Vec::new()))
}

/// Splits the next message into its header and its body.
fn next_message(rest: &mut Buffer) -> Result<(Buffer, Buffer), ChunkError> {
    let cut = ChunkError::Damaged("it is cut short");
    let Some((&marker, after)) = rest.as_slice().split_first_chunk::<4>() else { return Err(cut) };
    let Some((&length, after)) = after.split_first_chunk::<4>() else { return Err(cut) };
    let length = u32::from_le_bytes(length) as usize;
    if marker != CONTINUATION || length == 0 {
        return Err(ChunkError::Damaged("a message does not begin where it should"));
    }
    let Some((header, after)) = after.split_at_checked(length) else { return Err(cut) };
    let message = root_as_message(header).map_err(|_| ChunkError::Damaged("a message's header is broken"))?;
    let body = usize::try_from(message.bodyLength()).ok().filter(|body| *body <= after.len()).ok_or(cut)?;
    let parts = (rest.slice_with_length(8, length), rest.slice_with_length(8 + length, body));
    rest.advance(8 + length + body);
    Ok(parts)
}

/// Compares the schema field by field: Arrow's own conversion panics on types it does not know. Which of the column's
/// types the chunk has.
fn check_schema(header: &Buffer, of: ColumnType) -> Result<DataType, ChunkError> {
    let broken = || ChunkError::Damaged("its schema is broken");
    let message = root_as_message(header).map_err(|_| broken())?;
    let schema = message.header_as_schema().ok_or_else(broken)?;
    let fields = schema.fields().ok_or_else(broken)?;
    if fields.len() != 1 || schema.endianness() != ipc::Endianness::Little {
        return Err(broken());
    }
    let field = fields.get(0);
    let decimal = |bits: i32, precision: u8, scale: u8| {
        field.type_as_decimal().is_some_and(|decimal| {
            decimal.bitWidth() == bits
                && decimal.precision() == i32::from(precision)
                && decimal.scale() == i32::from(scale)
                && scale <= CELL_SCALE
        })
    };
    let plain = field.dictionary().is_none();
    if let Some(numbers) = field.type_as_fixed_size_binary()
        && plain
        && field.name().is_some_and(|name| packed::is_name(name, of))
    {
        return packed::packed_type(numbers.byteWidth());
    }
    if let ColumnType::Decimal(scale) = of
        && plain
        && decimal(64, NARROW_PRECISION, scale)
    {
        return narrow_type(of).ok_or_else(broken);
    }
    let fits = plain
        && match of {
            ColumnType::Integer => field.type_as_int().is_some_and(|int| int.bitWidth() == 64 && int.is_signed()),
            ColumnType::Decimal(scale) => decimal(128, PRECISION, scale),
            ColumnType::Date => field.type_as_date().is_some_and(|date| date.unit() == ipc::DateUnit::DAY),
            ColumnType::Text => field.type_type() == ipc::Type::Utf8,
            ColumnType::Boolean => field.type_type() == ipc::Type::Bool,
        };
    if fits { Ok(data_type(of)) } else { Err(ChunkError::OtherType { expected: of }) }
}

/// Reads the record batch after checking all that Arrow's reader would panic on.
fn batch(header: &Buffer, body: &Buffer, of: ColumnType, found: DataType) -> Result<ArrayRef, ChunkError> {
    let broken = || ChunkError::Damaged("its rows are broken");
    let message = root_as_message(header).map_err(|_| broken())?;
    let batch = message.header_as_record_batch().ok_or_else(broken)?;
    let rows = usize::try_from(batch.length()).map_err(|_| broken())?;
    if rows > CHUNK_ROWS {
        return Err(ChunkError::TooManyRows { rows });
    }
    let nodes = batch.nodes().ok_or_else(broken)?;
    let buffers = batch.buffers().ok_or_else(broken)?;
    let expected = if of == ColumnType::Text { 3 } else { 2 };
    let version = message.version();
    if nodes.len() != 1 || buffers.len() != expected || batch.compression().is_some() || version != MetadataVersion::V5
    {
        return Err(broken());
    }
    let node = nodes.get(0);
    if node.length() != batch.length() || !(0..=node.length()).contains(&node.null_count()) {
        return Err(broken());
    }
    for buffer in buffers {
        let (start, length) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length()));
        let end = start.ok().zip(length.ok()).and_then(|(start, length)| start.checked_add(length));
        if end.is_none_or(|end| end > body.len()) {
            return Err(broken());
        }
    }
    let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new(FIELD, found, true)]));
    let read = read_record_batch(body, batch, schema, &HashMap::new(), None, &version)?;
    read.columns().first().cloned().ok_or_else(broken)
}

/// Sums rely on every decimal having at most 28 digits.
fn check_digits(values: &ArrayRef) -> Result<(), ChunkError> {
    let limit = 10_i128.pow(CELL_DIGITS);
    let too_wide = |values: &Decimal128Array| values.iter().flatten().any(|value| value <= -limit || value >= limit);
    if values.as_primitive_opt().is_some_and(too_wide) {
        return Err(ChunkError::Damaged("a decimal has too many digits"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
