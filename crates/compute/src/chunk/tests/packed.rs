use super::*;
use arrow::array::FixedSizeBinaryArray;

/// Bytes that each of these numbers adds to a chunk.
fn bytes_each(numbers: &[i64]) -> usize {
    let chunk = |numbers: &[i64]| encode(&(Arc::new(Int64Array::from(numbers.to_vec())) as ArrayRef)).unwrap().len();
    // rounded: parts of a chunk are padded
    (chunk(numbers) - chunk(&[]) + numbers.len() / 2) / numbers.len()
}

#[test]
fn numbers_take_as_few_bytes_as_the_longest_of_their_chunk() {
    for (longest, expected) in [
        (0, 1),
        (127, 1),
        (-128, 1),
        (128, 2),
        (-129, 2),
        (1 << 23, 4),
        ((1 << 39) - 1, 5),
        (-(1 << 55), 7),
        (1 << 55, 8),
        (i64::MAX, 8),
        (i64::MIN, 8),
    ] {
        let mut numbers = vec![0; 8_000];
        numbers[4_000] = longest;
        assert_eq!(bytes_each(&numbers), expected, "{longest}");
    }
}

#[test]
fn unpacked_numbers_lie_in_memory_of_their_own_and_their_nulls_too() {
    let array: ArrayRef = Arc::new(Int64Array::from(vec![Some(-5), None, Some(1_000_000)]));
    let decoded = Decoded::new(encode(&array).unwrap(), ColumnType::Integer).unwrap();
    // three numbers of eight bytes, one byte of bits
    assert_eq!(decoded.bytes(), 25);
    assert_eq!(decoded.values(), Some(&array));
}

#[test]
fn packed_numbers_whose_length_is_none_are_refused() {
    for width in [0, 8, 9, 1_000] {
        let bytes = vec![0_u8; 2 * width as usize];
        let values = FixedSizeBinaryArray::try_new(width, bytes.into(), None);
        let Ok(values) = values else { continue };
        let bytes = stream("int64", Arc::new(values));
        assert!(matches!(decode(&bytes, ColumnType::Integer), Err(ChunkError::Damaged(_))), "{width}");
    }
}

#[test]
fn bytes_under_another_name_are_no_numbers() {
    let packed = || Arc::new(FixedSizeBinaryArray::try_new(2, vec![1_u8, 2, 3, 255].into(), None).unwrap()) as ArrayRef;
    let read = |name: &str, of: ColumnType| decode(&stream(name, packed()), of);
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![513, -253]));
    assert_eq!(&read("int64", ColumnType::Integer).unwrap(), &numbers);
    assert_eq!(read("decimal64(18, 2)", ColumnType::Decimal(2)).unwrap().data_type(), &DataType::Decimal64(18, 2));
    for (name, of) in [
        ("value", ColumnType::Integer),
        ("", ColumnType::Integer),
        ("decimal64(18, 2)", ColumnType::Integer),
        ("decimal64(18, 2)", ColumnType::Decimal(3)),
        ("int64", ColumnType::Decimal(0)),
        ("int64", ColumnType::Date),
        ("int64", ColumnType::Text),
        ("int64", ColumnType::Boolean),
    ] {
        assert!(matches!(read(name, of), Err(ChunkError::OtherType { .. })), "{name} as {of:?}");
    }
}

/// A chunk as somebody else might write it.
fn stream(name: &str, values: ArrayRef) -> Vec<u8> {
    let schema = Arc::new(Schema::new(vec![Field::new(name, values.data_type().clone(), true)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![values]).unwrap();
    let mut writer = StreamWriter::try_new(Vec::new(), &schema).unwrap();
    writer.write(&batch).unwrap();
    writer.into_inner().unwrap()
}

proptest! {
    #[test]
    fn any_numbers_come_back_as_they_were(
        shift in 0_u32..64,
        numbers in proptest::collection::vec(proptest::option::weighted(0.9, any::<i64>()), 0..300),
    ) {
        let numbers: Vec<_> = numbers.into_iter().map(|number| number.map(|number| number >> shift)).collect();
        let integers: ArrayRef = Arc::new(Int64Array::from(numbers.clone()));
        prop_assert_eq!(&decode(&encode(&integers).unwrap(), ColumnType::Integer).unwrap(), &integers);
        let fitting = numbers.into_iter().map(|number| number.filter(|number| narrow((*number).into()).is_some()));
        let decimals = Decimal64Array::from_iter(fitting).with_data_type(DataType::Decimal64(18, 2));
        let decimals: ArrayRef = Arc::new(decimals);
        prop_assert_eq!(&decode(&encode(&decimals).unwrap(), ColumnType::Decimal(2)).unwrap(), &decimals);
    }
}
