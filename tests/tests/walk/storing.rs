use scenarios::{Node, bills, raw_bills};
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
