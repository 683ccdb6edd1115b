//! What was lost comes back.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod common;

use std::process::{Child, Command, Stdio};

use common::{ANSWER, Node, QUIC, TCP, patiently, relay, relay_at, relay_peer};
use libp2p::identity::Keypair;
use net::{ConnectError, Event, Path, Peer, RelaysError, Standing, Stopped};
use relay::TransportKey;

#[tokio::test]
async fn after_a_relays_restart_nodes_reserve_and_register_again() {
    let key = TransportKey::generate();
    let first = relay_at(&[TCP], key.clone()).await;
    let address = first.addresses().remove(0);
    let listen = address.split("/p2p/").next().unwrap().to_owned();
    let relay = relay_peer(&first);
    let mut owner = Node::with_secret(rand::random(), &[TCP], vec![address.clone()]).await;
    owner.handle.register(relay, "secret".into()).await.unwrap();
    owner.until_registered().await;
    first.shutdown().await;
    owner.until_standing("the loss noticed", |standing| *standing != Standing::Reserved).await;
    let second = relay_at(&[&listen], key).await;
    assert_eq!(second.addresses().join(" "), address);
    owner.until_registered().await;
    let requester = Node::with_secret(rand::random(), &[TCP], vec![address]).await;
    let found = requester.found(relay, "secret").await.unwrap();
    assert_eq!(found.iter().map(|found| found.peer).collect::<Vec<_>>(), [owner.peer()]);
    let owner = owner.answering();
    patiently("connected", requester.handle.connect(owner.peer(), vec![])).await.unwrap();
    assert_eq!(requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
}

#[tokio::test]
async fn a_kept_peer_that_goes_away_is_missed_and_connected_again_when_it_returns() {
    let relay = relay().await;
    let secret: [u8; 32] = rand::random();
    let mut requester = Node::start(&relay).await;
    let mut owner = Node::with_secret(secret, &[TCP], relay.addresses()).await;
    owner.until_reserved().await;
    let owner_peer = owner.peer();
    requester.handle.keep(owner_peer, vec![]).await.unwrap();
    assert_ne!(requester.until_connected(owner_peer).await, Path::Away);
    owner.handle.shutdown().await;
    requester.until_disconnected(owner_peer).await;
    assert_eq!(owner.handle.relays().await, Err(Stopped));
    let owner = Node::with_secret(secret, &[TCP], relay.addresses()).await.answering();
    assert_ne!(requester.until_connected(owner_peer).await, Path::Away);
    assert_eq!(requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
}

#[tokio::test]
async fn a_blocked_peer_is_shut_out_until_it_is_unblocked() {
    let relay = relay().await;
    let mut owner = Node::start(&relay).await;
    owner.until_reserved().await;
    let mut requester = Node::start(&relay).await;
    patiently("connected", requester.handle.connect(owner.peer(), vec![])).await.unwrap();
    owner.until_connected(requester.peer()).await;
    owner.handle.block(requester.peer()).await.unwrap();
    requester.until_disconnected(owner.peer()).await;
    owner.until_disconnected(requester.peer()).await;
    assert_eq!(owner.handle.connect(requester.peer(), vec![]).await, Err(ConnectError::Blocked));
    // what the blocked peer sees of a circuit that opens and closes again is for the libraries to decide
    let _ = patiently("an outcome", requester.handle.connect(owner.peer(), vec![])).await;
    assert_eq!(owner.handle.path(requester.peer()).await, Ok(Path::Away));
    owner.handle.unblock(requester.peer()).await.unwrap();
    patiently("connected again", async {
        while requester.handle.connect(owner.peer(), vec![]).await.is_err()
            || owner.handle.path(requester.peer()).await == Ok(Path::Away)
        {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[tokio::test]
async fn relays_are_exchanged_while_the_network_runs() {
    let [first, second] = [relay().await, relay().await];
    let mut node = Node::start(&first).await;
    node.until_reserved().await;
    node.handle.set_relays(second.addresses()).await.unwrap();
    node.until("reserved at the other", |event| match event {
        Event::RelayChanged(state) if state.peer == relay_peer(&second) => {
            (state.standing == Standing::Reserved).then_some(())
        }
        _ => None,
    })
    .await;
    let states = node.handle.relays().await.unwrap();
    assert_eq!(states.iter().map(|state| state.peer).collect::<Vec<_>>(), [relay_peer(&second)]);
    assert_eq!(states[0].addresses.len(), 2);
    let wrong = node.handle.set_relays(vec!["/ip4/192.0.2.1/tcp/4010".into()]).await;
    assert!(matches!(wrong, Err(RelaysError::Address(_))), "{wrong:?}");
    assert_eq!(node.handle.relays().await.unwrap().len(), 1, "a wrong list changes nothing");
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_a_failure_with_its_reason() {
    let gone = relay_at(&[TCP], TransportKey::generate()).await;
    let addresses = gone.addresses();
    gone.shutdown().await;
    let mut node = Node::with_secret(rand::random(), &[TCP], addresses).await;
    node.until_standing("failed", |standing| {
        matches!(standing, Standing::Failed { why, retry_in } if !why.is_empty() && retry_in.as_secs() <= 60)
    })
    .await;
}

/// Where the process that dies finds its secret and the node it keeps up a connection with.
const SECRET: &str = "HALFDOOR_TEST_SECRET";
const OTHER: &str = "HALFDOOR_TEST_OTHER";

/// Not a test by itself: the process that the next one kills.
#[tokio::test]
#[ignore = "the process that another test starts and kills"]
async fn a_node_that_answers_until_it_is_killed() {
    let (Ok(secret), Ok(other)) = (std::env::var(SECRET), std::env::var(OTHER)) else { return };
    let secret: Vec<u8> = secret.split(',').map(|byte| byte.parse().unwrap()).collect();
    let (peer, address) = net::split_peer(&other).unwrap();
    let node = Node::with_secret(secret.try_into().unwrap(), &[QUIC], vec![]).await.answering();
    node.handle.keep(Peer::from_bytes(&peer).unwrap(), vec![address]).await.unwrap();
    std::future::pending().await
}

fn started(secret: &[u8; 32], other: &str) -> Child {
    let bytes: Vec<String> = secret.iter().map(u8::to_string).collect();
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_node_that_answers_until_it_is_killed"])
        .env(SECRET, bytes.join(","))
        .env(OTHER, other)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[tokio::test]
async fn what_was_sent_into_a_killed_process_is_answered_by_its_next() {
    let secret: [u8; 32] = rand::random();
    let peer = Keypair::ed25519_from_bytes(secret).unwrap().public().to_peer_id().to_string().parse().unwrap();
    let mut node = Node::with_secret(rand::random(), &[QUIC], vec![]).await;
    let address = patiently("listening", async {
        loop {
            if let Some(address) = node.handle.listen_addresses().await.unwrap().pop() {
                return net::with_peer(&address, &node.peer().to_bytes()).unwrap();
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut first = started(&secret, &address);
    node.until_connected(peer).await;
    assert_eq!(node.handle.send(peer, vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
    first.kill().unwrap();
    first.wait().unwrap();
    // the connection has no way to know
    assert_eq!(node.handle.path(peer).await, Ok(Path::Direct));
    let lost = node.handle.post(peer, vec![3, 4]).await.unwrap();
    let mut second = started(&secret, &address);
    let answer = patiently("an answer", lost).await;
    let told: Vec<_> = std::iter::from_fn(|| node.events.try_recv().ok()).collect();
    second.kill().unwrap();
    second.wait().unwrap();
    assert_eq!(answer, Ok(vec![4, 3]));
    // the peer was never given up: its new connection, not the silence of the old one, told what to do
    assert!(!told.iter().any(|event| matches!(event, Event::Disconnected { .. })), "{told:?}");
}
