//! Opening sessions: invites, the pairing handshake, presence, and what one calls people.

use crate::{
    ConsentError, Notice,
    context::Context,
    draft::Draft,
    error::allow,
    log, outbox,
    record::{InviteRecord, JoiningRecord, Myself, Person, Welcomed},
};
use protocol::{
    Commitment, Event, Frame, Invite, MessageId, Name, PartyId, Refusal, RelayHint, Salt, Signed, SignedInvite, Text,
    UnixSeconds,
    limits::{LIFETIME_SECONDS, PRESENCE_SECONDS},
    message::{Join, Presence, Welcome},
    pairing::{ExchangeSecret, Opening, Reply, same_proof},
    safety_code,
};
use serde_bytes::ByteBuf;

/// Most people one party is connected with: lists stay readable, and a leaked invite cannot fill the store.
const PEOPLE: usize = 4096;

/// The first words of a new home: its name, the beginning of its log.
pub fn begin(draft: &mut Draft<'_>, context: &mut Context<'_>, name: Name) -> Result<(), ConsentError> {
    allow(draft.get::<Myself>(Myself::KEY)?.is_none(), "this home has begun already")?;
    draft.put(Myself::KEY, &Myself { name, serial: 0 })?;
    let party = context.me();
    log::append(draft, context, Event::Begun { party })?;
    Ok(())
}

/// Makes an invite. Lifetime and uses are checked by the ticket itself.
pub fn invite(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    relays: Vec<RelayHint>,
    uses: u32,
    expires_in: UnixSeconds,
    hint: Option<Name>,
) -> Result<SignedInvite, ConsentError> {
    allow(!relays.is_empty(), "no relay is configured: an invite must say where to meet")?;
    let now = context.now(draft)?;
    let (secret, expires) = (context.secret(), now.saturating_add(expires_in));
    let invite = Invite { inviter: context.me(), relays, secret, expires, uses, hint };
    let signed = SignedInvite::sign(invite, context.key(), now)?;
    let record = InviteRecord { text: signed.text().to_owned(), secret, expires, uses, joined: Vec::new() };
    draft.put(&signed.id().0, &record)?;
    Ok(signed)
}

/// Invites whose time is not over. A spent one is among them: a second claimant is told, and so is the inviter.
pub fn current_invites(draft: &Draft<'_>, now: UnixSeconds) -> Result<Vec<(MessageId, InviteRecord)>, ConsentError> {
    let all = draft.all::<InviteRecord>(&[])?.into_iter();
    Ok(all.filter(|(_, record)| record.expires >= now).map(|(key, record)| (id_of(&key), record)).collect())
}

/// Begins, or begins again, to join by an invite: the frame to hand to the inviter's peer.
///
/// The proof covers both transport peer ids, so that it is of no use on another connection.
pub fn join(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    invite: &SignedInvite,
    my_peer: &[u8],
    their_peer: &[u8],
) -> Result<(MessageId, Frame), ConsentError> {
    let now = context.now(draft)?;
    let ticket = invite.invite();
    allow(ticket.inviter != context.me(), "this is your own invite; give it to the other person")?;
    allow(ticket.expires >= now, "the invite has expired; ask for a new one")?;
    let before: Option<JoiningRecord> = draft.get(&invite.id().0)?;
    if let Some(before) = before.filter(|b| b.my_peer == my_peer && b.their_peer == their_peer && b.paired.is_none()) {
        let join = Signed::<Join>::open(&before.join)?;
        return Ok((join.id(), Frame::new(&before.join, vec![name_text(draft, &join.body().name)?])));
    }
    let (exchange, nonce) = (context.secret(), context.nonce());
    let name = my_name(draft, context)?;
    let opening = Opening {
        inviter_peer: their_peer,
        joiner_peer: my_peer,
        inviter: ticket.inviter,
        joiner: context.me(),
        joiner_key: ExchangeSecret::from_secret(exchange).public(),
        joiner_nonce: nonce,
    };
    let body = Join {
        invite: invite.id(),
        key: opening.joiner_key,
        name: name.commitment(),
        proof: opening.join_proof(&ticket.secret)?,
    };
    let expires = ticket.expires.min(now + LIFETIME_SECONDS).max(now + 1);
    let payload =
        protocol::Payload { nonce, sender: context.me(), audience: ticket.inviter, created: now, expires, body };
    let signed = Signed::sign(payload, context.key())?;
    let record = JoiningRecord {
        text: invite.text().to_owned(),
        exchange,
        join: ByteBuf::from(signed.bytes()),
        my_peer: ByteBuf::from(my_peer),
        their_peer: ByteBuf::from(their_peer),
        begun: now,
        paired: None,
    };
    draft.put(&invite.id().0, &record)?;
    Ok((signed.id(), Frame::new(signed.bytes(), vec![name])))
}

/// Somebody joins by an invite of mine. Consumed durably for that identity before the answer leaves.
pub fn joined(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    join: &Signed<Join>,
    frame: &Frame,
    my_peer: &[u8],
    their_peer: &[u8],
) -> Result<Result<(), Refusal>, ConsentError> {
    let now = context.now(draft)?;
    let (party, body) = (join.sender(), join.body());
    let Some(mut record) = draft.get::<InviteRecord>(&body.invite.0)? else { return Ok(Err(Refusal::Invite)) };
    let opening = Opening {
        inviter_peer: my_peer,
        joiner_peer: their_peer,
        inviter: context.me(),
        joiner: party,
        joiner_key: body.key,
        joiner_nonce: join.payload().nonce,
    };
    // somebody who was erased meanwhile comes back as anybody else
    let known = draft.get::<Person>(&party.0)?.is_some();
    let retry = known && record.joined.iter().any(|welcomed| welcomed.party == party);
    let room = (record.joined.len() as u64) < u64::from(record.uses) && now <= record.expires;
    let proven = same_proof(&opening.join_proof(&record.secret)?, &body.proof);
    if !proven || !(retry || room) || (!known && full(draft)?) {
        draft.notify(Notice::InviteRefused(body.invite));
        return Ok(Err(Refusal::Invite));
    }
    let Some(name) = frame.text(&body.name) else { return Ok(Err(Refusal::Malformed)) };
    let exchange = ExchangeSecret::from_secret(context.secret());
    let reply = Reply { inviter_key: exchange.public(), inviter_nonce: context.nonce() };
    let Some(secret) = opening.pairing_secret(&reply, &exchange, body.key, &record.secret)? else {
        return Ok(Err(Refusal::Malformed));
    };
    record.joined.retain(|welcomed| welcomed.party != party);
    record.joined.push(Welcomed { party, join: join.id() });
    draft.put(&body.invite.0, &record)?;
    let ticket = SignedInvite::read(&record.text)?;
    pair(draft, context, party, name, *secret, their_peer, &ticket.invite().relays)?;
    welcome(draft, context, join, &opening, &reply, &record.secret)?;
    Ok(Ok(()))
}

fn welcome(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    join: &Signed<Join>,
    opening: &Opening<'_>,
    reply: &Reply,
    secret: &[u8; 32],
) -> Result<(), ConsentError> {
    let now = context.now(draft)?;
    let name = my_name(draft, context)?;
    let body = Welcome {
        join: join.id(),
        key: reply.inviter_key,
        name: name.commitment(),
        proof: opening.welcome_proof(secret, reply)?,
    };
    let payload = protocol::Payload {
        nonce: reply.inviter_nonce,
        sender: context.me(),
        audience: join.sender(),
        created: now,
        expires: now + LIFETIME_SECONDS,
        body,
    };
    let signed = Signed::sign(payload, context.key())?;
    draft.put(&name.commitment().0, &name)?;
    outbox::owe(draft, &join.sender(), &signed, vec![name.commitment()], None)
}

/// The inviter answers: the session is open.
pub fn welcomed(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    welcome: &Signed<Welcome>,
    frame: &Frame,
) -> Result<Result<(), Refusal>, ConsentError> {
    let mine = draft.all::<JoiningRecord>(&[])?.into_iter().find_map(|(key, record)| {
        let join = Signed::<Join>::open(&record.join).ok()?;
        (join.id() == welcome.body().join).then_some((key, record, join))
    });
    let Some((key, mut record, join)) = mine else { return Ok(Err(Refusal::Unknown)) };
    // the exchange key is gone: a second answer could only replace a good pairing secret by a weak one
    if record.paired.is_some() {
        return Ok(Err(Refusal::Conflict));
    }
    let ticket = SignedInvite::read(&record.text)?;
    let opening = Opening {
        inviter_peer: &record.their_peer,
        joiner_peer: &record.my_peer,
        inviter: welcome.sender(),
        joiner: context.me(),
        joiner_key: join.body().key,
        joiner_nonce: join.payload().nonce,
    };
    let reply = Reply { inviter_key: welcome.body().key, inviter_nonce: welcome.payload().nonce };
    let secret = &ticket.invite().secret;
    let proven = same_proof(&opening.welcome_proof(secret, &reply)?, &welcome.body().proof);
    if ticket.invite().inviter != welcome.sender() || !proven {
        return Ok(Err(Refusal::Invite));
    }
    let Some(name) = frame.text(&welcome.body().name) else { return Ok(Err(Refusal::Malformed)) };
    let exchange = ExchangeSecret::from_secret(record.exchange);
    let Some(pairing) = opening.pairing_secret(&reply, &exchange, reply.inviter_key, secret)? else {
        return Ok(Err(Refusal::Malformed));
    };
    let their_peer = record.their_peer.clone();
    pair(draft, context, welcome.sender(), name, *pairing, &their_peer, &ticket.invite().relays)?;
    record.paired = Some(welcome.sender());
    // the secret half has done its work
    record.exchange = [0; 32];
    draft.put(&key, &record)?;
    Ok(Ok(()))
}

fn pair(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    party: PartyId,
    name: &Text,
    secret: [u8; 32],
    peer: &[u8],
    relays: &[RelayHint],
) -> Result<(), ConsentError> {
    draft.put(&name.commitment().0, name)?;
    let now = context.now(draft)?;
    let known: Option<Person> = draft.get(&party.0)?;
    let first = known.is_none();
    let mut person = match known {
        Some(known) => known,
        None => newcomer(draft, name, now)?,
    };
    if person.claims != name.commitment() {
        draft.delete::<Text>(&person.claims.0);
    }
    person.claims = name.commitment();
    person.secret = secret;
    person.peer = ByteBuf::from(peer);
    person.relays = relays.iter().map(Into::into).collect();
    draft.put(&party.0, &person)?;
    if first {
        log::append(draft, context, Event::Paired { party })?;
    }
    draft.notify(Notice::Paired(party));
    Ok(())
}

fn newcomer(draft: &Draft<'_>, name: &Text, now: UnixSeconds) -> Result<Person, ConsentError> {
    let told: Name = name.as_str().parse().unwrap_or(unnamed()?);
    Ok(Person {
        name: free_name(draft, told)?,
        claims: name.commitment(),
        paired: now,
        verified: false,
        blocked: false,
        peer: ByteBuf::new(),
        serial: 0,
        mailbox: None,
        secret: [0; 32],
        relays: Vec::new(),
        shown: None,
        seen: None,
        fork: None,
        against: None,
        requests: (0, 0),
        sent: None,
        ended: Vec::new(),
    })
}

fn unnamed() -> Result<Name, ConsentError> {
    "unnamed".parse().map_err(|source| ConsentError::Text { field: "name", source })
}

/// The name itself, or with the first free number behind it: two people never have the same name here.
fn free_name(draft: &Draft<'_>, wanted: Name) -> Result<Name, ConsentError> {
    let taken: Vec<Name> = draft.all::<Person>(&[])?.into_iter().map(|(_, person)| person.name).collect();
    let same = |name: &Name| taken.iter().any(|t| t.as_str().to_lowercase() == name.as_str().to_lowercase());
    if !same(&wanted) {
        return Ok(wanted);
    }
    let stem: String = wanted.as_str().chars().take(12).collect();
    let numbered = (2..=taken.len() + 2).filter_map(|n| format!("{} {n}", stem.trim()).parse().ok());
    numbered.into_iter().find(|name| !same(name)).ok_or(ConsentError::NotFound("free name"))
}

fn full(draft: &Draft<'_>) -> Result<bool, ConsentError> {
    Ok(draft.scan::<Person>(&[], None, PEOPLE)?.len() >= PEOPLE)
}

/// My presence for somebody: where I am, signed, with the next serial.
pub fn presence(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    to: &PartyId,
    peer: &[u8],
    mailbox: protocol::ExchangeKey,
) -> Result<Frame, ConsentError> {
    let now = context.now(draft)?;
    let mut myself: Myself = draft.need(Myself::KEY)?;
    myself.serial += 1;
    let body =
        Presence { peer: ByteBuf::from(peer), mailbox, serial: myself.serial, not_after: now + PRESENCE_SECONDS };
    draft.put(Myself::KEY, &myself)?;
    let signed = outbox::sign(draft, context, to, body, now + PRESENCE_SECONDS)?;
    Ok(Frame::new(signed.bytes(), vec![]))
}

/// Their presence: the highest serial wins, and the peer id must be the one the transport authenticated.
pub fn present(
    draft: &mut Draft<'_>,
    context: &mut Context<'_>,
    presence: &Signed<Presence>,
    peer: &[u8],
) -> Result<Result<(), Refusal>, ConsentError> {
    let now = context.now(draft)?;
    let Some(mut person) = draft.get::<Person>(&presence.sender().0)? else { return Ok(Err(Refusal::Stranger)) };
    let body = presence.body();
    if body.peer != peer
        || body.not_after < now
        || body.not_after > now + PRESENCE_SECONDS + protocol::limits::SKEW_SECONDS
    {
        return Ok(Err(Refusal::Malformed));
    }
    if body.serial < person.serial {
        return Ok(Err(Refusal::Conflict));
    }
    person.serial = body.serial;
    if person.peer != body.peer {
        person.peer = body.peer.clone();
        draft.notify(Notice::PersonChanged(presence.sender()));
    }
    person.mailbox = Some(body.mailbox);
    draft.put(&presence.sender().0, &person)?;
    Ok(Ok(()))
}

/// Gives a person another name here.
pub fn rename(draft: &mut Draft<'_>, party: &PartyId, to: Name) -> Result<(), ConsentError> {
    let taken = |(key, person): &(Vec<u8>, Person)| {
        key[..] != party.0 && person.name.as_str().to_lowercase() == to.as_str().to_lowercase()
    };
    allow(!draft.all::<Person>(&[])?.iter().any(taken), "somebody else has that name already")?;
    change(draft, party, |person| person.name = to)
}

/// Records that the safety code was compared: `code` is what the other person read out.
pub fn verify(draft: &mut Draft<'_>, me: &PartyId, party: &PartyId, code: &str) -> Result<(), ConsentError> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let same = digits(code) == digits(&safety_code(me, party));
    allow(same, "the safety code is another one: somebody may stand between you; do not approve anything")?;
    change(draft, party, |person| person.verified = true)
}

/// Blocks somebody, or lifts that.
pub fn block(draft: &mut Draft<'_>, party: &PartyId, blocked: bool) -> Result<(), ConsentError> {
    change(draft, party, |person| person.blocked = blocked)
}

fn change(draft: &mut Draft<'_>, party: &PartyId, edit: impl FnOnce(&mut Person)) -> Result<(), ConsentError> {
    let mut person: Person = draft.get(&party.0)?.ok_or(ConsentError::NotFound("person"))?;
    edit(&mut person);
    draft.put(&party.0, &person)?;
    draft.notify(Notice::PersonChanged(*party));
    Ok(())
}

fn my_name(draft: &mut Draft<'_>, context: &mut Context<'_>) -> Result<Text, ConsentError> {
    let myself: Myself = draft.need(Myself::KEY)?;
    let text = words("name", myself.name.as_str(), context.salt())?;
    draft.put(&text.commitment().0, &text)?;
    Ok(text)
}

fn name_text(draft: &Draft<'_>, commitment: &Commitment) -> Result<Text, ConsentError> {
    draft.need(&commitment.0)
}

/// Personal words with their salt, or which field is at fault.
pub(crate) fn words(field: &'static str, text: &str, salt: Salt) -> Result<Text, ConsentError> {
    Text::new(text, salt).map_err(|source| ConsentError::Text { field, source })
}

pub(crate) fn id_of(key: &[u8]) -> MessageId {
    MessageId::try_from(key).unwrap_or(MessageId([0; 32]))
}

#[cfg(test)]
mod tests;
