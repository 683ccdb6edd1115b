//! Couriers: one per person, each carrying what is owed to them, in order, while they can be reached.

use crate::{
    actor::{Actor, Mailbox},
    error::NodeError,
};
use consent::{outbox, record::Person};
use protocol::{Ack, PartyId};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Notify;

/// How long an ack may take: it waits for one durable write on the other side. What went to a connection that is dead
/// without having said so is sent again after this, over another one; the other side keeps it once.
const ACK: Duration = Duration::from_secs(4);
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
}

/// What a courier carries next.
struct Errand {
    peer: net::Peer,
    key: Vec<u8>,
    frame: Vec<u8>,
}

impl Couriers {
    pub(crate) fn new(net: net::Handle, mailbox: Mailbox) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self { at_work: Arc::default(), runtime, net, mailbox, look: Arc::default() }
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
            loop {
                match self.carry_one(party).await {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(NodeError::Stopping) => return,
                    Err(error) => {
                        tracing::debug!(%party, %error, "not delivered yet");
                        tokio::select! {
                            () = tokio::time::sleep(RETRY) => {}
                            () = bell.notified() => {}
                        }
                    }
                }
            }
        }
    }

    /// Carries the oldest thing owed; false when there is none, or its receiver is away.
    async fn carry_one(&self, party: PartyId) -> Result<bool, NodeError> {
        let Some(errand) = self.mailbox.call(move |actor| actor.next_errand(&party)).await? else { return Ok(false) };
        let sent = self.net.send(errand.peer, errand.frame, ACK).await;
        let answer = sent.map_err(|error| NodeError::Away { why: error.to_string() })?;
        let ack = Ack::from_slice(&answer).map_err(|error| NodeError::Away { why: error.to_string() })?;
        if ack == Ack::Later {
            return Err(NodeError::Away { why: "the other side cannot keep it now".to_owned() });
        }
        let key = errand.key;
        self.mailbox.call(move |actor| actor.settle(&party, &key, &ack)).await?;
        Ok(true)
    }
}

impl Actor {
    /// The oldest thing owed to somebody who can be reached; a receipt's release is durable before it is handed out.
    fn next_errand(&mut self, party: &PartyId) -> Result<Option<Errand>, NodeError> {
        if !self.paths.contains_key(party) {
            self.couriers.look.notify_one();
            return Ok(None);
        }
        let person: Option<Person> = self.read(|draft| draft.get(&party.0))?;
        let (Some(person), Some(outgoing)) = (person, self.read(|draft| outbox::next(draft, party))?) else {
            return Ok(None);
        };
        if outgoing.releases {
            self.act(|draft, context| outbox::release(draft, context, &outgoing.key))?;
        }
        let Some(peer) = crate::reach::peer_of(&person.peer) else { return Ok(None) };
        let frame = outgoing.frame.to_vec().map_err(|error| NodeError::Internal(error.to_string()))?;
        Ok(Some(Errand { peer, key: outgoing.key, frame }))
    }

    fn settle(&mut self, party: &PartyId, key: &[u8], ack: &Ack) -> Result<(), NodeError> {
        if let Ack::Refused(refusal) = ack {
            tracing::warn!(%party, ?refusal, "a message was refused for good");
        }
        self.act(|draft, _| outbox::settle(draft, party, key, ack))
    }
}
