use super::*;

/// 2026-11-22 05:00:00 UTC.
const NOW: u64 = 1_795_323_600;

#[test]
fn a_day_means_its_last_second() {
    assert_eq!(day_and_time(moment("2026-12-31", NOW).unwrap()), "2026-12-31 23:59 UTC");
    assert_eq!(moment("2026-12-31", NOW).unwrap() % 86_400, 86_399);
}

#[test]
fn a_moment_may_be_given_exactly_or_from_now() {
    assert_eq!(moment("2026-12-31T18:00:00Z", NOW).unwrap(), moment("2026-12-31T19:00:00+01:00", NOW).unwrap());
    for (text, seconds) in [("+30d", 30 * 86_400), ("+12h", 43_200), ("+90m", 5_400), ("+45s", 45)] {
        assert_eq!(moment(text, NOW).unwrap(), NOW + seconds, "{text}");
    }
}

#[test]
fn what_is_no_time_or_is_past_is_refused() {
    let far = format!("+{}d", u64::MAX);
    let bad = [
        "",
        "+",
        "+d",
        "+0d",
        "+-1d",
        "++1d",
        "+1w",
        "+1é",
        "30d",
        "2026-02-30",
        "tomorrow",
        "2025-12-31",
        "1969-01-01",
        &far,
    ];
    for text in bad {
        assert!(moment(text, NOW).is_err(), "{text:?}");
    }
}

#[test]
fn a_span_may_have_a_sign_or_none() {
    assert_eq!((span("24h"), span("+7d")), (Some(86_400), Some(604_800)));
    assert_eq!((span("24"), span("h"), span("1.5h"), span("")), (None, None, None, None));
}

#[test]
fn a_time_no_calendar_holds_is_shown_as_it_is() {
    assert_eq!(day_and_time(0), "1970-01-01 00:00 UTC");
    assert_eq!(day_and_time(u64::MAX), format!("second {} after 1970", u64::MAX));
}
