//! Frames under way: ours that wait for an answer, and others' that the node has to answer.

use std::{
    collections::HashMap,
    future::Future,
    io,
    pin::Pin,
    time::{Duration, Instant},
};

use futures::stream::{FuturesUnordered, StreamExt};
use libp2p::{
    PeerId, Swarm,
    request_response::{OutboundFailure, OutboundRequestId, ResponseChannel},
};
use protocol::limits::FRAME_BYTES;
use tokio::sync::{mpsc, oneshot};
use tracing::debug;

use crate::{
    behaviour::Behaviour,
    error::SendError,
    event::{Answer, Event, Path},
    limits,
    peer::Peer,
    peers::Peers,
};

/// Wait before a frame that was lost with its connection is sent once more.
const RETRY: Duration = Duration::from_millis(200);
/// Longest wait for the next connection before such a frame is given up.
const RETRY_TIME: Duration = Duration::from_secs(5);

/// Who hears a frame's answer.
pub(crate) type Sender = oneshot::Sender<Result<Vec<u8>, SendError>>;

/// Where an answer goes, and the answer; nothing if the node refused or was too slow.
type Answering = Option<(ResponseChannel<Vec<u8>>, Vec<u8>)>;
type Answered = Pin<Box<dyn Future<Output = (PeerId, Answering)> + Send>>;

/// Frames under way.
#[derive(Default)]
pub(crate) struct Sends {
    sent: HashMap<OutboundRequestId, Sending>,
    parked: Vec<Parked>,
    unanswered: HashMap<PeerId, usize>,
    answers: FuturesUnordered<Answered>,
}

struct Sending {
    peer: PeerId,
    frame: Vec<u8>,
    sender: Sender,
    retried: bool,
}

/// Waits for a connection.
struct Parked {
    send: Sending,
    from: Instant,
    until: Instant,
}

impl Sends {
    /// Sends a frame, or waits if the peer is being dialled.
    pub(crate) fn send(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        peers: &Peers,
        peer: PeerId,
        frame: Vec<u8>,
        sender: Sender,
        now: Instant,
    ) {
        let send = Sending { peer, frame, sender, retried: false };
        if send.frame.len() > FRAME_BYTES {
            let length = send.frame.len();
            send.fail(SendError::TooLarge(length));
        } else if self.sent.len() + self.parked.len() >= limits::SENDS {
            send.fail(SendError::Busy);
        } else if peers.path(&peer) != Path::Away {
            self.dispatch(swarm, send);
        } else if peers.is_dialling(&peer) {
            self.parked.push(Parked { send, from: now, until: now + limits::CONNECT_TIME });
        } else {
            send.fail(SendError::NotConnected);
        }
    }

    /// Sends what has waited for a connection, and gives up what has waited too long.
    pub(crate) fn tick(&mut self, swarm: &mut Swarm<Behaviour>, peers: &Peers, now: Instant) {
        for parked in std::mem::take(&mut self.parked) {
            let away = peers.path(&parked.send.peer) == Path::Away;
            if parked.send.sender.is_closed() {
                // the caller has given up
            } else if parked.until <= now || (away && !parked.send.retried && !peers.is_dialling(&parked.send.peer)) {
                let error = if parked.send.retried { SendError::ConnectionLost } else { SendError::NotConnected };
                parked.send.fail(error);
            } else if away || parked.from > now {
                self.parked.push(parked);
            } else {
                self.dispatch(swarm, parked.send);
            }
        }
    }

    /// A frame of ours was answered.
    pub(crate) fn on_answer(&mut self, id: OutboundRequestId, answer: Vec<u8>) {
        if let Some(send) = self.sent.remove(&id) {
            let _ = send.sender.send(Ok(answer));
        }
    }

    /// A frame of ours has no answer. One that was lost with its connection, as happens when a direct connection
    /// replaces a relayed one, is sent once more.
    pub(crate) fn on_failure(&mut self, id: OutboundRequestId, failure: OutboundFailure, now: Instant) {
        let Some(mut send) = self.sent.remove(&id) else { return };
        let error = match failure {
            OutboundFailure::Timeout => SendError::Timeout,
            OutboundFailure::UnsupportedProtocols => SendError::Unsupported,
            OutboundFailure::DialFailure => SendError::NotConnected,
            OutboundFailure::ConnectionClosed => SendError::ConnectionLost,
            // a connection that breaks shows on its streams first
            OutboundFailure::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                SendError::Refused("the stream ended".into())
            }
            OutboundFailure::Io(error) => SendError::Refused(error.to_string()),
        };
        let again = matches!(error, SendError::ConnectionLost | SendError::NotConnected | SendError::Refused(_));
        if again && !send.retried && !send.sender.is_closed() {
            send.retried = true;
            self.parked.push(Parked { send, from: now + RETRY, until: now + RETRY_TIME });
        } else {
            send.fail(error);
        }
    }

    /// A peer sent a frame. It is handed to the node if there is room; else its stream is closed, which tells the
    /// peer, and nothing is kept.
    pub(crate) fn on_frame(
        &mut self,
        events: &mpsc::Sender<Event>,
        peer: PeerId,
        frame: Vec<u8>,
        channel: ResponseChannel<Vec<u8>>,
    ) {
        let unanswered = self.unanswered.get(&peer).copied().unwrap_or(0);
        let room = unanswered < limits::UNANSWERED_PER_PEER
            && self.answers.len() < limits::UNANSWERED
            && events.capacity() > limits::EVENTS_RESERVED;
        let (answer, answered) = oneshot::channel();
        if !room || events.try_send(Event::Frame { peer: Peer(peer), frame, answer: Answer(answer) }).is_err() {
            debug!(%peer, unanswered, "no room for a frame");
            return;
        }
        *self.unanswered.entry(peer).or_default() += 1;
        self.answers.push(Box::pin(async move {
            let answer = tokio::time::timeout(limits::FRAME_TIME, answered).await;
            (peer, answer.ok().and_then(Result::ok).map(|answer| (channel, answer)))
        }));
    }

    /// Waits until the node has answered a frame, and passes the answer on. Pending while there is none to wait for.
    pub(crate) async fn answered(&mut self) -> Answering {
        let Some((peer, answer)) = self.answers.next().await else { return std::future::pending().await };
        if let Some(count) = self.unanswered.get_mut(&peer) {
            *count -= 1;
            if *count == 0 {
                self.unanswered.remove(&peer);
            }
        }
        answer
    }

    /// Whether frames of or to the peer are under way.
    pub(crate) fn is_busy(&self, peer: &PeerId) -> bool {
        self.unanswered.contains_key(peer) || self.sent.values().any(|send| send.peer == *peer)
    }

    fn dispatch(&mut self, swarm: &mut Swarm<Behaviour>, send: Sending) {
        let id = swarm.behaviour_mut().frames.send_request(&send.peer, send.frame.clone());
        self.sent.insert(id, send);
    }
}

impl Sending {
    fn fail(self, error: SendError) {
        let _ = self.sender.send(Err(error));
    }
}
