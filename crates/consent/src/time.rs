//! What time does: requests lapse, debts expire, replay memory is freed.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    mocks, outbox,
    record::{Asked, InviteRecord, JoiningRecord, Person, RequestRecord, RequestState, Seen, UndecidedRequest},
};
use protocol::{PartyId, limits::SKEW_SECONDS};

/// Records looked at in one call of [`passed`] per table: a call stays short whatever has piled up.
const AT_ONCE: usize = 256;

/// Days for which invites that are over are remembered: a late claimant is told so.
const INVITE_MEMORY: u64 = 30 * 24 * 3600;

/// Where the last call stopped looking; kept by the caller, lost without harm.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    seen: Option<Vec<u8>>,
    order: Option<Vec<u8>>,
}

/// Time has passed: call it every minute or so.
pub fn passed(draft: &mut Draft<'_>, context: &mut Context<'_>, progress: &mut Progress) -> Result<(), ConsentError> {
    let now = context.now(draft)?;
    forget_seen(draft, now, progress)?;
    lapse(draft, now, progress)?;
    for (key, _) in draft.all::<Person>(&[])? {
        if let Ok(party) = PartyId::try_from(&key[..]) {
            outbox::expire(draft, now, &party)?;
        }
    }
    for (key, invite) in draft.all::<InviteRecord>(&[])? {
        if invite.expires + INVITE_MEMORY < now {
            draft.delete::<InviteRecord>(&key);
        }
    }
    for (key, joining) in draft.all::<JoiningRecord>(&[])? {
        if joining.begun + INVITE_MEMORY < now {
            draft.delete::<JoiningRecord>(&key);
        }
    }
    for (key, asked) in draft.scan::<Asked>(Asked::PREFIX, None, AT_ONCE)? {
        if asked.expires < now {
            draft.delete::<Asked>(&key);
        }
    }
    mocks::forget(draft, now, AT_ONCE)
}

fn forget_seen(draft: &mut Draft<'_>, now: u64, progress: &mut Progress) -> Result<(), ConsentError> {
    let found = draft.scan::<Seen>(&[], progress.seen.as_deref(), AT_ONCE)?;
    progress.seen = (found.len() == AT_ONCE).then(|| found.last().map(|(key, _)| key.clone())).flatten();
    for (key, seen) in found {
        if seen.expires + SKEW_SECONDS < now {
            draft.delete::<Seen>(&key);
        }
    }
    Ok(())
}

fn lapse(draft: &mut Draft<'_>, now: u64, progress: &mut Progress) -> Result<(), ConsentError> {
    let found = draft.scan::<UndecidedRequest>(&[], progress.order.as_deref(), AT_ONCE)?;
    progress.order = (found.len() == AT_ONCE).then(|| found.last().map(|(key, _)| key.clone())).flatten();
    for (_, UndecidedRequest(id)) in found {
        let Some(mut record) = draft.get::<RequestRecord>(&id.0)? else { continue };
        let open = matches!(record.state, RequestState::Sending | RequestState::Waiting);
        if open && record.open()?.payload().expires + SKEW_SECONDS < now {
            record.state = RequestState::Expired;
            record.preview = None;
            record.counter = None;
            draft.put(&id.0, &record)?;
            draft.notify(Notice::RequestChanged(id));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
