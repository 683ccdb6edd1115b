use super::*;
use proptest::prelude::*;

fn read(text: &str) -> String {
    match json(text) {
        Ok(number) => number.to_string(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn json_numbers_are_read_from_their_digits() {
    for (text, expected) in [
        ("0.1", "0.1"),
        ("12.50", "12.50"),
        ("-0", "0"),
        ("-1.5e3", "-1500"),
        ("1.25E-3", "0.00125"),
        ("1e+2", "100"),
        ("0e999999999999999999999", "0"),
        ("0.0000000000001", "has more than 12 digits after the point"),
        ("1.00000000000000", "1.000000000000"),
        ("1e28", "has more than 28 digits"),
        ("1e27", "1000000000000000000000000000"),
        ("1e99999999999999999999", "has more than 28 digits"),
        ("1e-99999999999999999999", "has more than 12 digits after the point"),
        ("NaN", "is not a number"),
        ("1e", "is not a number"),
        ("", "is not a number"),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

fn amount_of(cell: &str, mark: DecimalMark) -> Option<String> {
    written(cell, mark).map(|written| written.value.unwrap().to_string())
}

#[test]
fn amounts_are_read_with_signs_currency_and_thousands() {
    for (cell, expected) in [
        ("1,234.50", "1234.50"),
        ("$1,234.50", "1234.50"),
        ("($1,234.50)", "-1234.50"),
        ("$(3.00)", "-3.00"),
        ("12.50-", "-12.50"),
        ("- £ 5", "-5"),
        ("−5", "-5"),
        ("+5", "5"),
        ("5 €", "5"),
        ("1 234 567", "1234567"),
        ("1'234", "1234"),
        (".5", "0.5"),
    ] {
        assert_eq!(amount_of(cell, DecimalMark::Point).as_deref(), Some(expected), "{cell}");
    }
    assert_eq!(amount_of("1.234,50", DecimalMark::Comma).as_deref(), Some("1234.50"));
    assert_eq!(amount_of("-0,5", DecimalMark::Comma).as_deref(), Some("-0.5"));
}

#[test]
fn what_only_looks_like_a_number_is_none() {
    for cell in [
        "",
        "-",
        "$",
        "1,23",
        "1,2345",
        "12,34,567",
        "1,234 567",
        "1.",
        "1.2.3",
        "--5",
        "(-5)",
        "-5-",
        "$5€",
        "$$5",
        "5%",
        "1e3",
        "NaN",
        "inf",
        "0x10",
        "٣",
        "()",
        "1, 234",
    ] {
        assert_eq!(written(cell, DecimalMark::Point), None, "{cell}");
    }
}

#[test]
fn numbers_with_zeros_in_front_are_known_as_codes() {
    let is_code = |cell| written(cell, DecimalMark::Point).unwrap().is_code;
    assert!(is_code("02139") && is_code("007"));
    assert!(!is_code("0") && !is_code("0.5") && !is_code("10"));
}

proptest! {
    #[test]
    fn every_decimal_of_a_dataset_reads_back(mantissa in -(10_i128.pow(28) - 1)..10_i128.pow(28), scale in 0_u8..=12) {
        let number = Decimal::new(mantissa, scale).unwrap();
        prop_assert_eq!(json(&number.to_string()), Ok(number));
        let found = written(&number.to_string(), DecimalMark::Point).unwrap();
        prop_assert_eq!(found.value, Ok(number));
        let european = number.to_string().replace('.', ",");
        prop_assert_eq!(written(&european, DecimalMark::Comma).unwrap().value, Ok(number));
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,30}", digits in "[-+$€().,' 0-9eE]{0,30}") {
        for text in [text, digits] {
            let _ = (json(&text), written(&text, DecimalMark::Point), written(&text, DecimalMark::Comma));
        }
    }
}
