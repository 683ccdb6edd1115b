//! Two nodes meet at a relay.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod common;

use common::{ANSWER, Node, PATIENCE, QUIC, TCP, patiently, relay, relay_at, relay_peer};
use net::{ConnectError, Event, LookupError, Path, SendError};
use relay::TransportKey;

#[tokio::test]
async fn two_nodes_find_each_other_by_namespace_and_exchange_frames() {
    let relay = relay().await;
    let mut owner = Node::start(&relay).await;
    owner.handle.register(relay_peer(&relay), "secret".into()).await.unwrap();
    owner.until_registered().await;
    let owner_peer = owner.peer();
    let mut owner = owner.answering();
    let requester = Node::start(&relay).await;
    let found = requester.found(relay_peer(&relay), "secret").await.unwrap();
    assert_eq!(found.iter().map(|found| found.peer).collect::<Vec<_>>(), [owner_peer]);
    let addresses = found[0].addresses.clone();
    assert!(addresses.iter().all(|address| address.contains("/p2p-circuit/")), "{addresses:?}");
    let path = patiently("connected", requester.handle.connect(owner_peer, addresses)).await.unwrap();
    assert_ne!(path, Path::Away);
    assert_eq!(requester.handle.send(owner_peer, vec![1, 2, 3], ANSWER).await, Ok(vec![3, 2, 1]));
    owner.until_connected(requester.peer()).await;
    assert_eq!(owner.handle.path(requester.peer()).await.map(|path| path != Path::Away), Ok(true));
}

async fn becomes_direct(transport: &str) {
    let relay = relay_at(&[transport], TransportKey::generate()).await;
    let mut owner = Node::with_secret(rand::random(), &[transport], relay.addresses()).await;
    owner.until_reserved().await;
    let owner = owner.answering();
    let mut requester = Node::with_secret(rand::random(), &[transport], relay.addresses()).await;
    let addresses = requester.handle.addresses_for(owner.peer()).await.unwrap();
    let first = patiently("connected", requester.handle.connect(owner.peer(), addresses)).await.unwrap();
    assert_eq!(first, Path::Relayed);
    let sending = async {
        // no frame is lost while the direct connection replaces the relayed one
        loop {
            assert_eq!(requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    let replaced = async {
        loop {
            match requester.events.recv().await.unwrap() {
                Event::PathChanged { path: Path::Direct, .. } => return,
                Event::Disconnected { .. } => panic!("disconnected on the way to a direct connection"),
                _ => {}
            }
        }
    };
    let mut circuits = relay.events();
    let closed = async {
        replaced.await;
        while !matches!(circuits.recv().await.unwrap(), relay::RelayEvent::CircuitClosed { .. }) {}
    };
    tokio::select! {
        () = sending => {}
        () = patiently("direct, and the circuit closed", closed) => {}
    }
    assert_eq!(requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
    assert_eq!(requester.handle.path(owner.peer()).await, Ok(Path::Direct));
}

#[tokio::test]
async fn a_relayed_connection_becomes_direct_over_tcp() {
    becomes_direct(TCP).await;
}

#[tokio::test]
async fn a_relayed_connection_becomes_direct_over_quic() {
    becomes_direct(QUIC).await;
}

#[tokio::test]
async fn a_namespace_not_known_exactly_finds_nobody() {
    let relay = relay().await;
    let mut owner = Node::start(&relay).await;
    owner.handle.register(relay_peer(&relay), "secret".into()).await.unwrap();
    owner.until_registered().await;
    let stranger = Node::start(&relay).await;
    assert_eq!(stranger.found(relay_peer(&relay), "secre").await, Ok(vec![]));
    assert_eq!(stranger.found(relay_peer(&relay), "").await, Err(LookupError::Namespace));
    assert_eq!(stranger.found(relay_peer(&relay), &"n".repeat(256)).await, Err(LookupError::Namespace));
    assert_eq!(stranger.found(stranger.peer(), "secret").await, Err(LookupError::UnknownRelay));
    // whoever registers does not find itself
    assert_eq!(owner.found(relay_peer(&relay), "secret").await, Ok(vec![]));
    owner.handle.unregister(relay_peer(&relay), "secret".into()).await.unwrap();
    owner.handle.register(relay_peer(&relay), String::new()).await.unwrap_err();
}

#[tokio::test]
async fn a_peer_that_is_away_or_nobody_is_an_error_with_its_reason() {
    let relay = relay().await;
    let node = Node::start(&relay).await;
    let nobody = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    let away = patiently("an error", node.handle.connect(nobody.peer(), vec![])).await;
    assert!(matches!(away, Err(ConnectError::Failed(ref why)) if !why.is_empty()), "{away:?}");
    assert_eq!(nobody.handle.connect(node.peer(), vec![]).await, Err(ConnectError::NoPath));
    assert!(matches!(node.handle.connect(node.peer(), vec![]).await, Err(ConnectError::Address(_))));
    assert!(matches!(node.handle.connect(nobody.peer(), vec!["x".into()]).await, Err(ConnectError::Address(_))));
    assert_eq!(node.handle.send(nobody.peer(), vec![1], ANSWER).await, Err(SendError::NotConnected));
}

#[tokio::test]
async fn a_direct_address_is_dialled_without_any_relay() {
    let owner = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    let addresses = async {
        loop {
            let addresses = owner.handle.listen_addresses().await.unwrap();
            if !addresses.is_empty() {
                return addresses;
            }
            tokio::task::yield_now().await;
        }
    };
    let addresses = patiently("listening", addresses).await;
    let owner = owner.answering();
    let requester = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    assert_eq!(requester.handle.connect(owner.peer(), addresses).await, Ok(Path::Direct));
    assert_eq!(requester.handle.send(owner.peer(), vec![5, 6], PATIENCE).await, Ok(vec![6, 5]));
}
