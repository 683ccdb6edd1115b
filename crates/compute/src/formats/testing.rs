//! What the tests of several formats need: a table read back as text.

use super::{AccountKey, Options, ReadError, Reading, read};
use crate::View;
use arrow::{
    array::AsArray as _,
    datatypes::{DataType, Date32Type, Decimal64Type, Decimal128Type, Int64Type},
};

/// As a node reads: with a key for account numbers.
pub(super) fn options() -> Options {
    Options { account_key: Some(AccountKey::new([7; 32])), ..Options::default() }
}

pub(super) fn skipping() -> Options {
    Options { skip_bad_rows: true, ..options() }
}

pub(super) fn read_as_node(bytes: &[u8]) -> Result<Reading, ReadError> {
    read(bytes, &options())
}

pub(super) fn refusal(bytes: &[u8]) -> String {
    // a table that was not expected would fill the screen
    read_as_node(bytes).map(|reading| reading.table.rows()).unwrap_err().to_string()
}

/// Every row as text; what is absent is empty.
pub(super) fn rows(reading: &Reading) -> Vec<Vec<String>> {
    let table = &reading.table;
    let columns: Vec<Vec<String>> = table
        .columns()
        .iter()
        .map(|column| {
            let chunks = View::chunks(table, &column.name).unwrap();
            chunks.flat_map(|chunk| cells(&chunk.unwrap())).collect()
        })
        .collect();
    (0..usize::try_from(table.rows()).unwrap())
        .map(|row| columns.iter().map(|column| column[row].clone()).collect())
        .collect()
}

/// The column `amount` as text.
pub(super) fn amounts(reading: &Reading) -> Vec<String> {
    let at = reading.table.columns().iter().position(|column| column.name.as_str() == "amount").unwrap();
    rows(reading).into_iter().map(|row| row[at].clone()).collect()
}

pub(super) fn notes(reading: &Reading) -> Vec<String> {
    reading.notes.iter().map(ToString::to_string).collect()
}

pub(super) fn skipped(reading: &Reading) -> Vec<String> {
    reading.skipped.iter().map(ToString::to_string).collect()
}

fn cells(array: &dyn arrow::array::Array) -> Vec<String> {
    let cell = |row: usize| match array.data_type() {
        _ if array.is_null(row) => String::new(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        DataType::Decimal64(..) => array.as_primitive::<Decimal64Type>().value_as_string(row),
        DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Date32 => array.as_primitive::<Date32Type>().value_as_date(row).unwrap().to_string(),
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        other => panic!("no column is {other}"),
    };
    (0..array.len()).map(cell).collect()
}
