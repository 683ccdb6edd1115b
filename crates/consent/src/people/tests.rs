use super::*;
use crate::testing::{HOUR, Party, exchange, invite as an_invite, join as joins, pair as paired, send};
use protocol::{Ack, ExchangeKey, Nonce, Payload};

fn strangers() -> (Party, Party) {
    (Party::new(1, "Lena"), Party::new(2, "Bank"))
}

fn is_known(party: &Party, other: &Party) -> bool {
    party.read(|draft| draft.get::<Person>(&other.id().0)).is_some()
}

/// A join made by hand, with the proof over these keys.
fn crafted_join(joiner: &Party, inviter: &Party, invite: &SignedInvite, key: ExchangeKey, secret: &[u8; 32]) -> Frame {
    let name = crate::testing::words("Bank");
    let opening = Opening {
        inviter_peer: &inviter.peer,
        joiner_peer: &joiner.peer,
        inviter: inviter.id(),
        joiner: joiner.id(),
        joiner_key: key,
        joiner_nonce: Nonce([7; 16]),
    };
    let body = Join { invite: invite.id(), key, name: name.commitment(), proof: opening.join_proof(secret).unwrap() };
    let payload = Payload {
        nonce: Nonce([7; 16]),
        sender: joiner.id(),
        audience: inviter.id(),
        created: joiner.clock,
        expires: joiner.clock + HOUR,
        body,
    };
    Frame::new(Signed::sign(payload, &joiner.key).unwrap().bytes(), vec![name])
}

fn key_of(byte: u8) -> ExchangeKey {
    ExchangeSecret::from_secret([byte; 32]).public()
}

#[test]
fn two_people_meet_by_an_invite_and_share_a_secret() {
    let (mut inviter, mut joiner) = strangers();
    paired(&mut inviter, &mut joiner);
    let (theirs, mine): (Person, Person) = (inviter.record(&joiner.id().0), joiner.record(&inviter.id().0));
    assert_eq!(theirs.secret, mine.secret);
    assert_ne!(theirs.secret, [0; 32]);
    assert_eq!((theirs.name.as_str(), mine.name.as_str()), ("Bank", "Lena"));
    assert_eq!((&theirs.peer[..], &mine.peer[..]), (&joiner.peer[..], &inviter.peer[..]));
    assert!(inviter.events().contains(&Event::Paired { party: joiner.id() }));
    assert!(joiner.noticed(Notice::Paired(inviter.id())));
}

#[test]
fn the_secret_of_a_pair_cannot_be_made_from_the_invite_and_what_was_said() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    inviter.take(&frame, &joiner);
    exchange(&mut inviter, &mut joiner);
    let kept: JoiningRecord = joiner.record(&invite.id().0);
    assert_eq!(kept.exchange, [0; 32], "the secret half is gone once it was used");
    let person: Person = joiner.record(&inviter.id().0);
    assert_ne!(person.secret, invite.invite().secret);
}

#[test]
fn a_second_claimant_is_refused_and_the_inviter_is_told() {
    let (mut inviter, mut joiner) = strangers();
    let mut second = Party::new(3, "Second");
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    assert!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)));
    let frame = joins(&mut second, &inviter, &invite);
    assert_eq!(inviter.take(&frame, &second), Ack::Refused(Refusal::Invite));
    assert!(inviter.noticed(Notice::InviteRefused(invite.id())));
    assert!(!is_known(&inviter, &second));
}

#[test]
fn an_invite_for_two_lets_two_in_and_no_third() {
    let (mut inviter, _) = strangers();
    let invite = an_invite(&mut inviter, 2);
    assert_eq!(inviter.read(|draft| current_invites(draft, crate::testing::START)).len(), 1);
    for (byte, joins_it) in [(3, true), (4, true), (5, false)] {
        let mut joiner = Party::new(byte, "Somebody");
        let frame = joins(&mut joiner, &inviter, &invite);
        assert_eq!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)), joins_it);
    }
    // a spent one stays known until its time is over: whoever comes late is told
    assert_eq!(inviter.read(|draft| current_invites(draft, crate::testing::START)).len(), 1);
    let over = crate::testing::START + 31 * 24 * 3600;
    assert_eq!(inviter.read(|draft| current_invites(draft, over)), []);
}

#[test]
fn the_same_identity_may_join_again_until_it_was_answered() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    assert_eq!(joins(&mut joiner, &inviter, &invite), frame, "the same place: the same words again");
    let first = inviter.take(&frame, &joiner);
    assert_eq!(inviter.take(&frame, &joiner), first);
    // from another place, after the answer to the first was lost
    joiner.peer = b"another place".to_vec();
    let frame = joins(&mut joiner, &inviter, &invite);
    assert!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)));
    // the first answer fits no join any more; the second does
    assert_eq!(exchange(&mut inviter, &mut joiner), [Refusal::Unknown]);
    let (theirs, mine): (Person, Person) = (inviter.record(&joiner.id().0), joiner.record(&inviter.id().0));
    assert_eq!(theirs.secret, mine.secret);
    assert_eq!(inviter.record::<InviteRecord>(&invite.id().0).joined.len(), 1);
}

#[test]
fn an_invite_expired_is_refused_on_both_sides() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    inviter.wait(24 * HOUR + 1);
    let frame = crafted_join(&joiner, &inviter, &invite, key_of(1), &invite.invite().secret);
    joiner.clock = inviter.clock;
    let late = joiner.act(|draft, context| join(draft, context, &invite, b"me", b"them"));
    assert!(late.unwrap_err().to_string().contains("has expired"));
    // its own message is still in time; the invite is not
    let mut slow = Party::new(2, "Bank");
    slow.clock = inviter.clock;
    let in_time = crafted_join(&slow, &inviter, &invite, key_of(1), &invite.invite().secret);
    assert_eq!(inviter.take(&in_time, &slow), Ack::Refused(Refusal::Invite));
    assert_eq!(inviter.take(&frame, &joiner), Ack::Refused(Refusal::Expired));
}

#[test]
fn a_wrong_proof_is_refused_and_uses_nothing_up() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let forged = crafted_join(&joiner, &inviter, &invite, key_of(1), &[0; 32]);
    assert_eq!(inviter.take(&forged, &joiner), Ack::Refused(Refusal::Invite));
    assert!(inviter.noticed(Notice::InviteRefused(invite.id())));
    let frame = joins(&mut joiner, &inviter, &invite);
    assert!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)));
}

#[test]
fn a_join_is_of_no_use_on_another_connection() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    assert_eq!(inviter.take_from(&frame, b"somebody in between"), Ack::Refused(Refusal::Invite));
    assert!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)));
}

#[test]
fn a_key_of_small_order_is_refused_before_the_invite_is_used_up() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    for key in [ExchangeKey([0; 32]), order_one()] {
        let weak = crafted_join(&joiner, &inviter, &invite, key, &invite.invite().secret);
        assert_eq!(inviter.take(&weak, &joiner), Ack::Refused(Refusal::Malformed));
    }
    assert!(!is_known(&inviter, &joiner));
    let frame = joins(&mut joiner, &inviter, &invite);
    assert!(matches!(inviter.take(&frame, &joiner), Ack::Accepted(_)));
}

/// The point 1 of RFC 7748's curve, of order 4.
fn order_one() -> ExchangeKey {
    let mut key = [0; 32];
    key[0] = 1;
    ExchangeKey(key)
}

#[test]
fn an_unknown_invite_is_refused_and_nobody_joins_their_own() {
    let (mut inviter, mut joiner) = strangers();
    let mut other = Party::new(3, "Other");
    let elsewhere = an_invite(&mut other, 1);
    let frame = crafted_join(&joiner, &inviter, &elsewhere, key_of(1), &elsewhere.invite().secret);
    assert_eq!(inviter.take(&frame, &joiner), Ack::Refused(Refusal::Invite));
    let own = other.act(|draft, context| join(draft, context, &elsewhere, b"me", b"them"));
    assert!(own.unwrap_err().to_string().contains("your own invite"));
    let mine = an_invite(&mut inviter, 1);
    assert!(joins(&mut joiner, &inviter, &mine).texts.len() == 1);
}

#[test]
fn an_invite_needs_a_relay_and_a_life_within_bounds() {
    let (mut inviter, _) = strangers();
    let relay = || RelayHint {
        peer: ByteBuf::from([1]),
        addresses: vec!["/dns4/relay.example/tcp/1".to_owned()],
        token: ByteBuf::new(),
    };
    let mut make = |relays, uses, life| inviter.act(|draft, context| invite(draft, context, relays, uses, life, None));
    assert!(make(vec![], 1, HOUR).unwrap_err().to_string().contains("no relay"));
    for (uses, life) in [(1, 0), (1, u64::MAX), (1, 31 * 24 * HOUR), (0, HOUR), (65, HOUR)] {
        assert!(matches!(make(vec![relay()], uses, life), Err(ConsentError::Invite(_))), "{uses} {life}");
    }
    assert!(make(vec![relay()], 64, 30 * 24 * HOUR).is_ok());
}

#[test]
fn a_welcome_is_believed_only_from_the_inviter() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    inviter.take(&frame, &joiner);
    let genuine = inviter.next(&joiner.id()).unwrap().frame;
    let body = Signed::<Welcome>::open(&genuine.message).unwrap().body().clone();
    // somebody who holds the invite too answers with a right-looking welcome of their own
    let mut mallory = Party::new(3, "Mallory");
    let forged = mallory.say(&joiner.id(), body.clone());
    let forged = Frame::new(&forged.message, genuine.texts.clone());
    assert_eq!(joiner.take(&forged, &inviter), Ack::Refused(Refusal::Invite));
    // the inviter's with another proof, or about another join
    for body in [
        Welcome { proof: protocol::Digest([0; 32]), ..body.clone() },
        Welcome { key: key_of(9), ..body.clone() },
        Welcome { join: MessageId([1; 32]), ..body.clone() },
    ] {
        let forged = inviter.say(&joiner.id(), body);
        let forged = Frame::new(&forged.message, genuine.texts.clone());
        assert!(matches!(joiner.take(&forged, &inviter), Ack::Refused(Refusal::Invite | Refusal::Unknown)));
    }
    let nameless = Frame::new(&genuine.message, vec![]);
    assert_eq!(joiner.take(&nameless, &inviter), Ack::Refused(Refusal::Malformed));
    assert!(!is_known(&joiner, &inviter) && !is_known(&joiner, &mallory));
    assert!(matches!(joiner.take(&genuine, &inviter), Ack::Accepted(_)));
}

/// The key a welcome is answered with must contribute, too.
#[test]
fn a_welcome_with_a_key_of_small_order_is_refused() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    let join = Signed::<Join>::open(&frame.message).unwrap();
    let opening = Opening {
        inviter_peer: &inviter.peer,
        joiner_peer: &joiner.peer,
        inviter: inviter.id(),
        joiner: joiner.id(),
        joiner_key: join.body().key,
        joiner_nonce: join.payload().nonce,
    };
    let reply = Reply { inviter_key: ExchangeKey([0; 32]), inviter_nonce: Nonce([5; 16]) };
    let proof = opening.welcome_proof(&invite.invite().secret, &reply).unwrap();
    let name = crate::testing::words("Lena");
    let body = Welcome { join: join.id(), key: reply.inviter_key, name: name.commitment(), proof };
    let payload = Payload {
        nonce: reply.inviter_nonce,
        sender: inviter.id(),
        audience: joiner.id(),
        created: inviter.clock,
        expires: inviter.clock + HOUR,
        body,
    };
    let signed = Signed::sign(payload, &inviter.key).unwrap();
    let frame = Frame::new(signed.bytes(), vec![name]);
    assert_eq!(joiner.take(&frame, &inviter), Ack::Refused(Refusal::Malformed));
}

#[test]
fn a_second_welcome_to_the_same_join_does_not_weaken_the_secret() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    // the inviter decides twice about the same join; both answers leave
    let before = inviter.view.clone();
    inviter.take(&frame, &joiner);
    let first = inviter.next(&joiner.id()).unwrap().frame;
    inviter.view = before;
    inviter.take(&frame, &joiner);
    let second = inviter.next(&joiner.id()).unwrap().frame;
    assert_ne!(first, second);
    assert!(matches!(joiner.take(&first, &inviter), Ack::Accepted(_)));
    let secret = joiner.record::<Person>(&inviter.id().0).secret;
    assert_eq!(joiner.take(&second, &inviter), Ack::Refused(Refusal::Conflict));
    assert_eq!(joiner.record::<Person>(&inviter.id().0).secret, secret);
}

#[test]
fn somebody_known_meets_again_by_a_fresh_invite_and_keeps_the_name_i_gave() {
    let (mut inviter, mut joiner) = strangers();
    paired(&mut inviter, &mut joiner);
    let before: Person = inviter.record(&joiner.id().0);
    inviter.act(|draft, _| rename(draft, &joiner.id(), "My bank".parse().unwrap())).unwrap();
    joiner.peer = b"a new home".to_vec();
    paired(&mut inviter, &mut joiner);
    let after: Person = inviter.record(&joiner.id().0);
    assert_eq!(after.name.as_str(), "My bank");
    assert_ne!(after.secret, before.secret);
    assert_eq!(after.peer, joiner.peer);
    assert!(inviter.read(|draft| draft.get::<Text>(&before.claims.0)).is_none(), "the name told before is forgotten");
    let met = inviter.events().iter().filter(|event| matches!(event, Event::Paired { .. })).count();
    assert_eq!(met, 1);
}

#[test]
fn an_erased_person_does_not_come_back_by_the_invite_they_used() {
    let (mut inviter, mut joiner) = strangers();
    let invite = an_invite(&mut inviter, 1);
    let frame = joins(&mut joiner, &inviter, &invite);
    inviter.take(&frame, &joiner);
    exchange(&mut inviter, &mut joiner);
    inviter.act(|draft, context| crate::erase::person(draft, context, &joiner.id())).unwrap();
    joiner.peer = b"another place".to_vec();
    let frame = joins(&mut joiner, &inviter, &invite);
    assert_eq!(inviter.take(&frame, &joiner), Ack::Refused(Refusal::Invite));
    assert!(!is_known(&inviter, &joiner));
}

#[test]
fn two_people_never_have_the_same_name_here() {
    let mut inviter = Party::new(1, "Lena");
    for (byte, expected) in [(3, "Bank"), (4, "Bank 2"), (5, "Bank 3")] {
        let mut joiner = Party::new(byte, if byte == 4 { "BANK" } else { "Bank" });
        paired(&mut inviter, &mut joiner);
        let person: Person = inviter.record(&joiner.id().0);
        assert_eq!(person.name.as_str().to_lowercase(), expected.to_lowercase());
    }
    let third = Party::new(5, "Bank").id();
    let taken = inviter.act(|draft, _| rename(draft, &third, "bank".parse().unwrap()));
    assert!(taken.unwrap_err().to_string().contains("has that name already"));
    inviter.act(|draft, _| rename(draft, &third, "BANK 3".parse().unwrap())).unwrap();
}

fn mailbox() -> ExchangeKey {
    key_of(4)
}

fn presence_of(party: &mut Party, to: &Party) -> Frame {
    let peer = party.peer.clone();
    party.act(|draft, context| presence(draft, context, &to.id(), &peer, mailbox())).unwrap()
}

#[test]
fn a_presence_moves_a_person_to_a_new_place_and_an_older_one_does_not_move_them_back() {
    let (mut owner, mut requester) = strangers();
    paired(&mut owner, &mut requester);
    let old = presence_of(&mut requester, &owner);
    let old_place = requester.peer.clone();
    requester.peer = b"a new place".to_vec();
    let new = presence_of(&mut requester, &owner);
    assert!(matches!(owner.take(&new, &requester), Ack::Accepted(_)));
    assert_eq!(owner.take_from(&old, &old_place), Ack::Refused(Refusal::Conflict));
    let person: Person = owner.record(&requester.id().0);
    assert_eq!((&person.peer[..], person.serial), (&requester.peer[..], 2));
    assert_eq!(person.mailbox, Some(mailbox()));
}

#[test]
fn a_presence_that_names_another_place_than_it_comes_from_is_refused() {
    let (mut owner, mut requester) = strangers();
    paired(&mut owner, &mut requester);
    let frame = presence_of(&mut requester, &owner);
    assert_eq!(owner.take_from(&frame, b"a thief's place"), Ack::Refused(Refusal::Malformed));
    let mut stranger = Party::new(3, "Stranger");
    let frame = presence_of(&mut stranger, &owner);
    assert_eq!(owner.take(&frame, &stranger), Ack::Refused(Refusal::Stranger));
}

#[test]
fn a_presence_out_of_date_is_refused() {
    let (mut owner, mut requester) = strangers();
    paired(&mut owner, &mut requester);
    let frame = presence_of(&mut requester, &owner);
    owner.wait(PRESENCE_SECONDS + 1);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Malformed));
    // one that claims to hold for longer than a week from now, from a clock that runs ahead
    let mut ahead = Party::new(4, "Ahead");
    ahead.clock = owner.clock;
    paired(&mut owner, &mut ahead);
    ahead.wait(protocol::limits::SKEW_SECONDS);
    let frame = presence_of(&mut ahead, &owner);
    assert!(matches!(owner.take(&frame, &ahead), Ack::Accepted(_)));
}

#[test]
fn the_safety_code_counts_only_when_it_is_the_right_one() {
    let (mut owner, mut requester) = strangers();
    paired(&mut owner, &mut requester);
    let (me, them) = (owner.id(), requester.id());
    let right = safety_code(&them, &me);
    let wrong = safety_code(&them, &Party::new(3, "Mallory").id());
    for code in [wrong.as_str(), "", &right[..right.len() - 1]] {
        assert!(owner.act(|draft, _| verify(draft, &me, &them, code)).is_err());
    }
    assert!(!owner.record::<Person>(&them.0).verified);
    let grouped = right.replace(' ', "-");
    owner.act(|draft, _| verify(draft, &me, &them, &grouped)).unwrap();
    assert!(owner.record::<Person>(&them.0).verified);
}

#[test]
fn a_home_begins_once() {
    let (mut party, _) = strangers();
    let again = party.act(|draft, context| begin(draft, context, "Other".parse().unwrap()));
    assert!(again.unwrap_err().to_string().contains("begun already"));
    assert_eq!(party.events(), [Event::Begun { party: party.id() }]);
}

#[test]
fn changing_somebody_who_is_not_there_changes_nothing() {
    let (mut party, other) = strangers();
    assert!(matches!(party.act(|draft, _| block(draft, &other.id(), true)), Err(ConsentError::NotFound("person"))));
    assert!(send(&mut party, &mut Party::new(3, "Third")).is_none());
}
