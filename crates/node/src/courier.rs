//! Couriers: one per person, each carrying what is owed to them, in order, while they can be reached.
//!
//! Several messages are under way at once, so that those that wait together share a round trip and a write to the disk
//! on either side. What was not acked is sent again; its receiver keeps it once.

use crate::{
    actor::{Actor, Mailbox},
    error::NodeError,
};
use consent::{
    outbox::{self, Outgoing},
    record::Person,
};
use failpoint::Point;
use protocol::{Ack, MessageId, PartyId};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// Messages under way to one person.
const UNDER_WAY: usize = net::limits::WINDOW;
/// Between tries while somebody is connected and does not take what is owed.
const RETRY: Duration = Duration::from_millis(500);

/// The couriers at work.
#[derive(Clone)]
pub(crate) struct Couriers {
    at_work: Arc<Mutex<BTreeMap<PartyId, Arc<Notify>>>>,
    runtime: tokio::runtime::Handle,
    net: net::Handle,
    mailbox: Mailbox,
    /// Somebody is owed something and away.
    pub(crate) look: Arc<Notify>,
    /// The same, for whoever goes to the mailboxes.
    pub(crate) post: Arc<Notify>,
}

/// What a courier carries next.
struct Errand {
    peer: net::Peer,
    key: Vec<u8>,
    id: MessageId,
    frame: Vec<u8>,
}

/// What was sent and has no ack.
struct UnderWay {
    key: Vec<u8>,
    id: MessageId,
    answer: net::Posted,
}

/// A message's place in the outbox, and what its receiver said.
type Acked = (Vec<u8>, Ack);

impl Couriers {
    pub(crate) fn new(net: net::Handle, mailbox: Mailbox) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self { at_work: Arc::default(), runtime, net, mailbox, look: Arc::default(), post: Arc::default() }
    }

    /// Something is owed to that party, or it can be reached again.
    pub(crate) fn wake(&self, party: PartyId) {
        let mut at_work = self.lock();
        let bell = at_work.entry(party).or_insert_with(|| {
            let bell = Arc::new(Notify::new());
            self.runtime.spawn(self.clone().work(party, Arc::clone(&bell)));
            bell
        });
        bell.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<PartyId, Arc<Notify>>> {
        self.at_work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn work(self, party: PartyId, bell: Arc<Notify>) {
        loop {
            bell.notified().await;
            while let Err(error) = self.carry(party, &bell).await {
                if matches!(error, NodeError::Stopping) {
                    return;
                }
                tracing::debug!(%party, %error, "not delivered yet");
                tokio::select! {
                    () = tokio::time::sleep(RETRY) => {}
                    () = bell.notified() => {}
                }
            }
        }
    }

    /// Carries what is owed, oldest first, until nothing is or its receiver is away.
    async fn carry(&self, party: PartyId, bell: &Notify) -> Result<(), NodeError> {
        let mut under_way = VecDeque::new();
        let mut acked = Vec::new();
        loop {
            let after = under_way.back().map(|last: &UnderWay| last.key.clone());
            let room = UNDER_WAY.saturating_sub(under_way.len());
            let settled = std::mem::take(&mut acked);
            let next = move |actor: &mut Actor| actor.settle_and_next(&party, &settled, after.as_deref(), room);
            for Errand { peer, key, id, frame } in self.mailbox.call(next).await? {
                failpoint::pass(Point::ErrandReady);
                let answer = self.net.post(peer, frame).await.map_err(|error| away(error.to_string()))?;
                under_way.push_back(UnderWay { key, id, answer });
            }
            if under_way.is_empty() {
                return Ok(());
            }
            if let Err(error) = collect(&mut under_way, &mut acked, bell).await {
                self.mailbox.call(move |actor| actor.settle(&party, &acked)).await?;
                return Err(error);
            }
        }
    }
}

/// Waits for the next ack, and takes those that have come with it; or until there is more to carry.
async fn collect(under_way: &mut VecDeque<UnderWay>, acked: &mut Vec<Acked>, bell: &Notify) -> Result<(), NodeError> {
    while let Some(oldest) = under_way.front_mut() {
        let answer = if acked.is_empty() {
            tokio::select! {
                answer = &mut oldest.answer => answer,
                () = bell.notified() => return Ok(()),
            }
        } else {
            tokio::select! {
                biased;
                answer = &mut oldest.answer => answer,
                () = std::future::ready(()) => return Ok(()),
            }
        };
        let answer = answer.map_err(|error| away(error.to_string()))?;
        let ack = Ack::from_slice(&answer).map_err(|error| away(error.to_string()))?;
        match ack {
            Ack::Later => return Err(away("the other side cannot keep it now".to_owned())),
            Ack::Accepted(id) if id != oldest.id => {
                return Err(away("the other side acked another message".to_owned()));
            }
            Ack::Accepted(_) | Ack::Refused(_) => {}
        }
        failpoint::pass(Point::AckUnsettled);
        if let Some(UnderWay { key, .. }) = under_way.pop_front() {
            acked.push((key, ack));
        }
    }
    Ok(())
}

fn away(why: String) -> NodeError {
    NodeError::Away { why }
}

impl Actor {
    /// Ends the debts that were acked and takes the oldest that are not under way, `room` at most, if their receiver can
    /// be reached. A receipt's release is durable before it is handed out, as everything is that a job answers with.
    fn settle_and_next(
        &mut self,
        party: &PartyId,
        acked: &[Acked],
        after: Option<&[u8]>,
        room: usize,
    ) -> Result<Vec<Errand>, NodeError> {
        self.settle(party, acked)?;
        if !self.paths.contains_key(party) {
            self.couriers.look.notify_one();
            self.couriers.post.notify_one();
            return Ok(Vec::new());
        }
        let person: Option<Person> = self.read(|draft| draft.get(&party.0))?;
        let Some(peer) = person.and_then(|person| crate::reach::peer_of(&person.peer)) else { return Ok(Vec::new()) };
        let owed = self.act(|draft, context| {
            let owed = outbox::owed(draft, party, after, room)?;
            for outgoing in owed.iter().filter(|outgoing| outgoing.releases) {
                outbox::release(draft, context, &outgoing.key)?;
            }
            Ok(owed)
        })?;
        let errand = |outgoing: Outgoing| {
            let frame = outgoing.frame.to_vec().map_err(|error| NodeError::Internal(error.to_string()))?;
            Ok(Errand { peer, key: outgoing.key, id: outgoing.id, frame })
        };
        owed.into_iter().map(errand).collect()
    }

    fn settle(&mut self, party: &PartyId, acked: &[Acked]) -> Result<(), NodeError> {
        for (_, ack) in acked {
            if let Ack::Refused(refusal) = ack {
                tracing::warn!(%party, ?refusal, "a message was refused for good");
            }
        }
        self.act(|draft, _| acked.iter().try_for_each(|(key, ack)| outbox::settle(draft, party, key, ack)))
    }
}
