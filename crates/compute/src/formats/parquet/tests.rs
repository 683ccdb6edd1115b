//! The samples are made up, and written by the crate that reads them: what is tested is what becomes of them here.

use crate::formats::{
    Format, Options, read, read_into,
    testing::{notes, options, read_as_node, refusal, rows, skipped, skipping},
};
use crate::table::{Chunk, Sink, SinkError};
use parquet::{
    basic::{Compression, ZstdLevel},
    data_type::{
        BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType, FloatType,
        Int32Type, Int64Type,
    },
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use protocol::ColumnType;
use std::sync::Arc;

/// The values of one optional column; `None` is absent.
enum Values {
    Bool(Vec<Option<bool>>),
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Float(Vec<Option<f32>>),
    Double(Vec<Option<f64>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Fixed(Vec<Option<Vec<u8>>>),
}

fn written(schema: &str, columns: Vec<Values>, packing: Compression) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_compression(packing).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for values in columns {
        let mut column = group.next_column().unwrap().unwrap();
        let to = &mut column;
        match values {
            Values::Bool(values) => write::<BoolType>(to, values),
            Values::Int32(values) => write::<Int32Type>(to, values),
            Values::Int64(values) => write::<Int64Type>(to, values),
            Values::Float(values) => write::<FloatType>(to, values),
            Values::Double(values) => write::<DoubleType>(to, values),
            Values::Bytes(values) => {
                write::<ByteArrayType>(to, values.into_iter().map(|value| value.map(ByteArray::from)).collect());
            }
            Values::Fixed(values) => {
                let fixed = |value: Vec<u8>| FixedLenByteArray::from(ByteArray::from(value));
                write::<FixedLenByteArrayType>(to, values.into_iter().map(|value| value.map(fixed)).collect());
            }
        }
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}

fn write<T: DataType>(to: &mut parquet::file::writer::SerializedColumnWriter<'_>, values: Vec<Option<T::T>>) {
    let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
    let present: Vec<T::T> = values.into_iter().flatten().collect();
    to.typed::<T>().write_batch(&present, Some(&levels), None).unwrap();
}

fn text(words: &[&str]) -> Values {
    Values::Bytes(words.iter().map(|word| Some(word.as_bytes().to_vec())).collect())
}

const BILLS: &str = "message bills { optional int32 day (DATE); optional double amount; optional binary what (UTF8); \
    optional boolean paid; optional int64 units; optional int32 cents (DECIMAL(9, 2)); \
    optional fixed_len_byte_array(5) large (DECIMAL(10, 3)); optional int64 seen (TIMESTAMP(MILLIS, true)); optional float small; }";

fn bills(packing: Compression) -> Vec<u8> {
    let columns = vec![
        Values::Int32(vec![Some(20_119), None]),
        Values::Double(vec![Some(0.1), Some(-61.4)]),
        text(&["power", "Grüße"]),
        Values::Bool(vec![Some(true), Some(false)]),
        Values::Int64(vec![Some(i64::MAX), Some(-1)]),
        Values::Int32(vec![Some(6140), Some(-5)]),
        Values::Fixed(vec![Some(vec![0xFF, 0xFF, 0xFF, 0xFF, 0xFE]), Some(vec![0, 0, 0, 0x04, 0xD2])]),
        Values::Int64(vec![Some(1_738_364_400_000), Some(-1)]),
        Values::Float(vec![Some(0.1), Some(16_777_216.0)]),
    ];
    written(BILLS, columns, packing)
}

#[test]
fn flat_columns_of_every_kind_become_columns_here() {
    let packings = [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::ZSTD(ZstdLevel::default())];
    for packing in packings {
        let reading = read_as_node(&bills(packing)).unwrap();
        let types: Vec<_> = reading.table.columns().iter().map(|column| column.of).collect();
        let expected = [
            ColumnType::Date,
            ColumnType::Decimal(1),
            ColumnType::Text,
            ColumnType::Boolean,
            ColumnType::Integer,
            ColumnType::Decimal(2),
            ColumnType::Decimal(3),
            ColumnType::Date,
            ColumnType::Decimal(1),
        ];
        assert_eq!(types, expected);
        let told: Vec<String> = rows(&reading).iter().map(|row| row.join("|")).collect();
        assert_eq!(
            told,
            [
                "2025-01-31|0.1|power|true|9223372036854775807|61.40|-0.002|2025-01-31|0.1",
                "|-61.4|Grüße|false|-1|-0.05|1.234|1969-12-31|16777216.0",
            ]
        );
        assert_eq!(reading.format, Format::Parquet);
        assert_eq!(notes(&reading), ["column “seen”: of each moment only the day is kept (UTC)"]);
    }
}

#[test]
fn doubles_with_more_digits_than_a_dataset_keeps_are_faulty_rows() {
    let doubles = vec![
        Some(1.5),
        Some(1e-13),
        Some(f64::NAN),
        Some(f64::INFINITY),
        Some(1e300),
        None,
        Some(1.0 / 3.0),
        Some(2.25),
    ];
    let bytes = written("message m { optional double a; }", vec![Values::Double(doubles)], Compression::SNAPPY);
    assert!(refusal(&bytes).starts_with("row 2: "));
    let reading = read(&bytes, &skipping()).unwrap();
    assert_eq!(rows(&reading).concat(), ["1.50", "", "2.25"]);
    let left_out = skipped(&reading);
    assert_eq!(left_out.len(), 5);
    assert!(left_out[1].starts_with("row 3: NaN is not a number"), "{left_out:?}");
    assert!(
        left_out[3].contains("has more than 28 digits")
            && left_out[4].contains("has more than 12 digits after the point")
    );
}

#[test]
fn columns_no_dataset_has_are_refused_by_name() {
    let nested = "message m { required group inner { optional int32 a; } }";
    let bytes = written(nested, vec![Values::Int32(vec![Some(1)])], Compression::UNCOMPRESSED);
    assert_eq!(
        refusal(&bytes),
        "column “inner” holds lists or columns within it; leave it out when you write the file"
    );
    for (schema, values, what) in [
        ("message m { optional binary a; }", Values::Bytes(vec![Some(vec![0xFF])]), "bytes of an unknown kind"),
        ("message m { optional int32 a (TIME_MILLIS); }", Values::Int32(vec![Some(1)]), "times of day"),
        ("message m { optional int64 a (TIME(NANOS, true)); }", Values::Int64(vec![Some(1)]), "times of day"),
        (
            "message m { optional fixed_len_byte_array(16) a (UUID); }",
            Values::Fixed(vec![Some(vec![0; 16])]),
            "bytes of an unknown kind",
        ),
    ] {
        let bytes = written(schema, vec![values], Compression::UNCOMPRESSED);
        assert_eq!(refusal(&bytes), format!("column “a” holds {what}; leave it out when you write the file"));
    }
    let wrong = written(
        "message m { optional binary a (UTF8); }",
        vec![Values::Bytes(vec![Some(vec![0xFF])])],
        Compression::UNCOMPRESSED,
    );
    assert!(refusal(&wrong).starts_with("it is damaged or cut off ("));
    let empty = written("message m { optional int32 a; }", vec![Values::Int32(vec![])], Compression::UNCOMPRESSED);
    assert_eq!(refusal(&empty), "there are no rows");
}

#[test]
fn a_decimal_keeps_its_digits_or_is_a_faulty_row() {
    let of = |digits: [u8; 17]| Values::Fixed(vec![Some(digits.to_vec())]);
    let read = |digits: [u8; 17], scale: u8| {
        let schema = format!("message m {{ optional fixed_len_byte_array(17) a (DECIMAL(38, {scale})); }}");
        let reading = read_as_node(&written(&schema, vec![of(digits)], Compression::UNCOMPRESSED));
        reading.map(|reading| rows(&reading).concat()).map_err(|error| error.to_string())
    };
    let mut thousand = [0; 17];
    thousand[15..].copy_from_slice(&1000_u16.to_be_bytes());
    assert_eq!(read(thousand, 2).unwrap(), ["10.00"]);
    assert_eq!(read(thousand, 15).unwrap(), ["0.000000000001"]);
    assert!(read(thousand, 16).unwrap_err().contains("has more than 12 digits after the point"));
    assert_eq!(read([0xFF; 17], 0).unwrap(), ["-1"]);
    assert!(read([0x7F; 17], 0).unwrap_err().contains("has more than 28 digits"));
    let mut beyond = [0; 17];
    beyond[1] = 0x80;
    assert!(read(beyond, 0).unwrap_err().contains("has more than 28 digits"));
}

#[test]
fn a_file_that_breaks_off_or_has_a_wrong_byte_never_brings_down_its_reader() {
    let bytes = bills(Compression::SNAPPY);
    for end in (4..bytes.len()).step_by(11) {
        assert!(refusal(&bytes[..end]).starts_with("it is damaged or cut off ("), "{end}");
    }
    for at in (4..bytes.len()).step_by(3) {
        for flip in [0x01, 0x80, 0xFF] {
            let mut wrong = bytes.clone();
            wrong[at] ^= flip;
            let _ = read(&wrong, &skipping());
        }
    }
}

#[test]
fn sizes_that_a_file_only_claims_are_not_believed() {
    // a footer with a list of 2^31 - 1 row groups, and no more
    let footer = [0x15, 2, 0x19, 0x0C, 0x16, 0, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    let claims = [&b"PAR1"[..], &footer, &length, b"PAR1"].concat();
    assert_eq!(refusal(&claims), "it is damaged or cut off (its footer cannot be read); write it again");
    let long = [&b"PAR1"[..], &[0; 64], &u32::MAX.to_le_bytes(), b"PAR1"].concat();
    assert_eq!(refusal(&long), "its footer is larger than is read here; split the file");
    // a page of zeros is small when it is packed
    let zeros = Values::Bytes(vec![Some(vec![b'0'; 70 << 20])]);
    let bomb = written("message m { optional binary a (UTF8); }", vec![zeros], Compression::ZSTD(ZstdLevel::default()));
    assert!(bomb.len() < 1 << 20);
    assert_eq!(refusal(&bomb), "a page of it is larger than is read here; split the file");
    let named = Options { format: Some(Format::Parquet), ..options() };
    assert!(read(b"a,b\n1,2\n", &named).unwrap_err().to_string().starts_with("this is not Parquet"));
}

/// Takes chunks as a store would: in order, column by column.
#[derive(Default)]
struct Taken(Vec<Vec<Chunk>>, usize);

impl Sink for Taken {
    fn put(&mut self, column: usize, chunk: Chunk) -> Result<(), SinkError> {
        self.1 += 1;
        if self.0.len() <= column {
            self.0.resize_with(column + 1, Vec::new);
        }
        self.0[column].push(chunk);
        Ok(())
    }
}

/// Doubles with a few digits, more than several chunks of them, one of them absent.
fn many_doubles(last: f64) -> Vec<u8> {
    let mut values: Vec<Option<f64>> = (0..50_000).map(|n| Some(f64::from(n) / 8.0)).collect();
    values[17] = None;
    values.push(Some(last));
    written("message m { optional double v; }", vec![Values::Double(values)], Compression::SNAPPY)
}

#[test]
fn chunks_that_are_handed_over_while_a_file_is_read_are_those_of_the_whole_table() {
    let file = many_doubles(-0.5);
    let whole = read(&file, &Options::default()).unwrap().table;
    let mut taken = Taken::default();
    let reading = read_into(file, &Options::default(), &mut taken).unwrap();
    assert_eq!((reading.table.columns(), reading.table.rows()), (whole.columns(), whole.rows()));
    assert!(reading.table.chunks().all(|(_, chunks)| chunks.is_empty()));
    assert!(taken.1 > 3, "several chunks");
    assert_eq!(taken.0, whole.into_parts().1);
}

#[test]
fn a_file_that_is_refused_at_its_last_row_hands_over_no_whole_table() {
    let mut taken = Taken::default();
    let refused = read_into(many_doubles(f64::NAN), &Options::default(), &mut taken).unwrap_err();
    assert!(refused.to_string().starts_with("row 50001"), "{refused}");
    let rows: u32 = taken.0.iter().flatten().map(|chunk| chunk.rows).sum();
    assert!(rows < 50_000, "{rows}");
}

#[test]
fn what_a_sink_refuses_ends_the_reading() {
    struct Full;
    impl Sink for Full {
        fn put(&mut self, _: usize, _: Chunk) -> Result<(), SinkError> {
            Err("the disk is full".into())
        }
    }
    let refused = read_into(many_doubles(1.0), &Options::default(), &mut Full).unwrap_err();
    let cause = std::error::Error::source(&refused).map(ToString::to_string);
    assert!(format!("{refused} {cause:?}").contains("stored"), "{refused} {cause:?}");
}
