//! libp2p's own clients, and a relay for them.
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses its part, and stops where something is not as it should be"
)]

use std::{io, net::SocketAddr, time::Duration};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder,
    multiaddr::Protocol,
    noise, relay as circuit, rendezvous,
    request_response::{self, ProtocolSupport},
    swarm::{NetworkBehaviour, SwarmEvent},
    tcp, yamux,
};
use relay::{Config, Limits, Relay, RelayHandle, TransportKey};

/// Far beyond what any step takes; only a hang meets it.
pub const PATIENCE: Duration = Duration::from_secs(60);

#[derive(NetworkBehaviour)]
pub struct Client {
    circuit: circuit::client::Behaviour,
    pub rendezvous: rendezvous::client::Behaviour,
    pub raw: request_response::Behaviour<Raw>,
}

/// Sends bytes as they are, and returns whatever comes back.
#[derive(Clone, Default)]
pub struct Raw;

impl request_response::Codec for Raw {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        self.read_response(&StreamProtocol::new("/unused"), io).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io.take(1 << 20).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        bytes: Vec<u8>,
    ) -> io::Result<()> {
        io.write_all(&bytes).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        protocol: &StreamProtocol,
        io: &mut T,
        bytes: Vec<u8>,
    ) -> io::Result<()> {
        self.write_request(protocol, io, bytes).await
    }
}

pub fn client() -> Swarm<Client> {
    SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_relay_client(noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|key, circuit| Client {
            circuit,
            rendezvous: rendezvous::client::Behaviour::new(key.clone()),
            raw: request_response::Behaviour::new(
                [(StreamProtocol::new("/rendezvous/1.0.0"), ProtocolSupport::Outbound)],
                request_response::Config::default(),
            ),
        })
        .unwrap()
        .with_swarm_config(|config| config.with_idle_connection_timeout(PATIENCE))
        .build()
}

pub async fn relay() -> RelayHandle {
    limited(Limits::default()).await
}

pub async fn limited(limits: Limits) -> RelayHandle {
    started(Config { limits, ..Config::default() }).await
}

pub async fn started(config: Config) -> RelayHandle {
    let config = Config { listen: vec!["/ip4/127.0.0.1/tcp/0".into()], ..config };
    Relay::start(config, TransportKey::generate()).await.unwrap()
}

/// Where it listens.
pub fn socket(relay: &RelayHandle) -> SocketAddr {
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    let mut parts = address.iter();
    match (parts.next(), parts.next()) {
        (Some(Protocol::Ip4(ip)), Some(Protocol::Tcp(port))) => (ip, port).into(),
        _ => panic!("{address} is no TCP address"),
    }
}

pub async fn until<T>(swarm: &mut Swarm<Client>, mut wanted: impl FnMut(SwarmEvent<ClientEvent>) -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = wanted(swarm.select_next_some().await) {
                return found;
            }
        }
    };
    tokio::time::timeout(PATIENCE, found).await.expect("the event never came")
}

pub async fn connected(relay: &RelayHandle) -> Swarm<Client> {
    let mut client = client();
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    client.dial(address).unwrap();
    until(&mut client, |event| matches!(event, SwarmEvent::ConnectionEstablished { .. }).then_some(())).await;
    client
}

/// A client with a reservation, whose circuit address is therefore its only external address.
pub async fn reachable(relay: &RelayHandle) -> Swarm<Client> {
    let mut client = connected(relay).await;
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    client.listen_on(address.with(Protocol::P2pCircuit)).unwrap();
    until(&mut client, |event| matches!(event, SwarmEvent::ExternalAddrConfirmed { .. }).then_some(())).await;
    client
}

pub fn namespace(name: &str) -> rendezvous::Namespace {
    rendezvous::Namespace::new(name.into()).unwrap()
}

pub async fn register(client: &mut Swarm<Client>, relay: PeerId, name: &str) -> Result<u64, rendezvous::ErrorCode> {
    client.behaviour_mut().rendezvous.register(namespace(name), relay, None).unwrap();
    until(client, |event| match event {
        SwarmEvent::Behaviour(ClientEvent::Rendezvous(rendezvous::client::Event::Registered { ttl, .. })) => {
            Some(Ok(ttl))
        }
        SwarmEvent::Behaviour(ClientEvent::Rendezvous(rendezvous::client::Event::RegisterFailed { error, .. })) => {
            Some(Err(error))
        }
        _ => None,
    })
    .await
}

pub async fn discover(
    client: &mut Swarm<Client>,
    relay: PeerId,
    name: Option<&str>,
) -> Result<Vec<PeerId>, rendezvous::ErrorCode> {
    client.behaviour_mut().rendezvous.discover(name.map(namespace), None, None, relay);
    until(client, |event| match event {
        SwarmEvent::Behaviour(ClientEvent::Rendezvous(event)) => match event {
            rendezvous::client::Event::Discovered { registrations, .. } => {
                Some(Ok(registrations.iter().map(|registration| registration.record.peer_id()).collect()))
            }
            rendezvous::client::Event::DiscoverFailed { error, .. } => Some(Err(error)),
            _ => None,
        },
        _ => None,
    })
    .await
}
