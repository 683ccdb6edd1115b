//! Two nodes of which one may be gone at any moment.

use scenarios::{Api, Node, Pair, Relay};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whose node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Jack,
    Jill,
}

/// The pair, each node behind a lock that is held only to kill and restart it, or to read where it is.
pub(crate) struct Arena {
    nodes: [Mutex<Node>; 2],
    apis: [Mutex<Api>; 2],
    _relay: Relay,
}

impl Arena {
    pub(crate) fn new(pair: Pair) -> Self {
        let Pair { jack, jill, relay } = pair;
        let apis = [Mutex::new(jack.api()), Mutex::new(jill.api())];
        Self { nodes: [Mutex::new(jack), Mutex::new(jill)], apis, _relay: relay }
    }

    /// Where a node was last known to be; a call there fails while it is being restarted.
    pub(crate) fn api(&self, side: Side) -> Api {
        locked(&self.apis[side as usize]).clone()
    }

    pub(crate) fn kill_and_restart(&self, side: Side) {
        let mut node = locked(&self.nodes[side as usize]);
        node.kill();
        node.up();
        *locked(&self.apis[side as usize]) = node.api();
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
