//! Two people who are never there at the same time, and the mailbox at their relay.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a scenario stops where something is not as it should be"
)]

use failpoint::Point;
use scenarios::{Node, Pair, Relay, until};

/// Jack has bills and is known to Jill; each has told the other the key of its mailbox.
fn acquainted(relay: Relay) -> Pair {
    let (mut jack, mut jill) = (Node::init("Jack"), Node::init("Jill"));
    jack.up();
    jill.up();
    let pair = Pair { jack, jill, relay }.introduced();
    let bills = scenarios::bills();
    let bills = bills.to_str().unwrap();
    let _ = pair.jack.says(&["data", "add", bills, "--tag", "bills", "--visible-to", "Jill"]);
    assert_eq!(pair.jill.json(&["catalog", "Jack"])["fresh"], true);
    for node in [&pair.jack, &pair.jill] {
        until("each knows the other's mailbox", || (node.json(&["people"])[0]["mailbox"] == true).then_some(()));
    }
    pair
}

/// Waits until everything that one owes to the other lies in the mailbox.
fn has_left_it(node: &Node, least: u64) {
    until(&format!("what {} owes lies in the mailbox", node.name()), || {
        let people = node.json(&["people"]);
        let (waiting, left) = (people[0]["waiting"].as_u64().unwrap(), people[0]["left"].as_u64().unwrap());
        assert_eq!(people[0]["path"], "away", "{people}");
        (left >= least && left == waiting).then_some(())
    });
}

fn state(node: &Node, id: &str) -> Option<String> {
    let all = node.json(&["requests"]);
    let found = all.as_array().unwrap().iter().find(|request| request["id"] == id)?;
    found["state"].as_str().map(str::to_owned)
}

fn restart(relay: &mut Relay) {
    relay.kill();
    relay.again();
}

#[test]
fn a_walk_of_two_who_are_never_there_together_completes_through_a_relay_that_restarts_in_between() {
    let Pair { mut jack, mut jill, mut relay } = acquainted(Relay::start_keeping());
    jack.stop();

    let wish = ["request", "Jack", "bills", "mean", "--column", "total", "--reason", "a loan"];
    let id = jill.json(&wish)["id"].as_str().unwrap().to_owned();
    has_left_it(&jill, 1);
    jill.says(&["people"]).shows(&["in the mailbox"]);
    jill.stop();
    restart(&mut relay);

    jack.up();
    until("the request has come", || (state(&jack, &id)? == "waiting").then_some(()));
    let preview = jack.json(&["show", &id])["preview"].as_str().unwrap().to_owned();
    let _ = jack.says(&["approve", &id, "--preview", &preview]);
    has_left_it(&jack, 1);
    jack.stop();
    restart(&mut relay);

    jill.up();
    until("the decision has come", || (state(&jill, &id)? == "approved").then_some(()));
    // asked now, computed when Jack is there
    jill.cli(&["run", &id, "--wait", "1"]).refused(&["has not answered yet"]);
    has_left_it(&jill, 1);
    jill.stop();
    restart(&mut relay);

    jack.up();
    has_left_it(&jack, 1);
    jack.stop();
    restart(&mut relay);

    jill.up();
    let outcome = jill.json(&["run", &id]);
    assert_eq!(outcome["failed"], serde_json::json!([]), "{outcome}");
    // and everything is settled: what lay there was taken, and its sender told
    jack.up();
    for node in [&jack, &jill] {
        until("nothing is owed any more", || (node.json(&["people"])[0]["waiting"] == 0).then_some(()));
    }
}

#[test]
fn a_relay_without_a_folder_loses_what_lay_there_and_is_given_it_again() {
    let Pair { mut jack, mut jill, mut relay } = acquainted(Relay::start());
    jack.stop();
    let wish = ["request", "Jack", "bills", "mean", "--column", "total", "--reason", "a loan"];
    let id = jill.json(&wish)["id"].as_str().unwrap().to_owned();
    has_left_it(&jill, 1);
    restart(&mut relay);
    // not before the relay has the letter again: Jill does not stay
    until("it is left again", || relay.process().err().contains("an item was left").then_some(()));
    jill.stop();
    jack.up();
    until("the request has come", || (state(&jack, &id)? == "waiting").then_some(()));
}

/// Starts it, lets it die at that point, and reaps it.
fn dies(node: &mut Node, point: Point) {
    if node.up_until(point, 1) {
        until(&format!("{} dies at {}", node.name(), point.name()), || node.has_died().then_some(()));
    }
}

#[test]
fn a_node_that_is_killed_between_taking_telling_and_leaving_does_it_all_again_and_nothing_twice() {
    let Pair { mut jack, mut jill, mut relay } = acquainted(Relay::start_keeping());
    jack.stop();
    let wish = ["request", "Jack", "bills", "mean", "--column", "total", "--reason", "a loan"];
    let id = jill.json(&wish)["id"].as_str().unwrap().to_owned();
    has_left_it(&jill, 1);
    jill.stop();

    for point in [Point::LettersTaken, Point::LettersTold] {
        dies(&mut jack, point);
    }
    jack.up();
    until("the request has come", || (state(&jack, &id)? == "waiting").then_some(()));
    assert_eq!(jack.json(&["requests"]).as_array().unwrap().len(), 1, "and once");

    relay.kill();
    let preview = jack.json(&["show", &id])["preview"].as_str().unwrap().to_owned();
    let _ = jack.says(&["approve", &id, "--preview", &preview]);
    jack.stop();
    relay.again();
    dies(&mut jack, Point::LetterReady);
    jack.up();
    has_left_it(&jack, 1);
    jack.stop();

    dies(&mut jill, Point::LettersTaken);
    jill.up();
    until("the decision has come", || (state(&jill, &id)? == "approved").then_some(()));
    jack.up();
    let outcome = jill.json(&["run", &id]);
    assert_eq!(outcome["failed"], serde_json::json!([]), "{outcome}");
}
