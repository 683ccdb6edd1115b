//! The frames to one peer.

use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use libp2p::swarm::ConnectionId;

use super::Sender;
use crate::{error::SendError, limits};

/// Wait before frames whose line the peer has ended are sent once more.
const RETRY: Duration = Duration::from_millis(200);
/// Longest wait for the next connection before such frames are given up.
const RETRY_TIME: Duration = Duration::from_secs(5);

/// The frames to one peer that are not answered, oldest first; as many as `handed` are with a connection.
#[derive(Default)]
pub(super) struct Line {
    frames: VecDeque<Sending>,
    handed: usize,
    /// Over which connection, and the line's number.
    over: Option<(ConnectionId, u64)>,
    /// When the last answer came, or the first frame was handed over.
    progress: Option<Instant>,
    setback: Option<Setback>,
}

/// What was under way was lost, and is to go once more.
struct Setback {
    why: SendError,
    resume: Instant,
    until: Instant,
}

/// A frame, and who hears its answer.
pub(super) struct Sending {
    frame: Vec<u8>,
    sender: Sender,
    lost_before: bool,
}

impl Sending {
    pub(super) fn new(frame: Vec<u8>, sender: Sender) -> Self {
        Self { frame, sender, lost_before: false }
    }

    pub(super) fn length(&self) -> usize {
        self.frame.len()
    }

    pub(super) fn fail(self, error: SendError) {
        // whoever asked may have given up
        let _ = self.sender.send(Err(error));
    }
}

impl Line {
    pub(super) fn push(&mut self, send: Sending) {
        self.frames.push_back(send);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn is_over(&self, connection: ConnectionId) -> bool {
        self.over.is_some_and(|(over, _)| over == connection)
    }

    pub(super) fn has_number(&self, number: u64) -> bool {
        self.over.is_some_and(|(_, known)| known == number)
    }

    /// Whether frames are under way over a connection that answers will come from.
    pub(super) fn is_under_way_over(&self, relied_on: impl Fn(ConnectionId) -> bool) -> bool {
        self.handed > 0 && self.over.is_some_and(|(connection, _)| relied_on(connection))
    }

    /// Whether it is time to hand over frames.
    pub(super) fn may_go(&self, now: Instant) -> bool {
        self.setback.as_ref().is_none_or(|setback| setback.resume <= now)
    }

    /// Begins anew over a connection: everything that is not answered is to be handed over, in its order.
    pub(super) fn begin(&mut self, connection: ConnectionId, number: u64) {
        (self.over, self.handed, self.setback) = (Some((connection, number)), 0, None);
        self.frames.retain(|send| !send.sender.is_closed());
    }

    /// The next frame to hand over, if one more may be under way.
    pub(super) fn hand_over(&mut self, now: Instant) -> Option<(ConnectionId, u64, Vec<u8>)> {
        let (connection, number) = self.over?;
        while self.frames.get(self.handed)?.sender.is_closed() {
            // whoever asked has given up before it was sent
            self.frames.remove(self.handed);
        }
        if self.handed >= limits::WINDOW {
            return None;
        }
        let frame = self.frames.get(self.handed)?.frame.clone();
        if self.handed == 0 {
            self.progress = Some(now);
        }
        self.handed += 1;
        Some((connection, number, frame))
    }

    /// The oldest frame was answered.
    pub(super) fn answered(&mut self, answer: Vec<u8>, now: Instant) {
        if self.handed > 0
            && let Some(send) = self.frames.pop_front()
        {
            self.handed -= 1;
            self.progress = Some(now);
            let _ = send.sender.send(Ok(answer));
        }
    }

    /// What was under way is lost. It goes once more; the second time it fails, and what was to follow it too.
    pub(super) fn lost(&mut self, why: SendError, now: Instant) {
        self.over = None;
        if std::mem::take(&mut self.handed) == 0 {
            return;
        }
        if self.frames.front().is_some_and(|oldest| oldest.lost_before) {
            return self.fail(&why);
        }
        for send in &mut self.frames {
            send.lost_before = true;
        }
        // a lost connection says nothing about the next; a peer that ended a line may be busy
        let pause = if why == SendError::ConnectionLost { Duration::ZERO } else { RETRY };
        self.setback = Some(Setback { why, resume: now + pause, until: now + RETRY_TIME });
    }

    /// Gives up what has waited too long for its answer or for a connection.
    pub(super) fn give_up(&mut self, now: Instant, away: bool, dialling: bool) {
        if self.handed > 0 {
            if self.progress.is_some_and(|progress| now.saturating_duration_since(progress) >= limits::FRAME_TIME) {
                self.fail(&SendError::Timeout);
            }
            return;
        }
        let patient = self.setback.as_ref().is_some_and(|setback| setback.until > now);
        if away && !dialling && !patient && !self.is_empty() {
            let why = self.setback.take().map_or(SendError::NotConnected, |setback| setback.why);
            self.fail(&why);
        }
    }

    /// Everything fails. What comes next begins a new line, so that late answers meet nobody.
    pub(super) fn fail(&mut self, error: &SendError) {
        (self.over, self.handed, self.setback) = (None, 0, None);
        for send in self.frames.drain(..) {
            send.fail(error.clone());
        }
    }
}

#[cfg(test)]
mod tests;
