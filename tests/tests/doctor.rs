//! Whether others can reach this node, and how long the way to somebody takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

use scenarios::{Node, Pair, Relay};

#[test]
fn without_a_relay_the_doctor_says_what_to_do_about_it() {
    let mut node = Node::init("Jack");
    node.cli(&["doctor"]).refused(&["no node is running", "halfdoor up"]);
    node.up();
    node.cli(&["doctor"]).refused(&["no relay is reached", "halfdoor relays add ADDRESS"]);
    node.stop();
}

#[test]
fn the_doctor_tries_each_address_of_each_relay_and_names_the_one_that_does_not_answer() {
    let mut node = Node::init("Jack");
    let (relay, mut gone) = (Relay::start(), Relay::start());
    node.up();
    for relay in [&relay, &gone] {
        let _ = node.says(&["relays", "add", relay.address()]);
    }
    gone.kill();
    let found = node.json(&["doctor"]);
    let reached = |address: &str| {
        let routes = found["routes"].as_array().expect("a list");
        routes.iter().find(|route| route["address"] == address).expect("the relay")["reached"] == true
    };
    assert!(reached(relay.address()) && !reached(gone.address()), "{found}");
    assert_eq!(found["expect"], "direct", "on one machine: {found}");
    let said = node.says(&["doctor"]);
    for words in ["reached", "not reached", "seen at 127.0.0.1", "The relays are in this network"] {
        assert!(said.out().contains(words), "{words:?} is missing in\n{said}");
    }
    node.stop();
}

#[test]
fn a_ping_shows_the_way_and_its_time_and_who_is_away() {
    let mut pair = Pair::connected();
    let pings = pair.jill.json(&["people", "Jack", "--ping"]);
    let pings = pings.as_array().expect("a list");
    let last = pings.last().expect("one at least");
    assert_eq!(last["path"], "direct", "on one machine the way becomes direct: {pings:?}");
    assert!(last["round_trip_ms"].as_u64().is_some_and(|took| took < 10_000), "{pings:?}");
    pair.jill.cli(&["people", "Nobody", "--ping"]).refused(&["Nobody"]);
    pair.jack.stop();
    scenarios::until("Jack is away", || (pair.jill.json(&["people"])[0]["path"] == "away").then_some(()));
    assert_eq!(pair.jill.api().get("/v1/people/Jack/ping")["path"], "away");
    pair.jill.stop();
}
