use super::*;

fn date(text: &str) -> Date {
    text.parse().expect(text)
}

#[test]
fn known_days_have_their_dates() {
    for (days, text) in
        [(0, "1970-01-01"), (-1, "1969-12-31"), (19_782, "2024-02-29"), (FIRST, "0001-01-01"), (LAST, "9999-12-31")]
    {
        assert_eq!(date(text).days(), days);
        assert_eq!(Date::from_days(days).expect(text).to_string(), text);
    }
    assert_eq!((Date::from_days(FIRST - 1), Date::from_days(LAST + 1)), (None, None));
}

#[test]
fn every_day_of_four_centuries_follows_the_one_before() {
    let (mut year, mut month, mut day) = (1900, 1, 1);
    let first = date("1900-01-01").days();
    for days in first..first + 146_097 {
        let today = Date::from_days(days).expect("in range");
        assert_eq!(today.civil(), (year, month, day));
        assert_eq!(Date::new(year, month, day), Some(today));
        day += 1;
        if Date::new(year, month, day).is_none() {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    assert_eq!((year, month, day), (2300, 1, 1));
}

#[test]
fn what_is_no_date_in_its_one_form_is_refused() {
    for bad in
        ["", "2025", "2025-1-1", "2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01", "+025-01-01"]
    {
        assert_eq!(bad.parse::<Date>(), Err(BadDate), "{bad}");
    }
    for bad in ["2025-01-01 ", "2025/01/01", "2025-01-01T00", "٢٠٢٥-01-01", "2025-1-011"] {
        assert_eq!(bad.parse::<Date>(), Err(BadDate), "{bad}");
    }
}

#[test]
fn a_date_lies_in_its_month_quarter_and_year() {
    let of = |text: &str, every| Period::of(date(text), every).to_string();
    assert_eq!(of("2025-03-31", Every::Month), "2025-03");
    assert_eq!(
        (of("2025-03-31", Every::Quarter), of("2025-04-01", Every::Quarter)),
        ("2025-Q1".into(), "2025-Q2".into())
    );
    assert_eq!((of("0001-01-01", Every::Year), of("9999-12-31", Every::Quarter)), ("0001".into(), "9999-Q4".into()));
}

#[test]
fn a_period_reads_as_it_is_written_and_nothing_else_does() {
    for text in ["2025", "2025-Q4", "2025-12", "0001", "9999-01"] {
        let period: Period = text.parse().expect(text);
        assert_eq!(period.to_string(), text);
        assert_eq!(Period::at(period.every(), period.index()), Some(period));
    }
    for bad in ["", "25", "2025-Q5", "2025-Q0", "2025-13", "2025-00", "2025-q1", "2025-", "0000", "2025-1"] {
        assert_eq!(bad.parse::<Period>(), Err(BadDate), "{bad}");
    }
}
