//! Laptops behind every kind of router, the real programs: who meets directly, and who through the relay.
//!
//! What theory allows: a hole can be punched unless a router gives each destination another port. Such a laptop is met
//! directly only by one that anybody may speak to. Where no UDP leaves, TCP must do; where only port 443 is left, the relay.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a scenario stops where something is not as it should be, and says what a person would wait"
)]

#[path = "natlab/doctor.rs"]
mod doctor;
#[path = "natlab/faults.rs"]
mod faults;

use scenarios::{
    Node, Relay,
    lab::{Lab, Nat},
    until_within,
};
use std::time::Duration;

/// From the connection through the relay to the direct one: time for the attempts after 0, 15 and 75 seconds, since on a busy
/// machine a first one can come too late for both ends to meet.
const PUNCHED: Duration = Duration::from_secs(120);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Over {
    Tcp,
    Quic,
    Both,
}

impl Over {
    /// Where a laptop listens: the laboratory's routers know these ports.
    fn laptop(self) -> &'static [&'static str] {
        let both = &["/ip4/0.0.0.0/tcp/4001", "/ip4/0.0.0.0/udp/4001/quic-v1"];
        match self {
            Self::Tcp => &both[..1],
            Self::Quic => &both[1..],
            Self::Both => both,
        }
    }

    /// Where the relay does; at port 443 too, for those who are let out nowhere else.
    fn relay(self) -> &'static [&'static str] {
        let both = &["/ip4/203.0.113.10/tcp/4010", "/ip4/203.0.113.10/tcp/443", "/ip4/203.0.113.10/udp/4010/quic-v1"];
        match self {
            Self::Tcp => &both[..2],
            Self::Quic => &both[2..],
            Self::Both => both,
        }
    }
}

/// Two laptops in a laboratory, connected by an invite.
struct Laptops {
    lab: Lab,
    jack: Node,
    jill: Node,
    relay: Relay,
}

impl Laptops {
    fn meet(lab: Lab, over: Over) -> Self {
        let relay = Relay::start_in(Some(lab.place("relay")), over.relay());
        let laptop = |name: &str, host| {
            let mut node = Node::init(name);
            node.move_to(lab.place(host), over.laptop());
            node.up();
            node
        };
        let (jack, jill) = (laptop("Jack", "a"), laptop("Jill", "b"));
        for address in relay.addresses() {
            let _ = jack.says(&["relays", "add", address]);
        }
        let invite = jack.json(&["invite", "--no-wait"]);
        let joined = jill.json(&["connect", invite["text"].as_str().expect("an invite has a text")]);
        assert_eq!(joined["name"], "Jack", "{joined}");
        Self { lab, jack, jill, relay }
    }

    /// How each reaches the other: direct, relayed or away.
    fn paths(&self) -> [String; 2] {
        [&self.jack, &self.jill].map(|node| {
            let people = node.json(&["people"]);
            people[0]["path"].as_str().unwrap_or_else(|| panic!("{} knows nobody: {people}", node.name())).to_owned()
        })
    }

    fn are(&self, path: &str) -> bool {
        self.paths().iter().all(|found| found == path)
    }

    /// Jill asks Jack what there is, and he answers.
    fn talk(&self) {
        let catalog = self.jill.json(&["catalog", "Jack"]);
        assert_eq!(catalog["fresh"], true, "{catalog}");
    }
}

/// As two homes are.
fn cone_and_cone(over: Over) -> Option<Laptops> {
    Some(Laptops::meet(Lab::up(Nat::Cone, Nat::Cone, &[])?, over))
}

fn directly(a: Nat, b: Nat, over: Over) {
    let Some(lab) = Lab::up(a, b, &[]) else { return };
    let mut laptops = Laptops::meet(lab, over);
    until_within(PUNCHED, "both reach each other directly", || laptops.are("direct").then_some(()));
    laptops.talk();
    // and without the relay
    laptops.relay.kill();
    laptops.lab.does(&["link", "relay", "down"]);
    laptops.talk();
}

fn through_the_relay(a: Nat, b: Nat, over: Over) {
    let Some(lab) = Lab::up(a, b, &[]) else { return };
    let laptops = Laptops::meet(lab, over);
    until_within(PUNCHED, "both reach each other", || laptops.are("relayed").then_some(()));
    laptops.talk();
    assert!(laptops.are("relayed"), "theory does not allow a direct path here: {:?}", laptops.paths());
}

macro_rules! pairs {
    ($module:ident, $over:ident: $($name:ident: $how:ident($a:ident, $b:ident);)+) => {
        mod $module {
            use super::*;
            $(
                #[test]
                fn $name() {
                    $how(Nat::$a, Nat::$b, Over::$over);
                }
            )+
        }
    };
}

pairs! { tcp, Tcp:
    two_open_laptops_meet_directly: directly(None, None);
    an_open_laptop_and_a_cone_meet_directly: directly(None, Cone);
    an_open_laptop_and_a_shift_meet_directly: directly(None, Shift);
    an_open_laptop_and_a_full_cone_meet_directly: directly(None, FullCone);
    an_open_laptop_and_a_symmetric_meet_directly: directly(None, Symmetric);
    an_open_laptop_and_a_udp_block_meet_directly: directly(None, UdpBlock);
    an_open_laptop_and_a_443_only_meet_through_the_relay: through_the_relay(None, Tcp443);
    a_cone_and_another_cone_meet_directly: directly(Cone, Cone);
    a_cone_and_a_shift_meet_directly: directly(Cone, Shift);
    a_cone_and_a_full_cone_meet_directly: directly(Cone, FullCone);
    a_cone_and_a_symmetric_meet_through_the_relay: through_the_relay(Cone, Symmetric);
    a_cone_and_a_udp_block_meet_directly: directly(Cone, UdpBlock);
    a_cone_and_a_443_only_meet_through_the_relay: through_the_relay(Cone, Tcp443);
    a_shift_and_another_shift_meet_directly: directly(Shift, Shift);
    a_shift_and_a_full_cone_meet_directly: directly(Shift, FullCone);
    a_shift_and_a_symmetric_meet_through_the_relay: through_the_relay(Shift, Symmetric);
    a_shift_and_a_udp_block_meet_directly: directly(Shift, UdpBlock);
    a_shift_and_a_443_only_meet_through_the_relay: through_the_relay(Shift, Tcp443);
    a_full_cone_and_another_full_cone_meet_directly: directly(FullCone, FullCone);
    a_full_cone_and_a_symmetric_meet_directly: directly(FullCone, Symmetric);
    a_full_cone_and_a_udp_block_meet_directly: directly(FullCone, UdpBlock);
    a_full_cone_and_a_443_only_meet_through_the_relay: through_the_relay(FullCone, Tcp443);
    a_symmetric_and_another_symmetric_meet_through_the_relay: through_the_relay(Symmetric, Symmetric);
    a_symmetric_and_a_udp_block_meet_through_the_relay: through_the_relay(Symmetric, UdpBlock);
    a_symmetric_and_a_443_only_meet_through_the_relay: through_the_relay(Symmetric, Tcp443);
    a_udp_block_and_another_udp_block_meet_directly: directly(UdpBlock, UdpBlock);
    a_udp_block_and_a_443_only_meet_through_the_relay: through_the_relay(UdpBlock, Tcp443);
    a_443_only_and_another_443_only_meet_through_the_relay: through_the_relay(Tcp443, Tcp443);
}

pairs! { quic, Quic:
    two_open_laptops_meet_directly: directly(None, None);
    an_open_laptop_and_a_cone_meet_directly: directly(None, Cone);
    an_open_laptop_and_a_shift_meet_directly: directly(None, Shift);
    an_open_laptop_and_a_full_cone_meet_directly: directly(None, FullCone);
    an_open_laptop_and_a_symmetric_meet_directly: directly(None, Symmetric);
    a_cone_and_another_cone_meet_directly: directly(Cone, Cone);
    a_cone_and_a_shift_meet_directly: directly(Cone, Shift);
    a_cone_and_a_full_cone_meet_directly: directly(Cone, FullCone);
    a_cone_and_a_symmetric_meet_through_the_relay: through_the_relay(Cone, Symmetric);
    a_shift_and_another_shift_meet_directly: directly(Shift, Shift);
    a_shift_and_a_full_cone_meet_directly: directly(Shift, FullCone);
    a_shift_and_a_symmetric_meet_through_the_relay: through_the_relay(Shift, Symmetric);
    a_full_cone_and_another_full_cone_meet_directly: directly(FullCone, FullCone);
    a_full_cone_and_a_symmetric_meet_directly: directly(FullCone, Symmetric);
    a_symmetric_and_another_symmetric_meet_through_the_relay: through_the_relay(Symmetric, Symmetric);
}

// as nodes are set up: what one transport cannot, the other does
pairs! { both, Both:
    a_cone_and_another_cone_meet_directly: directly(Cone, Cone);
    a_cone_and_a_udp_block_meet_directly: directly(Cone, UdpBlock);
    a_shift_and_a_symmetric_meet_through_the_relay: through_the_relay(Shift, Symmetric);
    a_cone_and_a_443_only_meet_through_the_relay: through_the_relay(Cone, Tcp443);
}
