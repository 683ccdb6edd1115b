//! The samples are made up.

use crate::formats::{
    Format, Options, read,
    testing::{options, read_as_node, refusal, rows, skipped, skipping},
};

fn entry(links: &[(&str, &str)], content: &str) -> String {
    let links: String = links.iter().map(|(rel, href)| format!("<link rel=\"{rel}\" href=\"{href}\"/>")).collect();
    format!("<entry><id>x</id>{links}<content>{content}</content></entry>\n")
}

fn feed(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" \
         xmlns:espi=\"http://naesb.org/espi\">\n<title>Usage</title>\n{entries}</feed>\n"
    )
}

fn reading(start: &str, value: &str, more: &str) -> String {
    format!(
        "<espi:IntervalReading>{more}<espi:timePeriod><espi:duration>3600</espi:duration><espi:start>{start}</espi:start>\
         </espi:timePeriod><espi:value>{value}</espi:value></espi:IntervalReading>\n"
    )
}

fn block(of: &str, readings: &str) -> String {
    let up = format!("/MeterReading/{of}/IntervalBlock");
    entry(&[("self", "/b/1"), ("up", &up)], &format!("<espi:IntervalBlock>\n{readings}</espi:IntervalBlock>"))
}

/// A reading type and the meter reading that links to it.
fn kind(number: &str, power: &str, uom: &str, flow: &str) -> String {
    let inside = format!(
        "<espi:ReadingType><espi:currency>840</espi:currency><espi:flowDirection>{flow}</espi:flowDirection>\
         <espi:powerOfTenMultiplier>{power}</espi:powerOfTenMultiplier><espi:uom>{uom}</espi:uom></espi:ReadingType>"
    );
    let type_of = format!("/ReadingType/{number}");
    let blocks = format!("/MeterReading/{number}/IntervalBlock");
    entry(&[("self", &type_of)], &inside)
        + &entry(&[("related", &blocks), ("related", &type_of)], "<espi:MeterReading/>")
}

fn told(text: &str) -> Vec<String> {
    rows(&read_as_node(text.as_bytes()).unwrap()).iter().map(|row| row.join("|")).collect()
}

#[test]
fn readings_have_their_unit_their_power_of_ten_and_their_cost() {
    // 2025-01-31T23:00:00Z is 1738364400; an hour later it is February in Greenwich, not yet in New York
    let clock =
        entry(&[], "<espi:LocalTimeParameters><espi:tzOffset>-18000</espi:tzOffset></espi:LocalTimeParameters>");
    let readings = reading("1738364400", "450", "<espi:cost>12345</espi:cost>") + &reading("1738368000", "1001", "");
    let text = feed(&(kind("1", "-3", "72", "1") + &clock + &block("1", &readings)));
    assert_eq!(
        told(&text),
        ["2025-01-31|1738364400|3600|0.450|Wh|forward|0.12345|USD", "2025-01-31|1738368000|3600|1.001|Wh|forward||USD",]
    );
    assert_eq!(read_as_node(text.as_bytes()).unwrap().format, Format::Espi);
    let hourly = told(&feed(&(kind("1", "3", "72", "1") + &block("1", &readings))));
    assert_eq!(hourly[1], "2025-02-01|1738368000|3600|1001000|Wh|forward||USD");
}

#[test]
fn several_kinds_are_told_apart_by_their_links() {
    let readings = reading("1738364400", "5", "");
    let kinds = kind("1", "0", "72", "1") + &kind("2", "-2", "169", "19");
    let text = feed(&(block("2", &readings) + &kinds + &block("1", &readings)));
    let units: Vec<String> =
        rows(&read_as_node(text.as_bytes()).unwrap()).iter().map(|row| row[3..6].join("|")).collect();
    assert_eq!(units, ["0.05|therm|reverse", "5.00|Wh|forward"]);
    let unlinked = feed(&(kinds + &block("3", &readings)));
    assert_eq!(
        refusal(unlinked.as_bytes()),
        "line 8: nothing in the file says which unit these readings are in; download it again with its reading types"
    );
}

#[test]
fn exactly_the_faulty_readings_are_left_out() {
    let readings = reading("1738364400", "5", "")
        + &reading("soon", "5", "")
        + &reading("99999999999999", "5", "")
        + &reading("1738364400", "5.5", "")
        + &reading("1738364400", "", "")
        + &reading("1738364400", "5", "").replace("3600", "-1")
        + &reading("1738364400", "6", "");
    let text = feed(&(kind("1", "0", "72", "1") + &block("1", &readings)));
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(reading.table.rows(), 2);
    assert_eq!(
        skipped(&reading),
        [
            "line 8: soon is not a number of seconds (“start”)",
            "line 9: 99999999999999 is not a date (“start”)",
            "line 10: 5.5 is not a whole number (“value”)",
            "line 11: it has no “value”",
            "line 12: -1 is not a duration of a reading (“duration”)",
        ]
    );
}

#[test]
fn readings_of_an_unreadable_size_are_refused_and_not_taken_for_ones() {
    let readings = reading("1738364400", "5", "");
    let with = |power: &str| feed(&(kind("1", power, "72", "1") + &block("1", &readings)));
    for power in ["kilo", "3.0", "999"] {
        let refused = refusal(with(power).as_bytes());
        assert!(refused.contains("the power of ten of these readings is no whole number"), "{power}: {refused}");
    }
    assert_eq!(told(&with("")), ["2025-01-31|1738364400|3600|5|Wh|forward||USD"], "nothing said is no power at all");
}

#[test]
fn broken_and_absurd_files_are_refused() {
    let readings = reading("1738364400", "5", "");
    let text = feed(&(kind("1", "0", "72", "1") + &block("1", &readings)));
    let root = text.find("<feed").unwrap();
    for end in root..text.trim_end().len() {
        assert!(read_as_node(&text.as_bytes()[..end]).is_err(), "{}", &text[..end]);
    }
    assert_eq!(
        refusal(feed(&kind("1", "0", "72", "1")).as_bytes()),
        "there are no interval readings in this file; choose usage data when you export it"
    );
    let bomb = text.replacen("<feed", "<!DOCTYPE feed []><feed", 1);
    assert!(refusal(bomb.as_bytes()).contains("a document type (DOCTYPE) is not taken"));
    let deep = feed(&entry(&[], &("<a>".repeat(50_000) + &"</a>".repeat(50_000))));
    assert!(refusal(deep.as_bytes()).ends_with("elements are nested too deeply"));
    let far = feed(&(kind("1", "100", "72", "1") + &block("1", &readings)));
    assert!(refusal(far.as_bytes()).contains("5 has more than 28 digits (“value”)"));
    let named = Options { format: Some(Format::Espi), ..options() };
    assert!(read(b"<a/>", &named).unwrap_err().to_string().starts_with("this is not Green Button"));
}

#[test]
fn a_clock_that_cannot_be_read_refuses_the_file_and_is_not_taken_for_utc() {
    let readings = reading("1738364400", "450", "");
    for bad in ["", "five", "-18000.5", "54001", "-99999999999999999999"] {
        let clock =
            format!("<espi:LocalTimeParameters><espi:tzOffset>{bad}</espi:tzOffset></espi:LocalTimeParameters>");
        let text = feed(&(kind("1", "0", "72", "1") + &entry(&[], &clock) + &block("1", &readings)));
        let refused = refusal(text.as_bytes());
        let expected =
            format!("the meter's tzOffset \u{201c}{bad}\u{201d} is no number of seconds within 15 hours of UTC");
        assert!(refused.starts_with("line ") && refused.contains(&expected), "{refused}");
    }
}
