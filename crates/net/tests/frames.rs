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
use net::{Event, Peer, Posted, SendError, limits};
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
            let (peer, frames, answer) = owner.until_frames().await;
            assert_eq!((peer, frames), (from, vec![vec![0; FRAME_BYTES]]));
            answer.send(vec![vec![1; length]]);
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

/// Posts numbered frames without waiting for their answers.
async fn posted(from: &Node, to: Peer, numbers: std::ops::Range<u8>) -> Vec<Posted> {
    let mut posted = Vec::new();
    for number in numbers {
        posted.push(from.handle.post(to, vec![number]).await.unwrap());
    }
    posted
}

#[tokio::test]
async fn frames_arrive_in_their_order_and_those_that_wait_arrive_together() {
    let (mut owner, requester) = pair().await;
    let posted = posted(&requester, owner.peer(), 0..100).await;
    let (mut arrived, mut batches) = (Vec::new(), 0);
    while arrived.len() < 100 {
        let (_, frames, answer) = owner.until_frames().await;
        assert!((1..=limits::WINDOW).contains(&frames.len()));
        // none comes before these are answered
        assert!(tokio::time::timeout(Duration::from_millis(1), owner.events.recv()).await.is_err());
        arrived.extend(frames.concat());
        batches += 1;
        answer.send(frames);
    }
    assert_eq!(arrived, (0..100).collect::<Vec<u8>>());
    assert!(batches < 100, "all of them came one by one");
    for (number, posted) in (0..100).zip(posted) {
        assert_eq!(patiently("an answer", posted).await, Ok(vec![number]));
    }
}

#[tokio::test]
async fn behind_a_frame_without_an_answer_none_overtakes_it() {
    let (mut owner, requester) = pair().await;
    let mut posted = posted(&requester, owner.peer(), 0..40).await;
    let (mut kept, mut refused_once) = (Vec::new(), false);
    while kept.len() < 40 {
        let (_, mut frames, answer) = owner.until_frames().await;
        if !refused_once && frames.concat().contains(&20) {
            frames.retain(|frame| frame < &vec![20]);
            refused_once = true;
        }
        kept.extend(frames.concat());
        answer.send(frames);
    }
    assert_eq!(kept, (0..40).collect::<Vec<u8>>());
    assert_eq!(patiently("the last answer", posted.remove(39)).await, Ok(vec![39]));
}

#[tokio::test]
async fn a_flood_of_frames_is_not_read_further_and_nothing_else_is_lost() {
    let mut owner = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    let mut stranger = raw();
    let owner_id = dialled(&mut stranger, &owner).await;
    // frames without end on one stream, while the owner looks at nothing
    let frame = [vec![0x80, 0x80, 0x04], vec![7; FRAME_BYTES]].concat();
    stranger.behaviour_mut().send_request(&owner_id, frame.repeat(200));
    let flooding = async { while stranger.next().await.is_some() {} };
    assert!(tokio::time::timeout(Duration::from_secs(2), flooding).await.is_err());
    let (mut frames, mut connected) = (0, false);
    while let Ok(event) = owner.events.try_recv() {
        match event {
            Event::Connected { .. } => connected = true,
            Event::Frames { frames: arrived, .. } => frames += arrived.len(),
            _ => {}
        }
    }
    assert!(connected);
    assert!((1..=limits::WINDOW).contains(&frames), "{frames} frames kept");
    let address = listening(&owner).await;
    let owner = owner.answering();
    let requester = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    requester.handle.connect(owner.peer(), vec![address]).await.unwrap();
    assert_eq!(requester.handle.send(owner.peer(), vec![1, 2], ANSWER).await, Ok(vec![2, 1]));
}

#[tokio::test]
async fn who_sends_too_much_hears_so() {
    let (owner, requester) = pair().await;
    let mut heard = Vec::new();
    for _ in 0..=limits::SENDS {
        heard.push(requester.handle.post(owner.peer(), vec![1]).await.unwrap());
    }
    let last = heard.pop().unwrap();
    assert_eq!(patiently("an outcome", last).await, Err(SendError::Busy));
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
    let mut stranger = raw();
    let owner_id = dialled(&mut stranger, &owner).await;
    let over = [vec![0x81, 0x80, 0x04], vec![0; FRAME_BYTES + 1]].concat();
    for bytes in [vec![], vec![5, 1, 2], vec![0xff; 10], over] {
        stranger.behaviour_mut().send_request(&owner_id, bytes);
        assert_eq!(patiently("the stream ended", answered(&mut stranger)).await, [0; 0]);
    }
    stranger.behaviour_mut().send_request(&owner_id, vec![2, 7, 8]);
    let stranger_id = stranger.local_peer_id().to_string();
    tokio::spawn(async move { while stranger.next().await.is_some() {} });
    let (peer, frames, _) = owner.until_frames().await;
    assert_eq!((peer.to_string(), frames), (stranger_id, vec![vec![7, 8]]));
}

#[tokio::test]
async fn one_frame_on_a_stream_of_its_own_is_answered_and_the_stream_ended() {
    let owner = Node::with_secret(rand::random(), &[TCP], vec![]).await;
    let mut stranger = raw();
    let owner_id = dialled(&mut stranger, &owner).await;
    let _owner = owner.answering();
    for bytes in [vec![2, 7, 8], vec![1, 9]] {
        stranger.behaviour_mut().send_request(&owner_id, bytes.clone());
        let answer = patiently("an answer", answered(&mut stranger)).await;
        assert_eq!((answer[0], answer.len()), (bytes[0], bytes.len()));
    }
}

/// Connects with a node.
async fn dialled(stranger: &mut Swarm<request_response::Behaviour<Raw>>, node: &Node) -> PeerId {
    stranger.dial(listening(node).await.parse::<Multiaddr>().unwrap()).unwrap();
    while !matches!(stranger.select_next_some().await, SwarmEvent::ConnectionEstablished { .. }) {}
    node.peer().to_string().parse().unwrap()
}

/// All that came on the stream until it ended; nothing where it failed.
async fn answered(stranger: &mut Swarm<request_response::Behaviour<Raw>>) -> Vec<u8> {
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
}
