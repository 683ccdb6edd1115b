//! A home from a backup: whatever an old copy could do twice is void before the home exists.

use crate::{
    actor::now,
    cases::TOKENS_TREE,
    error::NodeError,
    home::{self, IDENTITY},
    records::Records,
    show,
};
use consent::{
    Context, Draft,
    record::{GrantRecord, Myself, Person},
    restore::{self, Progress, Voided},
};
use protocol::{IdentityKey, MessageId, PartyId};
use serde::Serialize;
use std::{collections::BTreeSet, path::Path};
use store::{Backup, Batch, Home, Passphrase, Store, after};

/// Records deleted at once.
const AT_ONCE: usize = 256;

/// A backup that was opened: its passphrase is right.
pub struct Restore(Backup);

/// A home that was restored, and what that voided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RestoreView {
    /// Whose.
    pub name: String,
    /// Their identity key, in hexadecimal digits.
    pub party: String,
    /// When the backup was made, in seconds since 1970.
    pub made: u64,
    /// Grants given, now revoked.
    pub grants: Vec<VoidedGrant>,
    /// Counter-offers made, now withdrawn: names of people.
    pub counter_offers: Vec<String>,
    /// Invites that nobody can join by any more.
    pub invites: u64,
    /// Runs begun whose outcomes are withheld.
    pub runs: u64,
    /// Outcomes that were not handed over, withheld.
    pub outcomes: u64,
    /// Invites of others by which joining was not finished.
    pub joining: u64,
    /// Tokens of this node's own interface, removed.
    pub tokens: u64,
    /// People who are told that something of theirs is void; everybody is told that the log begins anew.
    pub told: Vec<String>,
    /// People this node is connected with, as of the backup.
    pub people: u64,
    /// Requests that wait for a decision, perhaps once more.
    pub waiting: u64,
    /// Grants held whose use since the backup is not known here.
    pub held: u64,
}

/// A grant that was voided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoidedGrant {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// To whom it was given.
    pub person: String,
    /// What it allowed.
    pub sentence: String,
}

impl Restore {
    /// Opens a backup with the passphrase it was sealed under.
    ///
    /// # Errors
    /// The store's: a file that is no backup, a wrong passphrase, a newer program's.
    pub fn open(file: &Path, sealed_with: &Passphrase) -> Result<Self, NodeError> {
        Ok(Self(Backup::open(file, sealed_with)?))
    }

    /// Length of the backup in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.0.length()
    }

    /// Makes the home, its keys under `passphrase` or none. `progress` is told the bytes read so far.
    ///
    /// # Errors
    /// The store's: a home or anything else in the place, a damaged file. Nothing is left of the home then.
    pub fn into_home(
        self,
        root: &Path,
        passphrase: Option<&Passphrase>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<RestoreView, NodeError> {
        let made = self.0.about().made;
        let mut restoring = self.0.restore(&Home::new(root), passphrase, &mut home::pages, progress)?;
        let store = restoring.store()?;
        let key = IdentityKey::from_secret(&*store.keys().get(IDENTITY)?);
        let voided = void(store, &key, made)?;
        let tokens = forget_tokens(store)?;
        let view = view(store, &key.party(), made, &voided, tokens)?;
        restoring.put_in_place()?;
        Ok(view)
    }
}

/// Part by part, each durable before the next: the home is not yet in its place.
fn void(store: &Store, key: &IdentityKey, made: u64) -> Result<Voided, NodeError> {
    let mut progress = Progress::default();
    loop {
        let (more, outline) = {
            let records = Records(store.control());
            let mut draft = Draft::over(&records);
            let mut context = Context::new(now(), key, rand::random());
            let more = restore::page(&mut draft, &mut context, made, &mut progress)?;
            (more, draft.finish())
        };
        store.control().commit(&Records::batch(outline.changes))?;
        if !more {
            return Ok(progress.voided);
        }
    }
}

/// A token revoked since the backup would open the door again.
fn forget_tokens(store: &Store) -> Result<u64, NodeError> {
    let (mut forgotten, mut from) = (0, None);
    loop {
        let keys = store.control().keys(TOKENS_TREE, &[], from.as_deref(), AT_ONCE)?;
        let Some(last) = keys.last() else { return Ok(forgotten) };
        from = Some(after(last));
        let mut batch = Batch::new();
        for key in &keys {
            batch.delete(TOKENS_TREE, key);
            forgotten += 1;
        }
        store.control().commit(&batch)?;
    }
}

fn view(store: &Store, party: &PartyId, made: u64, voided: &Voided, tokens: u64) -> Result<RestoreView, NodeError> {
    let records = Records(store.control());
    let draft = Draft::over(&records);
    let myself: Myself = draft.need(Myself::KEY)?;
    let name = |party: &PartyId| show::name_of(&draft, party);
    let grants: Vec<_> = voided.grants.iter().map(|(id, _)| grant(&draft, id)).collect::<Result<_, _>>()?;
    let counter_offers: Vec<_> =
        voided.counter_offers.iter().map(|(_, party)| name(party)).collect::<Result<_, _>>()?;
    let told: BTreeSet<_> = grants.iter().map(|grant| &grant.person).chain(&counter_offers).cloned().collect();
    Ok(RestoreView {
        name: myself.name.to_string(),
        party: party.to_string(),
        made,
        grants,
        counter_offers,
        invites: voided.invites.len() as u64,
        runs: voided.runs.len() as u64,
        outcomes: voided.outcomes.len() as u64,
        joining: voided.joining,
        tokens,
        told: told.into_iter().collect(),
        people: draft.all::<Person>(&[])?.len() as u64,
        waiting: voided.waiting,
        held: voided.held,
    })
}

fn grant(draft: &Draft<'_>, id: &MessageId) -> Result<VoidedGrant, NodeError> {
    let record: GrantRecord = draft.need(&id.0)?;
    let view = show::grant(draft, &id.to_string(), &record)?;
    Ok(VoidedGrant { id: view.id, person: view.person, sentence: view.sentence })
}
