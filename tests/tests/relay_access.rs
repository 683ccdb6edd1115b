//! A relay that serves whoever shows a token, and those whom they invite.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a scenario stops where something is not as it should be"
)]

use scenarios::{Node, Pair, Relay, until};

const TOKEN: &str = "hrt_a-token-of-the-operators-for-jack-0123456789";

fn up(name: &str) -> Node {
    let mut node = Node::init(name);
    node.up();
    node
}

fn adds(node: &Node, relay: &Relay, token: &str) {
    let file = node.desk().join("relay.token");
    std::fs::write(&file, format!("{token}\n")).unwrap();
    let _ = node.says(&["relays", "add", relay.address(), "--relay-token", file.to_str().unwrap()]);
}

fn state(node: &Node) -> (String, String) {
    let relays = node.json(&["relays", "list"]);
    let word = |field: &str| relays[0][field].as_str().unwrap_or_default().to_owned();
    (word("state"), word("detail"))
}

#[test]
fn who_was_given_the_token_is_reached_and_so_is_a_guest_of_theirs_over_a_restart_of_the_relay() {
    let relay = Relay::start_for(TOKEN);
    let (jack, jill) = (up("Jack"), up("Jill"));
    adds(&jack, &relay, TOKEN);
    let mut pair = Pair { jack, jill, relay };
    // Jill was given nothing: the invite has it
    pair.joins(&pair.jill);
    pair.reached();
    for node in [&pair.jack, &pair.jill] {
        let file = std::fs::read_to_string(node.home().join("api.address")).unwrap();
        assert!(!file.contains(TOKEN));
        assert!(!node.json(&["relays", "list"]).to_string().contains(TOKEN), "a token is not shown again");
    }
    pair.relay.kill();
    until("Jack has noticed", || (state(&pair.jack).0 != "reserved").then_some(()));
    pair.relay.again();
    until("Jack has shown it again", || (state(&pair.jack).0 == "reserved").then_some(()));
}

#[test]
fn who_has_no_token_or_another_gets_nothing_and_is_told() {
    let relay = Relay::start_for(TOKEN);
    let (without, wrong) = (up("Without"), up("Wrong"));
    let _ = without.says(&["relays", "add", relay.address()]);
    adds(&wrong, &relay, "hrt_another-token-than-the-operators-0123456789");
    until("a wrong token is told", || {
        let (state, detail) = state(&wrong);
        assert_ne!(state, "reserved");
        detail.contains("does not know its token").then_some(())
    });
    until("no token is no reservation", || {
        let (state, detail) = state(&without);
        assert_ne!(state, "reserved");
        (!detail.is_empty()).then_some(())
    });
    adds(&wrong, &relay, TOKEN);
    until("the right one is", || (state(&wrong).0 == "reserved").then_some(()));
}
