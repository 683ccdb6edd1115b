//! What the doctor says behind each router, with two relays to be seen from.

use scenarios::{
    Node, Relay,
    lab::{Lab, Nat},
    until_within,
};

/// Waits until it says so of TCP, of UDP, and of what to expect, of a laptop behind such a router. Right after its relays
/// were added, a node is still dialling them: what it says is the last word only once that is over.
fn says_behind(nat: Nat, expected: [&str; 3]) {
    let Some(lab) = Lab::up(nat, Nat::None, &[]) else { return };
    let relay = |host: &'static str, at: &str| {
        let listen = ["tcp/4010", "tcp/443", "udp/4010/quic-v1"].map(|port| format!("/ip4/{at}/{port}"));
        Relay::start_in(Some(lab.place(host)), &listen.each_ref().map(String::as_str))
    };
    let relays = [relay("relay", "203.0.113.10"), relay("relay2", "203.0.113.11")];
    let mut jack = Node::init("Jack");
    jack.move_to(lab.place("a"), super::Over::Both.laptop());
    jack.up();
    for address in relays.iter().flat_map(Relay::addresses) {
        let _ = jack.says(&["relays", "add", address]);
    }
    until_within(super::PUNCHED, &format!("the doctor says {expected:?}"), || {
        let found = jack.json(&["doctor"]);
        let words = ["tcp", "udp", "expect"].map(|field| {
            let text = found[field].as_str().expect("a text");
            text.split(':').next().unwrap_or_default().to_owned()
        });
        if words != expected {
            println!("behind {} it says for now: {found:#}", nat.name());
        }
        (words == expected).then_some(())
    });
}

#[test]
fn the_doctor_finds_no_router_where_there_is_none() {
    says_behind(Nat::None, ["open", "open", "direct"]);
}

#[test]
fn the_doctor_expects_direct_paths_behind_the_router_of_a_home() {
    says_behind(Nat::Cone, ["cone", "cone", "direct"]);
}

#[test]
fn the_doctor_expects_direct_paths_behind_a_router_that_changes_ports_for_all_alike() {
    says_behind(Nat::Shift, ["cone", "cone", "direct"]);
}

#[test]
fn the_doctor_expects_the_relay_behind_a_router_that_gives_everybody_another_port() {
    says_behind(Nat::Symmetric, ["symmetric", "symmetric", "relayed"]);
}

#[test]
fn the_doctor_names_blocked_udp() {
    says_behind(Nat::UdpBlock, ["cone", "blocked", "direct"]);
}

#[test]
fn the_doctor_expects_the_relay_where_nothing_but_web_pages_gets_out() {
    says_behind(Nat::Tcp443, ["cone", "blocked", "relayed"]);
}
