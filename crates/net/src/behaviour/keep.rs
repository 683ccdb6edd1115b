//! Connections that stay open although nobody speaks.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    convert::Infallible,
    task::{Context, Poll, Waker},
};

use libp2p::{
    Multiaddr, PeerId,
    core::{Endpoint, transport::PortUse, upgrade::DeniedUpgrade},
    swarm::{
        ConnectionClosed, ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
        NetworkBehaviour, NotifyHandler, SubstreamProtocol, THandlerInEvent, THandlerOutEvent, ToSwarm,
        behaviour::ConnectionEstablished, handler::ConnectionEvent,
    },
};

/// Exempts the connections of chosen peers from the idle timeout. Each side has a timeout of its own, so a connection
/// stays if both sides keep it; a ping does not count as use.
#[derive(Debug, Default)]
pub(crate) struct Keep {
    peers: HashSet<PeerId>,
    connections: HashMap<PeerId, HashSet<ConnectionId>>,
    waiting: VecDeque<(PeerId, ConnectionId, bool)>,
    waker: Option<Waker>,
}

impl Keep {
    /// From now on the peer's connections are kept, or not.
    pub(crate) fn set(&mut self, peer: PeerId, keep: bool) {
        let changed = if keep { self.peers.insert(peer) } else { self.peers.remove(&peer) };
        if !changed {
            return;
        }
        let connections = self.connections.get(&peer).into_iter().flatten();
        self.waiting.extend(connections.map(|connection| (peer, *connection, keep)));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn keeper(&self, peer: PeerId) -> Keeper {
        Keeper(self.peers.contains(&peer))
    }
}

impl NetworkBehaviour for Keep {
    type ConnectionHandler = Keeper;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Keeper, ConnectionDenied> {
        Ok(self.keeper(peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Keeper, ConnectionDenied> {
        Ok(self.keeper(peer))
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished { peer_id, connection_id, .. }) => {
                self.connections.entry(peer_id).or_default().insert(connection_id);
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                if let Some(connections) = self.connections.get_mut(&peer_id) {
                    connections.remove(&connection_id);
                    if connections.is_empty() {
                        self.connections.remove(&peer_id);
                    }
                }
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        match self.waiting.pop_front() {
            Some((peer_id, connection, event)) => {
                Poll::Ready(ToSwarm::NotifyHandler { peer_id, handler: NotifyHandler::One(connection), event })
            }
            None => {
                self.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// One connection's side of [`Keep`]: whether it is kept.
#[derive(Debug)]
pub(crate) struct Keeper(bool);

impl ConnectionHandler for Keeper {
    type FromBehaviour = bool;
    type ToBehaviour = Infallible;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = DeniedUpgrade;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<DeniedUpgrade> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn connection_keep_alive(&self) -> bool {
        self.0
    }

    fn on_behaviour_event(&mut self, keep: bool) {
        self.0 = keep;
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ConnectionHandlerEvent<DeniedUpgrade, (), Infallible>> {
        Poll::Pending
    }

    /// Speaks no protocol, so no stream ever concerns it.
    fn on_connection_event(&mut self, _: ConnectionEvent<'_, DeniedUpgrade, DeniedUpgrade>) {}
}
