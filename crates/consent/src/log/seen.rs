//! Heads of somebody else's log: each checked against what they said before, then kept with both signatures.

use super::{
    heads, proves_consistency,
    statement::{Statement, contradiction},
};
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    outbox,
    record::{Ended, HeadRecord, Person, ReceiptRecord},
};
use protocol::{
    Digest, PartyId, Refusal, Signed,
    message::{HeadAsk, LogHead, Receipt, TreeHead},
};
use serde_bytes::ByteBuf;

/// Epochs of one party's log that are followed: who restores backups more often shows nothing that could be relied on.
const EPOCHS: usize = 64;

/// Their head: checked against everything kept of them, then cosigned. A contradiction is kept as evidence.
pub fn shown(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    signed: &Signed<LogHead>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let Some(said) = Statement::shown(signed) else { return Ok(Err(Refusal::Malformed)) };
    let (party, body) = (said.party, signed.body());
    let person: Person = draft.need(&party.0)?;
    if let Some(against) = contradicted(draft, &person, &said, body.since)? {
        doubt(draft, person, &against, &said)?;
        return Ok(Ok(()));
    }
    match compare(&person, body) {
        Link::First | Link::Continues => follow(draft, context, person, &said)?,
        Link::Anew(_) if person.ended.len() >= EPOCHS => return Ok(Err(Refusal::TooMany)),
        Link::Anew(ended) => {
            let mut person = person;
            person.ended.push(ended);
            draft.notify(Notice::LogRestored(party));
            follow(draft, context, person, &said)?;
        }
        Link::Known => link_receipt(draft, context, &person, &said, body)?,
        Link::Old => {}
        Link::Unproven { since } => ask(draft, context, &party, since, body.head.size)?,
    }
    Ok(Ok(()))
}

/// How a head stands to the last one seen.
enum Link {
    /// Nothing was seen before.
    First,
    /// Proven to continue it.
    Continues,
    /// Of a new epoch, which goes on from less than was seen, or from elsewhere.
    Anew(Ended),
    /// Not beyond what was seen.
    Known,
    /// Of an epoch that is over, said while it lasted.
    Old,
    /// Beyond what was seen, with a proof that begins elsewhere: ask for one from this size.
    Unproven { since: u64 },
}

/// Contradictions are ruled out already: a proof that does not hold begins at a head that was never seen.
fn compare(person: &Person, shown: &LogHead) -> Link {
    let Some(seen) = person.seen else { return Link::First };
    if shown.head.epoch != seen.epoch {
        return anew(person, seen, shown);
    }
    if shown.head.size <= seen.size {
        return Link::Known;
    }
    if shown.since == seen.size { Link::Continues } else { Link::Unproven { since: seen.size } }
}

fn anew(person: &Person, seen: TreeHead, shown: &LogHead) -> Link {
    let left = |epoch: &Option<Digest>| person.ended.iter().any(|ended| ended.seen.epoch == *epoch);
    let Some(restored) = shown.restored.as_ref().filter(|_| !left(&shown.head.epoch)) else { return Link::Old };
    let direct = restored.head.epoch == seen.epoch;
    if direct && seen.size <= restored.head.size && shown.since != seen.size {
        return Link::Unproven { since: seen.size };
    }
    // of an epoch that the backup does not know, only what that had begun with can be left
    let begun = if direct { u64::MAX } else { person.ended.last().map_or(0, |ended| ended.kept) };
    Link::Anew(Ended { seen, kept: restored.head.size.min(begun).min(seen.size), restored: restored.time })
}

/// Keeps the head as the last one seen, logs and cosigns it.
fn follow(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    mut person: Person,
    said: &Statement,
) -> Result<(), ConsentError> {
    let (party, head) = (said.party, said.head);
    let before = person.seen.replace(head);
    draft.put(&party.0, &person)?;
    let cosign = heads::cosign(draft, context, party, head)?;
    let key = HeadRecord::theirs(&party, person.ended.len(), head.size);
    let receipt = draft.get::<HeadRecord>(&key)?.and_then(|record| record.receipt);
    let record = HeadRecord {
        head,
        receipt,
        shown: Some(ByteBuf::from(said.bytes())),
        checkpoint: None,
        cosign: Some(ByteBuf::from(cosign.bytes())),
    };
    draft.put(&key, &record)?;
    // of those no receipt needs, only the last one is kept
    if let Some(before) = before.filter(|before| before.epoch == head.epoch) {
        let key = HeadRecord::theirs(&party, person.ended.len(), before.size);
        if draft.get::<HeadRecord>(&key)?.is_some_and(|record| record.receipt.is_none()) {
            draft.delete::<HeadRecord>(&key);
        }
    }
    Ok(())
}

/// A head not beyond what was seen answers the question how it continues the head of a receipt.
fn link_receipt(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    person: &Person,
    said: &Statement,
    shown: &LogHead,
) -> Result<(), ConsentError> {
    let key = |size| HeadRecord::theirs(&said.party, person.ended.len(), size);
    let waits = |record: &HeadRecord| record.shown.is_none() && record.receipt.is_some();
    let Some(mut record) = draft.get::<HeadRecord>(&key(shown.since))?.filter(waits) else { return Ok(()) };
    let cosigned: Option<HeadRecord> = draft.get(&key(shown.head.size))?;
    let cosign = cosigned.filter(|kept| kept.head == shown.head && links(kept)).and_then(|kept| kept.cosign);
    match (cosign, person.seen) {
        (Some(cosign), _) if proves_consistency(&record.head, &shown.head, &shown.consistency) => {
            record.shown = Some(ByteBuf::from(said.bytes()));
            record.cosign = Some(cosign);
            draft.put(&key(shown.since), &record)
        }
        // another head was seen meanwhile, and this one is no longer kept
        (None, Some(seen)) if seen.size > shown.head.size => ask(draft, context, &said.party, shown.since, seen.size),
        _ => Ok(()),
    }
}

/// Whether the head that this record is about is the very one that was cosigned.
fn links(record: &HeadRecord) -> bool {
    let shown = record.shown.as_ref().and_then(|bytes| Signed::<LogHead>::open(bytes).ok());
    shown.is_some_and(|shown| shown.body().head == record.head)
}

/// The head in a receipt is linked to those that were checked, or asked for.
pub(crate) fn receipted(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    receipt: &Signed<Receipt>,
) -> Result<(), ConsentError> {
    let said = Statement::stated(receipt);
    let (party, head) = (said.party, said.head);
    let person: Person = draft.need(&party.0)?;
    if let Some(against) = contradicted(draft, &person, &said, 0)? {
        return doubt(draft, person, &against, &said);
    }
    let seen = person.seen.filter(|seen| seen.epoch == head.epoch);
    if seen.is_none() && person.seen.is_some() {
        // of an epoch not heard of yet, or of one that is over
        let over = person.ended.iter().any(|ended| ended.seen.epoch == head.epoch);
        return if over { Ok(()) } else { ask(draft, context, &party, 0, head.size) };
    }
    let key = HeadRecord::theirs(&party, person.ended.len(), head.size);
    let kept: Option<HeadRecord> = draft.get(&key)?;
    let asked = kept.is_some();
    let empty = HeadRecord { head, receipt: None, shown: None, checkpoint: None, cosign: None };
    let mut record = kept.unwrap_or(empty);
    record.receipt.get_or_insert(receipt.id());
    draft.put(&key, &record)?;
    let seen = seen.map_or(0, |seen| seen.size);
    if asked { Ok(()) } else { ask(draft, context, &party, seen.min(head.size), seen.max(head.size)) }
}

fn ask(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    party: &PartyId,
    since: u64,
    size: u64,
) -> Result<(), ConsentError> {
    outbox::say(draft, context, party, HeadAsk { since, size }, vec![])?;
    Ok(())
}

/// A statement kept of them that cannot be true together with this one.
fn contradicted(
    draft: &Draft<'_>,
    person: &Person,
    said: &Statement,
    since: u64,
) -> Result<Option<Statement>, ConsentError> {
    let kept = |size| {
        let record: Option<HeadRecord> = draft.get(&HeadRecord::theirs(&said.party, person.ended.len(), size))?;
        Ok::<_, ConsentError>(record.map(|record| statement_of(draft, &record)).transpose()?.flatten())
    };
    let seen = match person.seen {
        // the first version kept the head and not the message
        Some(seen) => kept(seen.size)?.or_else(|| Some(Statement::remembered(said.party, seen, said.created))),
        None => None,
    };
    let others = [kept(said.head.size)?, kept(since)?];
    let mut before = seen.into_iter().chain(others.into_iter().flatten());
    Ok(before.find(|before| contradiction(before, said).is_some()))
}

/// What they said of the head that a record is about.
fn statement_of(draft: &Draft<'_>, record: &HeadRecord) -> Result<Option<Statement>, ConsentError> {
    let shown = record.shown.as_ref().and_then(|bytes| Statement::open(bytes).ok());
    if let Some(shown) = shown.filter(|shown| shown.head == record.head) {
        return Ok(Some(shown));
    }
    let Some(receipt) = record.receipt else { return Ok(None) };
    let receipt: Option<ReceiptRecord> = draft.get(&receipt.0)?;
    Ok(receipt.map(|receipt| receipt.open()).transpose()?.map(|signed| Statement::stated(&signed)))
}

/// Keeps the first two statements that contradict each other: they are the proof.
fn doubt(draft: &mut Draft<'_>, mut person: Person, against: &Statement, said: &Statement) -> Result<(), ConsentError> {
    if person.fork.is_some() {
        return Ok(());
    }
    person.fork = Some(ByteBuf::from(said.bytes()));
    person.against = Some(against.bytes()).filter(|bytes| !bytes.is_empty()).map(ByteBuf::from);
    draft.put(&said.party.0, &person)?;
    draft.notify(Notice::LogForked(said.party));
    Ok(())
}

#[cfg(test)]
mod tests;
