//! Erasing personal text. Signatures and proofs hold commitments only, and stand.

use crate::{
    ConsentError, Notice,
    context::Context,
    datasets::forget_catalog,
    draft::Draft,
    error::allow,
    log, owner,
    record::{DecisionRecord, GrantRecord, OutboxItem, Person, RequestRecord, RequestState, Side},
};
use protocol::{Commitment, Digest, Event, MessageId, PartyId, Text, message::Decision};
use sha2::{Digest as _, Sha256};

/// Erases the words of one request and what was shown of it.
pub fn request(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let record: RequestRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("request"))?;
    words_of(draft, id, record)?;
    note(draft, context, &id.0)?;
    draft.notify(Notice::RequestChanged(*id));
    Ok(())
}

/// Erases everything a person said, what was shown of their requests, and ends what is between us.
pub fn person(draft: &mut Draft<'_>, context: &mut Context<'_>, party: &PartyId) -> Result<(), ConsentError> {
    let person: Person = draft.get(&party.0)?.ok_or(ConsentError::NotFound("person"))?;
    end_grants(draft, context, party)?;
    for (key, mut record) in draft.all::<RequestRecord>(&[])? {
        if record.other == *party {
            if matches!(record.state, RequestState::Waiting | RequestState::Sending | RequestState::Countered) {
                record.state = RequestState::Closed;
            }
            words_of(draft, &crate::people::id_of(&key), record)?;
        }
    }
    forget_catalog(draft, party)?;
    for (key, _) in draft.all::<OutboxItem>(&party.0)? {
        draft.delete::<OutboxItem>(&key);
    }
    draft.delete::<Text>(&person.claims.0);
    draft.delete::<Person>(&party.0);
    note(draft, context, &party.0)?;
    draft.notify(Notice::PersonChanged(*party));
    Ok(())
}

fn end_grants(draft: &mut Draft<'_>, context: &mut Context<'_>, party: &PartyId) -> Result<(), ConsentError> {
    for (key, grant) in draft.all::<GrantRecord>(&[])? {
        if grant.side == Side::Owner && grant.other == *party && grant.revoked.is_none() {
            owner::revoke(draft, context, &crate::people::id_of(&key))?;
        }
    }
    Ok(())
}

fn words_of(draft: &mut Draft<'_>, id: &MessageId, mut record: RequestRecord) -> Result<(), ConsentError> {
    let undecided = record.state == RequestState::Waiting && record.side == Side::Owner;
    allow(!undecided, "decide the request first: erasing what waits would leave nothing to decide on")?;
    let mut words: Vec<Commitment> = vec![record.open()?.body().reason];
    if let Some(decision) = record.decision {
        words.extend(because(&draft.expect(&decision.0)?)?);
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
