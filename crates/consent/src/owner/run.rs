//! Runs: checked, counted and logged in one durable step; computed afterwards; handed over as a signed receipt.

use super::request::live;
use crate::{
    ConsentError, Notice,
    context::Context,
    draft::{Draft, Effect},
    ledger,
    log::{self, heads},
    outbox,
    record::{
        GrantRecord, Look, OpenRun, Person, Preview, ReceiptRecord, RequestRecord, RequestState, RunRecord, RunState,
        Side, run_key,
    },
    vouching,
};
use protocol::{
    Commitment, Entry, Event, MessageId, Outcome, Refusal, Salt, Signed, VersionHash,
    limits::LIFETIME_SECONDS,
    message::{Answer, Grant, NotReleased, Note, Receipt, Review, Run, RunEntry},
};
use serde_bytes::ByteBuf;

/// What computing a run came to.
#[derive(Clone, Debug)]
pub enum Computed {
    /// This, over that version.
    Outcome {
        /// The outcome.
        outcome: Outcome,
        /// The version that was read.
        version: VersionHash,
        /// What is worth knowing about it.
        notes: Vec<Note>,
    },
    /// Nothing, and this much of the reason may be told.
    Nothing(NotReleased),
}

/// A run that was computed.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What it came to.
    pub computed: Computed,
    /// Name and version of the program that computed it.
    pub engine: String,
    /// The requester is connected: the release is logged in the same durable step as the receipt.
    pub hand_over: bool,
}

/// Somebody asks to run what was approved. A repeat of a run spends nothing: it is resumed or answered again.
pub fn asked_to_run(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    run: &Signed<Run>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let body = run.body();
    let grant: Option<GrantRecord> = draft.get(&body.grant.0)?;
    let Some(grant) = grant.filter(|grant| grant.side == Side::Owner && grant.other == run.sender()) else {
        return Ok(Err(Refusal::Unknown));
    };
    let request: Option<RequestRecord> = draft.get(&body.request.0)?;
    let Some(request) = request.filter(|request| request.grant == Some(body.grant)) else {
        return Ok(Err(Refusal::Unknown));
    };
    if let Some(before) = draft.get::<RunRecord>(&run_key(&body.grant, body.number))? {
        return again(draft, run, &before);
    }
    let now = context.now(draft)?;
    if let Err(refusal) = live(&grant, now) {
        return refuse(draft, context, run, refusal);
    }
    let decided = matches!(request.state, RequestState::Approved);
    if !decided || request.run.is_some() || body.number > grant.uses() {
        return refuse(draft, context, run, Refusal::Conflict);
    }
    begin(draft, context, run, grant, request)?;
    Ok(Ok(()))
}

/// Refused runs are logged too: somebody tried.
fn refuse(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    run: &Signed<Run>,
    refusal: Refusal,
) -> Result<Result<(), Refusal>, ConsentError> {
    log::append(draft, context, Event::RunRefused { run: run.id() })?;
    Ok(Err(refusal))
}

fn again(draft: &mut Draft<'_>, run: &Signed<Run>, before: &RunRecord) -> Result<Result<(), Refusal>, ConsentError> {
    if before.request != run.body().request {
        return Ok(Err(Refusal::Conflict));
    }
    match before.state {
        // it waits for the owner: asking again changes nothing
        RunState::Begun if before.look == Some(Look::Awaited) => return Ok(Err(Refusal::Paused)),
        RunState::Begun => draft.then(Effect::Compute { grant: run.body().grant, number: run.body().number }),
        RunState::Withheld => return Ok(Err(Refusal::Revoked)),
        RunState::Receipted(receipt) => {
            let record: ReceiptRecord = draft.need(&receipt.0)?;
            // one that was never handed over still waits in the outbox
            if record.released.is_some() {
                outbox::owe(draft, &run.sender(), &record.open()?, vec![], None)?;
            }
        }
    }
    Ok(Ok(()))
}

fn begin(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    run: &Signed<Run>,
    mut grant: GrantRecord,
    mut request: RequestRecord,
) -> Result<(), ConsentError> {
    let Run { grant: id, request: asked, number } = *run.body();
    let terms = request.open()?.body().terms.clone();
    grant.spent += 1;
    draft.put(&id.0, &grant)?;
    request.run = Some(number);
    draft.put(&asked.0, &request)?;
    let entry = log::append(draft, context, Event::Ran { grant: id, request: asked, number })?;
    let record = RunRecord {
        request: asked,
        dataset: terms.dataset,
        version: terms.version,
        computation: terms.computation,
        entry,
        state: RunState::Begun,
        look: None,
    };
    draft.put(&run_key(&id, number), &record)?;
    draft.put(&run_key(&id, number), &OpenRun { number })?;
    draft.notify(Notice::GrantChanged(id));
    draft.then(Effect::Compute { grant: id, number });
    Ok(())
}

/// Runs begun and not finished: after a restart they are computed. Not those that wait for the owner.
pub fn unfinished(draft: &Draft<'_>) -> Result<Vec<(MessageId, u32)>, ConsentError> {
    let mut unfinished = Vec::new();
    for (key, open) in draft.all::<OpenRun>(&[])? {
        if draft.need::<RunRecord>(&key)?.look != Some(Look::Awaited) {
            unfinished.push((crate::people::id_of(key.get(..32).unwrap_or_default()), open.number));
        }
    }
    Ok(unfinished)
}

/// A run is computed: makes the receipt, unless the grant was revoked meanwhile.
pub fn computed(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    grant: &MessageId,
    number: u32,
    finished: Finished,
) -> Result<(), ConsentError> {
    let key = run_key(grant, number);
    let mut run: RunRecord = draft.need(&key)?;
    if run.state != RunState::Begun {
        return Ok(());
    }
    draft.delete::<OpenRun>(&key);
    let given: GrantRecord = draft.need(&grant.0)?;
    if given.revoked.is_some() {
        run.state = RunState::Withheld;
        draft.put(&key, &run)?;
        log::append(draft, context, Event::Withheld { grant: *grant, number })?;
        return Ok(());
    }
    let answer = answer(draft, context, &given, &run, finished.computed)?;
    let receipt = receipt(draft, context, &given, (grant, number), &run, (answer, finished.engine))?;
    run.state = RunState::Receipted(receipt.id());
    draft.put(&key, &run)?;
    let mut request: RequestRecord = draft.need(&run.request.0)?;
    request.receipt = Some(receipt.id());
    request.state = RequestState::Done;
    draft.put(&run.request.0, &request)?;
    let record = ReceiptRecord {
        side: Side::Owner,
        other: given.other,
        message: ByteBuf::from(receipt.bytes()),
        released: None,
        withheld: false,
    };
    draft.put(&receipt.id().0, &record)?;
    outbox::owe(draft, &given.other, &receipt, vec![], Some(*grant))?;
    log::append(draft, context, Event::Receipted { receipt: receipt.id() })?;
    if finished.hand_over {
        outbox::release_receipt(draft, context, &given.other, &receipt.id())?;
    }
    draft.notify(Notice::Receipted { receipt: receipt.id(), request: run.request });
    Ok(())
}

/// Only what was approved leaves: the same version, and for a single outcome the very one that was shown.
fn answer(
    draft: &Draft<'_>,
    context: &mut Context<'_>,
    grant: &GrantRecord,
    run: &RunRecord,
    computed: Computed,
) -> Result<Answer, ConsentError> {
    let (outcome, version, notes) = match computed {
        Computed::Nothing(reason) => return Ok(Answer::NotReleased { reason }),
        Computed::Outcome { outcome, version, notes } => (outcome, version, notes),
    };
    let changed = Answer::NotReleased { reason: NotReleased::DatasetChanged };
    if version != run.version {
        return Ok(changed);
    }
    let bound: Option<(Salt, Commitment)> = match &grant.grant {
        Grant::Once(once) => Some((grant.salt.ok_or(ConsentError::NotFound("salt"))?, once.outcome)),
        Grant::Standing(standing) if standing.review == Review::Each || shown(draft, grant, run)? => {
            match reviewed(draft, run)? {
                Some(seen) => Some(seen),
                // erased meanwhile: nothing says any more what may leave
                None => return Ok(Answer::NotReleased { reason: NotReleased::Unspecified }),
            }
        }
        Grant::Standing(_) | Grant::Under(_) => None,
    };
    let salt = match bound {
        Some((salt, commitment)) if outcome.commitment(&salt)? == commitment => salt,
        Some(_) => return Ok(changed),
        None => context.salt(),
    };
    Ok(Answer::Released { outcome, salt, notes })
}

/// Whether the owner was shown the outcome of this very request before she said yes.
fn shown(draft: &Draft<'_>, grant: &GrantRecord, run: &RunRecord) -> Result<bool, ConsentError> {
    Ok(run.request == grant.request || ledger::looked_at(draft, &run.request)?.0)
}

/// What the owner saw of this run's request, under a standing grant whose outcomes are reviewed; none once erased.
fn reviewed(draft: &Draft<'_>, run: &RunRecord) -> Result<Option<(Salt, Commitment)>, ConsentError> {
    let request: RequestRecord = draft.need(&run.request.0)?;
    let seen = request.preview.as_ref().map(Preview::commitment).transpose()?.flatten();
    Ok(seen.map(|(commitment, salt)| (salt, commitment)))
}

fn receipt(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    given: &GrantRecord,
    (grant, number): (&MessageId, u32),
    run: &RunRecord,
    (answer, engine): (Answer, String),
) -> Result<Signed<Receipt>, ConsentError> {
    // the head goes first, so that the other side has checked it when the receipt comes
    let _: Person = draft.need(&given.other.0)?;
    let head = heads::show(draft, context, &given.other)?;
    let entry: Entry = log::entry(draft, run.entry)?;
    let now = context.now(draft)?;
    let (answer, voucher) = vouching::beside(answer, vouching::of_dataset(draft, &run.dataset, &run.version)?);
    let body = Receipt {
        grant: *grant,
        request: run.request,
        number,
        dataset: run.dataset,
        version: run.version,
        computation: run.computation.clone(),
        answer,
        engine,
        computed: now,
        entry: RunEntry {
            index: run.entry,
            salt: entry.salt,
            started: entry.time,
            head,
            inclusion: log::inclusion(draft, run.entry, head.size)?,
        },
        voucher,
    };
    outbox::sign(draft, context, &given.other, body, now + LIFETIME_SECONDS)
}

#[cfg(test)]
mod tests;
