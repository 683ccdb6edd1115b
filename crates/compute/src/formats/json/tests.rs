use crate::{
    Bounds, Table, View,
    formats::{Options, ReadError, Reading, RowProblem, read},
    run,
};
use protocol::{ColumnType, Decimal, Kind};

fn read_json(text: &str) -> Result<Reading, ReadError> {
    read(text.as_bytes(), &Options::default())
}

fn types(table: &Table) -> Vec<(&str, ColumnType)> {
    table.columns().iter().map(|column| (column.name.as_str(), column.of)).collect()
}

fn refusal(text: &str) -> String {
    read_json(text).unwrap_err().to_string()
}

#[test]
fn a_list_of_numbers_is_one_column_called_value() {
    let table = read_json("[1, 2, 3, 4, 5, 12]").unwrap().table;
    assert_eq!(types(&table), [("value", ColumnType::Integer)]);
    let bounds = Bounds { max_rows: 6, cancelled: &|| false };
    let mean = run(&Kind::Mean.over("value".parse().unwrap()).unwrap(), &table, &bounds).unwrap();
    assert_eq!(mean.to_string(), "4.500000");
    let named = Options { value_column: Some("amount".parse().unwrap()), ..Options::default() };
    assert_eq!(types(&read(b"[0.1, 2.25]", &named).unwrap().table), [("amount", ColumnType::Decimal(2))]);
}

#[test]
fn a_list_of_objects_is_one_column_per_name_in_their_order() {
    let text = r#"[{"when": "2021-01-31", "amount": 12.50, "paid": true, "note": "rent"},
                   {"amount": 3, "when": "2021-02-28", "note": null, "extra": 1}]"#;
    let table = read_json(text).unwrap().table;
    let expected = [
        ("when", ColumnType::Date),
        ("amount", ColumnType::Decimal(2)),
        ("paid", ColumnType::Boolean),
        ("note", ColumnType::Text),
        ("extra", ColumnType::Integer),
    ];
    assert_eq!(types(&table), expected);
    assert_eq!(table.rows(), 2);
}

#[test]
fn what_does_not_belong_is_refused_with_its_item() {
    assert_eq!(
        refusal(r#"[1, "two", 3, 4]"#),
        "item 2: it is text where the list is made of numbers; correct it, or skip bad rows"
    );
    assert_eq!(
        refusal(r#"["a", [1], 2]"#),
        "item 1: it is text where the list is made of numbers (and 1 more bad row); correct it, or skip bad rows"
    );
    assert_eq!(
        refusal(r#"[{"a": 1}, {"a": {"b": 2}}]"#),
        "item 2: “a” holds a list or an object; only plain values can be columns; correct it, or skip bad rows"
    );
    assert_eq!(
        refusal(r#"[{"a": 1}, {"a": "x"}, {"a": 2}]"#),
        "item 2: x is not a number (column “a”); correct it, or skip bad rows"
    );
    assert_eq!(refusal(r#"[{"a": 1, "a": 2}]"#), "item 1: it names “a” twice; correct it, or skip bad rows");
    assert_eq!(
        refusal("[1, 1e-13]"),
        "item 2: 1e-13 has more than 12 digits after the point (column “value”); correct it, or skip bad rows"
    );
}

#[test]
fn broken_json_and_other_forms_are_refused() {
    for text in ["[1, 2", "[1, NaN]", "[1] 2", "{\"a\": 1}", "[01]", "[1,]", "[Infinity]"] {
        assert!(matches!(read_json(text), Err(ReadError::Json(_))), "{text}");
    }
    assert!(matches!(read_json("[]"), Err(ReadError::Empty)));
    assert!(matches!(read_json("[{}]"), Err(ReadError::Table(_))));
    assert!(matches!(read_json("[{\"\": 1}]"), Err(ReadError::ColumnName { .. })));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = RowProblem::Item { found: "a list", expected: "numbers" };
    assert!(matches!(read_json(&deep), Err(ReadError::BadRow { problem, .. }) if problem == nested));
}

#[test]
fn bad_items_are_skipped_only_on_request_and_reported() {
    let skipping = Options { skip_bad_rows: true, ..Options::default() };
    let reading = read(br#"[1, "two", 3, {"four": 4}]"#, &skipping).unwrap();
    assert_eq!((reading.table.rows(), reading.skipped_rows), (2, 2));
    assert_eq!(reading.skipped[0].to_string(), "item 2: it is text where the list is made of numbers");
    let nothing = read(br#"["a", "b"]"#, &skipping).unwrap_err();
    assert!(matches!(nothing, ReadError::NothingLeft { problem: RowProblem::Item { .. }, .. }));
}

#[test]
fn numbers_no_double_can_hold_stay_exact() {
    let table = read_json("[9007199254740993, 0.1, 0.2]").unwrap().table;
    let bounds = Bounds { max_rows: 3, cancelled: &|| false };
    let sum = run(&Kind::Sum.over("value".parse().unwrap()).unwrap(), &table, &bounds).unwrap();
    assert_eq!(sum.to_string(), "9007199254740993.3");
}

proptest::proptest! {
    #[test]
    fn a_list_reads_back_as_it_was_written(mantissas in proptest::collection::vec(-(10_i128.pow(15))..10_i128.pow(15), 1..50), scale in 0_u8..6) {
        let numbers: Vec<Decimal> = mantissas.iter().map(|m| Decimal::new(*m, scale).unwrap()).collect();
        let text = format!("[{}]", numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        let read = read_json(&text).unwrap().table;
        let built = Table::from_numbers("value".parse().unwrap(), &numbers).unwrap();
        proptest::prop_assert_eq!(View::columns(&read), View::columns(&built));
        proptest::prop_assert_eq!(read.into_parts(), built.into_parts());
    }
}
