//! Outcomes: what was released to me or by me, and what of it can be verified.

use crate::{actor::Actor, error::NodeError, show, views::OutcomeView};
use consent::{
    Draft,
    bundle::{self, Verified},
    record::{HeadRecord, Person, ReceiptRecord, RequestRecord, Side},
    requester::Check,
    vouching,
};
use protocol::{
    MessageId, PartyId, Signed,
    message::{Answer, Receipt, TreeHead},
};

impl Actor {
    pub(crate) fn list_outcomes(&self) -> Result<Vec<OutcomeView>, NodeError> {
        self.ask(|draft| {
            let all = draft.all::<ReceiptRecord>(&[])?;
            let views = all.iter().filter(|(_, record)| !record.withheld).map(|(key, record)| {
                let id = MessageId::try_from(&key[..]).map_err(|error| NodeError::Internal(error.to_string()))?;
                view(draft, &id, record)
            });
            let mut views = views.collect::<Result<Vec<_>, _>>()?;
            views.sort_by_key(|view| view.computed);
            Ok(views)
        })
    }

    pub(crate) fn one_outcome(&self, id: &MessageId) -> Result<OutcomeView, NodeError> {
        self.ask(|draft| view(draft, id, &draft.need(&id.0)?))
    }

    pub(crate) fn export_receipt(&self, named: &str) -> Result<Vec<u8>, NodeError> {
        let id = self.find_receipt(named)?;
        let record: ReceiptRecord = self.read(|draft| draft.need(&id.0))?;
        // a file handed on would be a release of its own, unlogged
        if record.released.is_none() {
            let why = "this outcome has not left yet; there is nothing to show for it".to_owned();
            return Err(NodeError::Refused { why });
        }
        self.read(|draft| bundle::export(draft, &id))
    }
}

fn view(draft: &Draft<'_>, id: &MessageId, record: &ReceiptRecord) -> Result<OutcomeView, NodeError> {
    let exported = bundle::export(draft, id)?;
    let verified = bundle::verify(&exported).map_err(|error| NodeError::Internal(error.to_string()))?;
    let request: RequestRecord = draft.need(&verified.receipt.body().request.0)?;
    let (_, sentence) = show::subject(draft, &request, &verified.request.body().terms)?;
    let mut view = plain(&verified);
    view.direction = show::direction(record.side, "given", "received");
    view.person = show::name_of(draft, &record.other)?;
    view.sentence = sentence;
    view.released = record.released;
    if let Some(signed) = vouching::of_receipt(&verified.receipt) {
        view.issuer = Some(show::issuers::issuer(draft, &signed, None)?);
    }
    if record.side == Side::Requester {
        let (words, holds) = log_state(draft, record, &verified.receipt)?;
        if holds { view.verified.push(words) } else { view.failed.push(words) }
    }
    Ok(view)
}

/// How the head in a receipt stands to what this side has checked of the owner's log.
fn log_state(
    draft: &Draft<'_>,
    record: &ReceiptRecord,
    receipt: &Signed<Receipt>,
) -> Result<(String, bool), NodeError> {
    let person: Option<Person> = draft.get(&record.other.0)?;
    let head = receipt.body().entry.head;
    Ok(match person {
        Some(person) if person.fork.is_some() => {
            ("the owner's log contradicts an earlier head of it: keep both as evidence".to_owned(), false)
        }
        Some(person) if linked(draft, &record.other, &person, &head)? => {
            ("the owner's log continues every head seen before".to_owned(), true)
        }
        _ => ("the owner's log at this head is not yet linked to earlier ones".to_owned(), true),
    })
}

/// Whether the head was proven to stand in one chain with the others; the first version kept only the last one.
fn linked(draft: &Draft<'_>, owner: &PartyId, person: &Person, head: &TreeHead) -> Result<bool, NodeError> {
    let ended = person.ended.iter().position(|ended| ended.seen.epoch == head.epoch);
    let key = HeadRecord::theirs(owner, ended.unwrap_or(person.ended.len()), head.size);
    let kept: Option<HeadRecord> = draft.get(&key)?;
    Ok(kept.is_some_and(|kept| kept.head == *head && kept.shown.is_some()) || person.seen == Some(*head))
}

/// What a bundle says by itself: people are named by their keys.
pub(super) fn plain(verified: &Verified) -> OutcomeView {
    let receipt = verified.receipt.body();
    let outcome = match &receipt.answer {
        Answer::Released { outcome, .. } => serde_json::to_value(outcome).ok(),
        Answer::NotReleased { .. } => None,
    };
    let (value, not_released, notes) = match &receipt.answer {
        Answer::Released { outcome, notes, .. } => (Some(outcome.to_string()), None, notes.clone()),
        Answer::NotReleased { reason } => (None, Some(show::not_released(*reason).to_owned()), vec![]),
    };
    let words = |holds: bool| {
        let checks = verified.checks.iter().filter(move |check| check.holds == holds);
        checks.map(|check: &Check| check.what.to_owned()).collect::<Vec<_>>()
    };
    let mut held = vec!["request, decision and receipt are signed and unaltered".to_owned()];
    held.extend(words(true));
    let mut notes: Vec<_> = notes.into_iter().map(|note| show::note(note).to_owned()).collect();
    if verified.later.is_none() {
        notes.push("not cosigned yet: nobody but the owner vouches for the log it stands in".to_owned());
    }
    OutcomeView {
        receipt: verified.receipt.id().to_string(),
        request: receipt.request.to_string(),
        grant: receipt.grant.to_string(),
        number: receipt.number,
        direction: String::new(),
        person: verified.receipt.sender().to_string(),
        sentence: format!("{} Of dataset {}.", compute::phrase(&receipt.computation), receipt.dataset),
        value,
        outcome,
        not_released,
        notes,
        issuer: vouching::of_receipt(&verified.receipt).map(|of| show::issuers::plain(&of, None)),
        computed: receipt.computed,
        released: None,
        verified: held,
        failed: words(false),
    }
}
