use super::*;

fn shown(text: &str) -> String {
    match amount(text, "TRNAMT", None) {
        Ok(amount) => amount.to_string(),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn amounts_are_read_with_either_mark_and_refused_where_it_could_be_either() {
    for (text, expected) in [
        ("-5.50", "-5.50"),
        ("-5,50", "-5.50"),
        ("+12", "12"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1.234.567", "1234567"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        (".5", "0.5"),
        ("12.", "12. is not an amount (“TRNAMT”)"),
        (
            "1.234",
            "1.234 can have a decimal mark or a thousands separator (“TRNAMT”); say which mark is the decimal one",
        ),
        (
            "-1,234",
            "-1,234 can have a decimal mark or a thousands separator (“TRNAMT”); say which mark is the decimal one",
        ),
        ("$120", "$120 is not an amount (“TRNAMT”)"),
        ("", " is not an amount (“TRNAMT”)"),
        ("1e5", "1e5 is not an amount (“TRNAMT”)"),
        ("NaN", "NaN is not an amount (“TRNAMT”)"),
        ("99999999999999999999999999999.00", "99999999999999999999999999999.00 has more than 28 digits (“TRNAMT”)"),
    ] {
        assert_eq!(shown(text), expected, "{text:?}");
    }
    assert_eq!(amount("1.234", "TRNAMT", Some(DecimalMark::Comma)).unwrap().to_string(), "1234");
    assert_eq!(amount("1.234", "TRNAMT", Some(DecimalMark::Point)).unwrap().to_string(), "1.234");
    assert_eq!(plain_amount("+1234.5", "Amt").unwrap().to_string(), "1234.5");
    assert!(plain_amount("1,5", "Amt").is_err());
}

#[test]
fn days_are_days_that_a_bank_can_have_meant() {
    // 2021-04-03 is 18,720 days after 1970-01-01
    for text in ["20210403", "20210403120000", "20210403120000.000[-5:EST]", "20210403093914:014", " 20210403 "] {
        assert_eq!(compact_day(text, "DTPOSTED"), Ok(18_720), "{text}");
    }
    for text in ["2021-04-03", "2021-04-03T23:59:59Z", "2021-04-03+02:00", "2021-04-03 12:00", "2021-4-3"] {
        assert_eq!(iso_day(text, "Dt"), Ok(18_720), "{text}");
    }
    for text in ["", "2021", "20120231", "201120000000", "00010101", "99991231", "2021é403", "18991231", "22000101"] {
        assert!(compact_day(text, "DTPOSTED").is_err(), "{text}");
    }
    assert!(compact_day("19000101", "DTPOSTED").is_ok() && compact_day("21991231", "DTPOSTED").is_ok());
}

#[test]
fn currencies_have_three_letters_and_words_one_line() {
    assert_eq!(currency(" eur", "CURDEF").unwrap(), "EUR");
    assert!(currency("EURO", "CURDEF").is_err() && currency("€", "CURDEF").is_err());
    assert_eq!(words("  a\r\n\tb\u{A0}c "), "a b c");
}
