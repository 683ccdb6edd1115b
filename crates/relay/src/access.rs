//! Whom the relay serves.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use libp2p::PeerId;
use protocol::{Digest, access::proof, pairing::same_proof};
use zeroize::Zeroizing;

/// What a peer asks of the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// To stay connected at all; asked once per connection, before any other.
    Connection,
    /// To be reached through this relay.
    Reservation,
    /// To reach another through this relay.
    Circuit,
    /// To be listed under a namespace.
    Registration,
    /// To leave something in the mailbox, or to fetch from it.
    Mailbox,
    /// To learn who is listed under a namespace it names.
    Lookup,
}

/// Decides whom the relay serves: everybody, or a list; quotas are asked after it said yes.
///
/// Called on the swarm's task: answers from memory, at once.
pub trait Access: Send + Sync {
    /// Whether `peer`, authenticated by its connection, gets what it asks for.
    fn admits(&self, peer: &PeerId, asking: Asking) -> bool;

    /// `peer` shows that it was given a token of this relay, whose peer id is `relay`. Whether it is served from now on.
    fn shows(&self, relay: &PeerId, peer: &PeerId, shown: &Digest) -> bool {
        let _ = (relay, shown);
        self.admits(peer, Asking::Connection)
    }

    /// The last connection of `peer` is gone.
    fn left(&self, peer: &PeerId) {
        let _ = peer;
    }
}

/// Serves everybody, within the limits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Open;

impl Access for Open {
    fn admits(&self, _: &PeerId, _: Asking) -> bool {
        true
    }
}

/// Serves the peers on a list, and nobody else.
#[derive(Clone)]
pub struct Allowed(HashSet<PeerId>);

impl Allowed {
    /// Serves these.
    pub fn new(peers: impl IntoIterator<Item = PeerId>) -> Self {
        Self(peers.into_iter().collect())
    }
}

impl Access for Allowed {
    fn admits(&self, peer: &PeerId, _: Asking) -> bool {
        self.0.contains(peer)
    }
}

/// Serves whoever shows a token, for as long as it stays connected. Anybody may connect, to show one; nothing else is given
/// before that.
pub struct Tokens {
    tokens: Vec<Zeroizing<Vec<u8>>>,
    shown: Mutex<HashSet<PeerId>>,
}

impl Tokens {
    /// Serves whoever was given one of these.
    #[must_use]
    pub fn new(tokens: Vec<Zeroizing<Vec<u8>>>) -> Self {
        Self { tokens, shown: Mutex::default() }
    }

    fn shown(&self) -> MutexGuard<'_, HashSet<PeerId>> {
        // poisoned or not, it is whole: it changes by one peer at a time
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Access for Tokens {
    fn admits(&self, peer: &PeerId, asking: Asking) -> bool {
        asking == Asking::Connection || self.shown().contains(peer)
    }

    fn shows(&self, relay: &PeerId, peer: &PeerId, shown: &Digest) -> bool {
        let (relay, node) = (relay.to_bytes(), peer.to_bytes());
        // every token is tried, so that time does not tell which one it was
        let same = |token: &Zeroizing<Vec<u8>>| proof(token, &relay, &node).is_ok_and(|made| same_proof(&made, shown));
        let admitted = self.tokens.iter().fold(false, |found, token| found | same(token));
        if admitted {
            self.shown().insert(*peer);
        }
        admitted
    }

    fn left(&self, peer: &PeerId) {
        self.shown().remove(peer);
    }
}

#[cfg(test)]
mod tests;
