mod packed;

use super::*;
use arrow::array::{BooleanArray, Date32Array, Decimal64Array, Int64Array, StringArray};
use proptest::prelude::*;

/// Decimals that need all of their 8 bytes.
fn whole_decimals() -> Decimal64Array {
    Decimal64Array::from(vec![Some(10_i64.pow(18) - 1), None]).with_data_type(DataType::Decimal64(18, 4))
}

fn samples() -> Vec<(ColumnType, ArrayRef)> {
    let decimals = Decimal128Array::from(vec![Some(6825), None, Some(-1)]).with_data_type(DataType::Decimal128(38, 2));
    let narrow = Decimal64Array::from(vec![Some(6825), None, Some(-1)]).with_data_type(DataType::Decimal64(18, 3));
    vec![
        (ColumnType::Integer, Arc::new(Int64Array::from(vec![Some(i64::MIN), None, Some(7)])) as ArrayRef),
        (ColumnType::Decimal(2), Arc::new(decimals)),
        (ColumnType::Decimal(3), Arc::new(narrow)),
        (ColumnType::Decimal(4), Arc::new(whole_decimals())),
        (ColumnType::Date, Arc::new(Date32Array::from(vec![Some(0), None]))),
        (ColumnType::Text, Arc::new(StringArray::from(vec![Some("Grüße"), None, Some("")]))),
        (ColumnType::Boolean, Arc::new(BooleanArray::from(vec![Some(true), None, Some(false)]))),
    ]
}

#[test]
fn a_chunk_reads_back_as_it_was_written() {
    for (of, array) in samples() {
        assert_eq!(&decode(&encode(&array).unwrap(), of).unwrap(), &array);
    }
}

#[test]
fn a_chunk_of_another_type_is_refused() {
    for (of, array) in samples() {
        let bytes = encode(&array).unwrap();
        for (other, _) in samples() {
            assert_eq!(decode(&bytes, other).is_ok(), other == of, "{of:?} read as {other:?}");
        }
    }
    let bytes = encode(&samples()[1].1).unwrap();
    assert!(matches!(decode(&bytes, ColumnType::Decimal(5)), Err(ChunkError::OtherType { .. })));
}

#[test]
fn every_shortened_and_every_lengthened_chunk_is_refused() {
    for (of, array) in samples() {
        let mut bytes = encode(&array).unwrap();
        for length in 0..bytes.len() {
            assert!(decode(&bytes[..length], of).is_err(), "{of:?} cut to {length}");
        }
        bytes.push(0);
        assert!(decode(&bytes, of).is_err());
    }
}

#[test]
fn a_decimal_of_29_digits_is_refused() {
    let array = Decimal128Array::from(vec![10_i128.pow(28)]).with_data_type(DataType::Decimal128(38, 2));
    let bytes = encode(&(Arc::new(array) as ArrayRef)).unwrap();
    assert!(matches!(decode(&bytes, ColumnType::Decimal(2)), Err(ChunkError::Damaged(_))));
}

#[test]
fn an_array_longer_than_a_chunk_is_not_encoded() {
    let long: ArrayRef = Arc::new(BooleanArray::from(vec![true; CHUNK_ROWS + 1]));
    assert!(matches!(encode(&long), Err(ChunkError::TooManyRows { .. })));
    let wide: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(CHUNK_BYTES)]));
    assert!(matches!(encode(&wide), Err(ChunkError::TooLong { .. })));
    assert!(matches!(decode(&vec![0; CHUNK_BYTES + 1], ColumnType::Text), Err(ChunkError::TooLong { .. })));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for (of, _) in samples() {
            prop_assert!(decode(&bytes, of).is_err());
        }
    }

    #[test]
    fn damaged_chunks_never_panic(
        which in 0_usize..samples().len(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let (of, array) = samples().swap_remove(which);
        let mut bytes = encode(&array).unwrap();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(values) = decode(&bytes, of) {
            prop_assert_eq!(values.data_type(), array.data_type());
            prop_assert!(values.len() <= CHUNK_ROWS);
            let _ = format!("{values:?}"); // touches every value
        }
    }
}

#[test]
fn a_chunk_decoded_in_place_is_the_same_array() {
    for (of, array) in samples() {
        let bytes = encode(&array).unwrap();
        let decoded = Decoded::new(bytes, of).unwrap();
        assert_eq!(decoded.values(), Some(&array));
        assert!(decoded.bytes() >= array.to_data().get_slice_memory_size().unwrap(), "{of:?}");
        let kept = decoded.values().cloned().unwrap();
        drop(decoded);
        assert_eq!(&kept, &array, "whoever still holds the array can read it");
    }
}
