use super::*;

fn decimal(text: &str) -> Decimal {
    text.parse().expect(text)
}

#[test]
fn a_number_changes_scale_only_if_no_digit_is_lost() {
    assert_eq!(rescaled(&decimal("12.5"), 2), Some(1250));
    assert_eq!(rescaled(&decimal("12.50"), 1), Some(125));
    assert_eq!(rescaled(&decimal("12.55"), 1), None);
    assert_eq!(rescaled(&decimal("-3"), 0), Some(-3));
}

#[test]
fn a_number_that_needs_29_digits_at_the_columns_scale_is_refused() {
    assert_eq!(rescaled(&Decimal::new(10_i128.pow(27), 0).unwrap(), 0), Some(10_i128.pow(27)));
    assert_eq!(rescaled(&Decimal::new(10_i128.pow(27), 0).unwrap(), 1), None);
    assert_eq!(rescaled(&Decimal::new(-(10_i128.pow(27)), 0).unwrap(), 12), None);
}

#[test]
fn only_whole_numbers_of_64_bits_are_integers() {
    assert_eq!(integer(&decimal("-9223372036854775808")), Some(i64::MIN));
    assert_eq!(integer(&decimal("9223372036854775808")), None);
    assert_eq!(integer(&decimal("1.5")), None);
    assert_eq!(integer(&decimal("2.0")), Some(2));
}
