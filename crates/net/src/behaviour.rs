//! The protocols a node speaks, and its swarm.

mod candidates;
mod keep;
mod probe;

use libp2p::{
    StreamProtocol, Swarm, SwarmBuilder,
    allow_block_list::{self, BlockedPeers},
    connection_limits::{self, ConnectionLimits},
    dcutr, identify,
    identity::Keypair,
    memory_connection_limits, noise, ping, quic, relay,
    request_response::{self, ProtocolSupport},
    swarm::NetworkBehaviour,
    tcp, yamux,
};

use crate::{
    codec::{Mails, Questions, Tokens},
    frames::{Frames, PROTOCOL},
    limits,
};

pub(crate) use candidates::RawCandidates;
pub(crate) use keep::Keep;
pub(crate) use probe::{Alive, Probe};

/// The protocols a node speaks. Those that refuse connections come first, so that no other sees a refused one.
#[derive(NetworkBehaviour)]
pub(crate) struct Behaviour {
    pub(crate) blocked: allow_block_list::Behaviour<BlockedPeers>,
    limits: connection_limits::Behaviour,
    memory: memory_connection_limits::Behaviour,
    circuits: relay::client::Behaviour,
    punch: dcutr::Behaviour,
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    pub(crate) candidates: RawCandidates,
    pub(crate) keep: Keep,
    pub(crate) probe: Probe,
    pub(crate) questions: request_response::Behaviour<Questions>,
    pub(crate) access: request_response::Behaviour<Tokens>,
    pub(crate) mail: request_response::Behaviour<Mails>,
    pub(crate) frames: Frames,
}

impl Behaviour {
    fn new(key: &Keypair, circuits: relay::client::Behaviour) -> Self {
        let identify = identify::Config::new(PROTOCOL.to_string(), key.public())
            .with_agent_version("halfdoor".into())
            // a stranger learns no address of ours but the relays'
            .with_hide_listen_addrs(true)
            .with_cache_size(0);
        let connections = ConnectionLimits::default()
            .with_max_pending_incoming(Some(limits::CONNECTIONS_PENDING))
            .with_max_established_incoming(Some(limits::CONNECTIONS_INCOMING))
            .with_max_established_per_peer(Some(limits::CONNECTIONS_PER_PEER));
        let questions = request_response::Config::default()
            .with_request_timeout(limits::LOOKUP_TIME)
            .with_max_concurrent_streams(limits::QUESTIONS);
        Self {
            blocked: allow_block_list::Behaviour::default(),
            limits: connection_limits::Behaviour::new(connections),
            memory: memory_connection_limits::Behaviour::with_max_percentage(limits::MEMORY_SHARE),
            circuits,
            punch: dcutr::Behaviour::new(key.public().to_peer_id()),
            identify: identify::Behaviour::new(identify),
            ping: ping::Behaviour::new(ping::Config::new().with_interval(limits::PING).with_timeout(limits::PING)),
            candidates: RawCandidates::default(),
            keep: Keep::default(),
            probe: Probe::default(),
            questions: request_response::Behaviour::with_codec(
                Questions,
                [(StreamProtocol::new(protocol::rendezvous::PROTOCOL), ProtocolSupport::Outbound)],
                questions,
            ),
            access: request_response::Behaviour::with_codec(
                Tokens,
                [(StreamProtocol::new(protocol::access::PROTOCOL), ProtocolSupport::Outbound)],
                request_response::Config::default().with_request_timeout(limits::ACCESS_TIME),
            ),
            mail: request_response::Behaviour::with_codec(
                Mails,
                [(StreamProtocol::new(protocol::mailbox::PROTOCOL), ProtocolSupport::Outbound)],
                request_response::Config::default()
                    .with_request_timeout(limits::LOOKUP_TIME)
                    .with_max_concurrent_streams(limits::QUESTIONS),
            ),
            frames: Frames::default(),
        }
    }
}

/// Builds the node's swarm: TCP and QUIC, names resolved, circuits, Noise, yamux.
pub(crate) fn swarm(key: &Keypair) -> Result<Swarm<Behaviour>, noise::Error> {
    let base = || {
        SwarmBuilder::with_existing_identity(key.clone())
            .with_tokio()
            .with_tcp(tcp::Config::default().nodelay(true), noise::Config::new, yamux::Config::default)
            .map(|builder| builder.with_quic_config(bounded))
    };
    macro_rules! finish {
        ($builder:expr) => {
            $builder
                .with_relay_client(noise::Config::new, yamux::Config::default)?
                .with_behaviour(Behaviour::new)
                .unwrap_or_else(|never| match never {})
                .with_swarm_config(|config| config.with_idle_connection_timeout(limits::IDLE))
                .build()
        };
    }
    match base()?.with_dns() {
        Ok(builder) => Ok(finish!(builder)),
        Err(error) => {
            tracing::warn!(%error, "the system has no name servers: relays are reached by IP address only");
            Ok(finish!(base()?))
        }
    }
}

/// QUIC that notices soon that the other side is gone, and holds little that nobody reads.
fn bounded(mut config: quic::Config) -> quic::Config {
    config.keep_alive_interval = limits::QUIC_AWAKE;
    config.max_idle_timeout = limits::QUIC_SILENT.as_millis() as u32;
    config.max_connection_data = limits::QUIC_BYTES;
    config.max_stream_data = limits::QUIC_STREAM_BYTES;
    config
}
