//! The owner's decision, or its revocation, comes in.

use super::ask::mine;
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    log,
    owner::end_requests,
    record::{DecisionRecord, GrantRecord, RequestRecord, RequestState, Side},
};
use protocol::{
    Event, Frame, MessageId, Refusal, Signed,
    message::{Approval, Decision, Grant, Request, Revoke},
};
use serde_bytes::ByteBuf;

/// Keeps a verified decision about a request of mine.
pub fn decided(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    decision: &Signed<Decision>,
    frame: &Frame,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (id, because) = match decision.body() {
        Decision::Deny(denial) => (denial.request, denial.because),
        Decision::Counter(counter) => (counter.request, counter.because),
        Decision::Approve(approval) => (approval.request, None),
    };
    let Some((mut record, request)) = mine(draft, &id, &decision.sender())? else { return Ok(Err(Refusal::Unknown)) };
    if record.decision.is_some() || !matches!(record.state, RequestState::Sending | RequestState::Waiting) {
        return Ok(Err(Refusal::Conflict));
    }
    let state = match decision.body() {
        Decision::Deny(_) => RequestState::Denied,
        Decision::Counter(_) => RequestState::Countered,
        Decision::Approve(approval) => {
            if !held(draft, decision, &request, approval)? {
                return Ok(Err(Refusal::Conflict));
            }
            record.grant = Some(match approval.grant {
                Grant::Under(grant) => grant,
                Grant::Once(_) | Grant::Standing(_) => decision.id(),
            });
            RequestState::Approved
        }
    };
    if let Some(text) = because.and_then(|because| frame.text(&because)) {
        draft.put(&text.commitment().0, text)?;
    }
    record.state = state;
    record.decision = Some(decision.id());
    record.decided = Some(context.now(draft)?);
    draft.put(&id.0, &record)?;
    let kept = DecisionRecord {
        request: id,
        message: ByteBuf::from(decision.bytes()),
        revoked: None,
        seen: false,
        despite: None,
    };
    draft.put(&decision.id().0, &kept)?;
    log::append(draft, context, Event::Decided { request: id, decision: decision.id() })?;
    draft.notify(Notice::RequestChanged(id));
    Ok(Ok(()))
}

/// Keeps what an approval grants, if it answers what was asked.
fn held(
    draft: &mut Draft<'_>,
    decision: &Signed<Decision>,
    request: &Signed<Request>,
    approval: &Approval,
) -> Result<bool, ConsentError> {
    let terms = &request.body().terms;
    let answers = match &approval.grant {
        Grant::Once(once) => once.version == terms.version,
        Grant::Standing(standing) => standing.covers(terms),
        Grant::Under(id) => {
            let held: Option<GrantRecord> = draft.get(&id.0)?;
            return Ok(request.body().grant == Some(*id) && held.is_some_and(|held| held.other == decision.sender()));
        }
    };
    if answers {
        let record = GrantRecord {
            side: Side::Requester,
            other: decision.sender(),
            request: approval.request,
            dataset: terms.dataset,
            grant: approval.grant.clone(),
            salt: None,
            spent: 0,
            revoked: None,
            as_of: None,
            paused: None,
        };
        draft.put(&decision.id().0, &record)?;
        draft.notify(Notice::GrantChanged(decision.id()));
    }
    Ok(answers)
}

/// The owner took a grant or a counter-offer back.
pub fn revoked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    revoke: &Signed<Revoke>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let id = revoke.body().decision;
    let Some(mut decision) = draft.get::<DecisionRecord>(&id.0)? else { return Ok(Err(Refusal::Unknown)) };
    if decision.open()?.sender() != revoke.sender() {
        return Ok(Err(Refusal::Unknown));
    }
    let now = context.now(draft)?;
    decision.revoked = Some(now);
    draft.put(&id.0, &decision)?;
    if let Some(mut grant) = draft.get::<GrantRecord>(&id.0)? {
        grant.revoked = Some(now);
        draft.put(&id.0, &grant)?;
        draft.notify(Notice::GrantChanged(id));
    }
    end_requests(draft, Side::Requester, &id)?;
    close(draft, &decision.request)?;
    log::append(draft, context, Event::Revoked { decision: id })?;
    Ok(Ok(()))
}

/// A counter-offer that was withdrawn can no longer be accepted.
fn close(draft: &mut Draft<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let mut request: RequestRecord = draft.need(&id.0)?;
    if request.state == RequestState::Countered {
        request.state = RequestState::Closed;
        draft.put(&id.0, &request)?;
        draft.notify(Notice::RequestChanged(*id));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
