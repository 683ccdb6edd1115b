//! What lies under which tag, and until when. Time is a parameter; only the shelf may block.

use std::{collections::HashMap, sync::Arc};

use libp2p::PeerId;
use protocol::{
    Nonce, UnixSeconds,
    limits::{MAILBOX_ANSWER_ITEMS, MAILBOX_ITEM_BYTES, MAILBOX_TAG_ITEMS},
    mailbox::{
        Answer, Deposit, Fetch, Found, ItemId, Question, Refused, Settle, Settled, Stored, Tag, item_id, tag_of, until,
    },
};
use serde_bytes::ByteBuf;
use tracing::{debug, error, warn};

use super::shelf::{Shelf, ShelfError};
use crate::quota::Place;

/// Bounds on what the mailbox keeps.
#[derive(Debug, Clone)]
pub struct MailboxLimits {
    /// Items under one tag: one direction of one pair for one day.
    pub per_tag: usize,
    /// Bytes that one peer has left since the relay started, and nobody has taken.
    pub per_peer_bytes: u64,
    /// The same of one place on the network: peer ids cost nothing.
    pub per_place_bytes: u64,
    /// Bytes altogether. Beside them each item takes about 200 bytes of memory.
    pub total_bytes: u64,
    /// Seconds after which an item is forgotten.
    pub seconds: u64,
}

impl Default for MailboxLimits {
    fn default() -> Self {
        Self {
            per_tag: MAILBOX_TAG_ITEMS,
            per_peer_bytes: 8 << 20,
            per_place_bytes: 16 << 20,
            total_bytes: 64 << 20,
            seconds: protocol::limits::MAILBOX_SECONDS,
        }
    }
}

/// What lies under which tag.
pub(crate) struct Pile {
    limits: MailboxLimits,
    shelf: Arc<dyn Shelf>,
    /// Names this run of the relay where nothing outlives it.
    run: Option<Nonce>,
    tags: HashMap<Tag, Vec<Entry>>,
    per_peer: HashMap<PeerId, u64>,
    per_place: HashMap<Place, u64>,
    bytes: u64,
    next: u64,
}

struct Entry {
    id: ItemId,
    number: u64,
    until: UnixSeconds,
    bytes: u64,
    /// Who left it; not kept on the shelf, so that a disk tells nobody who wrote when.
    from: Option<Depositor>,
}

/// Who asks, and from where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Depositor {
    pub(crate) peer: PeerId,
    pub(crate) place: Place,
}

impl Pile {
    /// Takes up what the shelf holds.
    pub(crate) fn open(shelf: Arc<dyn Shelf>, limits: MailboxLimits, run: Nonce) -> Result<Self, ShelfError> {
        let run = (!shelf.is_lasting()).then_some(run);
        let mut pile = Self {
            limits,
            shelf,
            run,
            tags: HashMap::new(),
            per_peer: HashMap::new(),
            per_place: HashMap::new(),
            bytes: 0,
            next: 0,
        };
        let shelf = Arc::clone(&pile.shelf);
        let mut strange = 0;
        shelf.each(&mut |key, value| match record(key, value) {
            Some((tag, entry)) => {
                pile.next = pile.next.max(entry.number + 1);
                pile.bytes += entry.bytes;
                pile.tags.entry(tag).or_default().push(entry);
            }
            None => strange += 1,
        })?;
        if strange > 0 {
            warn!(strange, "records in the mailbox's folder are none of the mailbox's; they are left alone");
        }
        Ok(pile)
    }

    /// How many items there are, and their bytes.
    pub(crate) fn size(&self) -> (usize, u64) {
        (self.tags.values().map(Vec::len).sum(), self.bytes)
    }

    /// Answers whoever asks. What the answer says was done is on the shelf.
    pub(crate) fn answer(&mut self, now: UnixSeconds, from: Depositor, question: Question) -> Answer {
        let answer = match question {
            Question::Deposit(deposit) => self.deposit(now, from, deposit),
            Question::Fetch(fetch) => self.fetch(now, &fetch),
            Question::Ack(ack) => self.settle(&ack),
        };
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(refused)) => Answer::Refused(refused),
            Err(failed) => {
                error!(error = &*failed, "the mailbox's folder cannot be used");
                Answer::Refused(Refused::Later)
            }
        }
    }

    fn deposit(
        &mut self,
        now: UnixSeconds,
        from: Depositor,
        deposit: Deposit,
    ) -> Result<Result<Answer, Refused>, ShelfError> {
        let Deposit { tag, item, seconds } = deposit;
        let (id, bytes, seconds) = (item_id(&item), item.len() as u64, seconds.min(self.limits.seconds));
        let stored = Answer::Stored(Stored { seconds, until_restart: self.run });
        if self.tags.get(&tag).is_some_and(|entries| entries.iter().any(|entry| entry.id == id)) {
            return Ok(Ok(stored));
        }
        if self.full(&tag, &from, bytes).is_some() {
            self.sweep(now)?;
        }
        if let Some(refused) = self.full(&tag, &from, bytes) {
            return Ok(Err(refused));
        }
        let entry = Entry { id, number: self.next, until: until(now, seconds), bytes, from: Some(from) };
        let value = [&entry.until.to_be_bytes()[..], &item].concat();
        self.shelf.write(vec![(key(&tag, entry.number), Some(value))])?;
        self.next += 1;
        self.bytes += bytes;
        *self.per_peer.entry(from.peer).or_default() += bytes;
        *self.per_place.entry(from.place).or_default() += bytes;
        self.tags.entry(tag).or_default().push(entry);
        debug!(bytes = self.bytes, "an item was left in the mailbox");
        Ok(Ok(stored))
    }

    fn fetch(&self, now: UnixSeconds, fetch: &Fetch) -> Result<Result<Answer, Refused>, ShelfError> {
        let mut items = Vec::new();
        let mut more = false;
        for (at, capability) in (0u8..).zip(&fetch.capabilities) {
            let tag = tag_of(capability);
            for entry in self.tags.get(&tag).into_iter().flatten().filter(|entry| entry.until > now) {
                if items.len() >= MAILBOX_ANSWER_ITEMS {
                    more = true;
                    break;
                }
                let value = self.shelf.get(&key(&tag, entry.number))?;
                let item = value.as_ref().and_then(|value| value.get(8..));
                items.extend(item.map(|item| (at, ByteBuf::from(item))));
            }
        }
        Ok(Ok(Answer::Found(Found { items, more, until_restart: self.run })))
    }

    fn settle(&mut self, ack: &Settle) -> Result<Result<Answer, Refused>, ShelfError> {
        let tag = tag_of(&ack.capability);
        let gone = self.remove(|of, entry| *of == tag && ack.items.contains(&entry.id), Some(&tag))?;
        Ok(Ok(Answer::Settled(Settled { items: gone })))
    }

    /// Forgets what is over.
    pub(crate) fn sweep(&mut self, now: UnixSeconds) -> Result<(), ShelfError> {
        self.remove(|_, entry| entry.until <= now, None).map(drop)
    }

    /// Removes what is `over`, of one tag or of all: first from the shelf.
    fn remove(&mut self, over: impl Fn(&Tag, &Entry) -> bool, only: Option<&Tag>) -> Result<u64, ShelfError> {
        let tags: Vec<Tag> = only.map_or_else(|| self.tags.keys().copied().collect(), |tag| vec![*tag]);
        let mut gone = 0;
        for tag in tags {
            let Some(entries) = self.tags.get_mut(&tag) else { continue };
            let changes: Vec<_> =
                entries.iter().filter(|entry| over(&tag, entry)).map(|entry| (key(&tag, entry.number), None)).collect();
            if changes.is_empty() {
                continue;
            }
            gone += changes.len() as u64;
            self.shelf.write(changes)?;
            for entry in entries.extract_if(.., |entry| over(&tag, entry)) {
                self.bytes = self.bytes.saturating_sub(entry.bytes);
                if let Some(from) = entry.from {
                    less(&mut self.per_peer, from.peer, entry.bytes);
                    less(&mut self.per_place, from.place, entry.bytes);
                }
            }
            if entries.is_empty() {
                self.tags.remove(&tag);
            }
        }
        Ok(gone)
    }

    fn full(&self, tag: &Tag, from: &Depositor, bytes: u64) -> Option<Refused> {
        if self.tags.get(tag).is_some_and(|entries| entries.len() >= self.limits.per_tag) {
            Some(Refused::TagFull)
        } else if self.per_peer.get(&from.peer).copied().unwrap_or(0) + bytes > self.limits.per_peer_bytes
            || self.per_place.get(&from.place).copied().unwrap_or(0) + bytes > self.limits.per_place_bytes
        {
            Some(Refused::PeerFull)
        } else if self.bytes + bytes > self.limits.total_bytes {
            Some(Refused::Full)
        } else {
            None
        }
    }
}

fn less<K: std::hash::Hash + Eq>(of: &mut HashMap<K, u64>, key: K, bytes: u64) {
    if let Some(left) = of.get_mut(&key) {
        *left = left.saturating_sub(bytes);
        if *left == 0 {
            of.remove(&key);
        }
    }
}

/// Tag ‖ number, so that the items of a tag lie in the order they came.
fn key(tag: &Tag, number: u64) -> Vec<u8> {
    [&tag.0[..], &number.to_be_bytes()].concat()
}

/// Reads a record of the shelf: its end, then the item.
fn record(key: &[u8], value: &[u8]) -> Option<(Tag, Entry)> {
    let (tag, number) = key.split_first_chunk::<32>()?;
    let (until, item) = value.split_first_chunk::<8>()?;
    if item.is_empty() || item.len() > MAILBOX_ITEM_BYTES {
        return None;
    }
    let entry = Entry {
        id: item_id(item),
        number: u64::from_be_bytes(number.try_into().ok()?),
        until: u64::from_be_bytes(*until),
        bytes: item.len() as u64,
        from: None,
    };
    Some((protocol::Digest(*tag), entry))
}

#[cfg(test)]
mod tests;
