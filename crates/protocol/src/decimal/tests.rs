use super::*;
use proptest::prelude::*;

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

#[test]
fn a_decimal_has_at_most_38_digits_and_38_after_the_point() {
    let most = 10i128.pow(38) - 1;
    assert!(Decimal::new(most, 38).is_ok() && Decimal::new(-most, 0).is_ok());
    for (mantissa, scale) in [(most + 1, 0), (-most - 1, 0), (i128::MAX, 0), (i128::MIN, 0), (0, 39), (1, u8::MAX)] {
        assert_eq!(Decimal::new(mantissa, scale), Err(BadDecimal));
    }
}

#[test]
fn a_decimal_has_one_form_on_the_wire() {
    for second in ["-0", "00", "01.5", "-0.00"] {
        let bytes = crate::cbor::to_vec(second).expect("encodes");
        assert!(crate::cbor::from_slice::<Decimal>(&bytes).is_err(), "{second}");
    }
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let most = 10i128.pow(38) - 1;
    (-most..=most, 0u8..=38).prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale).expect("within bounds"))
}

proptest! {
    #[test]
    fn any_decimal_reads_as_it_prints(decimal in any_decimal()) {
        prop_assert_eq!(decimal.to_string().parse::<Decimal>(), Ok(decimal));
        let bytes = crate::cbor::to_vec(&decimal).expect("encodes");
        prop_assert_eq!(crate::cbor::from_slice::<Decimal>(&bytes).expect("decodes"), decimal);
    }

    #[test]
    fn order_is_that_of_the_fractions(a: i64, b: i64, scale_a in 0u8..=18, scale_b in 0u8..=18) {
        // a / 10^sa against b / 10^sb, multiplied out: 64 bits and 18 digits fit an i128
        let fraction = (i128::from(a) * 10i128.pow(scale_b.into())).cmp(&(i128::from(b) * 10i128.pow(scale_a.into())));
        let [a, b] = [(a, scale_a), (b, scale_b)].map(|(m, s)| Decimal::new(m.into(), s).expect("within bounds"));
        prop_assert_eq!(a.cmp_value(&b), fraction);
        prop_assert_eq!(b.cmp_value(&a), fraction.reverse());
    }

    #[test]
    fn the_next_mantissa_is_larger_at_any_size(decimal in any_decimal()) {
        if let Ok(next) = Decimal::new(decimal.mantissa() + 1, decimal.scale()) {
            prop_assert_eq!(decimal.cmp_value(&next), Ordering::Less);
        }
    }

    #[test]
    fn the_normal_form_has_the_same_value_and_no_zero_at_its_end(mantissa: i64, scale in 0u8..=18, zeros in 0u8..=18) {
        let decimal = Decimal::new(i128::from(mantissa), scale).expect("within bounds");
        let longer = Decimal::new(i128::from(mantissa) * 10i128.pow(zeros.into()), scale + zeros).expect("within bounds");
        prop_assert_eq!(longer.cmp_value(&decimal), Ordering::Equal);
        prop_assert_eq!(longer.normalized(), decimal.normalized());
        let normal = decimal.normalized();
        prop_assert!(normal.scale() == 0 || normal.mantissa() % 10 != 0);
    }

    #[test]
    fn the_double_is_the_nearest(mantissa in -(1i64 << 53)..(1i64 << 53)) {
        let decimal = Decimal::new(mantissa.into(), 0).expect("within bounds");
        prop_assert_eq!(decimal.to_f64(), mantissa as f64);
    }
}
