//! The plain reference: what was agreed, in a few facts per grant, and what may follow from it.
//!
//! It knows no records, no messages' bytes and no proofs. What it says of a moment is compared with what the machines did.

use protocol::{
    Computation, Kind, MessageId, Outcome, PartyId, UnixSeconds,
    limits::SKEW_SECONDS,
    message::{Purpose, Request, Run, Terms},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is not allowed to happen, in words.
pub(crate) type Violation = String;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    Waiting,
    Approved(MessageId),
    Countered,
    Closed,
}

/// A request that the owner's side kept.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) by: PartyId,
    pub(crate) terms: Terms,
    pub(crate) expires: UnixSeconds,
    pub(crate) under: Option<MessageId>,
    pub(crate) state: Kept,
    /// The version over which the owner saw an outcome, if she looked.
    pub(crate) shown: Option<u8>,
    pub(crate) ran: bool,
}

/// What a grant allows, and what was made of it.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub(crate) to: PartyId,
    pub(crate) first: MessageId,
    pub(crate) uses: u32,
    pub(crate) from: UnixSeconds,
    pub(crate) until: UnixSeconds,
    /// For several runs: of which kind, for what, and whether each outcome is looked at.
    pub(crate) standing: Option<(Kind, Purpose, bool)>,
    pub(crate) revoked: bool,
    pub(crate) runs: BTreeMap<u32, MessageId>,
}

#[derive(Clone, Debug)]
pub(crate) struct Offered {
    pub(crate) asked: MessageId,
    pub(crate) to: PartyId,
    pub(crate) proposal: Terms,
    pub(crate) expires: UnixSeconds,
    pub(crate) open: bool,
}

/// A receipt as it was made, and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) id: MessageId,
    pub(crate) released: bool,
}

/// What becomes of a request on arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Arrival {
    Refused,
    Waits,
    AcceptsOffer(MessageId),
    Under(MessageId),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Model {
    /// The latest moment the owner's side acted on.
    pub(crate) clock: UnixSeconds,
    /// The version of the dataset, while there is one.
    pub(crate) version: Option<u8>,
    pub(crate) hidden: bool,
    pub(crate) blocked: BTreeSet<PartyId>,
    pub(crate) taken: BTreeSet<MessageId>,
    pub(crate) asked: BTreeMap<MessageId, Asked>,
    pub(crate) grants: BTreeMap<MessageId, Granted>,
    pub(crate) offers: BTreeMap<MessageId, Offered>,
    pub(crate) made: BTreeMap<(MessageId, u32), Made>,
}

/// What is true of a version, by plain arithmetic.
pub(crate) fn truth(version: u8, computation: &Computation) -> Outcome {
    let kind = Kind::ALL.iter().position(|kind| *kind == computation.kind());
    Outcome::Count(u64::from(version) * 100 + kind.map_or(99, |kind| kind as u64))
}

impl Model {
    /// Whether a grant allows one more run at that moment.
    pub(crate) fn live(&self, grant: &MessageId, now: UnixSeconds) -> bool {
        self.grants.get(grant).is_some_and(|grant| {
            !grant.revoked && (grant.from..=grant.until).contains(&now) && (grant.runs.len() as u64) < grant.uses.into()
        })
    }

    /// Whether this run, asked for at that moment for the first time, is to happen.
    pub(crate) fn may_run(&self, by: &PartyId, run: &Run, now: UnixSeconds) -> bool {
        let Some(grant) = self.grants.get(&run.grant) else { return false };
        let Some(asked) = self.asked.get(&run.request) else { return false };
        grant.to == *by
            && asked.state == Kept::Approved(run.grant)
            && !asked.ran
            && !grant.runs.contains_key(&run.number)
            && run.number <= grant.uses
            && self.live(&run.grant, now)
    }

    /// What is to become of a request that arrives at that moment for the first time.
    pub(crate) fn arrival(&self, by: &PartyId, request: &Request, now: UnixSeconds) -> Arrival {
        let terms = &request.terms;
        let about = self.version.filter(|_| !self.hidden).map(crate::testing::version);
        if terms.dataset != crate::testing::BILLS || about != Some(terms.version) || terms.until <= now {
            return Arrival::Refused;
        }
        match (request.counter, request.grant) {
            (Some(id), _) => match self.offers.get(&id) {
                Some(offer) if self.acceptable(offer, by, terms, now) => Arrival::AcceptsOffer(id),
                _ => Arrival::Refused,
            },
            (None, Some(id)) => match self.grants.get(&id).and_then(|grant| grant.standing.map(|s| (grant, s))) {
                Some((grant, (kind, purpose, review)))
                    if grant.to == *by
                        && terms.computation.kind() == kind
                        && terms.purpose == purpose
                        && self.live(&id, now) =>
                {
                    if review {
                        Arrival::Waits
                    } else {
                        Arrival::Under(id)
                    }
                }
                _ => Arrival::Refused,
            },
            (None, None) => Arrival::Waits,
        }
    }

    fn acceptable(&self, offer: &Offered, by: &PartyId, terms: &Terms, now: UnixSeconds) -> bool {
        offer.open && offer.to == *by && now <= offer.expires && offer.proposal == *terms
    }

    /// Whether the owner may say yes now to what she was shown.
    pub(crate) fn may_approve(&self, id: &MessageId, until: UnixSeconds, now: UnixSeconds) -> bool {
        let Some(asked) = self.asked.get(id) else { return false };
        let shown = asked.shown.is_some() && asked.shown == self.version;
        let fits = self.version.map(crate::testing::version) == Some(asked.terms.version);
        let grant = match asked.under {
            Some(grant) => self.live(&grant, now),
            None => until > now,
        };
        asked.state == Kept::Waiting && shown && fits && grant
    }

    /// What may leave for a run computed over a version: one outcome, or nothing.
    pub(crate) fn may_leave(&self, grant: &MessageId, number: u32, over: u8, outcome: &Outcome) -> Option<Outcome> {
        let granted = self.grants.get(grant)?;
        let request = granted.runs.get(&number)?;
        let asked = self.asked.get(request)?;
        if crate::testing::version(over) != asked.terms.version {
            return None;
        }
        // without review, the engine's word on that version is what the owner agreed to
        let reviewed = granted.standing.is_none_or(|(_, _, review)| review) || granted.first == *request;
        let as_shown = truth(over, &asked.terms.computation) == *outcome;
        (!reviewed || as_shown).then(|| outcome.clone())
    }

    /// A grant is revoked; requests that were to run under it no longer can.
    pub(crate) fn revoke(&mut self, id: &MessageId) {
        if let Some(grant) = self.grants.get_mut(id) {
            grant.revoked = true;
        }
    }

    /// The dataset is gone: nothing waits or runs about it any more.
    pub(crate) fn remove(&mut self) {
        self.version = None;
        self.grants.values_mut().for_each(|grant| grant.revoked = true);
        self.offers.values_mut().for_each(|offer| offer.open = false);
        for asked in self.asked.values_mut() {
            asked.shown = None;
            if matches!(asked.state, Kept::Waiting | Kept::Countered) {
                asked.state = Kept::Closed;
            }
        }
    }

    /// Time passes: what waited too long is over.
    pub(crate) fn lapse(&mut self, now: UnixSeconds) {
        for asked in self.asked.values_mut() {
            if asked.state == Kept::Waiting && asked.expires + SKEW_SECONDS < now {
                asked.state = Kept::Closed;
            }
        }
    }

    /// Requests the owner has yet to decide.
    pub(crate) fn waiting(&self) -> Vec<MessageId> {
        self.asked.iter().filter(|(_, asked)| asked.state == Kept::Waiting).map(|(id, _)| *id).collect()
    }
}
