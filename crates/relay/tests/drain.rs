//! A relay that is asked to stop while circuits are open.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it should be"
)]

mod common;

use std::time::Duration;

use common::{Client, PATIENCE, connected, reachable, relay, until};
use libp2p::{Multiaddr, Swarm, multiaddr::Protocol, swarm::SwarmEvent};
use relay::{RelayEvent, RelayHandle};
use tokio::time::timeout;

/// Longer than a test waits for anything: what ends within it did not end by it.
const NEVER: Duration = Duration::from_secs(3600);

/// Two peers, the first of which reached the second over a circuit.
async fn pair(relay: &RelayHandle) -> (Swarm<Client>, Swarm<Client>) {
    let (mut jill, mut jack) = (connected(relay).await, reachable(relay).await);
    let jack_id = *jack.local_peer_id();
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    jill.dial(address.with(Protocol::P2pCircuit).with(Protocol::P2p(jack_id))).unwrap();
    let jill_id = *jill.local_peer_id();
    tokio::join!(met(&mut jill, jack_id), met(&mut jack, jill_id));
    (jill, jack)
}

async fn met(swarm: &mut Swarm<Client>, whom: libp2p::PeerId) {
    until(swarm, |event| match event {
        SwarmEvent::ConnectionEstablished { peer_id, .. } if peer_id == whom => Some(()),
        _ => None,
    })
    .await;
}

#[tokio::test]
async fn a_relay_that_is_to_stop_takes_on_nothing_and_ends_with_its_last_circuit() {
    let relay = relay().await;
    let (mut jill, jack) = pair(&relay).await;
    let (mut late, address) = (connected(&relay).await, relay.addresses().remove(0));
    let address: Multiaddr = address.parse().unwrap();
    let mut events = relay.events();
    let stopped = tokio::spawn(relay.drain(NEVER));
    while timeout(PATIENCE, events.recv()).await.unwrap().unwrap() != RelayEvent::Draining {}
    // somebody who was there before gets no reservation any more, and nobody comes in
    late.listen_on(address.clone().with(Protocol::P2pCircuit)).unwrap();
    until(&mut late, |event| match event {
        SwarmEvent::ListenerClosed { reason, .. } => Some(reason.expect_err("denied")),
        SwarmEvent::ExternalAddrConfirmed { .. } => panic!("reserved at a relay that is about to stop"),
        _ => None,
    })
    .await;
    let mut stranger = common::client();
    stranger.dial(address).unwrap();
    until(&mut stranger, |event| match event {
        SwarmEvent::OutgoingConnectionError { .. } => Some(()),
        SwarmEvent::ConnectionEstablished { .. } => panic!("let in by a relay that is about to stop"),
        _ => None,
    })
    .await;
    assert!(jill.is_connected(jack.local_peer_id()) && !stopped.is_finished(), "the circuit goes on");
    jill.disconnect_peer_id(*jack.local_peer_id()).unwrap();
    drop(jack);
    let ended = async {
        while !stopped.is_finished() {
            let _ = timeout(Duration::from_millis(10), futures::StreamExt::next(&mut jill)).await;
        }
    };
    timeout(PATIENCE, ended).await.expect("the last circuit ended, and the relay did not");
}

#[tokio::test]
async fn a_circuit_that_does_not_end_is_closed_when_its_time_is_over() {
    let relay = relay().await;
    let (mut jill, jack) = pair(&relay).await;
    timeout(PATIENCE, relay.drain(Duration::from_millis(1))).await.expect("it waits for a circuit beyond its limit");
    let jack_id = *jack.local_peer_id();
    until(&mut jill, |event| match event {
        SwarmEvent::ConnectionClosed { peer_id, .. } if peer_id == jack_id => Some(()),
        _ => None,
    })
    .await;
}
