//! libp2p's own clients against the relay, over real TCP on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it should be"
)]

mod common;

use common::{ClientEvent, PATIENCE, connected, discover, namespace, reachable, register, relay, until};
use libp2p::{rendezvous, request_response, swarm::SwarmEvent};
use relay::{Config, Relay, RelayEvent, TransportKey};

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
