//! The samples are made up.

use crate::formats::{
    Format, Options, read,
    testing::{notes, options, read_as_node, refusal, rows, skipped, skipping},
};

const SAMPLE: &str = r#"{"accounts": [{"account_id": "acc-1", "balances": {"current": 110.5, "iso_currency_code": "EUR"}}],
  "transactions": [
    {"account_id": "acc-1", "transaction_id": "t1", "date": "2025-01-31", "amount": 61.40, "iso_currency_code": "EUR",
     "name": "STADTWERKE  LASTSCHRIFT", "merchant_name": "Stadtwerke", "pending": false,
     "location": {"city": null, "lat": 1.5}, "category": ["Bills", "Utilities"]},
    {"account_id": "acc-1", "transaction_id": "t2", "date": "2025-02-03", "amount": -2500, "iso_currency_code": "EUR",
     "name": "GEHALT", "merchant_name": null, "pending": false},
    {"account_id": "acc-1", "transaction_id": "t3", "date": "2025-02-04", "amount": 9.99, "iso_currency_code": "EUR",
     "name": "NOT YET", "pending": true}
  ], "total_transactions": 3}"#;

#[test]
fn money_out_is_positive_at_plaid_and_negative_here() {
    let reading = read_as_node(SAMPLE.as_bytes()).unwrap();
    let told: Vec<String> = rows(&reading).iter().map(|row| row[..6].join("|")).collect();
    assert_eq!(told, ["2025-01-31|-61.40|EUR|STADTWERKE LASTSCHRIFT|Stadtwerke|", "2025-02-03|2500.00|EUR|GEHALT||"]);
    assert_eq!(notes(&reading), ["1 pending transaction is left out"]);
    assert_eq!(reading.format, Format::Plaid);
}

#[test]
fn the_list_alone_is_read_when_it_is_named() {
    let list = r#"[{"date": "2025-01-31", "amount": 1.5}]"#;
    assert_eq!(read_as_node(list.as_bytes()).unwrap().format, Format::Json);
    let named = Options { format: Some(Format::Plaid), ..options() };
    assert_eq!(rows(&read(list.as_bytes(), &named).unwrap())[0][1], "-1.50");
}

#[test]
fn exactly_the_faulty_transactions_are_left_out() {
    let text = r#"{"transactions": [
        {"date": "2025-01-31", "amount": 1},
        {"date": "2025-02-30", "amount": 1},
        {"date": "2025-01-31"},
        {"date": "2025-01-31", "amount": "1,5"},
        {"date": "2025-01-31", "amount": 1, "unofficial_currency_code": "BTC"},
        {"date": "2025-01-31", "amount": 1, "iso_currency_code": "Euro"},
        {"date": "2025-01-31", "amount": 1, "amount": 2},
        {"date": "2025-01-31", "amount": 1e99},
        7,
        {"date": "2025-01-31", "amount": 2}]}"#;
    assert_eq!(
        refusal(text.as_bytes()),
        "item 2: 2025-02-30 is not a date (“date”) (and 7 more bad rows); correct it, or skip bad rows"
    );
    let reading = read(text.as_bytes(), &skipping()).unwrap();
    assert_eq!(reading.table.rows(), 2);
    assert_eq!(
        skipped(&reading),
        [
            "item 2: 2025-02-30 is not a date (“date”)",
            "item 3: it has no “amount”",
            "item 4: 1,5 is not a number (“amount”)",
            "item 5: BTC is not a currency of ISO 4217 (“unofficial_currency_code”)",
            "item 6: Euro is not a currency of three letters (“iso_currency_code”)",
            "item 7: it names “amount” twice",
            "item 8: 1e+99 has more than 28 digits (“amount”)",
            "item 9: it is a number where the list is made of objects",
        ]
    );
}

#[test]
fn broken_and_absurd_files_are_refused() {
    for end in 1..SAMPLE.len() - 1 {
        if SAMPLE.is_char_boundary(end) {
            assert!(read_as_node(&SAMPLE.as_bytes()[..end]).is_err(), "{}", &SAMPLE[..end]);
        }
    }
    let truncated = refusal(&SAMPLE.as_bytes()[..400]);
    assert!(truncated.starts_with("this is not JSON with a list of transactions (EOF while parsing"), "{truncated}");
    let deep = format!("{{\"transactions\": [{}1{}]}}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    assert!(refusal(deep.as_bytes()).contains("it has no “amount”"));
    let wide: String = (0..100_000).map(|n| format!("\"n{n}\": 1,")).collect();
    let wide = format!("{{\"transactions\": [{{{wide} \"date\": \"2025-01-31\"}}]}}");
    assert!(refusal(wide.as_bytes()).contains("an object has too many names"));
    let long = format!("{{\"transactions\": [{{\"{}\": 1}}]}}", "n".repeat(10 << 20));
    assert!(refusal(long.as_bytes()).contains("it has no “amount”"));
}
