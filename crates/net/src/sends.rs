//! Frames of ours: per peer in order, over the best of its connections, until they are answered.

mod line;

use std::{collections::HashMap, time::Instant};

use libp2p::{PeerId, Swarm, swarm::ConnectionId};
use protocol::limits::FRAME_BYTES;
use tokio::sync::oneshot;

use crate::{behaviour::Behaviour, error::SendError, event::Path, frames::Ending, limits, peers::Peers};
use line::{Line, Sending};

/// Who hears a frame's answer.
pub(crate) type Sender = oneshot::Sender<Result<Vec<u8>, SendError>>;

/// Frames of ours that are not answered.
#[derive(Default)]
pub(crate) struct Sends {
    lines: HashMap<PeerId, Line>,
    /// Number of the line begun last.
    last: u64,
}

impl Sends {
    /// Sends a frame behind those to the same peer, or waits if the peer is being dialled.
    pub(crate) fn send(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        peers: &Peers,
        peer: PeerId,
        frame: Vec<u8>,
        sender: Sender,
        now: Instant,
    ) {
        let send = Sending::new(frame, sender);
        let waiting = self.lines.get(&peer).is_some_and(|line| !line.is_empty());
        if send.length() > FRAME_BYTES {
            let length = send.length();
            send.fail(SendError::TooLarge(length));
        } else if self.lines.values().map(Line::len).sum::<usize>() >= limits::SENDS {
            send.fail(SendError::Busy);
        } else if waiting || peers.path(&peer) != Path::Away || peers.is_dialling(&peer) {
            self.lines.entry(peer).or_default().push(send);
            self.advance(swarm, peers, peer, now);
        } else {
            send.fail(SendError::NotConnected);
        }
    }

    /// Sends what has waited for a connection, and gives up what has waited too long.
    pub(crate) fn tick(&mut self, swarm: &mut Swarm<Behaviour>, peers: &Peers, now: Instant) {
        for (peer, line) in &mut self.lines {
            let away = peers.path(peer) == Path::Away;
            line.give_up(now, away, peers.is_dialling(peer));
        }
        self.lines.retain(|peer, line| !line.is_empty() || peers.path(peer) != Path::Away);
        let waiting: Vec<PeerId> =
            self.lines.iter().filter(|(_, line)| !line.is_empty()).map(|(peer, _)| *peer).collect();
        for peer in waiting {
            self.advance(swarm, peers, peer, now);
        }
    }

    /// The peer's connections are others than before.
    pub(crate) fn on_connections(&mut self, swarm: &mut Swarm<Behaviour>, peers: &Peers, peer: PeerId, now: Instant) {
        self.advance(swarm, peers, peer, now);
    }

    /// A connection is gone. What it carried is sent over the next, as happens when a direct connection replaces a
    /// relayed one.
    pub(crate) fn on_disconnected(&mut self, peer: PeerId, connection: ConnectionId, now: Instant) {
        if let Some(line) = self.lines.get_mut(&peer).filter(|line| line.is_over(connection)) {
            line.lost(SendError::ConnectionLost, now);
        }
    }

    /// The oldest frame of a line was answered.
    pub(crate) fn on_answer(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        peers: &Peers,
        peer: PeerId,
        (number, answer): (u64, Vec<u8>),
        now: Instant,
    ) {
        if let Some(line) = self.lines.get_mut(&peer).filter(|line| line.has_number(number)) {
            line.answered(answer, now);
            self.advance(swarm, peers, peer, now);
        }
    }

    /// A line has ended before everything was answered.
    pub(crate) fn on_ended(&mut self, peer: PeerId, number: u64, ending: Ending, now: Instant) {
        if let Some(line) = self.lines.get_mut(&peer).filter(|line| line.has_number(number)) {
            match ending {
                Ending::Unsupported => line.fail(&SendError::Unsupported),
                Ending::Refused(why) => line.lost(SendError::Refused(why), now),
            }
        }
    }

    /// Whether frames to the peer are under way.
    pub(crate) fn is_busy(&self, peer: &PeerId) -> bool {
        self.lines.get(peer).is_some_and(|line| !line.is_empty())
    }

    /// Hands over as many frames as may be under way, to the best connection. What is under way on another ends there
    /// first, unless that one may be dead: then all of it goes again, and its receiver keeps once what comes twice.
    fn advance(&mut self, swarm: &mut Swarm<Behaviour>, peers: &Peers, peer: PeerId, now: Instant) {
        let Some(line) = self.lines.get_mut(&peer).filter(|line| line.may_go(now)) else { return };
        let Some(best) = peers.best(&peer) else { return };
        if !line.is_over(best) {
            if line.is_under_way_over(|connection| peers.relies_on(&peer, connection)) {
                return;
            }
            self.last += 1;
            line.begin(best, self.last);
        }
        while let Some((connection, number, frame)) = line.hand_over(now) {
            swarm.behaviour_mut().frames.carry(peer, connection, number, frame);
        }
    }
}
