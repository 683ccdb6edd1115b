//! The protocols the relay speaks, and its swarm.

use std::{convert::Infallible, error::Error, io, sync::Arc, task::Poll, time::Duration};

use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder, TransportError, connection_limits,
    connection_limits::ConnectionLimits,
    core::{Endpoint, transport::PortUse},
    identify, memory_connection_limits,
    multiaddr::Protocol,
    noise, ping, quic, relay,
    request_response::{self, ProtocolSupport},
    swarm::{
        ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, THandlerInEvent, THandlerOutEvent, ToSwarm, dummy,
    },
    tcp, yamux,
};

use crate::{
    access::{Access, Asking},
    config::Limits,
    key::TransportKey,
    rendezvous::Codec,
};

/// A peer that does not answer for that long is gone; libp2p itself never closes a dead connection.
const PING: Duration = Duration::from_secs(10);
/// Reservations and circuits keep a connection; one that carries neither stays this long, because a node keeps a
/// second transport open so that the relay goes on seeing its address there.
const IDLE: Duration = Duration::from_secs(10 * 60);
/// A silent QUIC connection is kept awake that often, so that both sides know soon when the other is gone.
const QUIC_AWAKE: Duration = Duration::from_secs(2);
/// A QUIC connection on which nothing comes for that long, while it is kept awake, is dead: circuits to a node that was
/// killed and is back would go on being sent into it.
const QUIC_SILENT_MS: u32 = 7_000;
/// Bytes of one QUIC connection that may wait to be read.
const QUIC_BYTES: u32 = 4 << 20;
/// Bytes of one of its streams, each a circuit or a question.
const QUIC_STREAM_BYTES: u32 = 1 << 20;
/// Questions of one connection in flight; a node asks one at a time per namespace.
const QUESTIONS: usize = 16;
/// Time for one question and its answer.
const QUESTION_TIME: Duration = Duration::from_secs(10);

/// The protocols the relay speaks. Those that refuse connections come first, so that no other sees a refused one.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    limits: connection_limits::Behaviour,
    memory: memory_connection_limits::Behaviour,
    gate: Gate,
    pub(crate) circuits: relay::Behaviour,
    pub(crate) rendezvous: request_response::Behaviour<Codec>,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

/// Builds the relay's swarm: TCP and QUIC, Noise, yamux.
pub(crate) fn swarm(
    key: TransportKey,
    limits: &Limits,
    access: Arc<dyn Access>,
) -> Result<Swarm<Behaviour>, noise::Error> {
    let tcp = tcp::Config::default().nodelay(true);
    let swarm = SwarmBuilder::with_existing_identity(key.0)
        .with_tokio()
        .with_tcp(tcp, noise::Config::new, yamux::Config::default)?
        .with_quic_config(bounded)
        .with_behaviour(|key| {
            let identify = identify::Config::new("/halfdoor/1".into(), key.public())
                .with_agent_version("halfdoor-relay".into())
                .with_hide_listen_addrs(true)
                .with_cache_size(0);
            Behaviour {
                limits: connection_limits::Behaviour::new(connection_limits_of(limits)),
                memory: memory_connection_limits::Behaviour::with_max_bytes(limits.memory_bytes),
                gate: Gate(access),
                circuits: relay::Behaviour::new(key.public().to_peer_id(), limits.circuit_relay()),
                rendezvous: request_response::Behaviour::with_codec(
                    Codec,
                    [(StreamProtocol::new(protocol::rendezvous::PROTOCOL), ProtocolSupport::Inbound)],
                    request_response::Config::default()
                        .with_request_timeout(QUESTION_TIME)
                        .with_max_concurrent_streams(QUESTIONS),
                ),
                identify: identify::Behaviour::new(identify),
                ping: ping::Behaviour::new(ping::Config::new().with_interval(PING).with_timeout(PING)),
            }
        })
        .unwrap_or_else(|never| match never {})
        .with_swarm_config(|config| config.with_idle_connection_timeout(IDLE))
        .build();
    Ok(swarm)
}

/// QUIC that notices soon that the other side is gone, and holds little that nobody reads.
fn bounded(mut config: quic::Config) -> quic::Config {
    config.keep_alive_interval = QUIC_AWAKE;
    config.max_idle_timeout = QUIC_SILENT_MS;
    config.max_connection_data = QUIC_BYTES;
    config.max_stream_data = QUIC_STREAM_BYTES;
    config
}

fn connection_limits_of(limits: &Limits) -> ConnectionLimits {
    ConnectionLimits::default()
        .with_max_pending_incoming(Some(limits.pending_connections))
        .with_max_established_incoming(Some(limits.connections))
        .with_max_established_per_peer(Some(limits.connections_per_peer))
        // a relay dials nobody
        .with_max_pending_outgoing(Some(0))
}

/// Whether a listener's failure is the machine's lack of IPv6, which is no reason not to start.
pub(crate) fn lacks_ipv6(address: &Multiaddr, error: &TransportError<io::Error>) -> bool {
    matches!(address.iter().next(), Some(Protocol::Ip6(_))) && !is_taken(error)
}

/// Whether the port is in use. The transports wrap the system's error, and [`io::Error::source`] skips what it wraps.
fn is_taken(error: &TransportError<io::Error>) -> bool {
    let TransportError::Other(error) = error else { return false };
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            return true;
        }
        next = match io.and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}

/// Closes the door on peers that access does not admit, before any protocol meets them.
pub(crate) struct Gate(Arc<dyn Access>);

impl Gate {
    fn admit(&self, peer: &PeerId) -> Result<dummy::ConnectionHandler, ConnectionDenied> {
        if self.0.admits(peer, Asking::Connection) {
            Ok(dummy::ConnectionHandler)
        } else {
            Err(ConnectionDenied::new("this relay does not serve the peer"))
        }
    }
}

impl NetworkBehaviour for Gate {
    type ConnectionHandler = dummy::ConnectionHandler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.admit(&peer)
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Self::ConnectionHandler, ConnectionDenied> {
        self.admit(&peer)
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, _: PeerId, _: ConnectionId, event: THandlerOutEvent<Self>) {
        match event {}
    }

    fn poll(&mut self, _: &mut std::task::Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}
