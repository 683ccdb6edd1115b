//! Heads of my log as others see them: shown, asked for, cosigned. What they cosigned cannot be rewritten unseen.

use super::{append, checkpoint, consistency, entry, epoch, head, head_at, size};
use crate::{
    ConsentError,
    context::Context,
    draft::Draft,
    outbox,
    record::{HeadRecord, Person},
};
use protocol::{
    Event, PartyId, Refusal, Signed,
    message::{Cosign, HeadAsk, LogHead, TreeHead},
};
use serde_bytes::ByteBuf;

/// Entries looked at for news at most; more than that are taken for news unread.
const LOOK_BACK: u64 = 16;

/// Sends the head as it is now, with the proof that it continues the one they were sent last.
///
/// What is owed is delivered in order, so that what they saw last is what was sent last; otherwise they ask.
pub fn show(draft: &mut Draft<'_>, context: &mut Context<'_>, to: &PartyId) -> Result<TreeHead, ConsentError> {
    let mut person: Person = draft.need(&to.0)?;
    let now = head(draft)?;
    let since = person.sent.or(person.shown).map_or(0, |sent| sent.size);
    say(draft, context, to, since, now)?;
    person.sent = Some(now);
    draft.put(&to.0, &person)?;
    Ok(now)
}

/// They are here again: sends the head if something was logged since they were sent one.
///
/// Only to somebody with whom something was agreed or asked. That heads were seen is no news, or two parties that
/// meet often would log nothing else.
pub fn greet(draft: &mut Draft<'_>, context: &mut Context<'_>, to: &PartyId) -> Result<(), ConsentError> {
    let Some(person) = draft.get::<Person>(&to.0)? else { return Ok(()) };
    let concerned = person.sent.or(person.shown).is_some() || person.requests != (0, 0);
    let since = person.sent.map_or(0, |sent| sent.size);
    if concerned && !person.blocked && news(draft, since)? {
        show(draft, context, to)?;
    }
    Ok(())
}

fn news(draft: &Draft<'_>, since: u64) -> Result<bool, ConsentError> {
    let size = size(draft)?;
    for index in (since.max(size.saturating_sub(LOOK_BACK))..size).rev() {
        if !matches!(entry(draft, index)?.what, Event::HeadSeen { .. }) {
            return Ok(true);
        }
    }
    Ok(size.saturating_sub(since) > LOOK_BACK)
}

fn say(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    since: u64,
    head: TreeHead,
) -> Result<(), ConsentError> {
    let now = size(draft)?;
    let body = LogHead {
        head,
        since,
        consistency: consistency(draft, since, head.size)?,
        checkpoint: checkpoint::sign(&head, context.key()),
        now: (now > head.size).then_some(now),
        restored: epoch::opening(draft, head.size)?,
    };
    outbox::say(draft, context, to, body, vec![])?;
    Ok(())
}

/// They ask for the head of some size, and that it continues one they know. A shorter log is shown as it is.
pub fn asked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    ask: &Signed<HeadAsk>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (to, HeadAsk { since, size: wanted }) = (ask.sender(), ask.body().clone());
    let shown = head_at(draft, wanted.min(size(draft)?).max(1))?;
    say(draft, context, &to, if since <= shown.size { since } else { 0 }, shown)?;
    let mut person: Person = draft.need(&to.0)?;
    if person.sent.is_none_or(|sent| sent.size < shown.size) {
        person.sent = Some(shown);
        draft.put(&to.0, &person)?;
    }
    Ok(Ok(()))
}

/// They cosigned a head of mine: kept, so that a receipt in it can be proven under both signatures.
pub fn cosigned(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    cosign: &Signed<Cosign>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (party, claimed) = (cosign.sender(), cosign.body().head);
    if claimed.size > size(draft)? || head_at(draft, claimed.size)? != claimed {
        return Ok(Err(Refusal::Conflict));
    }
    let mut person: Person = draft.need(&party.0)?;
    if person.shown.is_none_or(|shown| shown.size < claimed.size) {
        person.shown = Some(claimed);
        draft.put(&party.0, &person)?;
        let record = HeadRecord {
            head: claimed,
            receipt: None,
            shown: None,
            checkpoint: Some(checkpoint::sign(&claimed, context.key())),
            cosign: Some(ByteBuf::from(cosign.bytes())),
        };
        draft.put(&HeadRecord::mine(&party), &record)?;
    }
    Ok(Ok(()))
}

/// What they cosigned last and I can show: every head, with the party whose signature stands under it.
pub fn cosignatures(draft: &Draft<'_>) -> Result<Vec<(PartyId, HeadRecord)>, ConsentError> {
    let mut found = Vec::new();
    for (key, _) in draft.all::<Person>(&[])? {
        let Ok(party) = PartyId::try_from(&key[..]) else { continue };
        found.extend(draft.get::<HeadRecord>(&HeadRecord::mine(&party))?.map(|record| (party, record)));
    }
    Ok(found)
}

/// Logs that a head of theirs was checked, and tells them so under my signature.
pub(super) fn cosign(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    party: PartyId,
    head: TreeHead,
) -> Result<Signed<Cosign>, ConsentError> {
    append(draft, context, Event::HeadSeen { party, head })?;
    outbox::say(draft, context, &party, Cosign { head }, vec![])
}

#[cfg(test)]
mod tests;
