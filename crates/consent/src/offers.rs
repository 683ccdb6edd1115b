//! Offers and refusals: what an institution decides about an applicant, bound to the receipts it rests on.

mod reason;

pub use reason::{NotSpecific, specific};

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    log, outbox,
    people::words,
    record::{OfferOn, OfferRecord, OfferState, Person, ReceiptRecord, Side},
};
use protocol::{
    Event, Frame, MessageId, PartyId, Refusal, Signed, Text, UnixSeconds,
    limits::{LIFETIME_SECONDS, SKEW_SECONDS},
    message::{Offer, OfferKind, OfferReason, OfferReply},
};
use serde_bytes::ByteBuf;

/// Offers and refusals that may name the same receipt first: who is told something can send no flood of them.
const PER_RECEIPT: usize = 8;

/// What is to be offered or refused.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// Offer or refusal.
    pub kind: OfferKind,
    /// Its words.
    pub words: String,
    /// The receipts it rests on, all of them from the applicant.
    pub receipts: Vec<MessageId>,
    /// Principal reasons of a refusal: each the receipt it is tied to, and its words.
    pub reasons: Vec<(MessageId, String)>,
    /// Until when it can be accepted.
    pub until: UnixSeconds,
}

/// Makes an offer or a refusal; it waits in the outbox until the applicant has it. Returns its id.
pub fn make(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    new: NewOffer,
) -> Result<MessageId, ConsentError> {
    let person: Person = draft.get(&to.0)?.ok_or(ConsentError::NotFound("person"))?;
    allow(!person.blocked, "you have blocked this person; unblock them first")?;
    let now = context.now(draft)?;
    allow(new.until > now, "the offer would have ended already; give a later time")?;
    allow(!new.receipts.is_empty(), "name at least one receipt that it rests on: halfdoor outcomes lists them")?;
    for receipt in &new.receipts {
        allow(rests(draft, receipt, to, Side::Requester)?, "it can rest only on receipts of this person's answers")?;
    }
    if new.kind == OfferKind::Refusal {
        allow(!new.reasons.is_empty(), "a refusal needs one to four reasons, each tied to an answer")?;
    }
    let mut texts = vec![words("words", &new.words, context.salt())?];
    let terms = commitment(&texts, 0)?;
    let mut reasons = Vec::new();
    for (receipt, said) in &new.reasons {
        specific(said).map_err(|why| ConsentError::Refused(why.to_string()))?;
        texts.push(words("reason", said, context.salt())?);
        reasons.push(OfferReason { receipt: *receipt, words: commitment(&texts, texts.len() - 1)? });
    }
    let body = Offer { kind: new.kind, terms, receipts: new.receipts, reasons, until: new.until };
    let signed = outbox::say_until(draft, context, to, body, texts, now + LIFETIME_SECONDS)?;
    keep(draft, context, Side::Requester, *to, &signed, OfferState::Sending)?;
    draft.notify(Notice::OfferChanged(signed.id()));
    Ok(signed.id())
}

fn commitment(texts: &[Text], at: usize) -> Result<protocol::Commitment, ConsentError> {
    texts.get(at).map(Text::commitment).ok_or(ConsentError::NotFound("words"))
}

/// Whether a receipt is one between that party and me.
fn rests(draft: &Draft<'_>, receipt: &MessageId, other: &PartyId, side: Side) -> Result<bool, ConsentError> {
    let kept: Option<ReceiptRecord> = draft.get(&receipt.0)?;
    Ok(kept.is_some_and(|kept| kept.side == side && kept.other == *other && !kept.withheld && kept.released.is_some()))
}

fn keep(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    side: Side,
    other: PartyId,
    signed: &Signed<Offer>,
    state: OfferState,
) -> Result<(), ConsentError> {
    let record = OfferRecord {
        side,
        other,
        message: ByteBuf::from(signed.bytes()),
        at: context.now(draft)?,
        state,
        reply: None,
        answered: None,
        refusal: None,
    };
    draft.put(&signed.id().0, &record)?;
    log::append(draft, context, Event::Offered { offer: signed.id() })?;
    Ok(())
}

/// An offer or a refusal comes in: kept if it rests on answers that I gave this party, and says what it means.
pub(crate) fn offered(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    offer: &Signed<Offer>,
    frame: &Frame,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (body, from) = (offer.body(), offer.sender());
    for receipt in &body.receipts {
        if !rests(draft, receipt, &from, Side::Owner)? {
            return Ok(Err(Refusal::Unknown));
        }
    }
    let Some(terms) = frame.text(&body.terms) else { return Ok(Err(Refusal::Malformed)) };
    let mut texts = vec![terms];
    for reason in &body.reasons {
        match frame.text(&reason.words) {
            Some(text) if specific(text.as_str()).is_ok() => texts.push(text),
            _ => return Ok(Err(Refusal::Malformed)),
        }
    }
    let first = body.receipts.first().map(|first| first.0).unwrap_or_default();
    if draft.scan::<OfferOn>(&first, None, PER_RECEIPT)?.len() >= PER_RECEIPT {
        return Ok(Err(Refusal::TooMany));
    }
    for text in texts {
        draft.put(&text.commitment().0, text)?;
    }
    keep(draft, context, Side::Owner, from, offer, OfferState::Told)?;
    draft.notify(Notice::OfferChanged(offer.id()));
    Ok(Ok(()))
}

/// Answers an offer made to me. The answer is final.
pub fn answer(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    accepted: bool,
) -> Result<(), ConsentError> {
    let mut record: OfferRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("offer"))?;
    allow(record.side == Side::Owner, "you made this offer; only the one it was made to can answer it")?;
    let offer = record.open()?;
    allow(offer.body().kind == OfferKind::Offer, "this is a refusal: there is nothing to accept or decline")?;
    allow(record.state == OfferState::Told, "this offer was answered already")?;
    let now = context.now(draft)?;
    allow(now <= offer.body().until, "this offer has ended; ask for a new one")?;
    let reply = outbox::say(draft, context, &record.other, OfferReply { offer: *id, accepted }, vec![])?;
    settle(draft, context, &mut record, &reply, now)
}

/// The applicant's answer comes in. It counts by when it was signed: a relay or a laptop that sleeps may delay it.
pub(crate) fn answered(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    reply: &Signed<OfferReply>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let record: Option<OfferRecord> = draft.get(&reply.body().offer.0)?;
    let Some(mut record) = record.filter(|of| of.side == Side::Requester && of.other == reply.sender()) else {
        return Ok(Err(Refusal::Unknown));
    };
    let offer = record.open()?;
    let open = matches!(record.state, OfferState::Sending | OfferState::Told);
    if offer.body().kind != OfferKind::Offer || !open {
        return Ok(Err(Refusal::Conflict));
    }
    if reply.payload().created > offer.body().until + SKEW_SECONDS {
        return Ok(Err(Refusal::Expired));
    }
    let now = context.now(draft)?;
    settle(draft, context, &mut record, reply, now)?;
    Ok(Ok(()))
}

fn settle(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    record: &mut OfferRecord,
    reply: &Signed<OfferReply>,
    now: UnixSeconds,
) -> Result<(), ConsentError> {
    let body = reply.body();
    record.state = if body.accepted { OfferState::Accepted } else { OfferState::Declined };
    record.reply = Some(ByteBuf::from(reply.bytes()));
    record.answered = Some(now);
    draft.put(&body.offer.0, record)?;
    log::append(draft, context, Event::OfferAnswered { offer: body.offer, reply: reply.id() })?;
    draft.notify(Notice::OfferChanged(body.offer));
    Ok(())
}

/// The applicant has an offer of mine, or will not keep it.
pub(crate) fn arrived(draft: &mut Draft<'_>, id: &MessageId, refusal: Option<Refusal>) -> Result<(), ConsentError> {
    let Some(mut record) = draft.get::<OfferRecord>(&id.0)? else { return Ok(()) };
    // an answer may have overtaken the ack
    if record.side == Side::Requester && record.state == OfferState::Sending {
        record.state = if refusal.is_some() { OfferState::Refused } else { OfferState::Told };
        record.refusal = refusal;
        draft.put(&id.0, &record)?;
        draft.notify(Notice::OfferChanged(*id));
    }
    Ok(())
}

/// Erases the words of every offer between that party and me.
pub(crate) fn erase(draft: &mut Draft<'_>, party: &PartyId) -> Result<(), ConsentError> {
    draft.each::<OfferRecord>(&[], |draft, _, record| {
        if record.other == *party {
            let offer = record.open()?;
            draft.delete::<Text>(&offer.body().terms.0);
            for reason in &offer.body().reasons {
                draft.delete::<Text>(&reason.words.0);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
