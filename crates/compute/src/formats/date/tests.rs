use super::*;

#[test]
fn a_year_of_two_digits_is_one_of_the_last_hundred_or_so() {
    for (cell, expected) in [
        ("31.12.21", "31.12.2021"),
        ("1/2/70", "1/2/1970"),
        ("1-2-69", "1-2-2069"),
        ("31.12.2021", "31.12.2021"),
        ("2021-12-31", "2021-12-31"),
        ("1.234.56", "1.234.56"),
        ("12.34", "12.34"),
        ("ä.1.21", "ä.1.21"),
    ] {
        assert_eq!(full_year(cell), expected);
    }
}
use proptest::prelude::*;

fn iso(cell: &str) -> Option<i32> {
    parse(cell, DateForm::YearFirst)
}

#[test]
fn dates_are_days_since_1970() {
    assert_eq!(iso("1970-01-01"), Some(0));
    assert_eq!(iso("1969-12-31"), Some(-1));
    assert_eq!(iso("2000-02-29"), Some(11_016));
    assert_eq!(iso("2021/04/03"), iso("2021-04-03"));
    assert_eq!(iso("0001-01-01"), Some(-719_162));
    assert_eq!(iso("9999-12-31"), Some(2_932_896));
}

#[test]
fn days_that_never_were_are_none() {
    for cell in ["2010-05-36", "2021-02-29", "1900-02-29", "2021-13-01", "2021-00-01", "0000-01-01", "2021-04-31"] {
        assert_eq!(iso(cell), None, "{cell}");
    }
    for cell in ["", "21-04-03", "2021-04", "2021-04-03-01", "2021-04/03", "+021-04-03", "2021-4-", "٢٠٢١-٠٤-٠٣"]
    {
        assert_eq!(iso(cell), None, "{cell}");
    }
}

#[test]
fn the_form_decides_on_day_and_month() {
    assert_eq!(parse("3.4.2021", DateForm::Dotted), iso("2021-04-03"));
    assert_eq!(parse("03/04/2021", DateForm::YearLast(DayMonth::DayFirst)), iso("2021-04-03"));
    assert_eq!(parse("03/04/2021", DateForm::YearLast(DayMonth::MonthFirst)), iso("2021-03-04"));
    assert_eq!(parse("13-04-2021", DateForm::YearLast(DayMonth::MonthFirst)), None);
}

proptest! {
    #[test]
    fn consecutive_days_have_consecutive_numbers(year in 1_i32..9999, month in 1_i32..=12, day in 1_i32..=27) {
        let cell = |day| format!("{year:04}-{month:02}-{day:02}");
        prop_assert_eq!(iso(&cell(day)).unwrap() + 1, iso(&cell(day + 1)).unwrap());
        let next = if month == 12 { format!("{:04}-01-01", year + 1) } else { format!("{year:04}-{:02}-01", month + 1) };
        let last = (28..=31).rev().find_map(|day| iso(&cell(day))).unwrap();
        prop_assert_eq!(last + 1, iso(&next).unwrap());
    }
}
