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
        Self::of(Node::init("Jack"), Node::init("Jill"))
    }

    /// The same of nodes that have homes already.
    #[must_use]
    pub fn of(mut jack: Node, mut jill: Node) -> Self {
        let relay = Relay::start();
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
        Self::apart().introduced()
    }

    /// Jack invites Jill and she joins.
    ///
    /// # Panics
    /// When that fails.
    #[must_use]
    pub fn introduced(self) -> Self {
        let _ = self.jack.says(&["relays", "add", self.relay.address()]);
        self.joins(&self.jill);
        self.reached();
        self
    }

    /// Jack invites somebody and they join.
    ///
    /// # Panics
    /// When that fails.
    pub fn joins(&self, who: &Node) {
        let invite = self.jack.json(&["invite", "--no-wait"]);
        let text = invite["text"].as_str().expect("an invite has a text");
        let joined = who.json(&["connect", text]);
        assert_eq!(joined["name"], "Jack", "{joined}");
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
