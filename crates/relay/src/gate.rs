//! The door: who may connect, and how often from one place.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::Arc,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use libp2p::{
    Multiaddr, PeerId,
    core::{Endpoint, transport::PortUse},
    swarm::{
        ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandlerInEvent, THandlerOutEvent, ToSwarm, dummy,
    },
};

use crate::{
    access::{Access, Asking},
    quota::{Ledger, Place},
};

/// A peer shown out for flooding stays out that long. It may come back as another: then its place's quotas hold.
const OUT: Duration = Duration::from_secs(60);
/// Peers shown out that are remembered.
const OUT_MOST: usize = 4096;

/// Connections begun that one costs its place whose handshake was for nothing: a refusal after the cryptography costs
/// the relay far more than one before it.
const VAIN_COSTS: u32 = 10;

/// Closes the door on peers that access does not admit, and on places that have had their share, before any protocol
/// meets them.
pub(crate) struct Gate {
    access: Arc<dyn Access>,
    ledger: Arc<Ledger>,
    open: HashMap<ConnectionId, Place>,
    per_place: HashMap<Place, u32>,
    strangers: HashMap<ConnectionId, Place>,
    strangers_per_place: HashMap<Place, u32>,
    places: HashMap<PeerId, Place>,
    out: HashMap<PeerId, Instant>,
}

impl Gate {
    pub(crate) fn new(access: Arc<dyn Access>, ledger: Arc<Ledger>) -> Self {
        Self {
            access,
            ledger,
            open: HashMap::new(),
            per_place: HashMap::new(),
            strangers: HashMap::new(),
            strangers_per_place: HashMap::new(),
            places: HashMap::new(),
            out: HashMap::new(),
        }
    }

    /// Where a connected peer last came from.
    pub(crate) fn place(&self, peer: &PeerId) -> Place {
        self.places.get(peer).copied().unwrap_or(Place::Nowhere)
    }

    /// The peer does not come in again for a while.
    pub(crate) fn show_out(&mut self, peer: PeerId, now: Instant) {
        if self.out.len() < OUT_MOST {
            self.out.insert(peer, now + OUT);
        }
    }

    pub(crate) fn sweep(&mut self, now: Instant) {
        self.out.retain(|_, until| *until > now);
    }

    fn admit(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        from: &Multiaddr,
    ) -> Result<dummy::ConnectionHandler, ConnectionDenied> {
        let place = Place::of(from);
        self.known(id);
        let refused = self.refuses(&peer, place);
        if let Some(why) = refused {
            // the handshake was for nothing, and costs what refusing costs nowhere else
            self.ledger.connecting.charge(&place, VAIN_COSTS);
            return Err(ConnectionDenied::new(why));
        }
        *self.per_place.entry(place).or_default() += 1;
        self.open.insert(id, place);
        Ok(dummy::ConnectionHandler)
    }

    fn refuses(&self, peer: &PeerId, place: Place) -> Option<&'static str> {
        if !self.access.admits(peer, Asking::Connection) {
            return Some("this relay does not serve the peer");
        }
        if self.out.get(peer).is_some_and(|until| *until > Instant::now()) {
            return Some("the peer flooded this relay a moment ago");
        }
        let here = self.per_place.get(&place).copied().unwrap_or_default();
        (here >= self.ledger.quotas.connections_per_ip).then_some("this place has its share of connections")
    }

    /// Somebody knocks: whether the place may, before any cryptography.
    fn knocks(&mut self, id: ConnectionId, from: &Multiaddr) -> Result<(), ConnectionDenied> {
        let place = Place::of(from);
        let waiting = self.strangers_per_place.get(&place).copied().unwrap_or_default();
        if waiting >= self.ledger.quotas.strangers_per_ip {
            self.ledger.connecting.refuse();
            return Err(ConnectionDenied::new("this place has enough connections that have not said who they are"));
        }
        if !self.ledger.connecting.take(&place) {
            return Err(ConnectionDenied::new("this place connects too often"));
        }
        self.strangers.insert(id, place);
        *self.strangers_per_place.entry(place).or_default() += 1;
        Ok(())
    }

    /// Whoever knocked has said who it is, or is gone.
    fn known(&mut self, id: ConnectionId) {
        one_less(&mut self.strangers, &mut self.strangers_per_place, id);
    }

    fn left(&mut self, id: ConnectionId) {
        one_less(&mut self.open, &mut self.per_place, id);
    }
}

fn one_less(all: &mut HashMap<ConnectionId, Place>, per_place: &mut HashMap<Place, u32>, id: ConnectionId) {
    let Some(place) = all.remove(&id) else { return };
    if let Some(here) = per_place.get_mut(&place) {
        *here -= 1;
        if *here == 0 {
            per_place.remove(&place);
        }
    }
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_pending_inbound_connection(
        &mut self,
        id: ConnectionId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<(), ConnectionDenied> {
        if self.ledger.draining() {
            return Err(ConnectionDenied::new("this relay is about to stop"));
        }
        self.knocks(id, from)
    }

    fn handle_established_inbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        from: &Multiaddr,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.admit(id, peer, from)
    }

    fn handle_established_outbound_connection(
        &mut self,
        id: ConnectionId,
        peer: PeerId,
        to: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.admit(id, peer, to)
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(made) => {
                let place = self.open.get(&made.connection_id).copied().unwrap_or(Place::Nowhere);
                self.places.insert(made.peer_id, place);
            }
            FromSwarm::ConnectionClosed(closed) => {
                self.left(closed.connection_id);
                if closed.remaining_established == 0 {
                    self.places.remove(&closed.peer_id);
                    self.access.left(&closed.peer_id);
                }
            }
            // another protocol refused it after this one had counted it
            FromSwarm::ListenFailure(failure) => {
                self.known(failure.connection_id);
                self.left(failure.connection_id);
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}
