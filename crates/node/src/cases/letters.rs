//! Letters: what is owed to somebody who is away, sealed for a relay's mailbox; and what came through one.

use super::mailbox_keys::Told;
use crate::{
    actor::{Actor, now},
    error::NodeError,
};
use consent::{outbox, record::Person};
use protocol::{
    Ack, ExchangeKey, Frame, Message, MessageId, Nonce, PartyId, UnixSeconds,
    limits::{MAILBOX_MESSAGE_BYTES, MAILBOX_SECONDS, MAILBOX_TAG_ITEMS},
    mailbox::{Answered, Capability, Carried, Deposit, Letter, Place, days, tag_of, until},
    pairing::day,
};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, BTreeSet};

/// Messages that lie in one relay's mailbox for one person: room is left for what is said of theirs.
const MOST: usize = MAILBOX_TAG_ITEMS / 2;
/// Bytes of a letter around its frame.
const AROUND: usize = 128;

/// What lies in mailboxes, as far as this run of the node knows. What is forgotten is left again: the same letter is the
/// same item, which a relay keeps once.
#[derive(Default)]
pub(crate) struct Letters {
    left: BTreeMap<(PartyId, MessageId), BTreeMap<Vec<u8>, Left>>,
    /// Names of the runs of relays that keep nothing over a restart.
    runs: BTreeMap<Vec<u8>, Option<Nonce>>,
}

/// Where and for how long a letter lies.
struct Left {
    until: UnixSeconds,
    /// To which of the reader's keys it is sealed.
    to: ExchangeKey,
}

/// Where letters of one person for me lie on one day at one relay.
#[derive(Clone, Copy)]
pub(crate) struct Hole {
    pub(crate) from: PartyId,
    pub(crate) day: u64,
    pub(crate) capability: Capability,
}

/// What to leave at a relay.
pub(crate) struct Outgoing {
    pub(crate) deposit: Deposit,
    pub(crate) what: What,
    to: (PartyId, ExchangeKey),
}

/// What a letter carries.
#[derive(Clone, Copy)]
pub(crate) enum What {
    /// A message that is owed.
    Message(MessageId),
    /// My presence, with the mailbox key that is told thereby.
    Presence(ExchangeKey),
    /// What became of theirs.
    Acks,
}

/// What became of a letter that came.
pub(crate) enum Taken {
    /// It need not be kept any longer; its sender is to be told this.
    Done(Option<Answered>),
    /// It cannot be taken yet.
    NotYet,
}

impl Letters {
    fn lies(&self, to: &PartyId, id: &MessageId, relay: &[u8], key: &ExchangeKey, now: UnixSeconds) -> bool {
        let left = self.left.get(&(*to, *id)).and_then(|at| at.get(relay));
        left.is_some_and(|left| left.until > now && left.to == *key)
    }

    /// How many messages for somebody lie in some mailbox.
    pub(crate) fn count(&self, to: &PartyId, now: UnixSeconds) -> u64 {
        let of = self.left.range((*to, MessageId([0; 32]))..=(*to, MessageId([u8::MAX; 32])));
        of.filter(|(_, at)| at.values().any(|left| left.until > now)).count() as u64
    }

    fn forget(&mut self, to: &PartyId, which: impl Fn(&MessageId) -> bool) {
        self.left.retain(|(party, id), _| party != to || !which(id));
    }

    /// A relay said which run of it this is; where that is another one, what lay there is lost.
    pub(crate) fn at_run(&mut self, relay: &[u8], run: Option<Nonce>) {
        let before = self.runs.insert(relay.to_vec(), run);
        if before.is_some_and(|before| before.is_some() && before != run) {
            tracing::info!("a relay has restarted and kept nothing: what lay in its mailbox is left again");
            for at in self.left.values_mut() {
                at.remove(relay);
            }
            self.left.retain(|_, at| !at.is_empty());
        }
    }
}

impl Actor {
    /// Everybody with whom letters are exchanged at that relay.
    fn met_at(&self, relay: &[u8]) -> Result<Vec<(PartyId, Person)>, NodeError> {
        let mine = self.relay_hints()?.iter().any(|hint| hint.peer == relay);
        let people = self.read(|draft| draft.all::<Person>(&[]))?.into_iter();
        let met = people
            .filter(|(_, person)| !person.blocked && (mine || person.relays.iter().any(|known| known.peer == relay)));
        Ok(met.filter_map(|(key, person)| Some((PartyId::try_from(&key[..]).ok()?, person))).collect())
    }

    /// Where letters for me may lie at that relay.
    pub(crate) fn holes(&self, relay: &[u8]) -> Result<Vec<Hole>, NodeError> {
        let (to, mut holes) = (self.key.party(), Vec::new());
        for (from, person) in self.met_at(relay)? {
            for day in days(now()) {
                let capability = Place { from, to, relay, day }.capability(&person.secret).map_err(internal)?;
                holes.push(Hole { from, day, capability });
            }
        }
        Ok(holes)
    }

    /// Whom something is left for at that relay.
    pub(crate) fn absent_at(&self, relay: &[u8]) -> Result<Vec<PartyId>, NodeError> {
        let met = self.met_at(relay)?.into_iter();
        let absent = met.filter(|(party, person)| person.mailbox.is_some() && !self.paths.contains_key(party));
        Ok(absent.map(|(party, _)| party).collect())
    }

    /// Opens a letter that lay in a hole and takes it as if its sender were there. What this says was done is durable when
    /// it is answered.
    pub(crate) fn take_letter(&mut self, relay: &[u8], hole: &Hole, item: &[u8]) -> Result<Taken, NodeError> {
        let Some(person) = self.read(|draft| draft.get::<Person>(&hole.from.0))? else { return Ok(Taken::Done(None)) };
        let place = Place { from: hole.from, to: self.key.party(), relay, day: hole.day };
        let keys = self.mailbox_secrets()?;
        let opened = keys.iter().find_map(|key| Letter::open(item, &place, &person.secret, key).ok());
        match opened {
            Some(Letter::Frame(carried)) => self.take_carried(hole.from, &person, &carried),
            Some(Letter::Acks(acks)) => self.take_acks(hole.from, &acks).map(|()| Taken::Done(None)),
            None => {
                // the relay's, or sealed to a key that is no more: its sender leaves it again to the present one
                tracing::warn!(from = %hole.from, "a letter in the mailbox does not open; it is let go of");
                Ok(Taken::Done(None))
            }
        }
    }

    fn take_carried(&mut self, from: PartyId, person: &Person, carried: &Carried) -> Result<Taken, NodeError> {
        let message = Frame::from_slice(&carried.frame).ok().and_then(|frame| Message::open(&frame.message).ok());
        let message = message
            .filter(|message| message.sender() == from && !matches!(message, Message::Join(_) | Message::Welcome(_)));
        let Some(message) = message else {
            tracing::warn!(%from, "a letter holds no message of its sender's; it is let go of");
            return Ok(Taken::Done(None));
        };
        if let Some(after) = carried.after
            && !self.read(|draft| consent::was_accepted(draft, &after))?
        {
            return Ok(Taken::NotYet);
        }
        Ok(match self.receive_frame(&person.peer, &carried.frame) {
            Ack::Later => Taken::NotYet,
            // nobody waits to hear of it
            _ if matches!(message, Message::Presence(_)) => Taken::Done(None),
            ack => Taken::Done(Some(Answered { message: message.id(), ack })),
        })
    }

    fn take_acks(&mut self, from: PartyId, acks: &[Answered]) -> Result<(), NodeError> {
        let said: BTreeMap<MessageId, Ack> = acks.iter().map(|said| (said.message, said.ack.clone())).collect();
        self.act(|draft, _| outbox::settle_said(draft, &from, &said))?;
        let refused = said.values().any(|ack| matches!(ack, Ack::Refused(_)));
        // what lies behind something that was refused waits for it in vain: it is left anew
        self.letters.forget(&from, |id| refused || said.contains_key(id));
        Ok(())
    }

    /// What is to be left for somebody at that relay. The release of a receipt among it is durable before it is handed out.
    pub(crate) fn letters_for(&mut self, relay: &[u8], to: &PartyId) -> Result<Vec<Outgoing>, NodeError> {
        let Some(person) = self.read(|draft| draft.get::<Person>(&to.0))? else { return Ok(Vec::new()) };
        let Some(key) = person.mailbox.filter(|_| !person.blocked && !self.paths.contains_key(to)) else {
            return Ok(Vec::new());
        };
        let (lies, at) = (&self.letters, now());
        let lies = |id: &MessageId| lies.lies(to, id, relay, &key, at);
        let owed = self.decide_letters(to, &lies)?;
        let mut letters = Vec::new();
        if !owed.is_empty()
            && let Told { key: mine, told: false } = self.told_key(to)?
        {
            let letter = Letter::Frame(Carried { after: None, frame: ByteBuf::from(self.presence_frame(to)?) });
            letters.push(self.sealed(relay, (to, &person), (&letter, What::Presence(mine)), MAILBOX_SECONDS)?);
        }
        let releases: Vec<&Vec<u8>> = owed.iter().filter_map(|owed| owed.release.as_ref()).collect();
        self.act(|draft, context| releases.iter().try_for_each(|key| outbox::release(draft, context, key)))?;
        for Owed { id, after, frame, expires, .. } in owed {
            let letter = Letter::Frame(Carried { after, frame: ByteBuf::from(frame) });
            let seconds = expires.saturating_sub(at).clamp(1, MAILBOX_SECONDS);
            letters.push(self.sealed(relay, (to, &person), (&letter, What::Message(id)), seconds)?);
        }
        Ok(letters)
    }

    /// Messages owed that do not lie there yet, each with the one before it: as many as go through a mailbox, in order.
    fn decide_letters(&self, to: &PartyId, lies: &dyn Fn(&MessageId) -> bool) -> Result<Vec<Owed>, NodeError> {
        let owed = self.read(|draft| outbox::owed(draft, to, None, MOST))?;
        let (mut letters, mut after) = (Vec::new(), None);
        for outgoing in owed {
            let frame = outgoing.frame.to_vec().map_err(internal)?;
            if frame.len() + AROUND > MAILBOX_MESSAGE_BYTES {
                // and what is behind it waits for it: both must be there at the same time
                break;
            }
            if !lies(&outgoing.id) {
                let release = outgoing.releases.then_some(outgoing.key);
                letters.push(Owed { id: outgoing.id, after, frame, expires: outgoing.expires, release });
            }
            after = Some(outgoing.id);
        }
        Ok(letters)
    }

    /// A letter that tells what became of somebody's messages.
    pub(crate) fn acks_for(
        &self,
        relay: &[u8],
        to: &PartyId,
        acks: Vec<Answered>,
    ) -> Result<Option<Outgoing>, NodeError> {
        let Some(person) = self.read(|draft| draft.get::<Person>(&to.0))? else { return Ok(None) };
        if person.blocked || person.mailbox.is_none() {
            return Ok(None);
        }
        self.sealed(relay, (to, &person), (&Letter::Acks(acks), What::Acks), MAILBOX_SECONDS).map(Some)
    }

    fn sealed(
        &self,
        relay: &[u8],
        (to, person): (&PartyId, &Person),
        (letter, what): (&Letter, What),
        seconds: u64,
    ) -> Result<Outgoing, NodeError> {
        let key = person.mailbox.ok_or_else(|| NodeError::Internal("no mailbox key to seal to".to_owned()))?;
        let place = Place { from: self.key.party(), to: *to, relay, day: day(now()) };
        let item = letter.seal(&place, &person.secret, &key, &*self.letters_secret()?).map_err(internal)?;
        let tag = tag_of(&place.capability(&person.secret).map_err(internal)?);
        Ok(Outgoing { deposit: Deposit { tag, item: ByteBuf::from(item), seconds }, what, to: (*to, key) })
    }

    /// It lies there now, for so long.
    pub(crate) fn was_left(&mut self, relay: &[u8], letter: &Outgoing, seconds: u64) -> Result<(), NodeError> {
        let (to, key) = letter.to;
        match letter.what {
            What::Message(id) => {
                let left = Left { until: until(now(), seconds), to: key };
                self.letters.left.entry((to, id)).or_default().insert(relay.to_vec(), left);
            }
            What::Presence(mine) => self.note_told(&to, &mine)?,
            What::Acks => {}
        }
        Ok(())
    }

    /// Forgets letters that are over, or whose messages are owed no longer.
    pub(crate) fn tidy_letters(&mut self) -> Result<(), NodeError> {
        let at = now();
        self.letters.left.values_mut().for_each(|left| left.retain(|_, left| left.until > at));
        self.letters.left.retain(|_, left| !left.is_empty());
        let parties: BTreeSet<PartyId> = self.letters.left.keys().map(|(party, _)| *party).collect();
        for party in parties {
            let owed: BTreeSet<MessageId> =
                self.read(|draft| outbox::owed(draft, &party, None, MOST))?.into_iter().map(|owed| owed.id).collect();
            self.letters.forget(&party, |id| !owed.contains(id));
        }
        Ok(())
    }
}

/// A message that is owed.
struct Owed {
    id: MessageId,
    /// The one before it, which is owed too.
    after: Option<MessageId>,
    frame: Vec<u8>,
    expires: UnixSeconds,
    /// Its place, where handing it over is the release of an outcome.
    release: Option<Vec<u8>>,
}

fn internal(error: impl std::fmt::Display) -> NodeError {
    NodeError::Internal(error.to_string())
}
