//! A receipt comes in: kept only if every binding holds.

use super::{ask::mine, checks::binding_checks};
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    log,
    record::{DecisionRecord, ReceiptRecord, RequestState, RunRecord, RunState, Side, run_key},
};
use protocol::{Event, MessageId, Refusal, Signed, message::Receipt};
use serde_bytes::ByteBuf;

/// Keeps a receipt that answers a run of mine, every binding verified.
pub fn received(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    receipt: &Signed<Receipt>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let body = receipt.body();
    let Some((mut record, request)) = mine(draft, &body.request, &receipt.sender())? else {
        return Ok(Err(Refusal::Unknown));
    };
    if let Some(before) = record.receipt {
        return Ok(if before == receipt.id() { Ok(()) } else { Err(Refusal::Conflict) });
    }
    if record.run != Some(body.number) {
        return Ok(Err(Refusal::Conflict));
    }
    let Some(decision) = decision(draft, record.decision)? else { return Ok(Err(Refusal::Conflict)) };
    let standing = if record.decision == record.grant { None } else { self::decision(draft, record.grant)? };
    let checks = binding_checks(&request, &decision, standing.as_ref(), receipt)?;
    if checks.iter().any(|check| !check.holds) {
        return Ok(Err(Refusal::Conflict));
    }
    record.receipt = Some(receipt.id());
    record.state = RequestState::Done;
    record.refusal = None;
    draft.put(&body.request.0, &record)?;
    let key = run_key(&body.grant, body.number);
    let mut run: RunRecord = draft.need(&key)?;
    run.state = RunState::Receipted(receipt.id());
    draft.put(&key, &run)?;
    keep(draft, context, receipt)?;
    log::seen::receipted(draft, context, receipt)?;
    draft.notify(Notice::Receipted { receipt: receipt.id(), request: body.request });
    Ok(Ok(()))
}

fn decision(
    draft: &Draft<'_>,
    id: Option<MessageId>,
) -> Result<Option<Signed<protocol::message::Decision>>, ConsentError> {
    let Some(id) = id else { return Ok(None) };
    Ok(draft.get::<DecisionRecord>(&id.0)?.map(|record| record.open()).transpose()?)
}

fn keep(draft: &mut Draft<'_>, context: &mut Context<'_>, receipt: &Signed<Receipt>) -> Result<(), ConsentError> {
    let record = ReceiptRecord {
        side: Side::Requester,
        other: receipt.sender(),
        message: ByteBuf::from(receipt.bytes()),
        released: Some(context.now(draft)?),
        withheld: false,
    };
    draft.put(&receipt.id().0, &record)?;
    log::append(draft, context, Event::Receipted { receipt: receipt.id() })?;
    Ok(())
}

#[cfg(test)]
mod tests;
