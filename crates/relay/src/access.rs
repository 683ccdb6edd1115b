//! Whom the relay serves.

use libp2p::PeerId;

/// What a peer asks of the relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// To stay connected at all; asked once per connection, before any other.
    Connection,
    /// To be listed under a namespace.
    Registration,
    /// To learn who is listed under a namespace it names.
    Lookup,
}

/// Decides whom the relay serves. Tokens and allow-lists implement it; quotas are asked after it said yes.
///
/// Called on the swarm's task: answers from memory, at once.
pub trait Access: Send + Sync {
    /// Whether `peer`, authenticated by its connection, gets what it asks for.
    fn admits(&self, peer: &PeerId, asking: Asking) -> bool;
}

/// Serves everybody, within the limits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Open;

impl Access for Open {
    fn admits(&self, _: &PeerId, _: Asking) -> bool {
        true
    }
}
