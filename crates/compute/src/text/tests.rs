use super::*;
use arrow::array::StringArray;
use std::sync::Arc;

#[test]
fn every_type_reads_as_it_was_written_and_nothing_is_rounded() {
    let decimals = Decimal128Array::from(vec![Some(-12_345_678_901_234_567_890_i128), None, Some(5)]);
    let decimals = decimals.with_precision_and_scale(38, 3).unwrap();
    let arrays: [(ArrayRef, &[Option<&str>]); 5] = [
        (Arc::new(Int64Array::from(vec![Some(i64::MIN), None])), &[Some("-9223372036854775808"), None]),
        (Arc::new(decimals), &[Some("-12345678901234567.890"), None, Some("0.005")]),
        (Arc::new(Date32Array::from(vec![Some(0), Some(-1), None])), &[Some("1970-01-01"), Some("1969-12-31"), None]),
        (Arc::new(BooleanArray::from(vec![Some(true), None])), &[Some("true"), None]),
        (Arc::new(StringArray::from(vec![Some(""), Some("ö, \"x\""), None])), &[Some(""), Some("ö, \"x\""), None]),
    ];
    for (array, expected) in arrays {
        let found = texts(&array);
        assert_eq!(found.iter().map(Option::as_deref).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_field_is_quoted_where_a_reader_would_take_it_for_something_else() {
    for (text, expected) in [
        (None, ""),
        (Some(""), "\"\""),
        (Some("plain text"), "plain text"),
        (Some("a,b"), "\"a,b\""),
        (Some("say \"x\""), "\"say \"\"x\"\"\""),
        (Some("two\nlines"), "\"two\nlines\""),
        (Some(" led"), "\" led\""),
    ] {
        assert_eq!(field(text), expected);
    }
}
