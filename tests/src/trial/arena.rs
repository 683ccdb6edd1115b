//! Two nodes and a relay, any of which may be gone at any moment.

use crate::{Api, Node, Pair, Relay};
use failpoint::Point;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whose process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The owner's node.
    Jack,
    /// The institution's node.
    Jill,
    /// The relay between them.
    Relay,
}

/// How a process is to die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// By SIGKILL from outside, at any moment.
    Anywhere,
    /// By its own hand at that passing of that point.
    At(Point, u64),
}

/// The processes, each behind a lock that is held only to end and restart it, or to read where it is.
#[derive(Debug)]
pub struct Arena {
    nodes: [Mutex<Node>; 2],
    apis: [Mutex<Api>; 2],
    relay: Mutex<Relay>,
}

impl Arena {
    /// An arena of two who are connected.
    #[must_use]
    pub fn new(pair: Pair) -> Self {
        let Pair { jack, jill, relay } = pair;
        let apis = [Mutex::new(jack.api()), Mutex::new(jill.api())];
        Self { nodes: [Mutex::new(jack), Mutex::new(jill)], apis, relay: Mutex::new(relay) }
    }

    /// Where a node was last known to be; a call there fails while it is being restarted.
    ///
    /// # Panics
    /// For the relay, which has no interface.
    #[must_use]
    pub fn api(&self, side: Side) -> Api {
        let at = self.apis.get(side as usize).expect("the relay has no interface");
        locked(at).clone()
    }

    /// Ends a process by SIGKILL.
    pub fn kill(&self, side: Side) {
        match self.node(side) {
            Some(mut node) => node.kill(),
            None => locked(&self.relay).kill(),
        }
    }

    /// Starts it again, armed if it is to die at a point; `false` when it did so before it was up.
    #[must_use]
    pub fn restart(&self, side: Side, death: Death) -> bool {
        let Some(mut node) = self.node(side) else {
            let mut relay = locked(&self.relay);
            return match death {
                Death::Anywhere => {
                    relay.again();
                    true
                }
                Death::At(point, passing) => relay.again_until(point, passing),
            };
        };
        let up = match death {
            Death::Anywhere => {
                node.up();
                true
            }
            Death::At(point, passing) => node.up_until(point, passing),
        };
        if up && let Some(at) = self.apis.get(side as usize) {
            *locked(at) = node.api();
        }
        up
    }

    /// Whether it has died by itself; any other end is a fault.
    #[must_use]
    pub fn has_died(&self, side: Side) -> bool {
        match self.node(side) {
            Some(mut node) => node.has_died(),
            None => locked(&self.relay).process().has_died(),
        }
    }

    /// The processes again, in the hands of one.
    #[must_use]
    pub fn into_pair(self) -> Pair {
        let [jack, jill] = self.nodes.map(|node| node.into_inner().unwrap_or_else(PoisonError::into_inner));
        Pair { jack, jill, relay: self.relay.into_inner().unwrap_or_else(PoisonError::into_inner) }
    }

    fn node(&self, side: Side) -> Option<MutexGuard<'_, Node>> {
        self.nodes.get(side as usize).map(locked)
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
