use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn a_decimal_prints_as_it_was_read() {
    for text in ["0", "-1", "12.75", "0.05", "-0.50", "100.00", "99999999999999999999999999999999999999"] {
        assert_eq!(decimal(text).to_string(), text);
    }
}

#[test]
fn anything_but_plain_digits_is_refused() {
    for text in [
        "",
        "-",
        ".",
        "1.",
        ".5",
        "+1",
        "1e3",
        "1,000",
        " 1",
        "١",
        "--1",
        "1.2.3",
        "100000000000000000000000000000000000000",
    ] {
        assert_eq!(text.parse::<Decimal>(), Err(BadDecimal), "{text}");
    }
}

#[test]
fn order_is_by_value_and_not_by_form() {
    assert_eq!(decimal("12.50").cmp_value(&decimal("12.5")), Ordering::Equal);
    assert_eq!(decimal("-3").cmp_value(&decimal("0.1")), Ordering::Less);
    assert_eq!(decimal("-3").cmp_value(&decimal("-3.01")), Ordering::Greater);
    assert_eq!(decimal("2.09").cmp_value(&decimal("2.1")), Ordering::Less);
}
