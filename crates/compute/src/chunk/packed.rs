//! Whole numbers and decimals in as few bytes each as the longest of their chunk takes: what is half as long is read and
//! opened twice as fast.
//!
//! Of a 64-bit number the lowest bytes are kept (1 to 7 of them, little-endian, two's complement), as Arrow's
//! `FixedSizeBinary`. The chunk's field is called what they are: `int64`, or `decimal64(18, 2)` of cents.

use super::{ChunkError, NARROW_PRECISION, data_type, narrow_type};
use arrow::{
    array::{Array, ArrayRef, AsArray as _, FixedSizeBinaryArray, PrimitiveArray},
    buffer::{BooleanBuffer, Buffer, NullBuffer},
    datatypes::{ArrowPrimitiveType, DataType, Decimal64Type, Int64Type},
    error::ArrowError,
};
use protocol::ColumnType;
use std::sync::Arc;

/// Bytes of a number that is not packed.
const WHOLE: usize = size_of::<i64>();

/// What the field of packed numbers of that type is called; None for types that are not packed.
pub(super) fn name(of: &DataType) -> Option<String> {
    match of {
        DataType::Int64 => Some("int64".to_owned()),
        DataType::Decimal64(NARROW_PRECISION, scale) => Some(format!("decimal64({NARROW_PRECISION}, {scale})")),
        _ => None,
    }
}

/// Whether a field of that name holds packed numbers of such a column.
pub(super) fn is_name(found: &str, of: ColumnType) -> bool {
    unpacked_type(of).and_then(|unpacked| name(&unpacked)).as_deref() == Some(found)
}

/// The type of numbers in so many bytes each.
///
/// # Errors
/// A number of bytes that [`pack`] never takes.
pub(super) fn packed_type(width: i32) -> Result<DataType, ChunkError> {
    match usize::try_from(width) {
        Ok(1..WHOLE) => Ok(DataType::FixedSizeBinary(width)),
        _ => Err(ChunkError::Damaged("its numbers have a length that is not packed")),
    }
}

/// The type of a column's packed numbers once they are unpacked.
fn unpacked_type(of: ColumnType) -> Option<DataType> {
    let unpacked = narrow_type(of).unwrap_or_else(|| data_type(of));
    name(&unpacked).map(|_| unpacked)
}

/// The same numbers in fewer bytes, and what their field is called; None where that is not possible.
pub(super) fn pack(values: &ArrayRef) -> Result<Option<(String, ArrayRef)>, ArrowError> {
    let Some(name) = name(values.data_type()) else { return Ok(None) };
    let (numbers, nulls) = if let Some(integers) = values.as_primitive_opt::<Int64Type>() {
        (integers.values(), integers.nulls())
    } else if let Some(decimals) = values.as_primitive_opt::<Decimal64Type>() {
        (decimals.values(), decimals.nulls())
    } else {
        return Ok(None);
    };
    let width = width(numbers);
    if width == WHOLE {
        return Ok(None);
    }
    let kept = numbers.iter().flat_map(|number| number.to_le_bytes().into_iter().take(width)).collect::<Vec<u8>>();
    let packed = FixedSizeBinaryArray::try_new(width as i32, Buffer::from_vec(kept), nulls.cloned())?;
    Ok(Some((name, Arc::new(packed))))
}

/// Bytes that each of these numbers fits in, its sign with it: 1 to 8.
fn width(numbers: &[i64]) -> usize {
    // a negative number needs as many bits as its complement
    let used = numbers.iter().fold(0, |used, number| used | (number ^ (number >> (i64::BITS - 1))));
    let with_sign = i64::BITS - used.leading_zeros() + 1;
    with_sign.div_ceil(u8::BITS) as usize
}

/// Numbers in memory of their own, and that memory: they share nothing with what they were unpacked from.
pub(super) type Unpacked = (ArrayRef, Vec<Buffer>);

/// The packed numbers of a column as the 64-bit numbers that they were.
pub(super) fn unpack(packed: &FixedSizeBinaryArray, of: ColumnType) -> Result<Unpacked, ChunkError> {
    let bytes = packed.value_data();
    let numbers = match packed.value_length() {
        1 => widen::<1>(bytes),
        2 => widen::<2>(bytes),
        3 => widen::<3>(bytes),
        4 => widen::<4>(bytes),
        5 => widen::<5>(bytes),
        6 => widen::<6>(bytes),
        7 => widen::<7>(bytes),
        _ => return Err(ChunkError::Damaged("its numbers have a length that is not packed")),
    };
    let mut memory = vec![Buffer::from_vec(numbers)];
    let nulls = packed.nulls().map(|nulls| {
        let bits = Buffer::from_iter(nulls.iter());
        memory.push(bits.clone());
        NullBuffer::new(BooleanBuffer::new(bits, 0, nulls.len()))
    });
    let values = match unpacked_type(of) {
        Some(DataType::Int64) => array::<Int64Type>(&memory, nulls, DataType::Int64)?,
        Some(decimal @ DataType::Decimal64(..)) => array::<Decimal64Type>(&memory, nulls, decimal)?,
        _ => return Err(ChunkError::OtherType { expected: of }),
    };
    Ok((values, memory))
}

fn widen<const WIDTH: usize>(bytes: &[u8]) -> Vec<i64> {
    let (numbers, _) = bytes.as_chunks::<WIDTH>();
    let whole = numbers.iter().map(|kept| {
        let mut high = [0; WHOLE];
        high[WHOLE - WIDTH..].copy_from_slice(kept);
        // down again with its sign
        i64::from_le_bytes(high) >> (8 * (WHOLE - WIDTH))
    });
    whole.collect()
}

fn array<T: ArrowPrimitiveType<Native = i64>>(
    memory: &[Buffer],
    nulls: Option<NullBuffer>,
    of: DataType,
) -> Result<ArrayRef, ArrowError> {
    let numbers = memory.first().cloned().unwrap_or_default();
    Ok(Arc::new(PrimitiveArray::<T>::try_new(numbers.into(), nulls)?.with_data_type(of)))
}
