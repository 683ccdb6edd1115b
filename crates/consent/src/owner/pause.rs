//! The owner pauses a standing grant and resumes it; her node pauses it where together with what others were told its
//! answers would tell too much.
//!
//! Whoever holds a grant is told that it is paused, and nothing more: an owner may do that for any reason or none, so it
//! tells little of what others asked.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::{Draft, Effect},
    error::allow,
    ledger, log,
    record::{GrantRecord, Look, OpenRun, Paused, RunRecord, RunState, Side, run_key},
};
use protocol::{
    DatasetId, Event, MessageId,
    message::{Grant, Review},
};

/// Pauses a grant: until it is resumed nothing is asked or run under it.
pub fn pause(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let grant = given(draft, id)?;
    allow(grant.paused.is_none(), "it is paused already")?;
    let at = context.now(draft)?;
    set(draft, id, grant, Some(Paused { at, together: false }))
}

/// Resumes a grant. Outcomes that waited for the owner are let go.
pub fn resume(draft: &mut Draft<'_>, id: &MessageId) -> Result<(), ConsentError> {
    let grant = given(draft, id)?;
    allow(grant.paused.is_some(), "it is not paused")?;
    set(draft, id, grant, None)?;
    for (key, OpenRun { number }) in draft.all::<OpenRun>(&id.0)? {
        let mut run: RunRecord = draft.need(&key)?;
        if run.look == Some(Look::Awaited) {
            run.look = Some(Look::Given);
            draft.put(&key, &run)?;
            draft.then(Effect::Compute { grant: *id, number });
        }
    }
    Ok(())
}

/// A run's outcome would tell too much together with what others were told: it waits, and every grant under which more
/// could leave unseen of the same data is paused.
pub fn hold(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    number: u32,
    lineage: &DatasetId,
) -> Result<(), ConsentError> {
    let mut run: RunRecord = draft.need(&run_key(id, number))?;
    run.look = Some(Look::Awaited);
    draft.put(&run_key(id, number), &run)?;
    let at = context.now(draft)?;
    draft.each::<GrantRecord>(&[], |draft, key, grant| {
        let unseen = matches!(&grant.grant, Grant::Standing(standing) if standing.review == Review::None);
        let open = grant.side == Side::Owner && grant.revoked.is_none() && grant.paused.is_none();
        if !unseen || !open || ledger::lineage_of(draft, &grant.dataset)? != Some(*lineage) {
            return Ok(());
        }
        set(draft, &crate::people::id_of(key), grant, Some(Paused { at, together: true }))
    })?;
    draft.notify(Notice::Paused(*id));
    Ok(())
}

/// The grant is taken back: outcomes that waited for the owner are withheld.
pub(super) fn give_up(draft: &mut Draft<'_>, context: &mut Context<'_>, id: &MessageId) -> Result<(), ConsentError> {
    for (key, OpenRun { number }) in draft.all::<OpenRun>(&id.0)? {
        let mut run: RunRecord = draft.need(&key)?;
        if run.look == Some(Look::Awaited) {
            run.look = None;
            run.state = RunState::Withheld;
            draft.put(&key, &run)?;
            draft.delete::<OpenRun>(&key);
            log::append(draft, context, Event::Withheld { grant: *id, number })?;
        }
    }
    Ok(())
}

fn given(draft: &Draft<'_>, id: &MessageId) -> Result<GrantRecord, ConsentError> {
    let grant: GrantRecord = draft.get(&id.0)?.ok_or(ConsentError::NotFound("grant"))?;
    allow(grant.side == Side::Owner, "this grant was given to you; only the owner can pause it")?;
    allow(grant.revoked.is_none(), "this grant is revoked")?;
    allow(matches!(grant.grant, Grant::Standing(_)), "only a standing grant is paused; revoke this one")?;
    Ok(grant)
}

fn set(draft: &mut Draft<'_>, id: &MessageId, grant: GrantRecord, paused: Option<Paused>) -> Result<(), ConsentError> {
    draft.put(&id.0, &GrantRecord { paused, ..grant })?;
    draft.notify(Notice::GrantChanged(*id));
    Ok(())
}

#[cfg(test)]
mod tests;
