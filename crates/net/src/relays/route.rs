//! One address of a relay, and the connection over it.

use std::time::{Duration, Instant};

use libp2p::{
    Multiaddr, PeerId, Swarm,
    swarm::{
        ConnectionId,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use tracing::debug;

use crate::{address, backoff::Backoff, behaviour::Behaviour, event::RouteState, peer::Peer};

/// One address of a relay.
pub(super) struct Route {
    /// In full, ending in `/p2p/ID`.
    pub(super) address: Multiaddr,
    pub(super) link: Link,
    backoff: Backoff,
    /// Why it was down last.
    why: Option<String>,
    /// What was lost last had worked: that says nothing yet about whether the address can be reached.
    lost: bool,
    /// Where the relay saw us, and how long a ping took, over the connection that is up.
    observed: Option<Multiaddr>,
    round_trip: Option<Duration>,
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
        let (why, observed, round_trip) = (None, None, None);
        let link = Link::Down { next: now };
        Self { address, link, backoff: Backoff::default(), why, lost: false, observed, round_trip }
    }

    pub(super) fn dial(&mut self, swarm: &mut Swarm<Behaviour>, relay: PeerId, now: Instant) {
        let options =
            DialOpts::peer_id(relay).addresses(vec![self.address.clone()]).condition(PeerCondition::Always).build();
        let connection = options.connection_id();
        self.link = Link::Dialling { connection };
        if let Err(error) = swarm.dial(options) {
            debug!(%relay, %error, "not dialled");
            self.down(error.to_string(), now);
        }
    }

    pub(super) fn down(&mut self, why: String, now: Instant) {
        self.lost = self.is_identified();
        (self.why, self.observed, self.round_trip) = (Some(why), None, None);
        self.link = Link::Down { next: now + self.backoff.next() };
    }

    /// Forgets past failures, and is dialled now if it is down.
    pub(super) fn hurry(&mut self, now: Instant) {
        self.backoff.reset();
        if let Link::Down { next } = &mut self.link {
            *next = now;
        }
    }

    pub(super) fn identified(&mut self, observed: Multiaddr) {
        if let Link::Up { identified, .. } = &mut self.link {
            *identified = true;
            self.observed = Some(observed);
            self.backoff.reset();
        }
    }

    pub(super) fn answered(&mut self, round_trip: Duration) {
        self.round_trip = Some(round_trip);
    }

    /// How it does, for whoever wants to know.
    pub(super) fn state(&self, relay: PeerId) -> RouteState {
        let reached = self.is_identified();
        RouteState {
            relay: Peer(relay),
            address: self.address.to_string(),
            quic: address::is_quic(&self.address),
            host: address::host(&self.address),
            port: address::port(&self.address),
            reached,
            why: self.why.clone().filter(|_| !reached),
            seen_at: self.observed.as_ref().and_then(address::socket),
            round_trip: self.round_trip,
            tried: self.was_tried() && !self.lost,
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

#[cfg(test)]
mod tests;
