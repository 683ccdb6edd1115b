//! The first walk by hand: two nodes with homes of their own, a relay in a third process, and the commands of the guides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

#[path = "walk/deciding.rs"]
mod deciding;
#[path = "walk/ending.rs"]
mod ending;
#[path = "walk/granting.rs"]
mod granting;
#[path = "walk/guide.rs"]
mod guide;
#[path = "walk/large.rs"]
mod large;
#[path = "walk/storing.rs"]
mod storing;

use scenarios::{Node, Pair, bills, until};
use serde_json::Value;

/// Jack and Jill, with Jack's bills where Jill sees them, and Jill having looked.
fn with_bills() -> Pair {
    let pair = Pair::connected();
    let file = bills();
    let file = file.to_str().unwrap();
    let bills = ["data", "add", file, "--tag", "utility", "--description", "household bills", "--visible-to", "Jill"];
    pair.jack.says(&bills).shows(&["utility", "116"]);
    pair.jill.says(&["catalog", "Jack"]).shows(&["utility", "household bills"]);
    pair
}

/// Jill asks by the command line; answers with the request's id.
fn ask(pair: &Pair, computation: &str, more: &[&str]) -> String {
    let mut line = vec!["request", "Jack", "utility", computation, "--column", "electricity", "--wait", "60"];
    line.extend(more);
    let made = pair.jill.json(&line);
    assert_eq!(made["state"], "waiting", "{made}");
    text(&made["id"])
}

/// Jack looks at a request and approves what he was shown.
fn approve(pair: &Pair, id: &str, more: &[&str]) {
    let preview = preview(&pair.jack, id);
    let mut line = vec!["approve", id, "--preview", &preview];
    line.extend(more);
    pair.jack.says(&line).shows(&["approved"]);
    pair.hears(id, "approved");
}

/// What `show` prints as the preview to name.
fn preview(node: &Node, id: &str) -> String {
    text(&node.json(&["show", id])["preview"])
}

/// The one grant that is about this request, seen by a node.
fn grant_of(node: &Node, request: &str) -> Value {
    let id =
        node.json(&["requests"]).as_array().unwrap().iter().find(|one| one["id"] == request).unwrap()["grant"].clone();
    let grants = node.json(&["grants"]);
    grants.as_array().unwrap().iter().find(|grant| grant["id"] == id).unwrap_or_else(|| panic!("{grants}")).clone()
}

/// Waits until a node's grant for this request is in a state.
fn until_grant(node: &Node, request: &str, state: &str) {
    until(&format!("{} sees the grant {state}", node.name()), || {
        (grant_of(node, request)["state"] == state).then_some(())
    });
}

/// Whether the node's own log says that something of this kind happened to this id.
fn logged(node: &Node, kind: &str, id: &str) -> usize {
    let entries = node.json(&["log"]);
    let of = |entry: &&Value| entry["kind"] == kind && entry["ids"].as_array().unwrap().iter().any(|one| one == id);
    entries.as_array().unwrap().iter().filter(of).count()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
