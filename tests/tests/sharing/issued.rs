//! A power company signs Jack's bills; Jill knows the company's key and takes its word, not Jack's.

use super::{BILLS, hand_over, text, with_a_file};
use scenarios::{Node, Pair};
use serde_json::{Value, json};
use std::fs;

/// The company, known to Jack and, where she has met it, to Jill.
fn company(pair: &Pair, jill_too: bool) -> Node {
    let mut company = Node::init("Power");
    company.up();
    pair.joins(&company);
    if jill_too {
        let _ = pair.jill.says(&["relays", "add", pair.relay.address()]);
        let invite = text(&pair.jill.json(&["invite", "--no-wait"])["text"]);
        assert_eq!(company.json(&["connect", &invite])["name"], "Jill");
    }
    company
}

/// The company signs the bills for Jack, and he has both files.
fn signed(pair: &Pair, company: &Node) {
    fs::write(company.desk().join("bills.csv"), BILLS).unwrap();
    let sign = ["data", "sign", "bills.csv", "--for", "Jack", "--subject", "electricity of Jack"];
    company.says(&sign).shows(&["6 rows signed: bills.csv.voucher", "for Jack"]);
    company.cli(&sign).refused(&["does not exist yet"]);
    for name in ["bills.csv", "bills.csv.voucher"] {
        hand_over(company, &pair.jack, name);
    }
}

fn released(pair: &Pair) -> Value {
    let asked = pair.ask("bills", "max", &json!({ "column": "amount" }));
    let shown = pair.jack.says(&["show", &asked]);
    shown.shows(&["The rows are signed by Power (key first seen), 6 rows"]).hides(&["elf-asserted"]);
    pair.approve(&asked, &json!({}));
    pair.run(&asked)
}

#[test]
fn what_an_issuer_signed_is_said_in_catalog_prompt_and_receipt_by_the_requesters_own_people() {
    let pair = with_a_file();
    let company = company(&pair, true);
    signed(&pair, &company);
    let stored = pair.jack.says(&["data", "add", "bills.csv", "--tag", "bills", "--visible-to", "Jill"]);
    stored.shows(&["vouched signed by Power (key first seen), 6 rows", "“electricity of Jack”", "this owner's key"]);
    let seen = pair.jill.says(&["catalog", "Jack"]);
    seen.shows(&["signed by Power (key first seen), 6 rows", "about: “electricity of Jack”"]).hides(&["self-asserted"]);

    let outcome = released(&pair);
    assert_eq!(outcome["value"], "61.40");
    assert_eq!((&outcome["issuer"]["name"], &outcome["issuer"]["rows"]), (&json!("Power"), &json!(6)), "{outcome}");
    assert!(!outcome["notes"].to_string().contains("self-asserted"), "{outcome}");
    let verified = outcome["verified"].to_string();
    assert!(verified.contains("the issuer signed the voucher for the rows"), "{verified}");

    // anybody else sees the issuer's key, from the file alone
    let receipt = text(&outcome["receipt"]);
    let _ = pair.jill.says(&["outcomes", "export", &receipt, "bills.hdr"]);
    let key = text(&pair.jill.json(&["people", "Power"])["party"]);
    let told = pair.jill.says(&["verify", "bills.hdr"]);
    told.shows(&["signed by", &key, "6 rows", "the voucher is for data of this owner", "Everything that was checked"]);
    pair.jack.says(&["verify", "bills.csv.voucher"]).shows(&["A voucher", &key, "electricity of Jack", "rows 6"]);
    let view = pair.jill.json(&["verify", "bills.hdr"]);
    assert_eq!(view["issuer"]["party"], json!(key));
    assert_eq!(view["failed"], json!([]));
}

#[test]
fn a_key_that_the_requester_does_not_know_is_named_as_such() {
    let pair = with_a_file();
    let company = company(&pair, false);
    signed(&pair, &company);
    let _ = pair.jack.says(&["data", "add", "bills.csv", "--tag", "bills", "--visible-to", "Jill"]);
    pair.jill.says(&["catalog", "Jack"]).shows(&["signed by a key you do not know"]).hides(&["Power"]);
    let outcome = released(&pair);
    assert_eq!((&outcome["issuer"]["name"], &outcome["issuer"]["key"]), (&Value::Null, &json!("not known")));
}

#[test]
fn any_cell_changed_breaks_the_voucher_and_a_file_saved_anew_does_not() {
    let pair = with_a_file();
    let company = company(&pair, false);
    signed(&pair, &company);
    let jack = &pair.jack;
    let add = |tag: &str| jack.cli(&["data", "add", "bills.csv", "--tag", tag]);
    let rows: Vec<Vec<&str>> = BILLS.lines().map(|line| line.split(',').collect()).collect();
    let write = |rows: &[Vec<&str>], separator: &str| {
        let lines: Vec<_> = rows.iter().map(|row| row.join(separator)).collect();
        fs::write(jack.desk().join("bills.csv"), lines.join("\r\n")).unwrap();
    };
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            let other = match (at, column) {
                (0, _) => "other",
                (_, 0) => "2024-12-31",
                (_, 1) => "61.41",
                (_, 2) => "rent",
                _ if *cell == "true" => "false",
                _ => "true",
            };
            let mut changed = rows.clone();
            changed[at][column] = other;
            write(&changed, ",");
            add("bills").refused(&["voucher", "the rows of this file are not the 6", "--unsigned"]);
        }
    }
    let mut fewer = rows.clone();
    fewer.pop();
    write(&fewer, ",");
    add("bills").refused(&["the rows of this file are not the 6"]);
    assert_eq!(jack.json(&["data", "list"]), json!([]), "nothing was stored");
    let unsigned = jack.says(&["data", "add", "bills.csv", "--tag", "shorter", "--unsigned"]);
    unsigned.shows(&["vouched self-asserted"]);

    write(&rows, ";");
    add("bills").done().shows(&["vouched signed by Power"]);
}

#[test]
fn a_statement_has_accounts_hashed_for_each_home_and_its_voucher_holds_all_the_same() {
    let pair = with_a_file();
    let company = company(&pair, false);
    fs::copy(scenarios::statement("checking.ofx"), company.desk().join("checking.ofx")).unwrap();
    let made = company.json(&["data", "sign", "checking.ofx", "--to", "word"]);
    // whoever signs has it in the log what was signed
    let log = company.json(&["log"]);
    let vouched = log.as_array().unwrap().iter().find(|entry| entry["kind"] == "vouched").unwrap();
    assert_eq!(vouched["ids"], serde_json::json!([made["id"]]), "{vouched}");
    for name in ["checking.ofx", "word"] {
        hand_over(&company, &pair.jack, name);
    }
    let add = ["data", "add", "checking.ofx", "--tag", "checking"];
    pair.jack.says(&[&add[..], &["--signed", "word"]].concat()).shows(&["signed by Power", "3 rows"]);
    let statement = fs::read_to_string(pair.jack.desk().join("checking.ofx")).unwrap();
    fs::write(pair.jack.desk().join("checking.ofx"), statement.replace("1452687", "1452688")).unwrap();
    let again = ["data", "add", "checking.ofx", "--tag", "again", "--signed", "word"];
    pair.jack.cli(&again).refused(&["the rows of this file are not the 3"]);
}

#[test]
fn a_voucher_of_ones_own_for_somebody_else_or_damaged_is_refused() {
    let pair = with_a_file();
    let company = company(&pair, false);
    let add = |tag: &str| pair.jack.cli(&["data", "add", "bills.csv", "--tag", tag]);
    let voucher = pair.jack.desk().join("bills.csv.voucher");
    let _ = pair.jack.says(&["data", "sign", "bills.csv"]);
    add("own").refused(&["the owner signed it, and nobody else", "--unsigned"]);
    fs::remove_file(&voucher).unwrap();
    signed(&pair, &company);
    company.cli(&["data", "sign", "bills.csv", "--for", "Jill", "--to", "x"]).refused(&["Jill", "not known"]);
    hand_over(&pair.jack, &pair.jill, "bills.csv");
    hand_over(&pair.jack, &pair.jill, "bills.csv.voucher");
    let jills = pair.jill.cli(&["data", "add", "bills.csv", "--tag", "bills"]);
    jills.refused(&["its issuer signed it for somebody else's data"]);
    let genuine = fs::read(&voucher).unwrap();
    for at in [0, genuine.len() / 3, genuine.len() / 2, genuine.len() - 1] {
        let mut altered = genuine.clone();
        altered[at] ^= 1;
        fs::write(&voucher, altered).unwrap();
        add("altered").refused(&["voucher"]);
    }
    assert_eq!(pair.jack.json(&["data", "list"]), json!([]), "nothing was stored");
}
