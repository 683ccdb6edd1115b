//! Frames of others that the node has to answer.

use std::{collections::HashMap, future::Future, pin::Pin};

use futures::{
    channel::oneshot,
    stream::{FuturesUnordered, StreamExt},
};
use libp2p::PeerId;
use tokio::sync::mpsc;
use tracing::debug;

use crate::{
    event::{Answer, Event},
    limits,
    peer::Peer,
};

/// Passes answers on; whose they are, and how many frames they end.
type Answered = Pin<Box<dyn Future<Output = (PeerId, usize)> + Send>>;

/// Frames that the node has not answered.
#[derive(Default)]
pub(crate) struct Arrivals {
    unanswered: HashMap<PeerId, usize>,
    answers: FuturesUnordered<Answered>,
}

impl Arrivals {
    /// A peer sent frames. They are handed to the node if there is room; else nothing is kept, and their line ends,
    /// which tells the peer.
    pub(crate) fn on_frames(
        &mut self,
        events: &mpsc::Sender<Event>,
        peer: PeerId,
        frames: Vec<Vec<u8>>,
        line: oneshot::Sender<Vec<Vec<u8>>>,
    ) {
        let count = frames.len();
        let of_peer = self.unanswered.get(&peer).copied().unwrap_or(0);
        let of_all: usize = self.unanswered.values().sum();
        let room = of_peer + count <= limits::UNANSWERED_PER_PEER
            && of_all + count <= limits::UNANSWERED
            && events.capacity() > limits::EVENTS_RESERVED;
        let (answer, answered) = tokio::sync::oneshot::channel();
        if !room || events.try_send(Event::Frames { peer: Peer(peer), frames, answer: Answer(answer) }).is_err() {
            debug!(%peer, of_peer, count, "no room for frames");
            return;
        }
        *self.unanswered.entry(peer).or_default() += count;
        self.answers.push(Box::pin(async move {
            if let Ok(Ok(answers)) = tokio::time::timeout(limits::FRAME_TIME, answered).await {
                // a peer that left loses its answers, and sends its frames again
                let _ = line.send(answers);
            }
            (peer, count)
        }));
    }

    /// Passes on the node's answers as they come. Pending while there are none to wait for.
    pub(crate) async fn answered(&mut self) {
        let Some((peer, count)) = self.answers.next().await else { return std::future::pending().await };
        if let Some(unanswered) = self.unanswered.get_mut(&peer) {
            *unanswered = unanswered.saturating_sub(count);
            if *unanswered == 0 {
                self.unanswered.remove(&peer);
            }
        }
    }

    /// Whether frames of the peer are with the node.
    pub(crate) fn is_busy(&self, peer: &PeerId) -> bool {
        self.unanswered.contains_key(peer)
    }
}
