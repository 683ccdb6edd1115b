//! Quotas of a running relay, as a client meets them over TCP on loopback.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where something is not as it should be"
)]

mod common;

use common::{Client, ClientEvent, connected, discover, limited, reachable, register, until};
use libp2p::{
    Multiaddr, Swarm,
    multiaddr::Protocol,
    rendezvous::ErrorCode,
    request_response::{Event, OutboundFailure},
    swarm::{SwarmEvent, dial_opts::DialOpts},
};
use relay::{Allowed, Config, Limits, Quotas, Rate, RelayHandle};
use tokio::{io::AsyncReadExt as _, net::TcpStream};

fn limits(quotas: Quotas) -> Limits {
    Limits { quotas, ..Limits::default() }
}

async fn closed(client: &mut Swarm<Client>) {
    until(client, |event| matches!(event, SwarmEvent::ConnectionClosed { .. }).then_some(())).await;
}

/// Dials the relay, whoever it turns out to be.
async fn dial(client: &mut Swarm<Client>, relay: &RelayHandle) {
    let address: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    client.dial(DialOpts::unknown_peer_id().address(address).build()).unwrap();
}

#[tokio::test]
async fn a_peer_gets_its_quota_of_lookups_and_its_neighbour_is_served() {
    let relay = limited(limits(Quotas { lookups_per_peer: Rate::new(5, 1), ..Quotas::default() })).await;
    let mut greedy = connected(&relay).await;
    for _ in 0..5 {
        assert_eq!(discover(&mut greedy, relay.peer_id(), Some("any")).await, Ok(vec![]));
    }
    assert_eq!(discover(&mut greedy, relay.peer_id(), Some("any")).await, Err(ErrorCode::Unavailable));
    let mut honest = reachable(&relay).await;
    assert_eq!(register(&mut honest, relay.peer_id(), "any").await, Ok(7200));
    assert_eq!(discover(&mut greedy, relay.peer_id(), Some("any")).await, Err(ErrorCode::Unavailable));
}

#[tokio::test]
async fn many_identities_at_one_place_share_the_quota_of_the_place() {
    let relay = limited(limits(Quotas { lookups_per_ip: Rate::new(3, 1), ..Quotas::default() })).await;
    for served in [true, true, true, false, false] {
        let mut client = connected(&relay).await;
        assert_eq!(discover(&mut client, relay.peer_id(), Some("any")).await.is_ok(), served);
    }
}

#[tokio::test]
async fn whoever_goes_on_asking_is_shown_out_and_stays_out() {
    let relay = limited(limits(Quotas { lookups_per_peer: Rate::new(1, 1), ..Quotas::default() })).await;
    let mut flood = connected(&relay).await;
    let asking = async {
        loop {
            let _ = discover(&mut flood, relay.peer_id(), Some("any")).await;
            if !flood.is_connected(&relay.peer_id()) {
                break;
            }
        }
    };
    tokio::time::timeout(common::PATIENCE, asking).await.expect("still connected");
    dial(&mut flood, &relay).await;
    closed(&mut flood).await;
    let mut honest = connected(&relay).await;
    assert_eq!(discover(&mut honest, relay.peer_id(), Some("any")).await, Ok(vec![]));
}

#[tokio::test]
async fn a_place_has_so_many_connections_and_gets_one_back_when_one_ends() {
    let relay = limited(limits(Quotas { connections_per_ip: 2, ..Quotas::default() })).await;
    let first = connected(&relay).await;
    let mut second = connected(&relay).await;
    assert_eq!(discover(&mut second, relay.peer_id(), Some("any")).await, Ok(vec![]));
    // the transport is up on this side before the relay has said no
    let mut third = connected(&relay).await;
    closed(&mut third).await;
    drop(first);
    let served = async {
        loop {
            let mut again = connected(&relay).await;
            if discover(&mut again, relay.peer_id(), Some("any")).await.is_ok() {
                break;
            }
        }
    };
    tokio::time::timeout(common::PATIENCE, served).await.expect("the place never got its connection back");
}

#[tokio::test]
async fn a_place_that_connects_too_often_is_refused_before_the_handshake() {
    let relay = limited(limits(Quotas { connecting_per_ip: Rate::new(2, 1), ..Quotas::default() })).await;
    let _kept = (connected(&relay).await, connected(&relay).await);
    let mut third = common::client();
    dial(&mut third, &relay).await;
    until(&mut third, |event| matches!(event, SwarmEvent::OutgoingConnectionError { .. }).then_some(())).await;
}

#[tokio::test]
async fn silent_connections_of_a_place_leave_room_for_others_and_for_itself_once_they_end() {
    let relay = limited(limits(Quotas { strangers_per_ip: 2, ..Quotas::default() })).await;
    let socket = common::socket(&relay);
    let silent = [TcpStream::connect(socket).await.unwrap(), TcpStream::connect(socket).await.unwrap()];
    // the third is taken by the system and closed by the relay, without a byte
    let mut third = TcpStream::connect(socket).await.unwrap();
    let closed = tokio::time::timeout(common::PATIENCE, third.read(&mut [0; 64])).await.expect("it stays open");
    assert!(!closed.is_ok_and(|read| read > 0));
    drop(silent);
    let served = async { while dialled(&relay).await.is_none() {} };
    tokio::time::timeout(common::PATIENCE, served).await.expect("the place never got its room back");
}

#[tokio::test]
async fn whoever_was_refused_after_the_handshake_is_soon_refused_before_it() {
    let access = std::sync::Arc::new(Allowed::new([]));
    let limits = limits(Quotas { connecting_per_ip: Rate::new(23, 1), ..Quotas::default() });
    let relay = common::started(Config { access, limits, ..Config::default() }).await;
    for _ in 0..2 {
        let mut stranger = dialled(&relay).await.expect("the handshake comes first");
        closed(&mut stranger).await;
    }
    // 22 of 23 are gone: one more handshake, and its price is what is left
    let mut stranger = dialled(&relay).await.expect("one is left");
    closed(&mut stranger).await;
    assert!(dialled(&relay).await.is_none());
}

/// A client connected, or none where the relay closed the door before the handshake.
async fn dialled(relay: &RelayHandle) -> Option<Swarm<Client>> {
    let mut client = common::client();
    dial(&mut client, relay).await;
    let connected = until(&mut client, |event| match event {
        SwarmEvent::ConnectionEstablished { .. } => Some(true),
        SwarmEvent::OutgoingConnectionError { .. } => Some(false),
        _ => None,
    })
    .await;
    connected.then_some(client)
}

#[tokio::test]
async fn circuits_beyond_the_quota_are_denied() {
    let relay = limited(limits(Quotas { circuits_per_peer: Rate::new(1, 1), ..Quotas::default() })).await;
    let owner = reachable(&relay).await;
    let owner_id = *owner.local_peer_id();
    let serving = tokio::spawn(async move {
        let mut owner = owner;
        loop {
            let _ = futures::StreamExt::next(&mut owner).await;
        }
    });
    let mut greedy = connected(&relay).await;
    let base: Multiaddr = relay.addresses().remove(0).parse().unwrap();
    let circuit = base.with(Protocol::P2pCircuit).with(Protocol::P2p(owner_id));
    for opens in [true, false] {
        greedy.dial(circuit.clone()).unwrap();
        let opened = until(&mut greedy, |event| match event {
            SwarmEvent::ConnectionEstablished { peer_id, .. } if peer_id == owner_id => Some(true),
            SwarmEvent::OutgoingConnectionError { .. } => Some(false),
            _ => None,
        })
        .await;
        assert_eq!(opened, opens);
        let _ = greedy.disconnect_peer_id(owner_id);
        if opened {
            until(&mut greedy, |event| match event {
                SwarmEvent::ConnectionClosed { peer_id, .. } if peer_id == owner_id => Some(()),
                _ => None,
            })
            .await;
        }
    }
    serving.abort();
}

/// Whether the relay reads a long question before this client's patience ends.
async fn is_read(client: &mut Swarm<Client>, relay: &RelayHandle) -> bool {
    let question = [vec![0xd6, 0x3e], vec![0xff; 0x1f56]].concat();
    client.behaviour_mut().raw.send_request(&relay.peer_id(), question);
    until(client, |event| match event {
        SwarmEvent::Behaviour(ClientEvent::Raw(Event::Message { .. })) => Some(true),
        SwarmEvent::Behaviour(ClientEvent::Raw(Event::OutboundFailure { error, .. })) => {
            Some(!matches!(error, OutboundFailure::Timeout))
        }
        _ => None,
    })
    .await
}

#[tokio::test]
async fn a_peer_that_sends_more_than_its_bytes_is_not_read_and_its_neighbour_is() {
    let quotas = Quotas { bytes_per_peer: Rate::new(32 << 10, 1), ..Quotas::default() };
    let relay = limited(limits(quotas)).await;
    let mut greedy = connected(&relay).await;
    assert_eq!(discover(&mut greedy, relay.peer_id(), Some("any")).await, Ok(vec![]));
    // questions of 7.9 KiB that are none; each is closed without an answer as soon as it is read
    let mut read = 0;
    while is_read(&mut greedy, &relay).await {
        read += 1;
    }
    // four fill the bucket nearly; what is left of it lets one more begin
    assert!((1..=5).contains(&read), "{read} of 8 KiB, and 32 KiB in the bucket");
    assert_eq!(discover(&mut greedy, relay.peer_id(), Some("any")).await, Err(ErrorCode::Unavailable));
    let mut honest = connected(&relay).await;
    assert_eq!(discover(&mut honest, relay.peer_id(), Some("any")).await, Ok(vec![]));
}

#[tokio::test]
async fn a_relay_with_a_list_serves_the_listed_and_shows_others_the_door() {
    let mut listed = common::client();
    let access = std::sync::Arc::new(Allowed::new([*listed.local_peer_id()]));
    let relay = common::started(Config { access, ..Config::default() }).await;
    let mut stranger = connected(&relay).await;
    closed(&mut stranger).await;
    dial(&mut listed, &relay).await;
    until(&mut listed, |event| matches!(event, SwarmEvent::ConnectionEstablished { .. }).then_some(())).await;
    assert_eq!(discover(&mut listed, relay.peer_id(), Some("any")).await, Ok(vec![]));
}
