//! A home that goes on from a backup: what an old copy could do twice is void.
//!
//! Whatever happened after the backup is unknown here. So nothing may be left that acts without its owner deciding anew:
//! a grant may have been spent since, a counter-offer accepted, an invite used, an outcome handed over. Messages that are
//! still owed are sent again, which does no harm: the other side knows them by their ids. Messages that come again (their
//! ids were forgotten here) lead to a question at most, because every way to be answered without one is closed.

use crate::{
    ConsentError,
    context::Context,
    draft::Draft,
    log, owner,
    people::id_of,
    record::{
        GrantRecord, InviteRecord, JoiningRecord, Myself, OpenRun, OutboxItem, Record, RequestRecord, RequestState,
        RunRecord, RunState, Side,
    },
};
use protocol::{Event, MessageId, PartyId, UnixSeconds};

/// Records looked at in one call of [`page`].
const AT_ONCE: usize = 128;

/// What was voided, and what comes back that may surprise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voided {
    /// Grants given, and to whom: revoked, which they are told.
    pub grants: Vec<(MessageId, PartyId)>,
    /// Counter-offers made, by the request, and to whom: withdrawn, which they are told.
    pub counter_offers: Vec<(MessageId, PartyId)>,
    /// Runs that were counted and not finished: their outcomes are withheld.
    pub runs: Vec<(MessageId, u32)>,
    /// Outcomes made and not handed over: withheld.
    pub outcomes: Vec<MessageId>,
    /// Invites that were not used up: nobody can join by them any more.
    pub invites: Vec<MessageId>,
    /// Invites of others by which joining was not finished: to be joined by again.
    pub joining: u64,
    /// Requests that wait for a decision, perhaps once more.
    pub waiting: u64,
    /// Grants held: what was used of them since is not known here.
    pub held: u64,
}

/// How far restoring has come; begins with [`Progress::default`].
#[derive(Clone, Debug, Default)]
pub struct Progress {
    stage: Stage,
    after: Option<Vec<u8>>,
    /// What was voided so far.
    pub voided: Voided,
}

#[derive(Clone, Copy, Debug, Default)]
enum Stage {
    #[default]
    Begin,
    Runs,
    Outcomes,
    Grants,
    Requests,
    Invites,
    Joining,
    Over,
}

/// Voids the next bounded part; false once all is done. Each part is to be made durable before the next is asked for.
///
/// The home must not be in use before the last: it is made aside and put in place as a whole. `made` is when the backup
/// was made, by the clock of the machine that made it.
pub fn page(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    made: UnixSeconds,
    progress: &mut Progress,
) -> Result<bool, ConsentError> {
    let Progress { stage, after, voided } = progress;
    let last = match stage {
        Stage::Begin => begin(draft, context)?,
        Stage::Runs => runs(draft, context, voided)?,
        Stage::Outcomes => outcomes(draft, context, after.as_deref(), voided)?,
        Stage::Grants => grants(draft, context, after.as_deref(), made, voided)?,
        Stage::Requests => requests(draft, context, after.as_deref(), voided)?,
        Stage::Invites => invites(draft, after.as_deref(), voided)?,
        Stage::Joining => joining(draft, voided)?,
        Stage::Over => return Ok(false),
    };
    *after = last;
    if after.is_none() {
        *stage = stage.next();
    }
    Ok(true)
}

impl Stage {
    /// Outcomes after runs and grants after both: a grant is revoked once whatever was open under it is closed.
    fn next(self) -> Self {
        match self {
            Self::Begin => Self::Runs,
            Self::Runs => Self::Outcomes,
            Self::Outcomes => Self::Grants,
            Self::Grants => Self::Requests,
            Self::Requests => Self::Invites,
            Self::Invites => Self::Joining,
            Self::Joining | Self::Over => Self::Over,
        }
    }
}

/// Where the next part of a table begins; none when this was its last.
type Next = Option<Vec<u8>>;

/// A new epoch of the log, before anything else is logged; and a presence that outdoes every one sent since.
fn begin(draft: &mut Draft<'_>, context: &mut Context<'_>) -> Result<Next, ConsentError> {
    log::restart(draft, context)?;
    let mut myself: Myself = draft.need(Myself::KEY)?;
    // one presence a second since 1970 were sent by nobody
    myself.serial = myself.serial.saturating_add(1).max(context.now(draft)?);
    draft.put(Myself::KEY, &myself)?;
    Ok(None)
}

/// Runs that would be computed at the next start.
fn runs(draft: &mut Draft<'_>, context: &mut Context<'_>, voided: &mut Voided) -> Result<Next, ConsentError> {
    let found = draft.scan::<OpenRun>(&[], None, AT_ONCE)?;
    let full = found.len() == AT_ONCE;
    for (key, OpenRun { number }) in found {
        let grant = id_of(key.get(..32).unwrap_or_default());
        let mut run: RunRecord = draft.need(&key)?;
        run.state = RunState::Withheld;
        draft.put(&key, &run)?;
        draft.delete::<OpenRun>(&key);
        let mut request: RequestRecord = draft.need(&run.request.0)?;
        request.state = RequestState::Revoked;
        draft.put(&run.request.0, &request)?;
        log::append(draft, context, Event::Withheld { grant, number })?;
        voided.runs.push((grant, number));
        revoke(draft, context, &grant, voided)?;
    }
    // what was found is deleted: the next part begins at the beginning
    Ok(full.then(Vec::new))
}

/// Outcomes whose handing over would be their release.
fn outcomes(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    after: Option<&[u8]>,
    voided: &mut Voided,
) -> Result<Next, ConsentError> {
    let (found, next) = part::<OutboxItem>(draft, after)?;
    for (_, item) in found {
        if let Some(grant) = item.unreleased {
            voided.outcomes.push(item.id);
            // withholds every outcome of the grant that was not handed over
            revoke(draft, context, &grant, voided)?;
        }
    }
    Ok(next)
}

/// Grants that are not used up. One whose time is over is revoked in silence: a clock set back must not revive it.
fn grants(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    after: Option<&[u8]>,
    made: UnixSeconds,
    voided: &mut Voided,
) -> Result<Next, ConsentError> {
    let now = context.now(draft)?;
    let (found, next) = part::<GrantRecord>(draft, after)?;
    for (key, mut grant) in found {
        if grant.revoked.is_some() || grant.spent >= grant.uses() {
            continue;
        }
        match grant.side {
            Side::Owner if now <= grant.window().1 => revoke(draft, context, &id_of(&key), voided)?,
            Side::Owner => {
                grant.revoked = Some(now);
                draft.put(&key, &grant)?;
            }
            Side::Requester => {
                voided.held += 1;
                grant.as_of = Some(made);
                draft.put(&key, &grant)?;
            }
        }
    }
    Ok(next)
}

/// Counter-offers, which need no further decision to become a grant.
fn requests(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    after: Option<&[u8]>,
    voided: &mut Voided,
) -> Result<Next, ConsentError> {
    let (found, next) = part::<RequestRecord>(draft, after)?;
    for (key, mut request) in found.into_iter().filter(|(_, request)| request.side == Side::Owner) {
        match (request.state, request.decision) {
            (RequestState::Countered, Some(decision)) if request.follows.is_none() => {
                owner::revoke(draft, context, &decision)?;
                voided.counter_offers.push((id_of(&key), request.other));
            }
            (RequestState::Waiting, _) => {
                voided.waiting += 1;
                // a decision is made on what is shown from now on
                if request.preview.take().is_some() | request.counter.take().is_some() {
                    draft.put(&key, &request)?;
                }
            }
            _ => {}
        }
    }
    Ok(next)
}

/// Invites somebody may have joined by since. They are kept: who tries one now is refused, and the inviter told.
fn invites(draft: &mut Draft<'_>, after: Option<&[u8]>, voided: &mut Voided) -> Result<Next, ConsentError> {
    let (found, next) = part::<InviteRecord>(draft, after)?;
    for (key, mut invite) in found {
        let joined = u32::try_from(invite.joined.len()).unwrap_or(u32::MAX);
        if joined < invite.uses {
            invite.uses = joined;
            draft.put(&key, &invite)?;
            voided.invites.push(id_of(&key));
        }
    }
    Ok(next)
}

/// The secret half of an unfinished joining may have done its work since.
fn joining(draft: &mut Draft<'_>, voided: &mut Voided) -> Result<Next, ConsentError> {
    for (key, joining) in draft.all::<JoiningRecord>(&[])? {
        if joining.paired.is_none() {
            draft.delete::<JoiningRecord>(&key);
            voided.joining += 1;
        }
    }
    Ok(None)
}

/// Revokes a grant unless it was, and owes its holder the news.
fn revoke(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    id: &MessageId,
    voided: &mut Voided,
) -> Result<(), ConsentError> {
    let grant: GrantRecord = draft.need(&id.0)?;
    if grant.revoked.is_none() {
        owner::revoke(draft, context, id)?;
        voided.grants.push((*id, grant.other));
    }
    Ok(())
}

/// Some records of a table, and where the next ones begin.
type Part<R> = (Vec<(Vec<u8>, R)>, Next);

fn part<R: Record>(draft: &Draft<'_>, after: Option<&[u8]>) -> Result<Part<R>, ConsentError> {
    let found = draft.scan::<R>(&[], after, AT_ONCE)?;
    let next = (found.len() == AT_ONCE).then(|| found.last().map(|(key, _)| key.clone())).flatten();
    Ok((found, next))
}

#[cfg(test)]
mod tests;
