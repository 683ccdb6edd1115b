use crate::{
    Table, View,
    formats::{ColumnProblem, DayMonth, DecimalMark, Options, ReadError, Reading, read},
};
use arrow::{
    array::{ArrayRef, AsArray as _},
    datatypes::{Date32Type, Decimal64Type},
};
use proptest::prelude::*;
use protocol::ColumnType;

fn read_csv(text: &str) -> Result<Reading, ReadError> {
    read(text.as_bytes(), &Options::default())
}

fn table(text: &str) -> Table {
    read_csv(text).unwrap().table
}

fn types(table: &Table) -> Vec<(&str, ColumnType)> {
    table.columns().iter().map(|column| (column.name.as_str(), column.of)).collect()
}

fn refusal(text: &str) -> String {
    read_csv(text).unwrap_err().to_string()
}

/// The unscaled values of a decimal column.
fn mantissas(table: &Table, column: &str) -> Vec<Option<i128>> {
    let chunks = View::chunks(table, &column.parse().unwrap()).unwrap();
    let units = |chunk: ArrayRef| -> Vec<Option<i128>> {
        chunk.as_primitive::<Decimal64Type>().iter().map(|unit| unit.map(i128::from)).collect()
    };
    chunks.flat_map(|chunk| units(chunk.unwrap())).collect()
}

fn dates(table: &Table, column: &str) -> Vec<Option<i32>> {
    let chunks = View::chunks(table, &column.parse().unwrap()).unwrap();
    chunks.flat_map(|chunk| chunk.unwrap().as_primitive::<Date32Type>().iter().collect::<Vec<_>>()).collect()
}

fn texts(table: &Table, column: &str) -> Vec<Option<String>> {
    let chunks = View::chunks(table, &column.parse().unwrap()).unwrap();
    let owned = |text: Option<&str>| text.map(str::to_owned);
    chunks.flat_map(|chunk| chunk.unwrap().as_string::<i32>().iter().map(owned).collect::<Vec<_>>()).collect()
}

const BILLS: &[u8] = include_bytes!("../../../../../tests/data/bills/household-utilities.csv");
const RAW_BILLS: &[u8] = include_bytes!("../../../../../tests/data/bills/household-utilities-raw.csv");

#[test]
fn real_bills_become_eight_typed_columns() {
    let table = read(BILLS, &Options::default()).unwrap().table;
    let expected = [
        ("date", ColumnType::Date),
        ("billing_days", ColumnType::Integer),
        ("temp", ColumnType::Integer),
        ("kwh", ColumnType::Integer),
        ("ccf", ColumnType::Integer),
        ("electricity", ColumnType::Decimal(2)),
        ("gas", ColumnType::Decimal(2)),
        ("total", ColumnType::Decimal(2)),
    ];
    assert_eq!(types(&table), expected);
    assert_eq!(table.rows(), 116);
}

#[test]
fn a_real_bad_date_refuses_the_file_with_its_line() {
    let refused = read(RAW_BILLS, &Options::default()).unwrap_err();
    assert_eq!(refused.to_string(), "line 118: 2010-05-36 is not a date (column “date”); correct it, or skip bad rows");
}

#[test]
fn a_real_bad_date_is_skipped_on_request_and_reported() {
    let skipping = Options { skip_bad_rows: true, ..Options::default() };
    let reading = read(RAW_BILLS, &skipping).unwrap();
    assert_eq!((reading.table.rows(), reading.skipped_rows), (116, 1));
    assert_eq!(reading.skipped[0].to_string(), "line 118: 2010-05-36 is not a date (column “date”)");
    let clean = read(BILLS, &Options::default()).unwrap().table;
    assert_eq!(reading.table.into_parts(), clean.into_parts());
}

#[test]
fn every_delimiter_is_detected() {
    for delimiter in [",", ";", "\t", "|"] {
        let text =
            ["when,what,how much", "2021-01-31,rent,500", "2021-02-28,rent,510"].join("\n").replace(',', delimiter);
        let expected = [("when", ColumnType::Date), ("what", ColumnType::Text), ("how much", ColumnType::Integer)];
        assert_eq!(types(&table(&text)), expected, "{delimiter:?}");
    }
}

#[test]
fn a_byte_order_mark_and_crlf_are_not_part_of_the_names() {
    let text = "\u{FEFF}a,b\r\n1,2\r\n3,4\r\n";
    assert_eq!(types(&table(text)), [("a", ColumnType::Integer), ("b", ColumnType::Integer)]);
}

#[test]
fn a_file_without_header_gets_made_up_names() {
    let text = "2021-01-31,rent,500\n2021-02-28,rent,510\n";
    let expected = [("column_1", ColumnType::Date), ("column_2", ColumnType::Text), ("column_3", ColumnType::Integer)];
    assert_eq!(types(&table(text)), expected);
    assert_eq!(table(text).rows(), 2);
    let told = Options { header: Some(true), ..Options::default() };
    assert_eq!(types(&read(b"2019,2020\n1,2\n", &told).unwrap().table)[0].0, "2019");
}

#[test]
fn decimal_commas_and_points_are_detected_per_column() {
    let text = "plain;grouped;european\n1.5;1,234.50;1.234,50\n-2.25;12.00;0,5\n";
    let table = table(text);
    assert_eq!(mantissas(&table, "plain"), [Some(150), Some(-225)]);
    assert_eq!(mantissas(&table, "grouped"), [Some(123_450), Some(1200)]);
    assert_eq!(mantissas(&table, "european"), [Some(123_450), Some(50)]);
}

#[test]
fn numbers_that_can_be_read_in_two_ways_are_refused_unless_told() {
    let text = "what;amount\na;1.234\nb;5.678\n";
    let Err(ReadError::Column { problem, .. }) = read_csv(text) else { panic!("not refused") };
    assert!(matches!(problem, ColumnProblem::AmbiguousNumbers { .. }));
    let comma = Options { decimal_mark: Some(DecimalMark::Comma), ..Options::default() };
    assert_eq!(types(&read(text.as_bytes(), &comma).unwrap().table)[1].1, ColumnType::Integer);
    let point = Options { decimal_mark: Some(DecimalMark::Point), ..Options::default() };
    assert_eq!(types(&read(text.as_bytes(), &point).unwrap().table)[1].1, ColumnType::Decimal(3));
    // another column of the file tells
    assert_eq!(types(&table("a;b\n1.234;0,5\n5.678;1,5\n"))[0].1, ColumnType::Integer);
    // between commas, a number has no decimal comma
    assert_eq!(types(&table("a,b\nx,1.234\ny,5.678\n"))[1].1, ColumnType::Decimal(3));
}

#[test]
fn thousands_set_apart_only_sometimes_and_two_currencies_are_refused() {
    let mixed = read_csv("a;b\nx;1,234\ny;2345.5\n").unwrap_err();
    assert!(matches!(mixed, ReadError::Column { problem: ColumnProblem::MixedNumbers, .. }));
    let currencies = read_csv("a;b\nx;$5.00\ny;€6.00\n").unwrap_err();
    assert!(matches!(currencies, ReadError::Column { problem: ColumnProblem::MixedCurrencies { .. }, .. }));
}

#[test]
fn signs_currency_and_parentheses_are_amounts() {
    let table = table("a;b\nx;$1,234.50\ny;($3.00)\nz;4.25-\nu;NA\nv;\n");
    assert_eq!(mantissas(&table, "b"), [Some(123_450), Some(-300), Some(-425), None, None]);
}

#[test]
fn codes_with_zeros_in_front_stay_text() {
    assert_eq!(types(&table("zip,n\n02139,1\n10001,2\n94103,3\n"))[0].1, ColumnType::Text);
}

#[test]
fn day_and_month_are_decided_by_the_whole_column() {
    let days = dates(&table("d,n\n2021-04-03,1\n2021-12-25,2\n"), "d");
    assert_eq!(dates(&table("d,n\n03/04/2021,1\n25/12/2021,2\n"), "d"), days);
    assert_eq!(dates(&table("d,n\n04/03/2021,1\n12/25/2021,2\n"), "d"), days);
    assert_eq!(dates(&table("d,n\n3.4.2021,1\n25.12.2021,2\n"), "d"), days);
    let ambiguous = "d,n\n03/04/2021,1\n05/06/2021,2\n";
    assert_eq!(
        refusal(ambiguous),
        "column “d”: 03/04/2021 can be day/month or month/day, and no date in the column tells; say whether dates are day-first or month-first"
    );
    let told = Options { day_month: Some(DayMonth::DayFirst), ..Options::default() };
    assert_eq!(types(&read(ambiguous.as_bytes(), &told).unwrap().table)[0].1, ColumnType::Date);
    let mixed = read_csv("d,n\n13/04/2021,1\n04/13/2021,2\n").unwrap_err();
    assert!(matches!(mixed, ReadError::Column { problem: ColumnProblem::MixedDates, .. }));
}

#[test]
fn lines_are_counted_as_an_editor_does() {
    // a quoted newline, a blank line and another line end each move the bad row down
    for (text, line) in [
        ("a,b\n\"x\ny\",1\nz,2\nz,3\nz,bad\n", 6),
        ("a,b\n\nx,1\nx,2\n\n\nx,bad\n", 7),
        ("a,b\r\nx,1\r\nx,2\r\nx,bad\r\n", 4),
        ("a,b\rx,1\rx,2\rx,bad\r", 4),
        ("\n\na,b\nx,1\nx,2\nx,bad", 6),
    ] {
        let expected = format!("line {line}: bad is not a number (column “b”); correct it, or skip bad rows");
        assert_eq!(refusal(text), expected, "{text:?}");
    }
}

#[test]
fn rows_of_another_width_are_refused_and_the_others_counted() {
    assert_eq!(
        refusal("a,b\n1,2\n1,2,3\n4\n5,6\n"),
        "line 3: 3 fields where there are 2 columns (and 1 more bad row); correct it, or skip bad rows"
    );
}

#[test]
fn a_quote_that_never_closes_is_refused() {
    let open = read_csv("a,b\nx,1\ny,\"2\nz,3\n").unwrap_err();
    assert!(matches!(open, ReadError::OpenQuote { line: 3 }));
    assert_eq!(texts(&table("a,b\nx,\"rent\n\""), "b"), [Some("rent".to_owned())]);
    assert_eq!(texts(&table("a,b\nx,5\" pipe"), "b"), [Some("5\" pipe".to_owned())]);
}

#[test]
fn a_column_can_be_kept_as_text_and_everything_skipped_is_an_error() {
    let kept = Options { text_columns: vec!["b".to_owned()], ..Options::default() };
    let table = read(b"a,b\nx,1\ny,2\nz,three\n", &kept).unwrap().table;
    assert_eq!(texts(&table, "b"), ["1", "2", "three"].map(|text| Some(text.to_owned())));
    let skipping = Options { skip_bad_rows: true, ..Options::default() };
    assert!(matches!(read(b"a,b\n1,2,3\n", &skipping), Err(ReadError::NothingLeft { .. })));
}

#[test]
fn names_no_column_can_have_are_refused() {
    assert!(matches!(read_csv("a,a\nx,1\n"), Err(ReadError::Table(_))));
    assert!(matches!(read_csv("a\u{202E}b,c\nx,1\n"), Err(ReadError::ColumnName { position: 1, .. })));
    assert!(matches!(read_csv("a,b\n"), Err(ReadError::NoRows)));
    let wide = format!("{}\n", vec!["x"; 65].join(","));
    assert!(matches!(read_csv(&wide), Err(ReadError::Table(_))));
}

proptest! {
    #[test]
    fn texts_and_numbers_read_back_as_they_were_written(
        rows in proptest::collection::vec(("[a-z\",;\n ]{0,12}[a-z]", -1_000_000_i64..1_000_000), 1..40),
    ) {
        let mut text = "note,amount\n".to_owned();
        for (note, cents) in &rows {
            let amount = format!("{}{}.{:02}", if *cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
            text.push_str(&format!("\"{}\",{amount}\n", note.replace('"', "\"\"")));
        }
        let table = table(&text);
        prop_assert_eq!(mantissas(&table, "amount"), rows.iter().map(|(_, cents)| Some(i128::from(*cents))).collect::<Vec<_>>());
        let notes: Vec<_> = rows.iter().map(|(note, _)| Some(note.trim().to_owned())).collect();
        if table.columns()[0].of == ColumnType::Text && !notes.iter().flatten().any(|note| note == "na") {
            prop_assert_eq!(texts(&table, "note"), notes);
        }
    }
}
