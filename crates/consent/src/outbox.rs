//! What is owed to a party: kept until acked or expired, in order, sent again over any path.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::{Draft, Effect},
    log, offers,
    record::{Counter, OutboxItem, Person, ReceiptRecord, numbered},
    requester,
};
use protocol::{
    Ack, Body, Commitment, Event, Frame, MessageId, PartyId, Payload, Signed, Text, UnixSeconds,
    limits::LIFETIME_SECONDS, message::CatalogAnswer,
};
use serde_bytes::ByteBuf;
use std::collections::BTreeMap;

/// The next thing to send.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Its place: pass it to [`release`] and [`settle`].
    pub key: Vec<u8>,
    /// Id of the message.
    pub id: MessageId,
    /// What to put on the stream.
    pub frame: Frame,
    /// Handing it over is the release of an outcome: call [`release`] first.
    pub releases: bool,
    /// When it is worth nothing any more.
    pub expires: UnixSeconds,
}

/// Signs a message that lives as long as messages may, and owes it to `to`.
pub(crate) fn say<B: Body>(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    body: B,
    texts: Vec<Text>,
) -> Result<Signed<B>, ConsentError> {
    let now = context.now(draft)?;
    say_until(draft, context, to, body, texts, now + LIFETIME_SECONDS)
}

/// Signs a message that expires at `expires`, and owes it to `to`.
pub(crate) fn say_until<B: Body>(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    body: B,
    texts: Vec<Text>,
    expires: UnixSeconds,
) -> Result<Signed<B>, ConsentError> {
    let signed = sign(draft, context, to, body, expires)?;
    for text in &texts {
        draft.put(&text.commitment().0, text)?;
    }
    owe(draft, to, &signed, texts.iter().map(Text::commitment).collect(), None)?;
    Ok(signed)
}

/// Signs a message to `to` without owing it.
pub(crate) fn sign<B: Body>(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    body: B,
    expires: UnixSeconds,
) -> Result<Signed<B>, ConsentError> {
    let created = context.now(draft)?;
    let payload = Payload { nonce: context.nonce(), sender: context.me(), audience: *to, created, expires, body };
    Ok(Signed::sign(payload, context.key())?)
}

/// Puts a signed message at the end of what is owed to `to`.
pub(crate) fn owe<B: Body>(
    draft: &mut Draft<'_>,
    to: &PartyId,
    signed: &Signed<B>,
    texts: Vec<Commitment>,
    unreleased: Option<MessageId>,
) -> Result<(), ConsentError> {
    let next = draft.get::<Counter>(Counter::OUTBOX)?.unwrap_or_default().0;
    draft.put(Counter::OUTBOX, &Counter(next + 1))?;
    let item = OutboxItem {
        id: signed.id(),
        message: ByteBuf::from(signed.bytes()),
        texts,
        expires: signed.payload().expires,
        unreleased,
    };
    draft.put(&numbered(to, next), &item)?;
    draft.then(Effect::Deliver(*to));
    Ok(())
}

/// The oldest thing owed to `to`, unless blocked; erased texts no longer travel.
pub fn next(draft: &Draft<'_>, to: &PartyId) -> Result<Option<Outgoing>, ConsentError> {
    Ok(owed(draft, to, None, 1)?.pop())
}

/// Things owed to `to`, oldest first, `most` at most; those behind the key `after`, where some are under way already.
/// None while `to` is blocked; erased texts no longer travel.
pub fn owed(draft: &Draft<'_>, to: &PartyId, after: Option<&[u8]>, most: usize) -> Result<Vec<Outgoing>, ConsentError> {
    let items = draft.scan::<OutboxItem>(&to.0, after, most)?;
    if items.is_empty() || draft.get::<Person>(&to.0)?.is_some_and(|person| person.blocked) {
        return Ok(Vec::new());
    }
    items.into_iter().map(|(key, item)| outgoing(draft, key, &item)).collect()
}

fn outgoing(draft: &Draft<'_>, key: Vec<u8>, item: &OutboxItem) -> Result<Outgoing, ConsentError> {
    let mut texts = Vec::new();
    for commitment in &item.texts {
        texts.extend(draft.get::<Text>(&commitment.0)?);
    }
    let frame = Frame::new(&item.message, texts);
    Ok(Outgoing { key, id: item.id, frame, releases: item.unreleased.is_some(), expires: item.expires })
}

/// How many things are owed to `to`, counted up to a thousand.
pub fn waiting(draft: &Draft<'_>, to: &PartyId) -> Result<u64, ConsentError> {
    Ok(draft.scan::<OutboxItem>(&to.0, None, 1000)?.len() as u64)
}

/// Records that a receipt is about to be handed over for the first time. Nothing may be sent before this is durable.
pub fn release(draft: &mut Draft<'_>, context: &mut Context<'_>, key: &[u8]) -> Result<(), ConsentError> {
    let mut item: OutboxItem = draft.need(key)?;
    if item.unreleased.take().is_some() {
        draft.put(key, &item)?;
        let mut receipt: ReceiptRecord = draft.need(&item.id.0)?;
        receipt.released = Some(context.now(draft)?);
        draft.put(&item.id.0, &receipt)?;
        log::append(draft, context, Event::Released { receipt: item.id })?;
    }
    Ok(())
}

/// Records the release of one receipt that was just made, its receiver being connected.
pub(crate) fn release_receipt(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    receipt: &MessageId,
) -> Result<(), ConsentError> {
    // it was owed in this very draft, as the last
    let last = draft.get::<Counter>(Counter::OUTBOX)?.unwrap_or_default().0.saturating_sub(1);
    let key = numbered(to, last);
    match draft.get::<OutboxItem>(&key)?.filter(|item| item.id == *receipt) {
        Some(_) => release(draft, context, &key),
        None => Ok(()),
    }
}

/// The other side answered: a final answer ends the debt.
pub fn settle(draft: &mut Draft<'_>, to: &PartyId, key: &[u8], ack: &Ack) -> Result<(), ConsentError> {
    let Some(item) = draft.get::<OutboxItem>(key)? else { return Ok(()) };
    match ack {
        Ack::Later => return Ok(()),
        Ack::Accepted(id) if *id == item.id => {
            requester::delivered(draft, &item.id)?;
            offers::arrived(draft, &item.id, None)?;
        }
        // an ack of something else is no ack
        Ack::Accepted(_) => return Ok(()),
        Ack::Refused(refusal) => requester::turned_away(draft, to, &item.message, &item.id, *refusal)?,
    }
    forget(draft, key, &item);
    draft.then(Effect::Deliver(*to));
    Ok(())
}

/// The other side answered some messages, by their ids: ends those debts as [`settle`] does.
pub fn settle_said(draft: &mut Draft<'_>, to: &PartyId, said: &BTreeMap<MessageId, Ack>) -> Result<(), ConsentError> {
    let mut found = Vec::new();
    draft.each::<OutboxItem>(&to.0, |_, key, item| {
        found.extend(said.get(&item.id).map(|ack| (key.to_vec(), ack)));
        Ok(())
    })?;
    found.iter().try_for_each(|(key, ack)| settle(draft, to, key, ack))
}

/// Ends a debt. The words of a catalog's answer were kept only to travel with it, and go too.
pub(crate) fn forget(draft: &mut Draft<'_>, key: &[u8], item: &OutboxItem) {
    draft.delete::<OutboxItem>(key);
    if let (false, Ok(answer)) = (item.texts.is_empty(), Signed::<CatalogAnswer>::reopen(&item.message)) {
        // not those of a voucher, which other answers may still need
        for pointer in &answer.body().pointers {
            draft.delete::<Text>(&pointer.name.0);
            draft.delete::<Text>(&pointer.description.0);
        }
    }
}

/// Drops what has expired unsent; a request among it is marked.
pub(crate) fn expire(draft: &mut Draft<'_>, now: UnixSeconds, to: &PartyId) -> Result<(), ConsentError> {
    for (key, item) in draft.scan::<OutboxItem>(&to.0, None, 64)? {
        if item.expires < now {
            forget(draft, &key, &item);
            draft.notify(Notice::Undelivered { to: *to, message: item.id });
        }
    }
    Ok(())
}

/// Takes back the unreleased outcomes of a grant; returns the receipts concerned.
pub(crate) fn withhold(draft: &mut Draft<'_>, to: &PartyId, grant: &MessageId) -> Result<Vec<MessageId>, ConsentError> {
    let mut receipts = Vec::new();
    draft.each::<OutboxItem>(&to.0, |draft, key, item| {
        if item.unreleased == Some(*grant) {
            draft.delete::<OutboxItem>(key);
            receipts.push(item.id);
        }
        Ok(())
    })?;
    Ok(receipts)
}

#[cfg(test)]
mod tests;
