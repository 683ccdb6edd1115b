//! A request comes in.

use super::decide::{grant_once, grant_under};
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    log,
    record::{
        Counter, DatasetRecord, DecisionRecord, GrantRecord, Ordered, Person, RequestRecord, RequestState, Side,
        WaitingRequest,
    },
};
use protocol::{
    Computation, Event, Frame, MessageId, Refusal, Signed, UnixSeconds,
    message::{Decision, Grant, Request, Review},
};
use serde_bytes::ByteBuf;

/// Requests of one person that may wait for a decision at once: a flood must stay readable.
const WAITING_PER_PERSON: usize = 64;

/// What a request leads to on arrival.
enum Course {
    /// The owner decides.
    Wait,
    /// It accepts this counter-offer of mine.
    Accepts(Box<DecisionRecord>),
    /// It is one more use of this standing grant, whose outcomes are not reviewed.
    Covered(MessageId),
}

/// Keeps a verified request, and answers at once where the owner has decided beforehand.
pub fn requested(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    request: &Signed<Request>,
    frame: &Frame,
) -> Result<Result<(), Refusal>, ConsentError> {
    let now = context.now(draft)?;
    let terms = &request.body().terms;
    let dataset: Option<DatasetRecord> = draft.get(&terms.dataset.0)?;
    // what a person may not see does not exist for them
    let Some(dataset) = dataset.filter(|dataset| dataset.visible.includes(&request.sender())) else {
        return Ok(Err(Refusal::Unknown));
    };
    if dataset.version != terms.version || !answerable(&dataset, &terms.computation) || terms.until <= now {
        return Ok(Err(Refusal::Conflict));
    }
    let Some(reason) = frame.text(&request.body().reason) else { return Ok(Err(Refusal::Malformed)) };
    let course = match course(draft, request, &dataset, now)? {
        Ok(course) => course,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if matches!(course, Course::Wait) && crowded(draft, request)? {
        return Ok(Err(Refusal::TooMany));
    }
    draft.put(&reason.commitment().0, reason)?;
    keep(draft, context, request, now)?;
    match course {
        Course::Wait => draft.notify(Notice::RequestArrived(request.id())),
        Course::Accepts(decision) => accept(draft, context, request, &decision)?,
        Course::Covered(grant) => grant_under(draft, context, &request.id(), grant)?,
    }
    Ok(Ok(()))
}

fn keep(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    request: &Signed<Request>,
    now: UnixSeconds,
) -> Result<(), ConsentError> {
    let mut person: Person = draft.need(&request.sender().0)?;
    let order = next_order(draft, request.id())?;
    let record = RequestRecord {
        side: Side::Owner,
        other: request.sender(),
        message: ByteBuf::from(request.bytes()),
        order,
        index: Some(person.requests.0),
        at: now,
        state: RequestState::Waiting,
        decision: None,
        decided: None,
        grant: request.body().grant,
        follows: None,
        preview: None,
        counter: None,
        run: None,
        receipt: None,
        refusal: None,
        erased: false,
    };
    person.requests.0 += 1;
    draft.put(&request.sender().0, &person)?;
    draft.put(&request.id().0, &record)?;
    log::append(draft, context, Event::Requested { request: request.id() })?;
    Ok(())
}

/// The next position in the order of all requests, now taken by this one.
pub(crate) fn next_order(draft: &mut Draft<'_>, request: MessageId) -> Result<u64, ConsentError> {
    let order = draft.get::<Counter>(Counter::REQUESTS)?.unwrap_or_default().0;
    draft.put(Counter::REQUESTS, &Counter(order + 1))?;
    draft.put(&order.to_be_bytes(), &Ordered(request))?;
    Ok(order)
}

/// Whether the dataset has the columns, of the types that the computation reads.
pub(crate) fn answerable(dataset: &DatasetRecord, computation: &Computation) -> bool {
    computation.fits(&dataset.columns).is_ok()
}

fn crowded(draft: &Draft<'_>, request: &Signed<Request>) -> Result<bool, ConsentError> {
    let waiting = draft.scan::<WaitingRequest>(&request.sender().0, None, WAITING_PER_PERSON)?;
    Ok(waiting.len() >= WAITING_PER_PERSON)
}

fn course(
    draft: &Draft<'_>,
    request: &Signed<Request>,
    dataset: &DatasetRecord,
    now: UnixSeconds,
) -> Result<Result<Course, Refusal>, ConsentError> {
    if let Some(counter) = request.body().counter {
        return counter_offer(draft, request, counter, now);
    }
    let Some(id) = request.body().grant else { return Ok(Ok(Course::Wait)) };
    let Some(grant) = draft.get::<GrantRecord>(&id.0)? else { return Ok(Err(Refusal::Unknown)) };
    let Grant::Standing(standing) = &grant.grant else { return Ok(Err(Refusal::Conflict)) };
    let terms = &request.body().terms;
    if grant.side != Side::Owner || grant.other != request.sender() || !standing.covers(terms) {
        return Ok(Err(Refusal::Conflict));
    }
    Ok(live(&grant, now).map(|()| match standing.review {
        // what chooses rows by their amounts, and what is no sum over parts of the rows, the owner looks at all the same
        Review::None if terms.computation.may_go_unseen(&dataset.columns, dataset.rows) => Course::Covered(id),
        Review::None => Course::Wait,
        Review::Each => Course::Wait,
    }))
}

/// Whether a grant allows a run now; otherwise which refusal says why not.
pub(super) fn live(grant: &GrantRecord, now: UnixSeconds) -> Result<(), Refusal> {
    let (from, until) = grant.window();
    if grant.revoked.is_some() {
        return Err(Refusal::Revoked);
    }
    if grant.paused.is_some() {
        return Err(Refusal::Paused);
    }
    if now < from || now > until {
        return Err(Refusal::Expired);
    }
    if grant.spent >= grant.uses() { Err(Refusal::Spent) } else { Ok(()) }
}

/// A request that names a counter-offer must equal it field by field; it is granted once, without a further prompt.
fn counter_offer(
    draft: &Draft<'_>,
    request: &Signed<Request>,
    id: MessageId,
    now: UnixSeconds,
) -> Result<Result<Course, Refusal>, ConsentError> {
    let Some(record) = draft.get::<DecisionRecord>(&id.0)? else { return Ok(Err(Refusal::Unknown)) };
    let decision = record.open()?;
    let Decision::Counter(offer) = decision.body() else { return Ok(Err(Refusal::Conflict)) };
    let asked: RequestRecord = draft.need(&record.request.0)?;
    let refusal = if decision.payload().audience != request.sender() {
        Some(Refusal::Unknown)
    } else if record.revoked.is_some() || asked.follows.is_some() || asked.state != RequestState::Countered {
        Some(Refusal::Revoked)
    } else if now > offer.expires {
        Some(Refusal::Expired)
    } else {
        (offer.proposal != request.body().terms).then_some(Refusal::Conflict)
    };
    Ok(match refusal {
        Some(refusal) => Err(refusal),
        None => Ok(Course::Accepts(Box::new(record))),
    })
}

fn accept(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    request: &Signed<Request>,
    decision: &DecisionRecord,
) -> Result<(), ConsentError> {
    let mut asked: RequestRecord = draft.need(&decision.request.0)?;
    asked.follows = Some(request.id());
    let preview = asked.counter.clone();
    draft.put(&decision.request.0, &asked)?;
    let mut record: RequestRecord = draft.need(&request.id().0)?;
    record.follows = Some(decision.request);
    record.preview = preview;
    draft.put(&request.id().0, &record)?;
    draft.notify(Notice::RequestChanged(decision.request));
    let until = request.body().terms.until;
    grant_once(draft, context, &request.id(), until)
}

#[cfg(test)]
mod tests;
