//! One address of a relay, and the connection over it.

use std::time::Instant;

use libp2p::{
    Multiaddr, PeerId, Swarm,
    swarm::{
        ConnectionId,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use tracing::debug;

use crate::{backoff::Backoff, behaviour::Behaviour};

/// One address of a relay.
pub(super) struct Route {
    /// In full, ending in `/p2p/ID`.
    pub(super) address: Multiaddr,
    pub(super) link: Link,
    backoff: Backoff,
}

/// The connection over a route.
#[derive(Debug, Clone, Copy)]
pub(super) enum Link {
    /// None; the next dial is due then.
    Down { next: Instant },
    /// Being dialled.
    Dialling { connection: ConnectionId },
    /// Up, and whether the relay has told where it sees us.
    Up { connection: ConnectionId, since: Instant, identified: bool },
}

impl Route {
    pub(super) fn new(address: Multiaddr, now: Instant) -> Self {
        Self { address, link: Link::Down { next: now }, backoff: Backoff::default() }
    }

    pub(super) fn dial(&mut self, swarm: &mut Swarm<Behaviour>, relay: PeerId, now: Instant) {
        let options =
            DialOpts::peer_id(relay).addresses(vec![self.address.clone()]).condition(PeerCondition::Always).build();
        let connection = options.connection_id();
        self.link = Link::Dialling { connection };
        if let Err(error) = swarm.dial(options) {
            debug!(%relay, %error, "not dialled");
            self.down(now);
        }
    }

    pub(super) fn down(&mut self, now: Instant) {
        self.link = Link::Down { next: now + self.backoff.next() };
    }

    /// Forgets past failures, and is dialled now if it is down.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.backoff.reset();
        if let Link::Down { next } = &mut self.link {
            *next = now;
        }
    }

    pub(super) fn identified(&mut self) {
        if let Link::Up { identified, .. } = &mut self.link {
            *identified = true;
            self.backoff.reset();
        }
    }

    pub(super) fn is_dialling(&self, dialled: ConnectionId) -> bool {
        matches!(self.link, Link::Dialling { connection } if connection == dialled)
    }

    pub(super) fn is_over(&self, up: ConnectionId) -> bool {
        matches!(self.link, Link::Up { connection, .. } if connection == up)
    }

    pub(super) fn is_up(&self) -> bool {
        matches!(self.link, Link::Up { .. })
    }

    pub(super) fn is_identified(&self) -> bool {
        matches!(self.link, Link::Up { identified: true, .. })
    }

    /// Whether it works, or has failed since it last did.
    pub(super) fn was_tried(&self) -> bool {
        self.is_identified() || self.backoff.failing()
    }

    pub(super) fn next_dial(&self) -> Option<Instant> {
        match self.link {
            Link::Down { next } => Some(next),
            Link::Dialling { .. } | Link::Up { .. } => None,
        }
    }
}
