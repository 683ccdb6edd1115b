use scenarios::{Node, bills, raw_bills, statement};
use serde_json::json;

#[test]
fn a_bad_row_refuses_the_whole_file_and_names_its_line() {
    let mut jack = Node::init("Jack");
    jack.up();
    let file = raw_bills();
    let add = ["data", "add", file.to_str().unwrap(), "--tag", "utility"];
    let before = (jack.json(&["data", "list"]), jack.json(&["log"]));
    jack.cli(&add).refused(&["118", "2010-05-36"]);
    assert_eq!((jack.json(&["data", "list"]), jack.json(&["log"])), before, "nothing is half-stored");
    assert_eq!(std::fs::read_dir(jack.home().join("datasets")).unwrap().count(), 0);

    let skipping = jack.says(&[&add[..], &["--skip-bad-rows"]].concat());
    skipping.shows(&["rows 116", "1 bad row: line 118"]);
    jack.cli(&add).refused(&["118"]);
    let good = bills();
    jack.cli(&["data", "add", good.to_str().unwrap(), "--tag", "utility"]).refused(&["another dataset has that tag"]);
    assert_eq!(jack.json(&["data", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_json_list_is_stored_from_standard_input_or_a_file() {
    let mut jack = Node::init("Jack");
    jack.up();
    std::fs::write(jack.desk().join("list.json"), "[1, 2, 3, 4, 5, 12]").unwrap();
    let stored = jack.json(&["data", "add", "list.json", "--tag", "numbers", "--description", "six of them"]);
    assert_eq!((&stored["rows"], &stored["visible_to"]), (&json!(6), &json!([])), "{stored}");
    for (content, why) in [("[]", "empty"), ("[1, \"two\"", "JSON"), ("", "empty")] {
        std::fs::write(jack.desk().join("broken.json"), content).unwrap();
        let _ = jack.cli(&["data", "add", "broken.json", "--tag", "broken", "--format", "json"]).refused(&[]);
        assert_eq!(jack.json(&["data", "list"]).as_array().unwrap().len(), 1, "{why}: nothing is half-stored");
    }
    jack.cli(&["data", "add", "absent.csv", "--tag", "absent"]).refused(&["absent.csv"]);
    jack.says(&["data", "remove", "numbers"]).shows(&["removed"]);
    jack.cli(&["data", "remove", "numbers"]).refused(&["numbers", "not known"]);
}

#[test]
fn a_second_node_in_the_same_home_is_refused_with_the_reason() {
    let mut jack = Node::init("Jack");
    jack.cli(&["requests"]).refused(&["no node is running", "halfdoor up"]);
    jack.up();
    jack.cli(&["up"]).refused(&["already running here"]);
    jack.cli(&["init", "--name", "Jack", "--no-passphrase"]).refused(&["already"]);
    let _ = jack.says(&["data", "list"]);
    jack.stop();
    jack.cli(&["requests"]).refused(&["no node is running"]);
}

#[test]
fn statements_of_banks_are_stored_whatever_they_are_called_and_account_numbers_are_not() {
    let mut jack = Node::init("Jack");
    jack.up();
    std::fs::copy(statement("checking.ofx"), jack.desk().join("download.csv")).unwrap();
    let said = jack.says(&["data", "add", "download.csv", "--tag", "checking"]);
    said.shows(&["format ofx", "rows 3", "counterparty", "balance"]).hides(&["1452687"]);
    jack.cli(&["data", "add", "download.csv", "--tag", "again", "--format", "csv"]).refused(&[]);
    jack.cli(&["data", "add", "download.csv", "--tag", "again", "--format", "qif"]).refused(&["this is not QIF"]);

    // the encoding is that of its header: no text that JSON could carry
    let old = std::fs::read(statement("anzcc.ofx")).unwrap();
    let old = String::from_utf8(old).unwrap().replace("UTF-8", "ISO-8859-1").replace("SOME MEMO", "CAF\u{1}");
    let old: Vec<u8> = old.bytes().map(|byte| if byte == 1 { 0xC9 } else { byte }).collect();
    std::fs::write(jack.desk().join("card.ofx"), old).unwrap();
    jack.says(&["data", "add", "card.ofx", "--tag", "card"]).shows(&["rows 1", "it was read as windows-1252"]);

    let bad = statement("bad/date_missing.ofx");
    let add = ["data", "add", bad.to_str().unwrap(), "--tag", "bad"];
    jack.cli(&add).refused(&["transaction 1 (line 33)", "it has no “DTPOSTED”"]);
    jack.cli(&[&add[..], &["--skip-bad-rows"]].concat()).refused(&["no row can be read"]);
    std::fs::write(jack.desk().join("packed.zip"), b"PK\x03\x04\x14\x00").unwrap();
    jack.cli(&["data", "add", "packed.zip", "--tag", "packed"]).refused(&["a ZIP archive", "unpack it first"]);
    let stored = jack.json(&["data", "list"]);
    assert_eq!(stored.as_array().unwrap().len(), 2, "nothing is half-stored");

    let rows = "31.01.25;-61,40;Strom\n28.02.25;-58,10;Strom\n31.03.25;-49,75;Strom\n32.01.25;1,00;x\n";
    std::fs::write(jack.desk().join("giro.csv"), format!("Buchungstag;Betrag;Zweck\n{rows}")).unwrap();
    let map =
        ["--map", "date=Buchungstag", "--map", "amount=Betrag", "--map", "description=Zweck", "--currency", "EUR"];
    let giro = [&["data", "add", "giro.csv", "--tag", "giro", "--skip-bad-rows"][..], &map].concat();
    jack.says(&giro).shows(&["rows 3", "1 bad row: line 5", "32.01.25 is not a date", "currency"]);
}
