//! The ledger of releases through real nodes: what answers add up to, for one who asks, for two, and over a dataset that is
//! removed and stored again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Node, Pair, until};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Two years of bills, one a month, with the day and what for.
fn bills(rows: usize) -> String {
    let mut file = String::from("day,kind,amount\n");
    for row in 0..rows {
        let (year, month) = (2024 + row / 12, row % 12 + 1);
        let kind = if row % 2 == 0 { "gas" } else { "power" };
        writeln!(file, "{year}-{month:02}-05,{kind},{}.50", 40 + row * 7 % 31).unwrap();
    }
    file
}

/// Jack stores so many of them as this, where everybody sees it.
fn store(jack: &Node, tag: &str, rows: usize) {
    let path = jack.desk().join(format!("{tag}.csv"));
    std::fs::write(&path, bills(rows)).unwrap();
    let path = path.to_str().unwrap();
    let _ = jack.says(&["data", "add", path, "--tag", tag, "--description", "bills", "--visible-to", "everyone"]);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Somebody asks Jack; answers with the request's id.
fn ask(who: &Node, dataset: &str, more: &[&str]) -> String {
    let _ = who.json(&["catalog", "Jack"]);
    let line = [&["request", "Jack", dataset][..], more, &["--wait", "60"]].concat();
    text(&who.json(&line)["id"])
}

fn state(node: &Node, id: &str) -> Value {
    let requests = node.json(&["requests"]);
    requests.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap()["state"].clone()
}

/// Jack says yes to what he was shown.
fn approve(jack: &Node, who: &Node, id: &str, more: &[&str]) {
    let preview = text(&jack.json(&["show", id])["preview"]);
    let _ = jack.says(&[&["approve", id, "--preview", &preview][..], more].concat());
    until("the yes arrives", || (state(who, id) == "approved").then_some(()));
}

const UNSEEN: [&str; 8] =
    ["--uses", "20", "--review", "none", "--parts", "--kinds", "sum,mean,count,share", "--columns"];

/// A standing grant that nobody looks at, over all columns.
fn granted(jack: &Node, who: &Node, dataset: &str) -> String {
    let first = ask(who, dataset, &["sum", "--column", "amount"]);
    approve(jack, who, &first, &[&UNSEEN[..], &["amount,day,kind"]].concat());
    let _ = who.says(&["run", &first]);
    let requests = who.json(&["requests"]);
    text(&requests.as_array().unwrap().iter().find(|one| one["id"] == first).unwrap()["grant"])
}

/// Asks under a grant and runs it.
fn under(who: &Node, grant: &str, dataset: &str, more: &[&str]) -> Value {
    let id = ask(who, dataset, &[more, &["--grant", grant]].concat());
    until("it is answered while nobody looks", || (state(who, &id) == "approved").then_some(()));
    who.json(&["run", &id])
}

const SUM: [&str; 3] = ["sum", "--column", "amount"];

#[test]
fn what_would_fix_a_row_is_not_released_and_what_adds_nothing_is() {
    let pair = Pair::connected();
    store(&pair.jack, "bills", 24);
    let grant = granted(&pair.jack, &pair.jill, "bills");
    let all_but_one = under(&pair.jill, &grant, "bills", &[&SUM[..], &["--where", "day != 2024-03-05"]].concat());
    assert_eq!((&all_but_one["value"], &all_but_one["not_released"]), (&Value::Null, &json!("not released")));
    let by_kind = under(&pair.jill, &grant, "bills", &[&SUM[..], &["--group-by", "kind"]].concat());
    assert!(text(&by_kind["value"]).contains("“gas”"), "{by_kind}");
    let mean = under(&pair.jill, &grant, "bills", &["mean", "--column", "amount"]);
    assert!(mean["value"].is_string(), "{mean}");
    // the same again, and the same again under other rules, is the same answer
    let _ = pair.jack.says(&["data", "rules", "bills", "--smallest-group", "13", "--round-to", "10"]);
    let again = under(&pair.jill, &grant, "bills", &[&SUM[..], &["--group-by", "kind"]].concat());
    assert_eq!(again["outcome"], by_kind["outcome"]);
    // what chooses rows by their amounts waits for Jack, whatever the grant says
    let large = ask(&pair.jill, "bills", &[&SUM[..], &["--where", "amount > 50", "--grant", &grant]].concat());
    assert_eq!(state(&pair.jack, &large), "waiting");
}

#[test]
fn a_dataset_stored_again_with_one_row_more_goes_on_where_it_was_and_only_words_set_that_aside() {
    let pair = Pair::connected();
    store(&pair.jack, "bills", 24);
    let first = ask(&pair.jill, "bills", &SUM);
    approve(&pair.jack, &pair.jill, &first, &[]);
    let _ = pair.jill.says(&["run", &first]);
    let _ = pair.jack.says(&["data", "remove", "bills"]);
    store(&pair.jack, "bills", 25);

    let second = ask(&pair.jill, "bills", &SUM);
    let shown = pair.jack.json(&["show", &second]);
    assert_eq!(shown["leaves"]["refused"], true, "{shown}");
    pair.jack.says(&["show", &second]).shows(&[
        "together with what they already have, this answer tells something about 1 row alone",
        "With what Jill already has, this fixes “amount” of row 25 (2026-01-05): 53.50.",
    ]);
    let preview = text(&shown["preview"]);
    pair.jack.cli(&["approve", &second, "--preview", &preview]).refused(&["say so in your own words"]);
    let despite = ["approve", &second, "--preview", &preview, "--despite", "she may know that bill"];
    let _ = pair.jack.says(&despite);
    until("the yes arrives", || (state(&pair.jill, &second) == "approved").then_some(()));
    let _ = pair.jill.says(&["run", &second]);
    pair.jack.says(&["log"]).shows(&["allowed despite a rule"]);
    // what is known is known: the mean of the same rows adds nothing
    let third = ask(&pair.jill, "bills", &["mean", "--column", "amount"]);
    assert_eq!(pair.jack.json(&["show", &third])["leaves"]["refused"], false);
}

#[test]
fn two_who_ask_half_each_make_the_node_pause_and_the_owner_look() {
    let pair = Pair::connected();
    let mut joan = Node::init("Joan");
    joan.up();
    pair.joins(&joan);
    store(&pair.jack, "bills", 24);
    let jills = granted(&pair.jack, &pair.jill, "bills");
    let most = [&SUM[..], &["--where", "day != 2024-03-05"]].concat();
    let first = ask(&joan, "bills", &most);
    // Jack sees what the two could work out together, and may still say yes
    pair.jack.says(&["show", &first]).shows(&["If Joan and others put together what they were told"]);
    assert_eq!(pair.jack.json(&["show", &first])["leaves"]["refused"], false);
    let half = ask(&joan, "bills", &[&SUM[..], &["--where", "day < 2025-01-01"]].concat());
    approve(&pair.jack, &joan, &half, &[&UNSEEN[..], &["amount,day,kind"]].concat());
    let _ = joan.says(&["run", &half]);
    let requests = joan.json(&["requests"]);
    let joans = text(&requests.as_array().unwrap().iter().find(|one| one["id"] == half).unwrap()["grant"]);
    // to Joan it would tell nothing by itself; together with Jill's sum of all it fixes a row
    let waits = ask(&joan, "bills", &[&most[..], &["--grant", &joans]].concat());
    until("it is approved while nobody looks", || (state(&joan, &waits) == "approved").then_some(()));
    joan.cli(&["run", &waits, "--wait", "3"]).refused(&["has not answered yet"]);
    until("both grants are paused", || {
        let grants = pair.jack.json(&["grants"]);
        let paused = grants.as_array().unwrap().iter().filter(|grant| grant["state"] == "paused").count();
        (paused == 2).then_some(())
    });
    pair.jack.says(&["grants"]).shows(&["was paused", "together with what others were told"]);
    // Jill is told that hers is paused, and not why
    let refused = ask(&pair.jill, "bills", &["mean", "--column", "amount", "--grant", &jills]);
    let requests = pair.jill.json(&["requests"]);
    let refused = requests.as_array().unwrap().iter().find(|one| one["id"] == refused).unwrap().clone();
    assert!(text(&refused["detail"]).contains("the owner has paused this grant"), "{refused}");
    assert!(pair.jill.json(&["grants"])[0]["paused"].is_null());

    let _ = pair.jack.says(&["resume", &joans]);
    let answered = until("it leaves once Jack has resumed the grant", || {
        let run = joan.cli(&["--json", "run", &waits]);
        serde_json::from_str::<Value>(run.out()).ok().filter(|run| run["value"].is_string())
    });
    assert!(answered["failed"].as_array().unwrap().is_empty(), "{answered}");
    assert!(pair.jack.json(&["grants"]).as_array().unwrap().iter().any(|grant| grant["state"] == "paused"));
}
