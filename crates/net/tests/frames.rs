//! Frames: their bounds, and peers that do not keep to them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is not as it should be")]

mod common;

use std::{io, time::Duration};

use common::{ANSWER, Node, PATIENCE, TCP, patiently};
use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, StreamExt};
use libp2p::{
    Multiaddr, PeerId, StreamProtocol, Swarm, SwarmBuilder, noise,
    request_response::{self, ProtocolSupport},
    swarm::SwarmEvent,
    tcp, yamux,
};
use net::{Event, SendError, limits};
use protocol::limits::FRAME_BYTES;

/// Two connected nodes without a relay.
async fn pair() -> (Node, Node) {
    let [owner, requester] = [
        Node::with_secret(rand::random(), &[TCP], vec![]).await,
        Node::with_secret(rand::random(), &[TCP], vec![]).await,
    ];
    let address = listening(&owner).await;
    requester.handle.connect(owner.peer(), vec![address]).await.unwrap();
    (owner, requester)
}

async fn listening(node: &Node) -> String {
    patiently("listening", async {
        loop {
            if let Some(address) = node.handle.listen_addresses().await.unwrap().pop() {
                return address;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

#[tokio::test]
async fn a_frame_and_an_answer_may_be_as_large_as_the_bound_and_no_larger() {
    let (mut owner, requester) = pair().await;
    let peer = owner.peer();
    let too_large = requester.handle.send(peer, vec![0; FRAME_BYTES + 1], ANSWER).await;
    assert_eq!(too_large, Err(SendError::TooLarge(FRAME_BYTES + 1)));
    let from = requester.peer();
    let answering = async {
        for length in [FRAME_BYTES, FRAME_BYTES + 1, FRAME_BYTES + 1] {
            let answer = owner.until("a frame", |event| match event {
                Event::Frame { peer, frame, answer } => {
                    assert_eq!((peer, frame.len()), (from, FRAME_BYTES));
                    Some(answer)
                }
                _ => None,
            });
            answer.await.send(vec![1; length]);
        }
    };
    let sending = async {
        let largest = requester.handle.send(peer, vec![0; FRAME_BYTES], PATIENCE).await;
        assert_eq!(largest, Ok(vec![1; FRAME_BYTES]));
        let refused = requester.handle.send(peer, vec![0; FRAME_BYTES], PATIENCE).await;
        assert!(matches!(refused, Err(SendError::Refused(_))), "an answer too large: {refused:?}");
    };
    patiently("both", async { tokio::join!(answering, sending) }).await;
}

#[tokio::test]
async fn a_dropped_answer_refuses_the_frame() {
    let (mut owner, requester) = pair().await;
    let peer = owner.peer();
    tokio::spawn(async move { while owner.events.recv().await.is_some() {} });
    let refused = patiently("an outcome", requester.handle.send(peer, vec![1], PATIENCE)).await;
    assert!(matches!(refused, Err(SendError::Refused(_))), "{refused:?}");
}

#[tokio::test]
async fn a_flood_of_frames_is_refused_and_nothing_else_is_lost() {
    let (mut owner, requester) = pair().await;
    let (peer, from) = (owner.peer(), requester.peer());
    // the owner looks at nothing while the flood lasts
    let flood =
        (0..200).map(|number: u8| requester.handle.send(peer, vec![number; FRAME_BYTES], Duration::from_secs(2)));
    let outcomes = futures::future::join_all(flood).await;
    assert!(outcomes.iter().all(Result::is_err));
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(SendError::Refused(_)))).count();
    assert!(refused >= 200 - limits::UNANSWERED_PER_PEER - limits::STREAMS, "only {refused} refused");
    // what was accepted is bounded, and the connection was told of before it
    let mut frames = 0;
    let mut connected = false;
    while let Ok(event) = owner.events.try_recv() {
        match event {
            Event::Connected { peer, .. } if peer == from => connected = true,
            Event::Frame { .. } => frames += 1,
            _ => {}
        }
    }
    assert!(connected);
    assert!(frames <= limits::UNANSWERED_PER_PEER, "{frames} frames kept");
    let owner = owner.answering();
    patiently("served again", async {
        while requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await != Ok(vec![2, 1]) {}
    })
    .await;
}

/// Writes bytes as they are.
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

fn raw() -> Swarm<request_response::Behaviour<Raw>> {
    SwarmBuilder::with_new_identity()
        .with_tokio()
        .with_tcp(tcp::Config::default(), noise::Config::new, yamux::Config::default)
        .unwrap()
        .with_behaviour(|_| {
            request_response::Behaviour::new(
                [(StreamProtocol::new("/halfdoor/1"), ProtocolSupport::Outbound)],
                request_response::Config::default(),
            )
        })
        .unwrap()
        .with_swarm_config(|config| config.with_idle_connection_timeout(PATIENCE))
        .build()
}

#[tokio::test]
async fn broken_frames_never_reach_the_node_and_a_good_one_after_them_does() {
    let mut owner = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    let address: Multiaddr = listening(&owner).await.parse().unwrap();
    let owner_id: PeerId = owner.peer().to_string().parse().unwrap();
    let mut stranger = raw();
    stranger.dial(address).unwrap();
    while !matches!(stranger.select_next_some().await, SwarmEvent::ConnectionEstablished { .. }) {}
    let over = [vec![0x81, 0x80, 0x04], vec![0; FRAME_BYTES + 1]].concat();
    for bytes in [vec![], vec![5, 1, 2], vec![0xff; 10], over] {
        let ended = async {
            stranger.behaviour_mut().send_request(&owner_id, bytes);
            loop {
                match stranger.select_next_some().await {
                    SwarmEvent::Behaviour(request_response::Event::Message {
                        message: request_response::Message::Response { response, .. },
                        ..
                    }) => return response,
                    SwarmEvent::Behaviour(request_response::Event::OutboundFailure { .. }) => return vec![],
                    _ => {}
                }
            }
        };
        assert_eq!(patiently("the stream ended", ended).await, [0; 0]);
    }
    stranger.behaviour_mut().send_request(&owner_id, vec![2, 7, 8]);
    let stranger_id = stranger.local_peer_id().to_string();
    tokio::spawn(async move { while stranger.next().await.is_some() {} });
    owner
        .until("the good frame", |event| match event {
            Event::Frame { peer, frame, .. } => {
                assert_eq!((peer.to_string(), frame), (stranger_id.clone(), vec![7, 8]));
                Some(())
            }
            _ => None,
        })
        .await;
}
