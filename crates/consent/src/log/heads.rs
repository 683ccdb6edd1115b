//! Heads shown to counterparties and seen of theirs: what was cosigned cannot be rewritten unseen.

use super::{append, checkpoint, consistency, head, proves_consistency};
use crate::{ConsentError, Notice, context::Context, draft::Draft, outbox, record::Person};
use protocol::{
    Event, PartyId, Refusal, Signed,
    message::{Cosign, HeadAsk, LogHead, TreeHead},
};
use serde_bytes::ByteBuf;

/// Sends the head as it is now, with the proof that it continues what they cosigned last.
pub fn show(draft: &mut Draft<'_>, context: &mut Context<'_>, to: &PartyId) -> Result<TreeHead, ConsentError> {
    let person: Person = draft.expect(&to.0)?;
    let now = head(draft)?;
    let since = person.shown.map_or(0, |shown| shown.size);
    show_since(draft, context, to, since, now)?;
    Ok(now)
}

fn show_since(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    since: u64,
    head: TreeHead,
) -> Result<(), ConsentError> {
    let body = LogHead {
        head,
        since,
        consistency: consistency(draft, since, head.size)?,
        checkpoint: checkpoint::sign(&head, context.key()),
    };
    outbox::say(draft, context, to, body, vec![])?;
    Ok(())
}

/// They ask for a head that continues the one they know.
pub fn asked(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    ask: &Signed<HeadAsk>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let now = head(draft)?;
    if ask.body().since > now.size {
        return Ok(Err(Refusal::Unknown));
    }
    show_since(draft, context, &ask.sender(), ask.body().since, now)?;
    Ok(Ok(()))
}

/// Their head: checked against the one seen before, then cosigned. A contradiction is kept as evidence.
pub fn shown(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    shown: &Signed<LogHead>,
) -> Result<Result<(), Refusal>, ConsentError> {
    let (party, body) = (shown.sender(), shown.body());
    if checkpoint::open(&body.checkpoint, &party) != Some(body.head) {
        return Ok(Err(Refusal::Malformed));
    }
    let mut person: Person = draft.expect(&party.0)?;
    match compare(person.seen.as_ref(), body) {
        Link::Continues => {
            if person.seen != Some(body.head) {
                person.seen = Some(body.head);
                draft.put(&party.0, &person)?;
                append(draft, context, Event::HeadSeen { party, head: body.head })?;
                outbox::say(draft, context, &party, Cosign { head: body.head }, vec![])?;
            }
        }
        Link::Older => {}
        Link::Unproven(since) => {
            let ask = HeadAsk { since, size: body.head.size };
            outbox::say(draft, context, &party, ask, vec![])?;
        }
        Link::Forked => {
            person.fork = Some(ByteBuf::from(shown.bytes()));
            draft.put(&party.0, &person)?;
            draft.notify(Notice::LogForked(party));
        }
    }
    Ok(Ok(()))
}

/// They cosigned a head of mine.
pub fn cosigned(draft: &mut Draft<'_>, cosign: &Signed<Cosign>) -> Result<Result<(), Refusal>, ConsentError> {
    let mine = head(draft)?;
    let claimed = cosign.body().head;
    if claimed.size > mine.size || super::head_at(draft, claimed.size)? != claimed {
        return Ok(Err(Refusal::Conflict));
    }
    let mut person: Person = draft.expect(&cosign.sender().0)?;
    if person.shown.is_none_or(|shown| shown.size < claimed.size) {
        person.shown = Some(claimed);
        draft.put(&cosign.sender().0, &person)?;
    }
    Ok(Ok(()))
}

/// How a head stands to the one seen before.
enum Link {
    /// Proven to continue it, or the first one seen.
    Continues,
    /// Smaller than it.
    Older,
    /// The proof begins elsewhere: ask for one from this size.
    Unproven(u64),
    /// Contradicts it.
    Forked,
}

fn compare(seen: Option<&TreeHead>, shown: &LogHead) -> Link {
    let Some(seen) = seen else { return Link::Continues };
    if seen.size == shown.head.size {
        return if seen.root == shown.head.root { Link::Continues } else { Link::Forked };
    }
    if seen.size > shown.head.size {
        return Link::Older;
    }
    if seen.size != shown.since {
        return Link::Unproven(seen.size);
    }
    if proves_consistency(seen, &shown.head, &shown.consistency) { Link::Continues } else { Link::Forked }
}

#[cfg(test)]
mod tests;
