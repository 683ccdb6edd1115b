//! When a direct path is tried again with a peer that is reached through a relay only.
//!
//! A first attempt is made by hole punching itself, as soon as a relayed connection is there. What stood in its way may
//! have gone since: a lost packet, a router that was changed, another network at the other side.

use std::time::{Duration, Instant};

const MINUTE: u64 = 60;
/// Waits between the attempts; the last goes on. A lost packet, or a machine too busy to be on time, is over in seconds:
/// hence the first, short one.
const WAITS: [Duration; 4] = [
    Duration::from_secs(15),
    Duration::from_secs(MINUTE),
    Duration::from_secs(5 * MINUTE),
    Duration::from_secs(30 * MINUTE),
];

/// The schedule of one peer.
#[derive(Debug, Default)]
pub(crate) struct Punching {
    /// Attempts since the peer was reached through a relay only, the first one left out.
    attempts: usize,
    next: Option<Instant>,
}

impl Punching {
    /// Whether an attempt is due; it then counts as made. `relayed`: the peer is reached, and only through a relay.
    pub(crate) fn is_due(&mut self, relayed: bool, now: Instant) -> bool {
        if !relayed {
            *self = Self::default();
            return false;
        }
        let next = *self.next.get_or_insert(now + self.wait());
        if next > now {
            return false;
        }
        self.attempts = self.attempts.saturating_add(1);
        self.next = Some(now + self.wait());
        true
    }

    /// This machine has moved to another network: what failed before may work now.
    pub(crate) fn on_moved(&mut self, now: Instant) {
        self.attempts = 0;
        if let Some(next) = &mut self.next {
            *next = now;
        }
    }

    fn wait(&self) -> Duration {
        let [.., last] = WAITS;
        WAITS.get(self.attempts).copied().unwrap_or(last)
    }
}

#[cfg(test)]
mod tests;
