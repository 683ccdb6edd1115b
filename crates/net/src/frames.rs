//! Frames between peers: on each connection one line out and one line in, each a stream that carries frames in order.
//!
//! Written for Halfdoor instead of libp2p's request-response, which opens a stream per frame, lets streams overtake
//! each other, and chooses among a peer's connections by chance, a dead one too.

mod carrier;
mod incoming;
mod outgoing;

use std::{
    collections::VecDeque,
    task::{Context, Poll, Waker},
};

use futures::channel::oneshot;
use libp2p::{
    Multiaddr, PeerId, StreamProtocol,
    core::{Endpoint, transport::PortUse},
    swarm::{
        ConnectionDenied, ConnectionId, FromSwarm, NetworkBehaviour, NotifyHandler, THandlerInEvent, THandlerOutEvent,
        ToSwarm,
    },
};

use carrier::{Carrier, Order, Report};

/// The protocol and its version; another version is another name.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/halfdoor/1");

/// Frames out over a chosen connection, and frames in.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    waiting: VecDeque<ToSwarm<FramesEvent, Order>>,
    waker: Option<Waker>,
}

/// Something happened on one connection of a peer.
#[derive(Debug)]
pub(crate) struct FramesEvent {
    pub(crate) peer: PeerId,
    pub(crate) connection: ConnectionId,
    pub(crate) what: What,
}

/// What happened there.
#[derive(Debug)]
pub(crate) enum What {
    /// A frame of ours was answered, the oldest of that line.
    Answered { line: u64, answer: Vec<u8> },
    /// A line out has ended: what was handed to it and is not answered never will be.
    Ended { line: u64, ending: Ending },
    /// Frames arrived, in order. Fewer answers than frames, or none, end the line in.
    Arrived { frames: Vec<Vec<u8>>, answers: oneshot::Sender<Vec<Vec<u8>>> },
}

/// Why a line out has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The peer does not speak this version.
    Unsupported,
    /// The peer ended it: it is busy, or took offence.
    Refused(String),
}

impl Frames {
    /// Hands a frame to a connection, behind those of the same line. A line with a larger number ends the one before:
    /// answers that still come to that are nobody's. For a connection that is gone meanwhile nothing happens.
    pub(crate) fn carry(&mut self, peer_id: PeerId, connection: ConnectionId, line: u64, frame: Vec<u8>) {
        let (handler, event) = (NotifyHandler::One(connection), Order { line, frame });
        self.waiting.push_back(ToSwarm::NotifyHandler { peer_id, handler, event });
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl NetworkBehaviour for Frames {
    type ConnectionHandler = Carrier;
    type ToSwarm = FramesEvent;

    fn handle_established_inbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<Carrier, ConnectionDenied> {
        Ok(Carrier::default())
    }

    fn handle_established_outbound_connection(
        &mut self,
        _: ConnectionId,
        _: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<Carrier, ConnectionDenied> {
        Ok(Carrier::default())
    }

    fn on_swarm_event(&mut self, _: FromSwarm<'_>) {}

    fn on_connection_handler_event(&mut self, peer: PeerId, connection: ConnectionId, report: THandlerOutEvent<Self>) {
        let what = match report {
            Report::Answered { line, answer } => What::Answered { line, answer },
            Report::Ended { line, ending } => What::Ended { line, ending },
            Report::Arrived(batch) => What::Arrived { frames: batch.frames, answers: batch.answers },
        };
        self.waiting.push_back(ToSwarm::GenerateEvent(FramesEvent { peer, connection, what }));
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<ToSwarm<FramesEvent, THandlerInEvent<Self>>> {
        match self.waiting.pop_front() {
            Some(next) => Poll::Ready(next),
            None => {
                self.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}
