//! What a party says about its own log, and when two such statements cannot both be true.

use super::{checkpoint, proves_consistency, proves_inclusion};
use protocol::{
    Body, MessageError, PartyId, Signed, UnixSeconds,
    limits::SKEW_SECONDS,
    message::{LogHead, Receipt, TreeHead},
};

/// A signed statement of a party about its log: a log-head, or a receipt.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Whose log; it signed the statement.
    pub party: PartyId,
    /// When it was said, by that party's clock.
    pub created: UnixSeconds,
    /// The head.
    pub head: TreeHead,
    /// How many entries the log had when it was said, at least.
    pub length: u64,
    /// The whole of it, where it is a log-head.
    shown: Option<LogHead>,
    /// The envelope.
    bytes: Vec<u8>,
}

/// Why bytes are no statement about a log.
#[derive(Debug, thiserror::Error)]
pub enum BadStatement {
    /// It does not verify.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// Its checkpoint or the beginning of its epoch does not fit its head.
    #[error("its checkpoint, or the beginning of its epoch, is not that of the head it shows")]
    Unsound,
}

/// How two statements contradict each other. Sizes count entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The same size, other entries.
    #[error("forked: it showed two different logs of {size} entries")]
    TwoRoots {
        /// That size.
        size: u64,
    },
    /// Shorter than it was said to be before.
    #[error("cut back: it had {before} entries, and only {after} when it was said later")]
    CutBack {
        /// Said first.
        before: u64,
        /// Said later.
        after: u64,
    },
    /// Said to continue the other, and it does not.
    #[error("rewritten: its {size} entries do not continue the {since} it had shown")]
    NoContinuation {
        /// Size of the other.
        since: u64,
        /// Its own size.
        size: u64,
    },
    /// Said in an epoch that had ended.
    #[error("two at once: it went on from before a backup was restored, after it had begun anew")]
    EpochOver,
}

impl Statement {
    /// Opens a signed log-head or receipt, and checks that a log-head fits together.
    pub fn open(bytes: &[u8]) -> Result<Self, BadStatement> {
        match Signed::<LogHead>::open(bytes) {
            Ok(shown) => Self::shown(&shown).ok_or(BadStatement::Unsound),
            Err(_) => Ok(Self::stated(&Signed::<Receipt>::open(bytes)?)),
        }
    }

    /// What a log-head says; none unless its checkpoint states its head and its epoch is opened.
    #[must_use]
    pub fn shown(signed: &Signed<LogHead>) -> Option<Self> {
        let body = signed.body();
        let sound = checkpoint::states(&body.checkpoint, &signed.sender(), &body.head) && opens_epoch(body);
        sound.then(|| Self { length: body.length(), shown: Some(body.clone()), ..Self::of(signed, body.head) })
    }

    /// What a receipt says.
    #[must_use]
    pub fn stated(signed: &Signed<Receipt>) -> Self {
        Self::of(signed, signed.body().entry.head)
    }

    /// What is remembered of a head without the message that showed it: nothing of when it was said.
    #[must_use]
    pub(super) fn remembered(party: PartyId, head: TreeHead, created: UnixSeconds) -> Self {
        Self { party, created, head, length: head.size, shown: None, bytes: Vec::new() }
    }

    fn of<B: Body>(signed: &Signed<B>, head: TreeHead) -> Self {
        Self {
            party: signed.sender(),
            created: signed.payload().created,
            head,
            length: head.size,
            shown: None,
            bytes: signed.bytes().to_vec(),
        }
    }

    /// The envelope, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// When its epoch began, if it tells.
    fn began(&self) -> Option<UnixSeconds> {
        match (&self.head.epoch, &self.shown) {
            (None, _) => Some(0),
            (Some(_), Some(shown)) => shown.restored.as_ref().map(|restored| restored.time),
            (Some(_), None) => None,
        }
    }
}

/// Whether the entry by which the head's epoch began is opened, and stands in the log of that head.
fn opens_epoch(shown: &LogHead) -> bool {
    let Some(restored) = &shown.restored else { return shown.head.epoch.is_none() };
    let Ok(id) = restored.epoch() else { return false };
    shown.head.epoch == Some(id) && proves_inclusion(&shown.head, restored.head.size, &id, &restored.inclusion)
}

/// Whether two statements of one party contradict each other, and how. In either order.
#[must_use]
pub fn contradiction(one: &Statement, other: &Statement) -> Option<Contradiction> {
    if one.party != other.party {
        return None;
    }
    let both = [(one, other), (other, one)];
    two_roots(&one.head, &other.head)
        .or_else(|| both.iter().find_map(|(a, b)| cut_back(a, b)))
        .or_else(|| both.iter().find_map(|(a, b)| no_continuation(a, b)))
        .or_else(|| both.iter().find_map(|(a, b)| epoch_over(a, b)))
}

/// Whether two heads of one party are of the same log and the same size, and differ.
#[must_use]
pub fn two_roots(one: &TreeHead, other: &TreeHead) -> Option<Contradiction> {
    let same = one.epoch == other.epoch && one.size == other.size;
    (same && one.root != other.root).then_some(Contradiction::TwoRoots { size: one.size })
}

fn cut_back(before: &Statement, after: &Statement) -> Option<Contradiction> {
    let later = before.head.epoch == after.head.epoch && after.created > before.created;
    (later && after.length < before.head.size)
        .then_some(Contradiction::CutBack { before: before.head.size, after: after.length })
}

fn no_continuation(old: &Statement, new: &Statement) -> Option<Contradiction> {
    let shown = new.shown.as_ref().filter(|shown| shown.since != 0 && shown.since == old.head.size)?;
    let same_log = old.head.epoch == shown.head.epoch
        || shown.restored.as_ref().is_some_and(|restored| goes_on_from(&old.head, &restored.head));
    (same_log && !proves_consistency(&old.head, &shown.head, &shown.consistency))
        .then_some(Contradiction::NoContinuation { since: shown.since, size: shown.head.size })
}

/// Whether a log restored from a backup with that head still has everything that `old` covers.
fn goes_on_from(old: &TreeHead, backup: &TreeHead) -> bool {
    old.epoch == backup.epoch && old.size <= backup.size
}

fn epoch_over(left: &Statement, now: &Statement) -> Option<Contradiction> {
    let begun = now.head.epoch.and(now.began())?;
    let over =
        left.head.epoch != now.head.epoch && left.began()? < begun && left.created > begun.saturating_add(SKEW_SECONDS);
    over.then_some(Contradiction::EpochOver)
}

#[cfg(test)]
mod tests;
