//! Asking: a request, the acceptance of a counter-offer, a run of what was approved.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    log, mocks, offers, outbox,
    owner::next_request_order,
    people::words,
    record::{DecisionRecord, GrantRecord, Person, RequestRecord, RequestState, RunRecord, RunState, Side, run_key},
};
use protocol::{
    Event, Message, MessageId, PartyId, Refusal, Signed, UnixSeconds,
    limits::LIFETIME_SECONDS,
    message::{Decision, Grant, Request, Run, Terms},
};
use serde_bytes::ByteBuf;

/// Asks somebody; the request waits in the outbox until they have it. Returns its id.
pub fn request(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    of: &PartyId,
    terms: Terms,
    reason: &str,
    grant: Option<MessageId>,
    expires: UnixSeconds,
) -> Result<MessageId, ConsentError> {
    if let Some(id) = grant {
        let held: GrantRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("grant"))?;
        let covers = matches!(&held.grant, Grant::Standing(standing) if standing.covers(&terms));
        allow(held.side == Side::Requester && held.other == *of, "that grant was not given to you by this person")?;
        allow(covers, "the standing grant does not cover that dataset, computation, column or purpose")?;
        allow(held.revoked.is_none(), "that grant was revoked")?;
    }
    send(draft, context, of, terms, reason, Follows { counter: None, grant, request: None }, expires)
}

/// Accepts the counter-offer made to a request of mine: a new request, equal to the offer field by field.
pub fn accept(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<MessageId, ConsentError> {
    let mut asked: RequestRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("request"))?;
    allow(asked.side == Side::Requester, "only the one who asked can accept a counter-offer")?;
    allow(asked.follows.is_none(), "that counter-offer was accepted already")?;
    allow(asked.state == RequestState::Countered, "there is no counter-offer to accept")?;
    let decision = asked.decision.ok_or(ConsentError::NotFound("counter-offer"))?;
    let signed = draft.need::<DecisionRecord>(&decision.0)?.open()?;
    let Decision::Counter(offer) = signed.body() else { return Err(ConsentError::NotFound("counter-offer")) };
    let now = context.now(draft)?;
    allow(now <= offer.expires, "the counter-offer has expired; ask again")?;
    let first = asked.open()?;
    let reason: Option<protocol::Text> = draft.get(&first.body().reason.0)?;
    let reason = reason.as_ref().map_or("", protocol::Text::as_str).to_owned();
    let expires = offer.expires.max(now + 1).min(now + LIFETIME_SECONDS);
    let follows = Follows { counter: Some(decision), grant: None, request: Some(*id) };
    let new = send(draft, context, &asked.other, offer.proposal.clone(), &reason, follows, expires)?;
    asked.follows = Some(new);
    draft.put(&id.0, &asked)?;
    draft.notify(Notice::RequestChanged(*id));
    Ok(new)
}

/// What a request goes back to.
struct Follows {
    counter: Option<MessageId>,
    grant: Option<MessageId>,
    request: Option<MessageId>,
}

fn send(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    of: &PartyId,
    terms: Terms,
    reason: &str,
    follows: Follows,
    expires: UnixSeconds,
) -> Result<MessageId, ConsentError> {
    let person: Person = draft.get(&of.0)?.ok_or(ConsentError::NotFound("person"))?;
    allow(!person.blocked, "you have blocked this person; unblock them first")?;
    let now = context.now(draft)?;
    allow(expires > now, "the request would have expired already")?;
    let reason = words("reason", reason, context.salt())?;
    let body = Request { terms, reason: reason.commitment(), counter: follows.counter, grant: follows.grant };
    let signed = outbox::say_until(draft, context, of, body, vec![reason], expires)?;
    let record = RequestRecord {
        side: Side::Requester,
        other: *of,
        message: ByteBuf::from(signed.bytes()),
        order: next_request_order(draft, signed.id())?,
        index: None,
        at: now,
        state: RequestState::Sending,
        decision: None,
        decided: None,
        grant: follows.grant,
        follows: follows.request,
        preview: None,
        counter: None,
        run: None,
        receipt: None,
        refusal: None,
        erased: false,
    };
    draft.put(&signed.id().0, &record)?;
    log::append(draft, context, Event::Requested { request: signed.id() })?;
    draft.notify(Notice::RequestChanged(signed.id()));
    Ok(signed.id())
}

/// Asks to run what was approved; the same request always has the same run number.
pub fn run(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let mut record: RequestRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("request"))?;
    allow(record.side == Side::Requester, "the owner's computer runs it when the one who asked says so")?;
    runnable(&record)?;
    let grant_id = record.grant.ok_or(ConsentError::NotFound("grant"))?;
    let mut grant: GrantRecord = draft.need(&grant_id.0)?;
    allow(grant.revoked.is_none(), "the owner revoked this grant")?;
    let now = context.now(draft)?;
    let (from, until) = grant.window();
    allow(now + protocol::limits::SKEW_SECONDS >= from, "the grant is not valid yet")?;
    allow(now <= until + protocol::limits::SKEW_SECONDS, "the grant has expired; ask again")?;
    let number = match record.run {
        Some(number) => number,
        None => {
            allow(grant.spent < grant.uses(), "every use of this grant is spent; ask again")?;
            grant.spent += 1;
            draft.put(&grant_id.0, &grant)?;
            grant.spent
        }
    };
    record.run = Some(number);
    record.refusal = None;
    let terms = record.open()?.body().terms.clone();
    draft.put(&id.0, &record)?;
    let begun = RunRecord {
        request: *id,
        dataset: terms.dataset,
        version: terms.version,
        computation: terms.computation,
        entry: 0,
        state: RunState::Begun,
        look: None,
    };
    draft.put(&run_key(&grant_id, number), &begun)?;
    outbox::say(draft, context, &record.other, Run { grant: grant_id, request: *id, number }, vec![])?;
    Ok(())
}

fn runnable(record: &RequestRecord) -> Result<(), ConsentError> {
    let why = match record.state {
        RequestState::Approved => return Ok(()),
        RequestState::Sending | RequestState::Waiting => "the owner has not decided yet",
        RequestState::Denied => "the owner denied this request",
        RequestState::Countered => "the owner proposed something else; accept that, or ask again",
        RequestState::Refused => "the owner's side refused this request",
        RequestState::Expired => "this request was not decided in time; ask again",
        RequestState::Closed => "this request is closed; ask again",
        RequestState::Done => "this request was run already; its receipt is kept",
        RequestState::Revoked => "the owner revoked this grant",
    };
    allow(false, why)
}

/// The other side has a message of mine.
pub fn delivered(draft: &mut Draft<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let Some(mut record) = draft.get::<RequestRecord>(&id.0)? else { return Ok(()) };
    if record.side != Side::Requester || record.index.is_some() {
        return Ok(());
    }
    let mut person: Person = draft.need(&record.other.0)?;
    record.index = Some(person.requests.1);
    person.requests.1 += 1;
    draft.put(&record.other.0, &person)?;
    // a decision may have overtaken the ack
    if record.state == RequestState::Sending {
        record.state = RequestState::Waiting;
    }
    draft.put(&id.0, &record)?;
    draft.notify(Notice::RequestChanged(*id));
    Ok(())
}

/// The other side refuses a message of mine for good.
pub fn turned_away(
    draft: &mut Draft<'_>,
    _by: &PartyId,
    message: &[u8],
    id: &MessageId,
    refusal: Refusal,
) -> Result<(), ConsentError> {
    let request = match Message::open(message)? {
        Message::Request(_) => *id,
        Message::Run(run) => run.body().request,
        Message::Offer(_) => return offers::arrived(draft, id, Some(refusal)),
        Message::MockAsk(_) => return mocks::turned_away(draft, id, refusal),
        _ => return Ok(()),
    };
    let mut record: RequestRecord = draft.need(&request.0)?;
    record.refusal = Some(refusal);
    // a repeat that comes too late changes nothing of what was settled before
    record.state = match (record.state, request == *id, refusal) {
        (RequestState::Sending, true, _) => RequestState::Refused,
        (RequestState::Approved, false, Refusal::Revoked) => RequestState::Revoked,
        (RequestState::Approved, false, Refusal::Expired) => RequestState::Expired,
        (state, _, _) => state,
    };
    draft.put(&request.0, &record)?;
    draft.notify(Notice::RequestChanged(request));
    Ok(())
}

/// A signed request of mine, opened.
pub(super) fn mine(
    draft: &Draft<'_>,
    id: &MessageId,
    of: &PartyId,
) -> Result<Option<(RequestRecord, Signed<Request>)>, ConsentError> {
    let record: Option<RequestRecord> = draft.get(&id.0)?;
    let Some(record) = record.filter(|record| record.side == Side::Requester && record.other == *of) else {
        return Ok(None);
    };
    let signed = record.open()?;
    Ok(Some((record, signed)))
}

#[cfg(test)]
mod tests;
