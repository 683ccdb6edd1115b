//! libp2p's own clients against the relay, over real TCP on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it should be"
)]

use std::{io, time::Duration};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder,
    multiaddr::Protocol,
    noise, relay as circuit, rendezvous,
    request_response::{self, ProtocolSupport},
    swarm::{NetworkBehaviour, SwarmEvent},
    tcp, yamux,
};
use relay::{Config, Relay, RelayEvent, RelayHandle, TransportKey};

/// Far beyond what any step takes; only a hang meets it.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(NetworkBehaviour)]
struct Client {
    circuit: circuit::client::Behaviour,
    rendezvous: rendezvous::client::Behaviour,
    raw: request_response::Behaviour<Raw>,
}

/// Sends bytes as they are, and returns whatever comes back.
#[derive(Clone, Default)]
struct Raw;

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

fn client() -> Swarm<Client> {
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

async fn relay() -> RelayHandle {
    let config = Config { listen: vec!["/ip4/127.0.0.1/tcp/0".into()], ..Config::default() };
    Relay::start(config, TransportKey::generate()).await.unwrap()
}

async fn until<T>(swarm: &mut Swarm<Client>, mut wanted: impl FnMut(SwarmEvent<ClientEvent>) -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = wanted(swarm.select_next_some().await) {
                return found;
            }
        }
    };
    tokio::time::timeout(PATIENCE, found).await.expect("the event never came")
}

async fn connected(relay: &RelayHandle) -> Swarm<Client> {
    let mut client = client();
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    client.dial(address).unwrap();
    until(&mut client, |event| matches!(event, SwarmEvent::ConnectionEstablished { .. }).then_some(())).await;
    client
}

/// A client with a reservation, whose circuit address is therefore its only external address.
async fn reachable(relay: &RelayHandle) -> Swarm<Client> {
    let mut client = connected(relay).await;
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    client.listen_on(address.with(Protocol::P2pCircuit)).unwrap();
    until(&mut client, |event| matches!(event, SwarmEvent::ExternalAddrConfirmed { .. }).then_some(())).await;
    client
}

fn namespace(name: &str) -> rendezvous::Namespace {
    rendezvous::Namespace::new(name.into()).unwrap()
}

async fn register(client: &mut Swarm<Client>, relay: PeerId, name: &str) -> Result<u64, rendezvous::ErrorCode> {
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

async fn discover(
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

#[tokio::test]
async fn the_stock_client_registers_and_is_found_under_the_exact_namespace_only() {
    let relay = relay().await;
    let mut events = relay.events();
    let mut owner = reachable(&relay).await;
    assert_eq!(register(&mut owner, relay.peer_id(), "secret").await, Ok(7200));
    let owner_id = *owner.local_peer_id();
    assert_eq!(events.recv().await.unwrap(), RelayEvent::Reserved(owner_id));
    assert_eq!(events.recv().await.unwrap(), RelayEvent::Registered(owner_id));
    // a registration must survive without its owner being polled, and its owner must not be needed to answer
    let mut stranger = connected(&relay).await;
    assert_eq!(discover(&mut stranger, relay.peer_id(), Some("secret")).await, Ok(vec![owner_id]));
    assert_eq!(discover(&mut stranger, relay.peer_id(), Some("secre")).await, Ok(vec![]));
    let refused = Err(rendezvous::ErrorCode::InvalidNamespace);
    assert_eq!(discover(&mut stranger, relay.peer_id(), None).await, refused);
    assert_eq!(discover(&mut stranger, relay.peer_id(), Some("")).await, refused);
    relay.shutdown().await;
}

#[tokio::test]
async fn unregistering_takes_effect() {
    let relay = relay().await;
    let mut owner = reachable(&relay).await;
    register(&mut owner, relay.peer_id(), "secret").await.unwrap();
    owner.behaviour_mut().rendezvous.unregister(namespace("secret"), relay.peer_id());
    // the message has no answer, and the two questions travel on streams of their own
    let gone = async { while discover(&mut owner, relay.peer_id(), Some("secret")).await != Ok(vec![]) {} };
    tokio::time::timeout(PATIENCE, gone).await.expect("still listed");
}

#[tokio::test]
async fn a_registration_that_names_more_than_circuit_addresses_is_refused() {
    let relay = relay().await;
    let mut owner = reachable(&relay).await;
    owner.add_external_address("/ip4/192.0.2.1/tcp/4001".parse().unwrap());
    let refused = Err(rendezvous::ErrorCode::InvalidSignedPeerRecord);
    assert_eq!(register(&mut owner, relay.peer_id(), "secret").await, refused);
}

#[tokio::test]
async fn malformed_messages_are_refused_and_the_relay_serves_on() {
    let relay = relay().await;
    let mut stranger = connected(&relay).await;
    let endless = [vec![0xff; 9], vec![1]].concat();
    let long = [vec![0xff, 0xff, 0x7f], vec![0; 100_000]].concat();
    for bytes in [vec![], vec![0], vec![5, 8], vec![2, 0xff, 0xff], vec![2, 8, 99], endless, long] {
        stranger.behaviour_mut().raw.send_request(&relay.peer_id(), bytes.clone());
        let answer = until(&mut stranger, |event| match event {
            SwarmEvent::Behaviour(ClientEvent::Raw(request_response::Event::Message { message, .. })) => {
                match message {
                    request_response::Message::Response { response, .. } => Some(response),
                    request_response::Message::Request { .. } => None,
                }
            }
            SwarmEvent::Behaviour(ClientEvent::Raw(request_response::Event::OutboundFailure { .. })) => Some(vec![]),
            _ => None,
        })
        .await;
        assert_eq!(answer, [0; 0], "answered {bytes:?}");
    }
    assert_eq!(discover(&mut stranger, relay.peer_id(), Some("any")).await, Ok(vec![]));
}

#[tokio::test]
async fn an_address_in_use_or_malformed_is_an_error_that_names_it() {
    let relay = relay().await;
    let taken = relay.addresses().remove(0);
    let taken = taken.split("/p2p/").next().unwrap();
    for listen in [taken, "127.0.0.1:4010", ""] {
        let config = Config { listen: vec![listen.into()], ..Config::default() };
        let error = Relay::start(config, TransportKey::generate()).await.unwrap_err();
        assert!(error.to_string().contains(listen), "{error}");
    }
}

#[tokio::test]
async fn both_versions_of_ip_share_a_port() {
    let probe = std::net::TcpListener::bind("0.0.0.0:0").unwrap();
    let port = probe.local_addr().unwrap().port();
    drop(probe);
    let listen = vec![format!("/ip4/0.0.0.0/tcp/{port}"), format!("/ip6/::/tcp/{port}")];
    let relay = Relay::start(Config { listen, ..Config::default() }, TransportKey::generate()).await.unwrap();
    assert!(relay.addresses().iter().any(|address| address.starts_with("/ip4/127.0.0.1/")));
    // where the machine has IPv6 at all
    let v6 = std::net::TcpListener::bind("[::1]:0").is_ok();
    assert_eq!(relay.addresses().iter().any(|address| address.starts_with("/ip6/::1/")), v6);
}
