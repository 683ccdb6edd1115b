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

fn ledger() -> Vec<Column> {
    use protocol::LedgerColumn;
    let of = |part| match part {
        LedgerColumn::Date => ColumnType::Date,
        LedgerColumn::Amount | LedgerColumn::Balance => ColumnType::Decimal(2),
        _ => ColumnType::Text,
    };
    LedgerColumn::ALL.into_iter().map(|part| Column { name: part.name().clone(), of: of(part) }).collect()
}

fn attribute(name: &str) -> NewRequest {
    NewRequest { column: None, ..wish(name) }
}

fn asked_of_a_ledger(wish: &NewRequest) -> Result<String, String> {
    let computation = computation(wish, &ledger()).map_err(|error| error.to_string())?;
    Ok(serde_json::to_string(&computation).unwrap())
}

#[test]
fn a_credit_attribute_is_asked_by_its_name_and_what_is_not_said_is_by_custom() {
    let nsf = asked_of_a_ledger(&attribute("nsf_count")).unwrap();
    assert_eq!(nsf, r#"{"attribute":{"name":"nsf_count","days":90}}"#);
    let trend = asked_of_a_ledger(&attribute("income_trend")).unwrap();
    assert_eq!(trend, r#"{"attribute":{"name":"income_trend","months":6}}"#);
    let rent = NewRequest {
        months: Some(12),
        due_day: Some(3),
        words: vec!["Mrs Miller".into(), " Garden Lane ".into()],
        as_of: Some("2025-12-31".into()),
        currency: Some("EUR".into()),
        account: Some("0123456789abcdef".into()),
        ..attribute("rent_on_time_ratio")
    };
    assert_eq!(
        asked_of_a_ledger(&rent).unwrap(),
        r#"{"attribute":{"name":"rent_on_time_ratio","months":12,"as_of":"2025-12-31","due":{"day":3,"grace":5},"words":["Mrs Miller","Garden Lane"],"currency":"EUR","account":"0123456789abcdef"}}"#
    );
    let below = NewRequest { below: Some("0.4".into()), ..attribute("debt_to_income") };
    assert!(asked_of_a_ledger(&below).unwrap().starts_with(r#"{"below":{"of":{"attribute":{"name":"debt_to_income""#));
    for name in protocol::AttributeName::ALL {
        let needs = name.form().words == protocol::Words::Needed;
        let words = if needs { vec!["power".to_owned()] } else { Vec::new() };
        assert!(asked_of_a_ledger(&NewRequest { words, ..attribute(name.name()) }).is_ok(), "{name:?}");
    }
}

#[test]
fn what_a_credit_attribute_has_not_is_refused_by_name() {
    for (wish, why) in [
        (NewRequest { months: Some(3), ..attribute("nsf_count") }, "months: needed by this attribute, or not its own"),
        (NewRequest { days: Some(6), ..attribute("nsf_count") }, "days: not 7 to 366"),
        (NewRequest { grace: Some(3), ..attribute("nsf_count") }, "due: needed by"),
        (NewRequest { words: vec!["fee".into()], ..attribute("nsf_count") }, "words: not its own"),
        (attribute("bill_on_time_ratio"), "words: needed"),
        (NewRequest { as_of: Some("31.12.2025".into()), ..attribute("nsf_count") }, "as_of: not a date such as"),
        (NewRequest { currency: Some("euro".into()), ..attribute("nsf_count") }, "currency: not three capital"),
        (NewRequest { column: Some("amount".into()), ..attribute("nsf_count") }, "column: a credit attribute has no"),
        (
            NewRequest { filter: vec!["amount > 1".into()], ..attribute("nsf_count") },
            "where: a credit attribute has no",
        ),
        (NewRequest { p: Some("0.5".into()), ..attribute("nsf_count") }, "p: belongs to quantile only"),
        (NewRequest { days: Some(30), column: Some("amount".into()), ..attribute("sum") }, "days: belongs to credit"),
        (attribute("nsf_counts"), "or a credit attribute, which halfdoor attributes lists"),
    ] {
        let found = asked_of_a_ledger(&wish).unwrap_err();
        assert!(found.contains(why), "{wish:?}: {found}");
    }
    let bills = computation(&attribute("nsf_count"), &columns()).unwrap_err().to_string();
    assert!(bills.contains("needs transactions, and this dataset has no column “currency”"), "{bills}");
}

#[test]
fn an_attribute_is_countered_with_a_shorter_window_or_another_attribute() {
    let rent = NewRequest { months: Some(12), words: vec!["Miller".into()], ..attribute("rent_on_time_ratio") };
    let asked = computation(&rent, &ledger()).unwrap();
    let counter = |offer: CounterOffer| {
        countered(&asked, &offer, &ledger()).map(|c| serde_json::to_string(&c).unwrap()).map_err(|e| e.to_string())
    };
    let shorter = CounterOffer { months: Some(6), rounded: Some("0.1".into()), ..CounterOffer::default() };
    let of = r#"{"attribute":{"name":"rent_on_time_ratio","months":6,"due":{"day":1,"grace":5},"words":["Miller"]}}"#;
    assert_eq!(counter(shorter).unwrap(), format!(r#"{{"rounded":{{"of":{of},"to":"0.1"}}}}"#));
    let other = CounterOffer { computation: Some("nsf_count".into()), ..CounterOffer::default() };
    assert_eq!(counter(other.clone()).unwrap(), r#"{"attribute":{"name":"nsf_count","days":90}}"#);
    let income = CounterOffer { computation: Some("income_months_share".into()), ..CounterOffer::default() };
    // the words mark a rent, and would mark an income here
    assert_eq!(counter(income).unwrap(), r#"{"attribute":{"name":"income_months_share","months":12}}"#);
    let streak = CounterOffer { computation: Some("longest_late_rent_streak".into()), ..CounterOffer::default() };
    assert!(counter(streak).unwrap().contains(r#""words":["Miller"]"#));
    let column = CounterOffer { column: Some("amount".into()), ..other };
    assert!(counter(column).unwrap_err().contains("has no column"));
    let days = CounterOffer { days: Some(30), ..CounterOffer::default() };
    assert!(counter(days).unwrap_err().contains("days: needed by this attribute, or not its own"));
    // what was asked for may have been no attribute at all
    let sum = computation(&NewRequest { column: Some("amount".into()), ..attribute("sum") }, &ledger()).unwrap();
    let inflow = CounterOffer { computation: Some("total_inflow".into()), days: Some(30), ..CounterOffer::default() };
    let inflow = countered(&sum, &inflow, &ledger()).unwrap();
    assert_eq!(serde_json::to_string(&inflow).unwrap(), r#"{"attribute":{"name":"total_inflow","days":30}}"#);
    let days = CounterOffer { days: Some(30), ..CounterOffer::default() };
    assert!(countered(&sum, &days, &ledger()).unwrap_err().to_string().contains("belongs to credit attributes only"));
}
