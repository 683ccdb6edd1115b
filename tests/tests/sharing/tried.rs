//! Jill tries her request on rows that Jack made up, before she asks in earnest.

use super::{text, with_a_file};
use scenarios::Pair;
use serde_json::{Value, json};
use std::fs;

fn with_bills() -> Pair {
    let pair = with_a_file();
    let _ = pair.jack.says(&["data", "add", "bills.csv", "--tag", "bills", "--visible-to", "Jill"]);
    pair
}

fn looks(pair: &Pair) -> Value {
    pair.jill.json(&["catalog", "Jack"])["datasets"][0].clone()
}

const TRY: [&str; 8] = ["request", "Jack", "bills", "max", "--column", "amount", "--mock", "--wait=30"];

#[test]
fn a_request_is_tried_on_a_file_of_made_up_rows_and_nobody_is_asked() {
    let pair = with_bills();
    let _ = looks(&pair);
    pair.jill.cli(&TRY).refused(&["no made-up rows"]);
    let made_up = "amount,date,kind,paid\n10,2025-01-01,x,true\n20,2025-02-01,x,true\n30,2025-03-01,y,false\n\
                   40,2025-04-01,y,true\n7.5,2025-05-01,y,true\n";
    fs::write(pair.jack.desk().join("mock.csv"), made_up).unwrap();
    pair.jack.says(&["data", "mock", "bills", "mock.csv"]).shows(&["mock 5 rows, made up"]);
    pair.jill.says(&["catalog", "Jack"]).shows(&["bills of Jack: 6 rows", "5 made-up rows to try a request on"]);
    let before = pair.state();
    let tried = pair.jill.says(&TRY);
    tried.shows(&["MOCK: computed over rows that the owner made up", "40.00 (mock)", "no receipt"]);
    let view = pair.jill.json(&TRY);
    assert_eq!((&view["mock"], &view["value"], &view["rows"]), (&json!(true), &json!("40.00"), &json!(5)));
    // no request, grant, outcome or entry of a log on either side
    assert_eq!(pair.state(), before);
    assert_eq!(pair.jill.json(&["outcomes"]), json!([]));

    // in earnest the answer is another one
    let asked = pair.ask("bills", "max", &json!({ "column": "amount" }));
    pair.approve(&asked, &json!({}));
    assert_eq!(pair.run(&asked)["value"], "61.40");
}

#[test]
fn what_cannot_be_asked_is_found_out_by_trying() {
    let pair = with_bills();
    let _ = pair.jack.says(&["data", "mock", "bills", "--generate", "--rows", "8", "--seed", "1"]);
    let _ = looks(&pair);
    pair.jill.cli(&["request", "Jack", "bills", "mean", "--column", "absent", "--mock"]).refused(&["absent"]);
    let none = ["request", "Jack", "bills", "mean", "--column", "amount", "--where", "amount > 100000", "--mock"];
    let came = pair.jill.json(&none);
    assert_eq!((&came["mock"], &came["value"]), (&json!(true), &Value::Null), "{came}");
    assert!(came["nothing"].as_str().is_some_and(|why| !why.is_empty()), "{came}");
    pair.jill.cli(&[&TRY[..], &["--reason", "why"]].concat()).misused(&["--mock", "--reason"]);
}

#[test]
fn rows_are_made_from_the_columns_alone_and_the_rows_themselves_are_refused() {
    let pair = with_bills();
    let generate = ["data", "mock", "bills", "--generate", "--rows", "40", "--seed", "7"];
    pair.jack.says(&generate).shows(&["mock 40 rows"]);
    let _ = looks(&pair);
    let sum = || {
        let ask = ["request", "Jack", "bills", "sum", "--column", "amount", "--mock"];
        text(&pair.jill.json(&ask)["value"])
    };
    let first = sum();
    // other rows in the dataset, the same columns: the same mock
    let rows = "date,amount,kind,paid\n2024-01-31,1000000.00,secret,true\n2024-02-29,2000000.00,secret,false\n";
    fs::write(pair.jack.desk().join("other.csv"), rows).unwrap();
    let _ = pair.jack.says(&["data", "remove", "bills"]);
    let _ = pair.jack.says(&["data", "add", "other.csv", "--tag", "bills", "--visible-to", "Jill"]);
    let _ = pair.jack.says(&generate);
    let _ = looks(&pair);
    assert_eq!(sum(), first);

    pair.jack.cli(&["data", "mock", "bills", "other.csv"]).refused(&["these are the rows of the dataset itself"]);
    fs::write(pair.jack.desk().join("short.csv"), "date,amount\n2025-01-31,1.00\n").unwrap();
    pair.jack.cli(&["data", "mock", "bills", "short.csv"]).refused(&["the mock has no column “kind”"]);
    assert_eq!(looks(&pair)["mock"], 40, "the one before stays");
}

#[test]
fn a_mock_goes_with_its_dataset_or_before_it_and_is_hidden_with_it() {
    let pair = with_bills();
    let _ = pair.jack.says(&["data", "mock", "bills", "--generate"]);
    assert_eq!(looks(&pair)["mock"], 24);
    let _ = pair.jack.says(&["data", "visible", "bills", "nobody"]);
    let hidden = pair.jill.cli(&TRY).refused(&["they have no such dataset"]);
    let _ = pair.jack.says(&["data", "visible", "bills", "Jill"]);
    pair.jill.says(&TRY).shows(&["(mock)"]);
    pair.jack.says(&["data", "mock", "bills", "--remove"]).hides(&["made up"]);
    let removed = pair.jill.cli(&TRY).refused(&["they have no such dataset"]);
    assert_eq!(hidden.err(), removed.err());
    pair.jack.cli(&["data", "mock", "bills", "--remove"]).refused(&["this dataset has no mock"]);
    let _ = pair.jack.says(&["data", "mock", "bills", "--generate"]);
    assert_eq!(looks(&pair)["mock"], 24);
    let _ = pair.jack.says(&["data", "remove", "bills"]);
    let gone = pair.jill.cli(&TRY).refused(&["they have no such dataset"]);
    assert_eq!(hidden.err(), gone.err());
}
