//! What an operator can ask a relay for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a scenario stops where something is not as it should be"
)]

use scenarios::{Api, Node, Relay, until};
use serde_json::Value;

fn text(api: &Api, path: &str) -> Option<String> {
    let answer = api.call("GET", path, None).ok().filter(|answer| answer.status == 200)?;
    String::from_utf8(answer.body).ok()
}

#[test]
fn an_operator_sees_how_many_use_the_relay_and_names_nobody() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("127.0.0.1:{port}");
    let relay = Relay::start_with(&format!("[status]\naddress = \"{address}\"\n"));
    let numbers = Api::new(&format!("http://{address}"), None);
    until("the relay is healthy", || (text(&numbers, "/healthz")?.trim() == "ok").then_some(()));
    let mut jack = Node::init("Jack");
    jack.up();
    let _ = jack.says(&["relays", "add", relay.address()]);
    let status: Value = until("Jack's reservation is counted", || {
        let status: Value = serde_json::from_str(&text(&numbers, "/status")?).unwrap();
        (status["reservations"] == 1).then_some(status)
    });
    assert!(status["peers"].as_u64() >= Some(1), "{status}");
    let metrics = text(&numbers, "/metrics").unwrap();
    assert!(metrics.contains("halfdoor_relay_reservations 1\n") && metrics.ends_with("# EOF\n"), "{metrics}");
    let me = jack.api().get("/v1/me");
    let peer = me["peer"].as_str().unwrap();
    assert!(!metrics.contains(peer) && !status.to_string().contains(peer), "nobody is named");
}
