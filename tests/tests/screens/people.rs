//! What Jack and Jill do at their screens, in steps that several stories share.

use scenarios::{Browser, Manner, Pair};

/// Six bills.
pub(crate) const BILLS: &str = "date,amount\n2025-01-31,61.40\n2025-02-28,58.10\n2025-03-31,49.90\n2025-04-30,44.05\n\
                         2025-05-31,41.20\n2025-06-30,52.75\n";

/// Both, each at a browser of their own.
pub(crate) struct Desk {
    pub(crate) pair: Pair,
    pub(crate) jack: Browser,
    pub(crate) jill: Browser,
}

impl Desk {
    /// Nobody is connected yet; none without a browser.
    pub(crate) fn apart(manner: Manner) -> Option<Self> {
        let (jack, jill) = (Browser::start(manner)?, Browser::start(manner)?);
        let pair = Pair::apart();
        jack.enter_with(&pair.jack, manner);
        jill.enter_with(&pair.jill, manner);
        Some(Self { pair, jack, jill })
    }

    /// Connected by clicking, Jack's bills stored and seen by Jill.
    pub(crate) fn ready(manner: Manner) -> Option<Self> {
        let desk = Self::apart(manner)?;
        desk.connect();
        desk.store();
        Some(desk)
    }

    /// Jack names the relay and invites, Jill takes it up.
    pub(crate) fn connect(&self) {
        let Self { pair, jack, jill } = self;
        jack.press("Name a relay");
        jack.fill("address", pair.relay.address());
        jack.press("Use this relay");
        jack.see("The relay is used from now on.");
        jack.go("/people");
        jack.press("Invite somebody");
        jack.see_heading("An invite");
        let invite = jack.value("invite");
        jill.go("/connect");
        jill.fill("invite", &invite);
        jill.press("Connect");
        jill.see("Connected.");
        pair.reached();
    }

    /// Jack pastes his bills, looks at what was understood, and lets Jill see that they exist.
    pub(crate) fn store(&self) {
        let jack = &self.jack;
        jack.go("/data");
        jack.fill("paste", BILLS);
        jack.press("Look at it");
        jack.see("6 rows");
        jack.fill("tag", "bills");
        jack.fill("description", "electricity bills");
        jack.press_at("input[name=visible][value=Jill]");
        jack.press("Store it");
        jack.see("Stored on this computer.");
    }

    /// Jill asks; answers at the page of her request.
    pub(crate) fn ask(&self, computation: &str, reason: &str) {
        let jill = &self.jill;
        jill.go("/catalog?person=Jack");
        jill.press("Ask about it");
        jill.choose("computation", computation);
        jill.choose("column", "amount");
        jill.fill("reason", reason);
        jill.press("Send the request");
        jill.see_heading("Asked of Jack");
    }

    /// No page has tried to load, run or send what the policy forbids.
    pub(crate) fn kept_the_policy(&self) {
        assert_eq!(self.jack.breaches() + &self.jill.breaches(), "");
    }
}

/// Where pages run no script, the launch page needs a press.
pub(crate) trait Enters {
    fn enter_with(&self, node: &scenarios::Node, manner: Manner);
}

impl Enters for Browser {
    fn enter_with(&self, node: &scenarios::Node, manner: Manner) {
        if manner.no_script {
            self.goto(&scenarios::launch_file(&node.home()));
            self.press("Open");
            self.see_heading("Hello");
        } else {
            self.enter(node);
        }
    }
}
