//! The protocols the relay speaks, and its swarm.

use std::{error::Error, io, sync::Arc, time::Duration};

use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, Transport as _, TransportError, connection_limits,
    connection_limits::ConnectionLimits,
    core::{
        muxing::StreamMuxerBox,
        transport::{Boxed, timeout::TransportTimeout},
        upgrade::Version,
    },
    identify, identity, memory_connection_limits,
    multiaddr::Protocol,
    noise, ping, quic, relay,
    request_response::{self, ProtocolSupport},
    swarm::{self, NetworkBehaviour},
    tcp, yamux,
};

use protocol::{
    access::{Said, Show},
    mailbox,
};

use crate::{
    access::Access,
    asked::Asked,
    config::Limits,
    gate::Gate,
    key::TransportKey,
    quota::{Ledger, Meter, Place},
    rendezvous::Codec,
    throttle::Throttled,
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
/// The same to the mailbox, whose answers are larger: a node asks one at a time.
const MAIL_QUESTIONS: usize = 2;
/// Time for a connection to authenticate.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// Time for one question and its answer.
const QUESTION_TIME: Duration = Duration::from_secs(10);

/// The protocols the relay speaks. Those that refuse connections come first, so that no other sees a refused one.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) gate: Gate,
    limits: connection_limits::Behaviour,
    memory: memory_connection_limits::Behaviour,
    pub(crate) circuits: relay::Behaviour,
    pub(crate) rendezvous: request_response::Behaviour<Codec>,
    pub(crate) mailbox: request_response::Behaviour<Asked<mailbox::Question, mailbox::Answer>>,
    pub(crate) access: request_response::Behaviour<Asked<Show, Said>>,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
}

/// Builds the relay's swarm: TCP and QUIC, Noise, yamux.
pub(crate) fn swarm(
    key: TransportKey,
    limits: &Limits,
    access: Arc<dyn Access>,
    ledger: &Arc<Ledger>,
) -> Result<Swarm<Behaviour>, noise::Error> {
    let TransportKey(key) = key;
    let peer = key.public().to_peer_id();
    let identify = identify::Config::new("/halfdoor/1".into(), key.public())
        .with_agent_version("halfdoor-relay".into())
        .with_hide_listen_addrs(true)
        .with_cache_size(0);
    let behaviour = Behaviour {
        gate: Gate::new(access.clone(), ledger.clone()),
        limits: connection_limits::Behaviour::new(connection_limits_of(limits)),
        memory: memory_connection_limits::Behaviour::with_max_bytes(limits.memory_bytes),
        circuits: relay::Behaviour::new(peer, limits.circuit_relay(ledger, &access)),
        rendezvous: request_response::Behaviour::with_codec(
            Codec,
            [(StreamProtocol::new(protocol::rendezvous::PROTOCOL), ProtocolSupport::Inbound)],
            request_response::Config::default()
                .with_request_timeout(QUESTION_TIME)
                .with_max_concurrent_streams(QUESTIONS),
        ),
        mailbox: request_response::Behaviour::with_codec(
            Asked::default(),
            [(StreamProtocol::new(protocol::mailbox::PROTOCOL), ProtocolSupport::Inbound)],
            request_response::Config::default()
                .with_request_timeout(QUESTION_TIME)
                .with_max_concurrent_streams(MAIL_QUESTIONS),
        ),
        access: request_response::Behaviour::with_codec(
            Asked::default(),
            [(StreamProtocol::new(protocol::access::PROTOCOL), ProtocolSupport::Inbound)],
            request_response::Config::default().with_request_timeout(QUESTION_TIME).with_max_concurrent_streams(1),
        ),
        identify: identify::Behaviour::new(identify),
        ping: ping::Behaviour::new(ping::Config::new().with_interval(PING).with_timeout(PING)),
    };
    let config = swarm::Config::with_tokio_executor().with_idle_connection_timeout(IDLE);
    Ok(Swarm::new(transport(&key, ledger)?, behaviour, peer, config))
}

/// Both transports; what comes in over either is metered.
fn transport(key: &identity::Keypair, ledger: &Arc<Ledger>) -> Result<Boxed<(PeerId, StreamMuxerBox)>, noise::Error> {
    let tcp = tcp::tokio::Transport::new(tcp::Config::default().nodelay(true))
        .upgrade(Version::V1Lazy)
        .authenticate(noise::Config::new(key)?)
        .multiplex(yamux::Config::default())
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let quic = quic::tokio::Transport::new(bounded(quic::Config::new(key)))
        .map(|(peer, muxer), _| (peer, StreamMuxerBox::new(muxer)));
    let ledger = ledger.clone();
    let both = tcp.or_transport(quic).map(move |either, point| {
        let (peer, muxer) = either.into_inner();
        let meter = Meter::new(ledger, peer, Place::of(point.get_remote_address()));
        (peer, StreamMuxerBox::new(Throttled::new(muxer, meter)))
    });
    Ok(TransportTimeout::new(both, CONNECT_TIME).boxed())
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
