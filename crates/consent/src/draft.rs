//! A draft of what changes: reads see its own writes; nothing happens until somebody makes it durable.

use crate::{
    ConsentError, Notice,
    record::Record,
    view::{Change, Table, View},
};
use protocol::{Computation, DatasetId, MessageId, PartyId, cbor};
use serde_bytes::Bytes;
use std::collections::BTreeMap;

/// Records that [`Draft::each`] reads at a time.
const PAGE: usize = 256;

/// What is to happen after the changes are durable, in order. May be lost in a crash and is then found again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Something is owed to that party.
    Deliver(PartyId),
    /// A run was begun: compute it, then tell [`crate::owner::computed`].
    Compute {
        /// The grant.
        grant: MessageId,
        /// The run's number.
        number: u32,
    },
    /// Somebody tries a computation on made-up rows: compute it, then tell [`crate::mocks::came`]. Lost, it is asked again.
    Try {
        /// The message that asks.
        ask: MessageId,
        /// Who.
        to: PartyId,
        /// The dataset whose mock is meant.
        dataset: DatasetId,
        /// What is tried.
        computation: Box<Computation>,
    },
    /// Tell the person.
    Notify(Notice),
}

/// What a handler decided: first make `changes` durable, all of them at once; then carry `effects` out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Outline {
    /// To be made durable atomically.
    pub changes: Vec<Change>,
    /// To be carried out afterwards.
    pub effects: Vec<Effect>,
}

/// Changes being put together over a view.
pub struct Draft<'v> {
    view: &'v dyn View,
    changes: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    effects: Vec<Effect>,
}

impl<'v> Draft<'v> {
    /// An empty draft over what is durable now.
    #[must_use]
    pub fn over(view: &'v dyn View) -> Self {
        Self { view, changes: BTreeMap::new(), effects: Vec::new() }
    }

    /// The record under a key.
    pub fn get<R: Record>(&self, key: &[u8]) -> Result<Option<R>, ConsentError> {
        let bytes = match self.changes.get(&(R::TABLE, key.to_vec())) {
            Some(change) => change.clone(),
            None => self.view.get(R::TABLE, key)?,
        };
        bytes.as_deref().map(decode).transpose()
    }

    /// The record under a key that another record names.
    pub fn need<R: Record>(&self, key: &[u8]) -> Result<R, ConsentError> {
        self.get(key)?.ok_or(ConsentError::Missing { table: R::TABLE.name() })
    }

    /// Up to `limit` records in key order, `prefix` ≤ key, `after` < key.
    pub fn scan<R: Record>(
        &self,
        prefix: &[u8],
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<(Vec<u8>, R)>, ConsentError> {
        let from = after.map_or_else(|| prefix.to_vec(), <[u8]>::to_vec);
        let mine = self
            .changes
            .range((R::TABLE, from)..)
            .take_while(|((table, key), _)| *table == R::TABLE && key.starts_with(prefix))
            .filter(|((_, key), _)| after.is_none_or(|after| key.as_slice() > after));
        let mine: Vec<_> = mine.map(|((_, key), value)| (key.clone(), value.clone())).collect();
        let stored = self.view.scan(R::TABLE, prefix, after, limit + mine.len())?;
        let mut all: BTreeMap<Vec<u8>, Option<Vec<u8>>> = stored.into_iter().map(|(k, v)| (k, Some(v))).collect();
        all.extend(mine);
        all.into_iter()
            .filter_map(|(key, value)| value.map(|value| (key, value)))
            .take(limit)
            .map(|(key, value)| Ok((key, decode(&value)?)))
            .collect()
    }

    /// Hands over every record whose key begins with `prefix`, however many there are: a page of them is read at a time.
    /// `look` may change what it is handed, and nothing else of that table.
    pub fn each<R: Record>(
        &mut self,
        prefix: &[u8],
        mut look: impl FnMut(&mut Self, &[u8], R) -> Result<(), ConsentError>,
    ) -> Result<(), ConsentError> {
        let mut after: Option<Vec<u8>> = None;
        loop {
            let page = self.scan::<R>(prefix, after.as_deref(), PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = Some(last.clone());
            for (key, record) in page {
                look(self, &key, record)?;
            }
        }
    }

    /// Every record whose key begins with `prefix`: only where their number is bounded by a limit.
    pub fn all<R: Record>(&self, prefix: &[u8]) -> Result<Vec<(Vec<u8>, R)>, ConsentError> {
        self.scan(prefix, None, usize::MAX >> 1)
    }

    /// Writes a record, and moves it to the places where it is to be found from now on.
    pub fn put<R: Record>(&mut self, key: &[u8], record: &R) -> Result<(), ConsentError> {
        if R::PLACED {
            self.displace::<R>(key, &record.places())?;
            self.place(key, record)?;
        }
        self.changes.insert((R::TABLE, key.to_vec()), Some(cbor::to_vec(record)?));
        Ok(())
    }

    /// Deletes a record.
    pub fn delete<R: Record>(&mut self, key: &[u8]) {
        if R::PLACED {
            // one that does not decode leaves its places behind: they name nothing, and are read as nothing
            let _ = self.displace::<R>(key, &[]);
        }
        self.changes.insert((R::TABLE, key.to_vec()), None);
    }

    /// Puts a record at its places: the record itself stays as it is.
    pub(crate) fn place<R: Record>(&mut self, key: &[u8], record: &R) -> Result<(), ConsentError> {
        for place in record.places() {
            self.changes.insert(place, Some(cbor::to_vec(Bytes::new(key))?));
        }
        Ok(())
    }

    /// Takes the record as it was before from every place where it is no longer to be found.
    fn displace<R: Record>(&mut self, key: &[u8], kept: &[(Table, Vec<u8>)]) -> Result<(), ConsentError> {
        let places = self.get::<R>(key)?.map(|before| before.places()).unwrap_or_default();
        for place in places.into_iter().filter(|place| !kept.contains(place)) {
            self.changes.insert(place, None);
        }
        Ok(())
    }

    /// Asks for something to happen once the changes are durable.
    pub fn then(&mut self, effect: Effect) {
        if !self.effects.contains(&effect) {
            self.effects.push(effect);
        }
    }

    /// Tells the person once the changes are durable.
    pub fn notify(&mut self, notice: Notice) {
        self.then(Effect::Notify(notice));
    }

    /// Whether nothing would change or happen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.effects.is_empty()
    }

    /// What it came to.
    pub fn finish(self) -> Outline {
        let changes = self.changes.into_iter().map(|((table, key), value)| Change { table, key, value }).collect();
        Outline { changes, effects: self.effects }
    }
}

/// Records are this party's own writing, and authenticated by their seal: their form is not checked again.
fn decode<R: Record>(bytes: &[u8]) -> Result<R, ConsentError> {
    cbor::own(bytes).map_err(|source| ConsentError::Record { table: R::TABLE.name(), source })
}

#[cfg(test)]
mod tests;
