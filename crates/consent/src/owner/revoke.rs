//! The owner takes a grant or a counter-offer back.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    log, outbox,
    record::{
        ApprovedRequest, DecisionRecord, GrantRecord, ReceiptRecord, RequestRecord, RequestState, RunRecord, RunState,
        Side, run_key,
    },
};
use protocol::{
    DatasetId, Event, MessageId,
    message::{Decision, Revoke},
};

/// Stops every later run of a grant and every outcome not yet handed over; or withdraws a counter-offer.
pub fn revoke(draft: &mut Draft<'_>, context: &mut Context<'_>, decision: &MessageId) -> Result<(), ConsentError> {
    if draft.get::<GrantRecord>(&decision.0)?.is_some() {
        return revoke_grant(draft, context, decision);
    }
    let mut record: DecisionRecord = draft.get(&decision.0)?.ok_or(ConsentError::NotFound("grant or counter-offer"))?;
    allow(record.revoked.is_none(), "it was taken back already")?;
    let signed = record.open()?;
    let why = match signed.body() {
        Decision::Counter(_) => None,
        Decision::Deny(_) => Some("a denial cannot be taken back; wait for a new request"),
        Decision::Approve(_) => Some("this was one use of a standing grant; revoke that grant"),
    };
    allow(why.is_none(), why.unwrap_or_default())?;
    let mut request: RequestRecord = draft.need(&record.request.0)?;
    allow(request.side == Side::Owner, "only the one who made the offer can take it back")?;
    allow(request.follows.is_none(), "the counter-offer was accepted already; revoke the grant it led to")?;
    record.revoked = Some(context.now(draft)?);
    draft.put(&decision.0, &record)?;
    request.state = RequestState::Closed;
    draft.put(&record.request.0, &request)?;
    draft.notify(Notice::RequestChanged(record.request));
    tell(draft, context, &request.other, decision)
}

fn revoke_grant(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let mut grant: GrantRecord = draft.need(&id.0)?;
    allow(grant.side == Side::Owner, "this grant was given to you; only the owner can revoke it")?;
    allow(grant.revoked.is_none(), "it was revoked already")?;
    grant.revoked = Some(context.now(draft)?);
    draft.put(&id.0, &grant)?;
    for receipt in outbox::withhold(draft, &grant.other, id)? {
        withhold(draft, context, id, &receipt)?;
    }
    super::pause::give_up(draft, context, id)?;
    end_requests(draft, Side::Owner, id)?;
    draft.notify(Notice::GrantChanged(*id));
    tell(draft, context, &grant.other, id)
}

/// Marks every request that was to run under a grant now revoked.
pub(crate) fn end_requests(draft: &mut Draft<'_>, side: Side, grant: &MessageId) -> Result<(), ConsentError> {
    for (_, ApprovedRequest(id)) in draft.all::<ApprovedRequest>(&grant.0)? {
        let mut request: RequestRecord = draft.need(&id.0)?;
        if request.side == side && request.grant == Some(*grant) && request.state == RequestState::Approved {
            request.state = RequestState::Revoked;
            draft.put(&id.0, &request)?;
            draft.notify(Notice::RequestChanged(id));
        }
    }
    Ok(())
}

fn withhold(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    grant: &MessageId,
    receipt: &MessageId,
) -> Result<(), ConsentError> {
    let mut record: ReceiptRecord = draft.need(&receipt.0)?;
    record.withheld = true;
    draft.put(&receipt.0, &record)?;
    let number = record.open()?.body().number;
    let mut run: RunRecord = draft.need(&run_key(grant, number))?;
    run.state = RunState::Withheld;
    draft.put(&run_key(grant, number), &run)?;
    let mut request: RequestRecord = draft.need(&run.request.0)?;
    request.state = RequestState::Revoked;
    draft.put(&run.request.0, &request)?;
    draft.notify(Notice::RequestChanged(run.request));
    log::append(draft, context, Event::Withheld { grant: *grant, number })?;
    Ok(())
}

fn tell(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &protocol::PartyId,
    decision: &MessageId,
) -> Result<(), ConsentError> {
    log::append(draft, context, Event::Revoked { decision: *decision })?;
    outbox::say(draft, context, to, Revoke { decision: *decision }, vec![])?;
    Ok(())
}

/// Revokes every live grant on a dataset that is removed, and withdraws counter-offers about it.
pub(crate) fn revoke_all_on(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    dataset: DatasetId,
) -> Result<(), ConsentError> {
    draft.each::<GrantRecord>(&[], |draft, key, grant| {
        if grant.side == Side::Owner && grant.dataset == dataset && grant.revoked.is_none() {
            revoke_grant(draft, context, &crate::people::id_of(key))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
