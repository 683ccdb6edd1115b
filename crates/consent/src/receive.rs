//! A frame comes in: verified, not seen before, from somebody known; then handed to its handler.

use crate::{
    ConsentError,
    context::Context,
    datasets,
    draft::Draft,
    log::{heads, seen},
    mocks, offers, owner, people,
    record::{Person, Seen},
    requester,
};
use protocol::{Ack, Frame, Message, NotAcceptable, PartyId, Refusal, limits::SKEW_SECONDS};

/// Between which transport peers a frame travelled, as the transport authenticated them.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    /// My peer id.
    pub mine: &'a [u8],
    /// Theirs.
    pub theirs: &'a [u8],
}

/// Decides about one frame. `Accepted` may be answered only once the draft is durable.
///
/// Errors are this node's own trouble: answer [`Ack::Later`].
pub fn receive(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    frame: &Frame,
    path: Path<'_>,
) -> Result<Ack, ConsentError> {
    let Ok(message) = Message::open(&frame.message) else { return Ok(Ack::Refused(Refusal::Malformed)) };
    let now = context.now(draft)?;
    let id = message.id();
    // an answer that was lost is given again, whatever has expired meanwhile
    if message.acceptable(&context.me(), 0) != Err(NotAcceptable::Audience)
        && draft.get::<Seen>(Seen::key(&id))?.is_some()
    {
        return Ok(Ack::Accepted(id));
    }
    match message.acceptable(&context.me(), now) {
        Ok(()) => {}
        Err(NotAcceptable::Audience) => return Ok(Ack::Refused(Refusal::WrongAudience)),
        Err(NotAcceptable::Expired | NotAcceptable::Future) => return Ok(Ack::Refused(Refusal::Expired)),
    }
    if let Err(refusal) = known(draft, &message, path)? {
        return Ok(Ack::Refused(refusal));
    }
    match dispatch(draft, context, &message, frame, path)? {
        Err(refusal) => Ok(Ack::Refused(refusal)),
        Ok(()) => {
            draft.put(Seen::key(&id), &Seen { expires: message.expires().saturating_add(SKEW_SECONDS) })?;
            Ok(Ack::Accepted(id))
        }
    }
}

/// Whether that message was accepted, as long as that is remembered: until it could not be any more.
pub fn was_accepted(draft: &Draft<'_>, id: &protocol::MessageId) -> Result<bool, ConsentError> {
    Ok(draft.get::<Seen>(Seen::key(id))?.is_some())
}

/// Only a joiner may be a stranger; only a presence may come from a new place.
fn known(draft: &Draft<'_>, message: &Message, path: Path<'_>) -> Result<Result<(), Refusal>, ConsentError> {
    if matches!(message, Message::Join(_) | Message::Welcome(_)) {
        return Ok(blocked(draft, &message.sender())?.map_or(Ok(()), Err));
    }
    let Some(person) = draft.get::<Person>(&message.sender().0)? else { return Ok(Err(Refusal::Stranger)) };
    let place = matches!(message, Message::Presence(_)) || person.peer == path.theirs;
    Ok(if person.blocked || !place { Err(Refusal::Stranger) } else { Ok(()) })
}

fn blocked(draft: &Draft<'_>, party: &PartyId) -> Result<Option<Refusal>, ConsentError> {
    Ok(draft.get::<Person>(&party.0)?.filter(|person| person.blocked).map(|_| Refusal::Stranger))
}

fn dispatch(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    message: &Message,
    frame: &Frame,
    path: Path<'_>,
) -> Result<Result<(), Refusal>, ConsentError> {
    match message {
        Message::Join(join) => people::joined(draft, context, join, frame, path.mine, path.theirs),
        Message::Welcome(welcome) => people::welcomed(draft, context, welcome, frame),
        Message::Presence(presence) => people::present(draft, context, presence, path.theirs),
        Message::CatalogAsk(ask) => datasets::asked(draft, context, ask),
        Message::CatalogAnswer(answer) => datasets::answered(draft, answer, frame),
        Message::Request(request) => owner::requested(draft, context, request, frame),
        Message::Run(run) => owner::asked_to_run(draft, context, run),
        Message::Decision(decision) => requester::decided(draft, context, decision, frame),
        Message::Revoke(revoke) => requester::revoked(draft, context, revoke),
        Message::Receipt(receipt) => requester::received(draft, context, receipt),
        Message::HeadAsk(ask) => heads::asked(draft, context, ask),
        Message::LogHead(shown) => seen::shown(draft, context, shown),
        Message::Cosign(cosign) => heads::cosigned(draft, context, cosign),
        Message::MockAsk(ask) => mocks::asked(draft, context, ask),
        Message::MockAnswer(answer) => mocks::answered(draft, answer),
        Message::Offer(offer) => offers::offered(draft, context, offer, frame),
        Message::OfferReply(reply) => offers::answered(draft, context, reply),
    }
}

#[cfg(test)]
mod tests;
