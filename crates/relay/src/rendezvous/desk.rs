//! The desk of the registry: takes a peer's question, checks it, answers.

use std::{sync::Arc, time::Instant};

use libp2p::{
    Multiaddr, PeerId,
    core::{PeerRecord, SignedEnvelope},
    multiaddr::Protocol,
};
use protocol::rendezvous::{Kind, Message, RECORD_ADDRESSES, RECORD_BYTES, Register, Status};

use super::registry::{Listing, Registration, Registry};
use crate::access::{Access, Asking};

/// Takes questions about the registry.
pub(crate) struct Desk {
    registry: Registry,
    access: Arc<dyn Access>,
}

/// What became of a question.
#[derive(Debug, PartialEq)]
pub(crate) enum Handled {
    /// Somebody registered, or tried to.
    Registered(Message, Result<(), Status>),
    /// Somebody asked who is there.
    Discovered(Message),
    /// Somebody unregistered; the protocol has no answer to it.
    Unregistered,
    /// No question; closing the stream is the answer.
    Nonsense,
}

impl Desk {
    pub(crate) fn new(registry: Registry, access: Arc<dyn Access>) -> Self {
        Self { registry, access }
    }

    /// Handles what `peer`, as its connection authenticated it, asks.
    pub(crate) fn handle(&mut self, now: Instant, peer: PeerId, question: Message) -> Handled {
        match question.kind.and_then(|kind| Kind::try_from(kind).ok()) {
            Some(Kind::Register) => {
                let outcome = question
                    .register
                    .ok_or(Status::InvalidSignedPeerRecord)
                    .and_then(|register| self.register(now, peer, register));
                Handled::Registered(Message::registered(outcome), outcome.map(|_| ()))
            }
            Some(Kind::Discover) => {
                let discover = question.discover.unwrap_or_default();
                let namespace = discover.namespace.unwrap_or_default();
                let cookie = discover.cookie.as_deref().filter(|cookie| !cookie.is_empty());
                Handled::Discovered(Message::discovered(self.discover(now, peer, namespace, discover.limit, cookie)))
            }
            Some(Kind::Unregister) => {
                if let Some(namespace) = question.unregister.and_then(|unregister| unregister.namespace) {
                    self.registry.unregister(&namespace, &peer);
                }
                Handled::Unregistered
            }
            Some(Kind::RegisterResponse | Kind::DiscoverResponse) | None => Handled::Nonsense,
        }
    }

    /// Forgets what has expired.
    pub(crate) fn sweep(&mut self, now: Instant) {
        self.registry.sweep(now);
    }

    /// How many registrations there are.
    pub(crate) fn len(&self) -> usize {
        self.registry.len()
    }

    fn register(&mut self, now: Instant, peer: PeerId, register: Register) -> Result<u64, Status> {
        if !self.access.admits(&peer, Asking::Registration) {
            return Err(Status::NotAuthorized);
        }
        let namespace = register.namespace.ok_or(Status::InvalidNamespace)?;
        let record = register.signed_peer_record.ok_or(Status::InvalidSignedPeerRecord)?;
        let sequence = checked(&peer, &record).ok_or(Status::InvalidSignedPeerRecord)?;
        self.registry.register(now, &namespace, Registration { peer, sequence, record }, register.ttl)
    }

    fn discover(
        &self,
        now: Instant,
        peer: PeerId,
        namespace: String,
        limit: Option<u64>,
        cookie: Option<&[u8]>,
    ) -> Result<(Vec<Register>, Vec<u8>), Status> {
        if !self.access.admits(&peer, Asking::Lookup) {
            return Err(Status::NotAuthorized);
        }
        let Listing { registrations, cookie } = self.registry.discover(now, &namespace, limit, cookie)?;
        let register = |(registration, seconds): (Registration, u64)| Register {
            namespace: Some(namespace.clone()),
            signed_peer_record: Some(registration.record),
            ttl: Some(seconds),
        };
        Ok((registrations.into_iter().map(register).collect(), cookie))
    }
}

/// The sequence number of a record that `peer` signed about itself and that names circuit addresses only, so that
/// finding a peer tells nobody where it is. The record is signed, so nothing can be struck from it: one address too
/// many refuses it.
fn checked(peer: &PeerId, record: &[u8]) -> Option<u64> {
    if record.len() > RECORD_BYTES {
        return None;
    }
    let envelope = SignedEnvelope::from_protobuf_encoding(record).ok()?;
    let record = PeerRecord::from_signed_envelope(envelope).ok()?;
    let addresses = record.addresses();
    let fits = record.peer_id() == *peer
        && (1..=RECORD_ADDRESSES).contains(&addresses.len())
        && addresses.iter().all(|address| is_circuit_to(peer, address));
    fits.then(|| record.seq())
}

/// Whether the address is `…/p2p/RELAY/p2p-circuit`, with or without the peer itself behind.
fn is_circuit_to(peer: &PeerId, address: &Multiaddr) -> bool {
    let mut parts = address.iter().skip_while(|part| *part != Protocol::P2pCircuit);
    parts.next().is_some() && parts.next().is_none_or(|last| last == Protocol::P2p(*peer)) && parts.next().is_none()
}

#[cfg(test)]
mod tests;
