//! Whether a peer's older connections still live, asked when it connects anew.

use std::{
    collections::{HashMap, VecDeque},
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use libp2p::{
    Multiaddr, PeerId, StreamProtocol,
    core::{
        Endpoint,
        transport::PortUse,
        upgrade::{DeniedUpgrade, ReadyUpgrade},
    },
    ping,
    swarm::{
        CloseConnection, ConnectionClosed, ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId,
        FromSwarm, NetworkBehaviour, NotifyHandler, StreamUpgradeError, SubstreamProtocol, THandlerInEvent,
        THandlerOutEvent, ToSwarm,
        behaviour::ConnectionEstablished,
        handler::{ConnectionEvent, DialUpgradeError},
    },
};

use crate::limits;

/// Asks a peer's older connections for a sign of life whenever it connects anew, and others when told to; closes those
/// that give none.
///
/// A process that was killed leaves QUIC connections that end only when they have been silent for long; its next start
/// is what tells them from the living.
#[derive(Debug, Default)]
pub(crate) struct Probe {
    connections: HashMap<PeerId, Vec<ConnectionId>>,
    waiting: VecDeque<ToSwarm<Alive, Ask>>,
    waker: Option<Waker>,
}

/// An older connection gave a sign of life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alive {
    pub(crate) peer: PeerId,
    pub(crate) connection: ConnectionId,
    /// From the question to the answer: one round trip.
    pub(crate) took: Duration,
}

type Next = ConnectionHandlerEvent<ReadyUpgrade<StreamProtocol>, (), Option<Duration>>;

/// A connection is to show within that time whether it lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask(Duration);

impl Probe {
    /// Asks one connection for a sign of life; it is closed if there is none in time.
    pub(crate) fn ask(&mut self, peer: PeerId, connection: ConnectionId, within: Duration) {
        self.waiting.push_back(notify(peer, connection, within));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Asks every connection there is.
    pub(crate) fn ask_all(&mut self, within: Duration) {
        let all = |(peer, connections): (&PeerId, &Vec<ConnectionId>)| {
            connections.iter().map(|connection| (*peer, *connection)).collect::<Vec<_>>()
        };
        for (peer, connection) in self.connections.iter().flat_map(all).collect::<Vec<_>>() {
            self.ask(peer, connection, within);
        }
    }
}

fn notify(peer_id: PeerId, connection: ConnectionId, within: Duration) -> ToSwarm<Alive, Ask> {
    ToSwarm::NotifyHandler { peer_id, handler: NotifyHandler::One(connection), event: Ask(within) }
}

impl NetworkBehaviour for Probe {
    type ConnectionHandler = Prober;
    type ToSwarm = Alive;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Prober, ConnectionDenied> {
        Ok(Prober::default())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Prober, ConnectionDenied> {
        Ok(Prober::default())
    }

    fn on_swarm_event(&mut self, event: FromSwarm<'_>) {
        match event {
            FromSwarm::ConnectionEstablished(ConnectionEstablished { peer_id, connection_id, .. }) => {
                let connections = self.connections.entry(peer_id).or_default();
                self.waiting.extend(connections.iter().map(|older| notify(peer_id, *older, limits::SIGN_OF_LIFE)));
                connections.push(connection_id);
                if let Some(waker) = self.waker.take() {
                    waker.wake();
                }
            }
            FromSwarm::ConnectionClosed(ConnectionClosed { peer_id, connection_id, .. }) => {
                if let Some(connections) = self.connections.get_mut(&peer_id) {
                    connections.retain(|connection| *connection != connection_id);
                    if connections.is_empty() {
                        self.connections.remove(&peer_id);
                    }
                }
            }
            _ => {}
        }
    }

    fn on_connection_handler_event(&mut self, peer: PeerId, connection: ConnectionId, alive: THandlerOutEvent<Self>) {
        self.waiting.push_back(if let Some(took) = alive {
            ToSwarm::GenerateEvent(Alive { peer, connection, took })
        } else {
            tracing::debug!(%peer, "closing a connection that its peer has left");
            ToSwarm::CloseConnection { peer_id: peer, connection: CloseConnection::One(connection) }
        });
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<Alive, THandlerInEvent<Self>>> {
        match self.waiting.pop_front() {
            Some(next) => Poll::Ready(next),
            None => {
                self.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// One connection's side of [`Probe`]: opens a stream for ping, and has its answer when the peer agrees to speak it.
#[derive(Debug, Default)]
pub(crate) struct Prober {
    state: State,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Idle,
    Asked(Duration),
    Opening(Instant),
    /// How long the answer took, if there was one.
    Known(Option<Duration>),
}

impl ConnectionHandler for Prober {
    type FromBehaviour = Ask;
    type ToBehaviour = Option<Duration>;
    type InboundProtocol = DeniedUpgrade;
    type OutboundProtocol = ReadyUpgrade<StreamProtocol>;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = ();

    fn listen_protocol(&self) -> SubstreamProtocol<DeniedUpgrade> {
        SubstreamProtocol::new(DeniedUpgrade, ())
    }

    fn on_behaviour_event(&mut self, Ask(within): Ask) {
        if self.state == State::Idle {
            self.state = State::Asked(within);
        }
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<Next> {
        match self.state {
            State::Idle | State::Opening(_) => Poll::Pending,
            State::Asked(within) => {
                self.state = State::Opening(Instant::now());
                let protocol = SubstreamProtocol::new(ReadyUpgrade::new(ping::PROTOCOL_NAME), ());
                let protocol = protocol.with_timeout(within);
                Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol })
            }
            State::Known(alive) => {
                self.state = State::Idle;
                Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(alive))
            }
        }
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, DeniedUpgrade, ReadyUpgrade<StreamProtocol>>) {
        let alive = match event {
            ConnectionEvent::FullyNegotiatedOutbound(_) => true,
            // a refusal is an answer too
            ConnectionEvent::DialUpgradeError(DialUpgradeError { error, .. }) => {
                matches!(error, StreamUpgradeError::NegotiationFailed)
            }
            _ => return,
        };
        let took = match self.state {
            State::Opening(since) => since.elapsed(),
            _ => Duration::ZERO,
        };
        self.state = State::Known(alive.then_some(took));
    }
}
