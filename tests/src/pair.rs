//! Two people who are connected, and the relay that introduced them.

use crate::{node::Node, relay::Relay, until};

/// Jack owns data, Jill asks about it.
#[derive(Debug)]
pub struct Pair {
    /// The owner.
    pub jack: Node,
    /// The institution.
    pub jill: Node,
    /// Their relay.
    pub relay: Relay,
}

impl Pair {
    /// Three processes; nobody has been invited yet.
    #[must_use]
    pub fn apart() -> Self {
        let relay = Relay::start();
        let (mut jack, mut jill) = (Node::init("Jack"), Node::init("Jill"));
        jack.up();
        jill.up();
        Self { jack, jill, relay }
    }

    /// Jack has invited Jill and she has joined.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn connected() -> Self {
        let pair = Self::apart();
        let _ = pair.jack.says(&["relays", "add", pair.relay.address()]);
        let invite = pair.jack.json(&["invite", "--no-wait"]);
        let text = invite["text"].as_str().expect("an invite has a text");
        let joined = pair.jill.json(&["connect", text]);
        assert_eq!(joined["name"], "Jack", "{joined}");
        pair.reached();
        pair
    }

    /// Waits until each can reach the other.
    pub fn reached(&self) {
        for (node, other) in [(&self.jack, "Jill"), (&self.jill, "Jack")] {
            let api = node.api();
            until(&format!("{} reaches {other}", node.name()), || {
                let people = api.get("/v1/people");
                let people = people.as_array().expect("a list");
                people.iter().find(|person| person["name"] == other && person["path"] != "away").cloned()
            });
        }
    }
}
