//! Real nodes and relays on loopback; nothing is imitated.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "shared by several tests, each of which uses a part; a test stops where something is not as it should be"
)]

use std::{future::Future, time::Duration};

use net::{Answer, Config, Event, Found, Handle, LookupError, Path, Peer, Standing};
use relay::{Relay, RelayHandle, TransportKey};
use tokio::sync::mpsc;

/// Far beyond what any step takes; only a hang meets it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
pub(crate) const ANSWER: Duration = Duration::from_secs(20);

pub(crate) const TCP: &str = "/ip4/127.0.0.1/tcp/0";
pub(crate) const QUIC: &str = "/ip4/127.0.0.1/udp/0/quic-v1";

pub(crate) async fn patiently<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("never: {what}"))
}

pub(crate) async fn relay_at(listen: &[&str], key: TransportKey) -> RelayHandle {
    let listen = listen.iter().map(|address| (*address).to_owned()).collect();
    Relay::start(relay::Config { listen, ..relay::Config::default() }, key).await.unwrap()
}

pub(crate) async fn relay() -> RelayHandle {
    relay_at(&[TCP, QUIC], TransportKey::generate()).await
}

pub(crate) fn relay_peer(relay: &RelayHandle) -> Peer {
    relay.peer_id().to_string().parse().unwrap()
}

pub(crate) struct Node {
    pub(crate) handle: Handle,
    pub(crate) events: mpsc::Receiver<Event>,
}

impl Node {
    pub(crate) async fn with_secret(secret: [u8; 32], listen: &[&str], relays: Vec<String>) -> Self {
        let listen = listen.iter().map(|address| (*address).to_owned()).collect();
        let (handle, events) = net::start(Config { listen, relays, ..Config::new(secret.into()) }).await.unwrap();
        Self { handle, events }
    }

    pub(crate) async fn start(relay: &RelayHandle) -> Self {
        Self::with_secret(rand::random(), &[TCP, QUIC], relay.addresses()).await
    }

    pub(crate) fn peer(&self) -> Peer {
        self.handle.local_peer()
    }

    pub(crate) async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let found = async {
            loop {
                if let Some(found) = wanted(self.events.recv().await.expect("the network ended")) {
                    return found;
                }
            }
        };
        patiently(what, found).await
    }

    pub(crate) async fn until_standing(&mut self, what: &str, wanted: impl Fn(&Standing) -> bool) {
        self.until(what, |event| match event {
            Event::RelayChanged(state) if wanted(&state.standing) => Some(()),
            _ => None,
        })
        .await;
    }

    pub(crate) async fn until_reserved(&mut self) {
        self.until_standing("reserved", |standing| *standing == Standing::Reserved).await;
    }

    pub(crate) async fn until_registered(&mut self) {
        self.until("registered", |event| match event {
            Event::RelayChanged(state) if state.wanted > 0 && state.registered == state.wanted => Some(()),
            _ => None,
        })
        .await;
    }

    pub(crate) async fn until_connected(&mut self, other: Peer) -> Path {
        self.until("connected", |event| match event {
            Event::Connected { peer, path } if peer == other => Some(path),
            _ => None,
        })
        .await
    }

    pub(crate) async fn until_disconnected(&mut self, other: Peer) {
        self.until("disconnected", |event| match event {
            Event::Disconnected { peer } if peer == other => Some(()),
            _ => None,
        })
        .await;
    }

    pub(crate) async fn found(&self, relay: Peer, namespace: &str) -> Result<Vec<Found>, LookupError> {
        patiently("an answer of the relay", self.handle.discover(vec![(relay, namespace.to_owned())])).await
    }

    /// Waits for frames; hands over whose, which, and the place for the answers.
    pub(crate) async fn until_frames(&mut self) -> (Peer, Vec<Vec<u8>>, Answer) {
        self.until("frames", |event| match event {
            Event::Frames { peer, frames, answer } => Some((peer, frames, answer)),
            _ => None,
        })
        .await
    }

    /// Answers every frame with its bytes in reverse, and hands on what else happens.
    pub(crate) fn answering(mut self) -> Self {
        let (forward, events) = mpsc::channel(64);
        tokio::spawn(async move {
            while let Some(event) = self.events.recv().await {
                match event {
                    Event::Frames { frames, answer, .. } => answer.send(frames.into_iter().map(reversed).collect()),
                    other => {
                        let _ = forward.send(other).await;
                    }
                }
            }
        });
        Self { handle: self.handle, events }
    }
}

fn reversed(frame: Vec<u8>) -> Vec<u8> {
    frame.into_iter().rev().collect()
}
