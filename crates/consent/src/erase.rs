//! Erasing personal text. Signatures and proofs hold commitments only, and stand.

use crate::{
    ConsentError, Notice,
    context::Context,
    datasets::forget_catalog,
    draft::Draft,
    error::allow,
    log, offers, outbox, owner,
    record::{
        DatasetRecord, DecisionRecord, GrantRecord, InviteRecord, JoiningRecord, OutboxItem, Person, RequestRecord,
        RequestState, Side, Visibility,
    },
};
use protocol::{Commitment, Digest, Event, MessageId, PartyId, Text, message::Decision};
use sha2::{Digest as _, Sha256};

/// Erases the words of one request and what was shown of it; with it those of the request that went back to it or that
/// it goes back to, by a counter-offer accepted.
pub fn request(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let record: RequestRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("request"))?;
    let follows = record.follows;
    words_of(draft, id, record)?;
    // accepting a counter-offer repeated the same words
    if let Some(copy) = follows {
        words_of(draft, &copy, draft.need(&copy.0)?)?;
        draft.notify(Notice::RequestChanged(copy));
    }
    note(draft, context, &id.0)?;
    draft.notify(Notice::RequestChanged(*id));
    Ok(())
}

/// Requests of which one call of [`some_words`] erases the words: each takes up to four changes.
const AT_ONCE: usize = 1_024;

/// Erases the words of some requests of a person that nothing more can come of: a long history does not fit one commit.
/// Answers where the next call goes on; `None` after the last, then [`person`] does the rest. A call made twice, or the
/// last of them, changes nothing more.
pub fn some_words(
    draft: &mut Draft<'_>,
    party: &PartyId,
    after: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, ConsentError> {
    let page = draft.scan::<RequestRecord>(&[], after, AT_ONCE)?;
    let next = (page.len() == AT_ONCE).then(|| page.last().map(|(key, _)| key.clone())).flatten();
    for (key, record) in page {
        if record.other == *party && !record.erased && !open(&record) {
            words_of(draft, &crate::people::id_of(&key), record)?;
        }
    }
    Ok(next)
}

/// Erases everything a person said, what was shown of their requests, and ends what is between us.
///
/// All of it is one commit: where there are thousands of requests, [`some_words`] goes before.
pub fn person(draft: &mut Draft<'_>, context: &mut Context<'_>, party: &PartyId) -> Result<(), ConsentError> {
    let person: Person = draft.get(&party.0)?.ok_or(ConsentError::NotFound("person"))?;
    end_grants(draft, context, party)?;
    draft.each::<RequestRecord>(&[], |draft, key, mut record| {
        if record.other == *party && (!record.erased || open(&record)) {
            if open(&record) {
                record.state = RequestState::Closed;
            }
            words_of(draft, &crate::people::id_of(key), record)?;
        }
        Ok(())
    })?;
    offers::erase(draft, party)?;
    forget_catalog(draft, party)?;
    hide_from(draft, party)?;
    draft.each::<OutboxItem>(&party.0, |draft, key, item| {
        outbox::forget(draft, key, &item);
        Ok(())
    })?;
    forget_invites(draft, party)?;
    draft.delete::<Text>(&person.claims.0);
    draft.delete::<Person>(&party.0);
    note(draft, context, &party.0)?;
    draft.notify(Notice::PersonChanged(*party));
    Ok(())
}

/// Whoever comes back as a stranger sees what strangers see.
fn hide_from(draft: &mut Draft<'_>, party: &PartyId) -> Result<(), ConsentError> {
    for (key, mut dataset) in draft.all::<DatasetRecord>(&[])? {
        let Visibility::People(people) = &mut dataset.visible else { continue };
        if !people.contains(party) {
            continue;
        }
        people.retain(|one| one != party);
        if people.is_empty() {
            dataset.visible = Visibility::Nobody;
        }
        draft.put(&key, &dataset)?;
    }
    Ok(())
}

/// Whether something could still come of it.
fn open(record: &RequestRecord) -> bool {
    match record.state {
        RequestState::Waiting | RequestState::Sending | RequestState::Countered => true,
        RequestState::Approved => record.side == Side::Requester,
        _ => false,
    }
}

/// Invites hold words too: the hint, in the inviter's. Mine goes once nobody else can join by it.
fn forget_invites(draft: &mut Draft<'_>, party: &PartyId) -> Result<(), ConsentError> {
    for (key, joining) in draft.all::<JoiningRecord>(&[])? {
        if joining.paired == Some(*party) {
            draft.delete::<JoiningRecord>(&key);
        }
    }
    for (key, invite) in draft.all::<InviteRecord>(&[])? {
        let theirs = invite.joined.iter().any(|welcomed| welcomed.party == *party);
        if theirs && invite.joined.len() as u64 >= u64::from(invite.uses) {
            draft.delete::<InviteRecord>(&key);
        }
    }
    Ok(())
}

fn end_grants(draft: &mut Draft<'_>, context: &mut Context<'_>, party: &PartyId) -> Result<(), ConsentError> {
    draft.each::<GrantRecord>(&[], |draft, key, grant| {
        if grant.side == Side::Owner && grant.other == *party && grant.revoked.is_none() {
            owner::revoke(draft, context, &crate::people::id_of(key))?;
        }
        Ok(())
    })
}

fn words_of(draft: &mut Draft<'_>, id: &MessageId, mut record: RequestRecord) -> Result<(), ConsentError> {
    let undecided = record.state == RequestState::Waiting && record.side == Side::Owner;
    allow(!undecided, "decide the request first: erasing what waits would leave nothing to decide on")?;
    let mut words: Vec<Commitment> = vec![record.open()?.body().reason];
    if let Some(decision) = record.decision {
        let decision: DecisionRecord = draft.need(&decision.0)?;
        words.extend(because(&decision)?);
        words.extend(decision.despite);
    }
    for commitment in words {
        draft.delete::<Text>(&commitment.0);
    }
    record.preview = None;
    record.counter = None;
    record.erased = true;
    draft.put(&id.0, &record)
}

fn because(record: &DecisionRecord) -> Result<Option<Commitment>, ConsentError> {
    Ok(match record.open()?.body() {
        Decision::Deny(denial) => denial.because,
        Decision::Counter(counter) => counter.because,
        Decision::Approve(_) => None,
    })
}

fn note(draft: &mut Draft<'_>, context: &mut Context<'_>, subject: &[u8; 32]) -> Result<(), ConsentError> {
    let subject = Digest(Sha256::digest(subject).into());
    log::append(draft, context, Event::Erased { subject })?;
    Ok(())
}

/// The name shown for somebody who was erased.
pub fn erased_name(party: &PartyId) -> String {
    let id = party.to_string();
    format!("erased {}", id.get(..8).unwrap_or(&id))
}

#[cfg(test)]
mod tests;
