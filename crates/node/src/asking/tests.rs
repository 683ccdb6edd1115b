use super::*;
use protocol::Condition;

fn columns() -> Vec<Column> {
    let column = |text: &str, of| Column { name: text.parse().unwrap(), of };
    vec![
        column("amount", ColumnType::Decimal(2)),
        column("amount due", ColumnType::Decimal(2)),
        column("date", ColumnType::Date),
        column("kind", ColumnType::Text),
        column("paid", ColumnType::Boolean),
    ]
}

fn read(text: &str) -> Result<Condition, String> {
    condition(text, &columns())
}

/// A condition as it is on the wire.
fn wire(text: &str) -> String {
    serde_json::to_string(&read(text).unwrap()).unwrap()
}

fn wish(computation: &str) -> NewRequest {
    NewRequest { computation: computation.to_owned(), column: Some("amount".to_owned()), ..NewRequest::default() }
}

fn asked(wish: &NewRequest) -> Result<String, String> {
    let computation = computation(wish, &columns()).map_err(|error| error.to_string())?;
    Ok(serde_json::to_string(&computation).unwrap())
}

#[test]
fn conditions_are_read_as_the_column_says() {
    assert_eq!(wire("amount >= 100"), r#"{"column":"amount","is":{"at_least":{"number":"100"}}}"#);
    assert_eq!(wire("amount>=-1.50"), r#"{"column":"amount","is":{"at_least":{"number":"-1.50"}}}"#);
    assert_eq!(wire("amount due ≠ 0"), r#"{"column":"amount due","is":{"not":{"number":"0"}}}"#);
    assert_eq!(
        wire(" date between 2025-01-01 and 2025-12-31 "),
        r#"{"column":"date","is":{"between":{"from":{"date":"2025-01-01"},"to":{"date":"2025-12-31"}}}}"#
    );
    assert_eq!(
        wire(r#"kind in gas, "heat, power",rent"#),
        r#"{"column":"kind","is":{"one_of":[{"text":"gas"},{"text":"heat, power"},{"text":"rent"}]}}"#
    );
    assert_eq!(wire(r#"kind = "in between""#), r#"{"column":"kind","is":{"equal":{"text":"in between"}}}"#);
    assert_eq!(wire("paid = no"), r#"{"column":"paid","is":{"equal":{"boolean":false}}}"#);
    assert_eq!(wire("date<2025-06-01"), r#"{"column":"date","is":{"less":{"date":"2025-06-01"}}}"#);
}

#[test]
fn what_is_no_condition_says_why() {
    for (text, why) in [
        ("", "begins with a column"),
        ("price > 1", "the columns are amount, amount due, date, kind, paid"),
        ("amount", "begins with a column"),
        ("amount 5", "begins with a column"),
        ("amount > much", "not a decimal number"),
        ("amount > 1e3", "not a decimal number"),
        ("date > 31.12.2025", "not a date such as"),
        ("date between 2025-01-01", "with “and” between"),
        ("kind = a\u{202e}b", "not fit to show"),
        ("kind in \"gas", "not closed"),
        ("kind in \"gas\" power", "commas between"),
        ("paid = perhaps", "yes or no"),
        ("amountin 5", "begins with a column"),
    ] {
        let found = read(text).unwrap_err();
        assert!(found.contains(why), "{text}: {found}");
    }
}

#[test]
fn every_statistic_can_be_asked_with_what_it_needs() {
    assert_eq!(asked(&wish("average")).unwrap(), r#"{"mean":{"column":"amount"}}"#);
    let quantile = NewRequest { p: Some("0.9".into()), ..wish("quantile") };
    assert_eq!(asked(&quantile).unwrap(), r#"{"quantile":{"on":{"column":"amount"},"p":"0.9"}}"#);
    let edges = ["0", "10.5"].map(str::to_owned).to_vec();
    let histogram = NewRequest { edges: edges.clone(), ..wish("histogram") };
    assert_eq!(asked(&histogram).unwrap(), r#"{"histogram":{"on":{"column":"amount"},"edges":["0","10.5"]}}"#);
    let equal = NewRequest { edges: edges.clone(), bins: Some(3), ..wish("histogram") };
    let expected = r#"{"histogram":{"on":{"column":"amount"},"edges":["0","3.5","7","10.5"]}}"#;
    assert_eq!(asked(&equal).unwrap(), expected);
    let trend = r#"{"trend":{"on":{"column":"amount"},"over":"date","per":"month"}}"#;
    assert_eq!(asked(&wish("trend")).unwrap(), trend);
    let share = NewRequest { column: None, that: vec!["amount > 1".into()], ..wish("share") };
    assert!(asked(&share).unwrap().starts_with(r#"{"share":{"that":[{"column":"amount""#));
    let grouped = NewRequest { group_by: Some("date".into()), every: Some("quarter".into()), ..wish("sum") };
    assert!(asked(&grouped).unwrap().contains(r#""group":{"column":"date","every":"quarter"}"#));
    let above = NewRequest { above: Some("50".into()), filter: vec!["paid = yes".into()], ..wish("max") };
    assert!(asked(&above).unwrap().starts_with(r#"{"above":{"of":{"max":{"column":"amount","where":"#));
}

#[test]
fn what_cannot_be_asked_names_the_input() {
    let bands = vec!["5".to_owned(), "1".to_owned()];
    let edges = ["0", "10"].map(str::to_owned).to_vec();
    for (wish, why) in [
        (wish("mode"), "computation: one of count"),
        (wish("above"), "computation: one of count"),
        (wish("quantile"), "p: say which"),
        (NewRequest { p: Some("2".into()), ..wish("quantile") }, "p: not between 0 and 1"),
        (NewRequest { p: Some("0.5".into()), ..wish("mean") }, "p: belongs to quantile only"),
        (wish("histogram"), "edges: say between"),
        (NewRequest { edges: edges.clone(), bins: Some(3), ..wish("histogram") }, "bins: their edges"),
        (NewRequest { edges: edges.clone(), bins: Some(65), ..wish("histogram") }, "bins: between 1 and 64"),
        (NewRequest { edges: edges[..1].to_vec(), ..wish("histogram") }, "edges: fewer than 2"),
        (NewRequest { per: Some("week".into()), ..wish("trend") }, "per: day or month"),
        (NewRequest { over: Some("kind".into()), ..wish("trend") }, "does not hold dates"),
        (NewRequest { column: None, ..wish("share") }, "that: no condition"),
        (NewRequest { that: vec!["amount > 1".into()], ..wish("share") }, "column: a share has"),
        (NewRequest { column: None, ..wish("sum") }, "column: say which of"),
        (NewRequest { column: Some("price".into()), ..wish("sum") }, "no column “price”"),
        (NewRequest { filter: vec!["kind > a".into()], ..wish("sum") }, "where: words are only equal"),
        (NewRequest { filter: vec!["paid = yes".into(); 9], ..wish("sum") }, "where: more than 8"),
        (NewRequest { group_by: Some("date".into()), ..wish("sum") }, "say whether to group by month"),
        (NewRequest { group_by: Some("amount".into()), ..wish("sum") }, "holds decimals"),
        (NewRequest { every: Some("month".into()), ..wish("sum") }, "every: say by which"),
        (NewRequest { bands: bands.clone(), ..wish("sum") }, "edges: not in ascending order"),
        (NewRequest { rounded: Some("0".into()), ..wish("sum") }, "to: not above 0"),
        (NewRequest { above: Some("1".into()), rounded: Some("1".into()), ..wish("sum") }, "only one of"),
        (NewRequest { above: Some("1".into()), group_by: Some("kind".into()), ..wish("sum") }, "of: not a statistic"),
    ] {
        let found = asked(&wish).unwrap_err();
        assert!(found.contains(why), "{wish:?}: {found}");
    }
}

#[test]
fn a_counter_offer_keeps_what_it_does_not_change() {
    let asked = NewRequest { filter: vec!["paid = yes".into()], p: Some("0.9".into()), ..wish("quantile") };
    let asked = computation(&asked, &columns()).unwrap();
    let counter = |offer: CounterOffer| {
        countered(&asked, &offer, &columns()).map(|c| serde_json::to_string(&c).unwrap()).map_err(|e| e.to_string())
    };
    let filter = r#""where":[{"column":"paid","is":{"equal":{"boolean":true}}}]"#;
    let offer = CounterOffer { rounded: Some("10".into()), ..CounterOffer::default() };
    let of = format!(r#"{{"quantile":{{"on":{{"column":"amount",{filter}}},"p":"0.9"}}}}"#);
    assert_eq!(counter(offer.clone()).unwrap(), format!(r#"{{"rounded":{{"of":{of},"to":"10"}}}}"#));
    let mean = CounterOffer { computation: Some("mean".into()), ..offer.clone() };
    let of = format!(r#"{{"mean":{{"column":"amount",{filter}}}}}"#);
    assert_eq!(counter(mean).unwrap(), format!(r#"{{"rounded":{{"of":{of},"to":"10"}}}}"#));
    let other = CounterOffer { column: Some("amount due".into()), ..CounterOffer::default() };
    assert!(counter(other).unwrap().starts_with(r#"{"quantile":{"on":{"column":"amount due""#));
    let trend = CounterOffer { computation: Some("trend".into()), ..CounterOffer::default() };
    assert!(counter(trend).unwrap_err().contains("needs to know more"));
    let until = CounterOffer { until: Some(7), ..CounterOffer::default() };
    assert!(counter(until).unwrap().starts_with(r#"{"quantile""#));
}

#[test]
fn a_question_countered_with_another_is_about_the_same_number() {
    let above = computation(&NewRequest { above: Some("50".into()), ..wish("mean") }, &columns()).unwrap();
    let offer = CounterOffer { bands: vec!["0".into(), "100".into()], ..CounterOffer::default() };
    let Computation::Band(bands) = countered(&above, &offer, &columns()).unwrap() else { panic!("no band") };
    assert_eq!(*bands.of, *above.statistic());
}
