//! My mailbox keys: one that others seal to, replaced every week, and the one before it, which still opens.

use crate::{
    actor::{Actor, now},
    error::NodeError,
    home::{LETTERS, MAILBOX, MAILBOX_BEFORE},
};
use protocol::{ExchangeKey, PartyId, UnixSeconds, pairing::ExchangeSecret};
use store::{Batch, Secret, StoreError};

/// Where the control database keeps since when the key is in use, and which key each party was told last.
const TREE: &str = "node-letters";
const SINCE: &[u8] = b"since";
/// A key is replaced after that many seconds, and what was sealed to it opens as long again: a relay keeps for a week.
const WEEK: u64 = 7 * 24 * 3600;

/// My present key, and whether somebody knows it.
pub(crate) struct Told {
    pub(crate) key: ExchangeKey,
    pub(crate) told: bool,
}

/// Somebody who is connected, and what they are to be told.
pub(crate) struct Introduction {
    pub(crate) party: PartyId,
    /// Their transport peer id.
    pub(crate) peer: Vec<u8>,
    /// My presence, for them.
    pub(crate) frame: Vec<u8>,
    /// The key in it.
    pub(crate) key: ExchangeKey,
}

impl Actor {
    /// The key that others seal to.
    pub(crate) fn mailbox_key(&self) -> Result<ExchangeKey, NodeError> {
        Ok(ExchangeSecret::from_secret(*self.store.keys().get(MAILBOX)?).public())
    }

    /// What opens letters: the present key, and the one before it.
    pub(super) fn mailbox_secrets(&self) -> Result<Vec<ExchangeSecret>, NodeError> {
        let keys = self.store.keys();
        let mut secrets = vec![ExchangeSecret::from_secret(*keys.get(MAILBOX)?)];
        match keys.get(MAILBOX_BEFORE) {
            Ok(before) => secrets.push(ExchangeSecret::from_secret(*before)),
            Err(StoreError::NoSuchKey { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(secrets)
    }

    /// What the randomness of my letters is derived from.
    pub(super) fn letters_secret(&self) -> Result<Secret, NodeError> {
        let keys = self.store.keys();
        Ok(match keys.get(LETTERS) {
            Err(StoreError::NoSuchKey { .. }) => keys.create_random(LETTERS)?,
            known => known?,
        })
    }

    /// Replaces the key once it is a week old. What was sealed to the one before it opens no longer, for nobody: its file
    /// is overwritten. Cut short anywhere, a key stays in use for another week.
    pub(crate) fn renew_mailbox_key(&mut self) -> Result<(), NodeError> {
        let since = self.store.control().get(TREE, SINCE)?.and_then(|since| since.try_into().ok());
        let since: Option<UnixSeconds> = since.map(u64::from_be_bytes);
        let at = now();
        // a clock that was set back begins the week anew
        if since.is_some_and(|since| (since..since.saturating_add(WEEK)).contains(&at)) {
            return Ok(());
        }
        let mut batch = Batch::new();
        batch.put(TREE, SINCE, at.to_be_bytes());
        self.store.control().commit(&batch)?;
        if since.is_some_and(|since| since.saturating_add(WEEK) <= at) {
            let keys = self.store.keys();
            keys.put(MAILBOX_BEFORE, &*keys.get(MAILBOX)?)?;
            keys.put(MAILBOX, &zeroize::Zeroizing::new(rand::random::<[u8; 32]>()))?;
            tracing::info!("the mailbox key is a week old: another one is in use");
            self.couriers.post.notify_one();
        }
        Ok(())
    }

    /// My key, and whether it is the one that somebody was told last.
    pub(super) fn told_key(&self, party: &PartyId) -> Result<Told, NodeError> {
        let key = self.mailbox_key()?;
        let told = self.store.control().get(TREE, &party.0)?.is_some_and(|told| told == key.0);
        Ok(Told { key, told })
    }

    /// Somebody was told that key.
    pub(crate) fn note_told(&mut self, party: &PartyId, key: &ExchangeKey) -> Result<(), NodeError> {
        let mut batch = Batch::new();
        batch.put(TREE, &party.0, key.0);
        self.keep(&batch)
    }

    /// Whoever is connected and does not know my present key.
    pub(crate) fn introductions(&mut self) -> Result<Vec<Introduction>, NodeError> {
        let connected = self.peers.iter().filter(|(_, party)| self.paths.contains_key(party));
        let connected: Vec<_> = connected.map(|(peer, party)| (peer.clone(), *party)).collect();
        let mut introductions = Vec::new();
        for (peer, party) in connected {
            if let Told { key, told: false } = self.told_key(&party)? {
                introductions.push(Introduction { party, peer, frame: self.presence_frame(&party)?, key });
            }
        }
        Ok(introductions)
    }
}
