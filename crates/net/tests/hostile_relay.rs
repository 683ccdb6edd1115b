//! A relay that lies and talks nonsense harms nobody but itself.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod common;

use std::io;

use common::{Node, PATIENCE, TCP, patiently};
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::{
    Multiaddr, StreamProtocol, Swarm, SwarmBuilder,
    core::PeerRecord,
    identify,
    identity::Keypair,
    noise, relay as circuit,
    request_response::{self, ProtocolSupport},
    swarm::{NetworkBehaviour, SwarmEvent},
    tcp, yamux,
};
use net::{LookupError, Peer, Standing};
use protocol::rendezvous::{Message, Register, Status};
use tokio::sync::mpsc;

#[derive(NetworkBehaviour)]
struct Hostile {
    circuits: circuit::Behaviour,
    identify: identify::Behaviour,
    rendezvous: request_response::Behaviour<Raw>,
}

/// Reads one block, writes bytes as they are.
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
        let mut bytes = Vec::new();
        io.take(1 << 20).read_to_end(&mut bytes).await?;
        Ok(bytes)
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        p: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        self.read_request(p, io).await
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
        p: &StreamProtocol,
        io: &mut T,
        bytes: Vec<u8>,
    ) -> io::Result<()> {
        self.write_request(p, io, bytes).await
    }
}

/// A relay that grants reservations and answers a registration with `granted`, a search with the next of `answers`.
async fn hostile(granted: Vec<u8>, mut answers: mpsc::UnboundedReceiver<Vec<u8>>) -> (Peer, String) {
    let mut swarm: Swarm<Hostile> = SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|key| Hostile {
            circuits: circuit::Behaviour::new(key.public().to_peer_id(), circuit::Config::default()),
            identify: identify::Behaviour::new(identify::Config::new("/halfdoor/1".into(), key.public())),
            rendezvous: request_response::Behaviour::new(
                [(StreamProtocol::new("/rendezvous/1.0.0"), ProtocolSupport::Inbound)],
                request_response::Config::default(),
            ),
        })
        .unwrap()
        .with_swarm_config(|config| config.with_idle_connection_timeout(PATIENCE))
        .build();
    swarm.listen_on(TCP.parse().unwrap()).unwrap();
    let address: Multiaddr = loop {
        if let SwarmEvent::NewListenAddr { address, .. } = swarm.select_next_some().await {
            break address;
        }
    };
    swarm.add_external_address(address.clone());
    let peer = *swarm.local_peer_id();
    tokio::spawn(async move {
        loop {
            if let SwarmEvent::Behaviour(HostileEvent::Rendezvous(request_response::Event::Message {
                message: request_response::Message::Request { request, channel, .. },
                ..
            })) = swarm.select_next_some().await
            {
                // the kind follows the length, which has one byte in a search and two in a registration
                let search = request.get(1..3) == Some(&[8, 3]);
                let answer = if search { answers.recv().await.unwrap() } else { granted.clone() };
                let _ = swarm.behaviour_mut().rendezvous.send_response(channel, answer);
            }
        }
    });
    (peer.to_string().parse().unwrap(), format!("{address}/p2p/{peer}"))
}

fn framed(message: &Message) -> Vec<u8> {
    let bytes = message.to_bytes();
    let length = bytes.len();
    assert!(length < 1 << 14);
    [vec![(length & 0x7f) as u8 | 0x80, (length >> 7) as u8], bytes].concat()
}

fn listing(namespace: &str, record: Vec<u8>) -> Message {
    let register =
        Register { namespace: Some(namespace.into()), signed_peer_record: Some(record), ttl: Some(u64::MAX) };
    Message::discovered(Ok((vec![register], vec![0; 8])))
}

#[tokio::test]
async fn nonsense_and_lies_are_refused_and_the_node_runs_on() {
    let key = Keypair::generate_ed25519();
    let elsewhere: Multiaddr = "/ip4/192.0.2.66/tcp/1".parse().unwrap();
    let record = PeerRecord::new(&key, vec![elsewhere]).unwrap().into_signed_envelope().into_protobuf_encoding();
    let mut forged = record.clone();
    *forged.last_mut().unwrap() ^= 1;
    let (answers, queue) = mpsc::unbounded_channel();
    // a life that libp2p's own client would add to the clock, and panic
    let (relay, address) = hostile(framed(&Message::registered(Ok(u64::MAX))), queue).await;
    let mut node = Node::with_secret(rand::random(), &[TCP], vec![address]).await;
    node.handle.register(relay, "secret".into()).await.unwrap();
    node.until_registered().await;
    for (answer, error) in [
        (framed(&Message::registered(Ok(1))), LookupError::Garbled),
        (framed(&Message::discover("secret".into())), LookupError::Garbled),
        (framed(&Message::default()), LookupError::Garbled),
        (framed(&listing("other", record.clone())), LookupError::Garbled),
        (framed(&listing("secret", forged)), LookupError::Garbled),
        (framed(&listing("secret", vec![])), LookupError::Garbled),
        (framed(&Message::discovered(Err(Status::NotAuthorized))), LookupError::Refused(Status::NotAuthorized)),
        (vec![], LookupError::Garbled),
        (vec![0xff; 10], LookupError::Garbled),
        ([vec![0xff, 0xff, 0x7f], vec![0; 100]].concat(), LookupError::Garbled),
    ] {
        answers.send(answer.clone()).unwrap();
        assert_eq!(node.found(relay, "secret").await, Err(error), "{answer:?}");
    }
    // a record may be true and still name an address of its owner's choosing, which is not dialled
    answers.send(framed(&listing("secret", record))).unwrap();
    let found = node.found(relay, "secret").await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].peer.to_string(), key.public().to_peer_id().to_string());
    assert!(
        found[0].addresses.iter().all(|address| address.contains("/p2p-circuit/") && !address.contains("192.0.2.66"))
    );
    let states = patiently("still there", node.handle.relays()).await.unwrap();
    assert_eq!((&states[0].standing, states[0].registered), (&Standing::Reserved, 1));
}
