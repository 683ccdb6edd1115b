//! The task that goes to relays' mailboxes: takes what lies there for me, leaves what I owe to those who are away.

use crate::{
    actor::{Actor, Mailbox},
    cases::{Hole, Introduction, Outgoing, Taken},
    error::NodeError,
};
use failpoint::Point;
use net::{MailError, Peer, Standing};
use protocol::{
    Ack, Nonce, PartyId,
    limits::{MAILBOX_ACKS, MAILBOX_ANSWER_ITEMS, MAILBOX_CAPABILITIES},
    mailbox::{Answer, Answered, Fetch, Found, Question, Settle, item_id},
};
use serde_bytes::ByteBuf;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{sync::Notify, time::sleep};

/// Between two rounds while nothing calls for one.
const PAUSE: Duration = Duration::from_secs(60);
/// Between two rounds at least: what comes within shares the next.
const LEAST: Duration = Duration::from_millis(200);
/// How long an introduction may take.
const INTRODUCTION: Duration = Duration::from_secs(15);
/// Answers taken from one list of holes in one round: what a relay piles up without end waits for the next.
const ANSWERS: usize = 64;

/// Goes to the mailboxes.
pub(crate) struct Post {
    net: net::Handle,
    mailbox: Mailbox,
    bell: Arc<Notify>,
}

impl Post {
    pub(crate) fn new(net: net::Handle, mailbox: Mailbox, bell: Arc<Notify>) -> Self {
        Self { net, mailbox, bell }
    }

    /// Goes round until the node stops.
    pub(crate) async fn work(self) {
        loop {
            match self.round().await {
                Ok(()) => {}
                Err(NodeError::Stopping) => return,
                Err(error) => tracing::warn!(%error, "could not see to the mailboxes; trying again"),
            }
            sleep(LEAST).await;
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.bell.notified() => {}
            }
        }
    }

    async fn round(&self) -> Result<(), NodeError> {
        self.introduce().await?;
        let relays = self.net.relays().await.map_err(|_| NodeError::Stopping)?;
        let there =
            relays.into_iter().filter(|relay| matches!(relay.standing, Standing::Connected | Standing::Reserved));
        for relay in there {
            match self.at(relay.peer).await {
                Err(NodeError::Stopping) => return Err(NodeError::Stopping),
                Err(error) => tracing::debug!(relay = %relay.peer, %error, "the mailbox was not seen to"),
                Ok(()) => {}
            }
        }
        self.mailbox.call(Actor::tidy_letters).await
    }

    /// Tells those who are connected the key that they seal to while I am away.
    async fn introduce(&self) -> Result<(), NodeError> {
        for Introduction { party, peer, frame, key } in self.mailbox.call(Actor::introductions).await? {
            let Some(peer) = crate::reach::peer_of(&peer) else { continue };
            let (net, mailbox) = (self.net.clone(), self.mailbox.clone());
            tokio::spawn(async move {
                let answer = net.send(peer, frame, INTRODUCTION).await.ok();
                if let Some(Ok(Ack::Accepted(_))) = answer.map(|answer| Ack::from_slice(&answer)) {
                    // an error means that the node is stopping: told again next time
                    let _ = mailbox.call(move |actor| actor.note_told(&party, &key)).await;
                }
            });
        }
        Ok(())
    }

    async fn at(&self, relay: Peer) -> Result<(), NodeError> {
        let at = relay.to_bytes();
        let holes = self.mailbox.call(move |actor| actor.holes(&at)).await?;
        for holes in holes.chunks(MAILBOX_CAPABILITIES) {
            self.fetch(relay, holes).await?;
        }
        self.leave(relay).await
    }

    /// Takes what lies in some holes, tells its senders, and lets the relay forget it: in this order.
    async fn fetch(&self, relay: Peer, holes: &[Hole]) -> Result<(), NodeError> {
        for _ in 0..ANSWERS {
            let capabilities = holes.iter().map(|hole| hole.capability).collect();
            let Answer::Found(Found { items, more, until_restart }) =
                self.ask(relay, Question::Fetch(Fetch { capabilities })).await?
            else {
                return Err(odd());
            };
            self.note_run(relay, until_restart).await?;
            let mut done: BTreeMap<u8, Vec<ByteBuf>> = BTreeMap::new();
            let mut answers: BTreeMap<PartyId, Vec<Answered>> = BTreeMap::new();
            for (at, item) in items {
                let hole = *holes.get(usize::from(at)).ok_or_else(odd)?;
                if let (Taken::Done(answered), item) = self.take(relay, hole, item).await? {
                    answers.entry(hole.from).or_default().extend(answered);
                    done.entry(at).or_default().push(item);
                }
            }
            failpoint::pass(Point::LettersTaken);
            for (to, acks) in answers {
                self.tell(relay, to, acks).await?;
            }
            failpoint::pass(Point::LettersTold);
            let progress = !done.is_empty();
            for (at, items) in done {
                let capability = holes.get(usize::from(at)).ok_or_else(odd)?.capability;
                for items in items.chunks(MAILBOX_ANSWER_ITEMS) {
                    let items = items.iter().map(|item| item_id(item)).collect();
                    self.ask(relay, Question::Ack(Settle { capability, items })).await?;
                }
            }
            if !more || !progress {
                break;
            }
        }
        Ok(())
    }

    /// Gives an item to the actor, and has it back with what became of it.
    async fn take(&self, relay: Peer, hole: Hole, item: ByteBuf) -> Result<(Taken, ByteBuf), NodeError> {
        let at = relay.to_bytes();
        self.mailbox.call(move |actor| Ok((actor.take_letter(&at, &hole, &item)?, item))).await
    }

    /// Tells somebody what became of their messages.
    async fn tell(&self, relay: Peer, to: PartyId, acks: Vec<Answered>) -> Result<(), NodeError> {
        for acks in acks.chunks(MAILBOX_ACKS) {
            let (at, acks) = (relay.to_bytes(), acks.to_vec());
            if let Some(letter) = self.mailbox.call(move |actor| actor.acks_for(&at, &to, acks)).await? {
                self.deposit(relay, letter).await?;
            }
        }
        Ok(())
    }

    /// Leaves what is owed to those who are away.
    async fn leave(&self, relay: Peer) -> Result<(), NodeError> {
        let at = relay.to_bytes();
        for to in self.mailbox.call(move |actor| actor.absent_at(&at)).await? {
            let at = relay.to_bytes();
            for letter in self.mailbox.call(move |actor| actor.letters_for(&at, &to)).await? {
                failpoint::pass(Point::LetterReady);
                self.deposit(relay, letter).await?;
            }
        }
        Ok(())
    }

    async fn deposit(&self, relay: Peer, letter: Outgoing) -> Result<(), NodeError> {
        match self.ask(relay, Question::Deposit(letter.deposit.clone())).await? {
            Answer::Stored(stored) => {
                self.note_run(relay, stored.until_restart).await?;
                let at = relay.to_bytes();
                self.mailbox.call(move |actor| actor.was_left(&at, &letter, stored.seconds)).await
            }
            Answer::Refused(why) => Err(NodeError::Away { why: format!("its mailbox refuses: {why:?}") }),
            Answer::Found(_) | Answer::Settled(_) => Err(odd()),
        }
    }

    async fn note_run(&self, relay: Peer, run: Option<Nonce>) -> Result<(), NodeError> {
        let at = relay.to_bytes();
        let note = move |actor: &mut Actor| {
            actor.letters.at_run(&at, run);
            Ok(())
        };
        self.mailbox.call(note).await
    }

    async fn ask(&self, relay: Peer, question: Question) -> Result<Answer, NodeError> {
        self.net.mail(relay, question).await.map_err(|error| match error {
            MailError::Stopped(_) => NodeError::Stopping,
            error => NodeError::Away { why: error.to_string() },
        })
    }
}

fn odd() -> NodeError {
    NodeError::Away { why: "the mailbox's answer makes no sense".to_owned() }
}
