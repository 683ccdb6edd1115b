use super::*;

// Right-hand sides: what CPython 3.11 prints for `str(float("..."))`.
const PRINTED: [(f64, &str); 27] = [
    (12.0, "12.0"),
    (4.5, "4.5"),
    (3.5, "3.5"),
    (0.0, "0.0"),
    (-0.0, "-0.0"),
    (-7.0, "-7.0"),
    (0.1, "0.1"),
    (0.1 + 0.2, "0.30000000000000004"),
    (1.0 / 3.0, "0.3333333333333333"),
    (100.0, "100.0"),
    (123_456_789.0, "123456789.0"),
    (1e15, "1000000000000000.0"),
    (9_999_999_999_999_998.0, "9999999999999998.0"),
    (1e16, "1e+16"),
    (12_345_678_901_234_567_890.0, "1.2345678901234567e+19"),
    (1e22, "1e+22"),
    (1e100, "1e+100"),
    (-2.5e20, "-2.5e+20"),
    (0.0001, "0.0001"),
    (0.00012, "0.00012"),
    (0.00001, "1e-05"),
    (0.000_012_5, "1.25e-05"),
    (1e-10, "1e-10"),
    (-1e-7, "-1e-07"),
    (f64::MAX, "1.7976931348623157e+308"),
    (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
    (5e-324, "5e-324"),
];

#[test]
fn floats_are_printed_as_python_prints_them() {
    for (number, printed) in PRINTED {
        assert_eq!(float(number), printed);
    }
    assert_eq!(float(f64::NAN), "nan");
    assert_eq!(float(f64::INFINITY), "inf");
    assert_eq!(float(f64::NEG_INFINITY), "-inf");
}

#[test]
fn what_is_printed_reads_back_as_the_same_number() {
    for step in 0..2000_u32 {
        let number = f64::from(step).mul_add(0.37, 1.0).powi(i32::try_from(step % 61).unwrap() - 30);
        assert_eq!(float(number).parse::<f64>().unwrap().to_bits(), number.to_bits());
    }
}

#[test]
fn dates_are_http_dates_in_greenwich_time() {
    assert_eq!(http_date(1_648_733_913).as_deref(), Some("Thu, 31 Mar 2022 13:38:33 GMT"));
    assert_eq!(http_date(0).as_deref(), Some("Thu, 01 Jan 1970 00:00:00 GMT"));
    assert_eq!(http_date(253_402_300_799).as_deref(), Some("Fri, 31 Dec 9999 23:59:59 GMT"));
    assert_eq!(http_date(253_402_300_800), None);
    assert_eq!(http_date(u64::MAX), None);
}
