//! Questions to relays' mailboxes, one at a time for each relay: what is asked next often depends on the answer.

use std::{
    collections::{HashMap, VecDeque},
    time::Instant,
};

use libp2p::{
    PeerId, Swarm,
    request_response::{OutboundFailure, OutboundRequestId},
};
use protocol::mailbox::{Answer, Question};
use tokio::sync::oneshot;
use tracing::debug;

use crate::{behaviour::Behaviour, error::MailError, limits, relays::Relays};

/// Who hears the answer.
pub(crate) type Writer = oneshot::Sender<Result<Answer, MailError>>;

/// Questions that wait for their relay, and those that were asked.
#[derive(Default)]
pub(crate) struct Mail {
    waiting: VecDeque<Waiting>,
    asked: HashMap<OutboundRequestId, (PeerId, Writer)>,
}

struct Waiting {
    relay: PeerId,
    question: Question,
    deadline: Instant,
    writer: Writer,
}

impl Mail {
    /// Asks `relay` when it is connected and has answered what was asked before.
    pub(crate) fn ask(&mut self, relay: PeerId, question: Question, writer: Writer, now: Instant) {
        if self.waiting.len() >= limits::MAILS_WAITING {
            let _ = writer.send(Err(MailError::Busy));
        } else {
            self.waiting.push_back(Waiting { relay, question, deadline: now + limits::LOOKUP_TIME, writer });
        }
    }

    /// Asks what can be asked, and gives up what has waited too long.
    pub(crate) fn tick(&mut self, swarm: &mut Swarm<Behaviour>, relays: &Relays, now: Instant) {
        for waiting in std::mem::take(&mut self.waiting) {
            let Waiting { relay, question, deadline, writer } = waiting;
            if writer.is_closed() {
                continue;
            } else if !relays.contains(&relay) {
                let _ = writer.send(Err(MailError::UnknownRelay));
            } else if deadline <= now {
                let _ = writer.send(Err(MailError::Unreachable));
            } else if relays.is_connected(&relay) && !self.asked.values().any(|(of, _)| *of == relay) {
                let id = swarm.behaviour_mut().mail.send_request(&relay, question);
                self.asked.insert(id, (relay, writer));
            } else {
                self.waiting.push_back(Waiting { relay, question, deadline, writer });
            }
        }
    }

    /// A relay answered.
    pub(crate) fn on_answer(&mut self, id: OutboundRequestId, answer: Answer) {
        if let Some((_, writer)) = self.asked.remove(&id) {
            // whoever asked may be gone
            let _ = writer.send(Ok(answer));
        }
    }

    /// A question failed.
    pub(crate) fn on_failure(&mut self, id: OutboundRequestId, failure: &OutboundFailure) {
        let Some((relay, writer)) = self.asked.remove(&id) else { return };
        debug!(%relay, %failure, "no answer from a mailbox");
        let error = match failure {
            OutboundFailure::UnsupportedProtocols => MailError::Unsupported,
            OutboundFailure::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => MailError::Garbled,
            _ => MailError::Unreachable,
        };
        let _ = writer.send(Err(error));
    }
}
