use crate::testing::{HOUR, Party, approved, exchange, owner_and_requester, pair, send, terms};
use protocol::{
    Ack, Frame, Kind, Nonce, Payload, Refusal, Signed,
    limits::{LIFETIME_SECONDS, SKEW_SECONDS},
    message::{CatalogAsk, HeadAsk},
};

const ASK: HeadAsk = HeadAsk { since: 0, size: 0 };

#[test]
fn a_message_to_somebody_else_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let third = Party::new(3, "Third");
    let frame = requester.say(&third.id(), ASK);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::WrongAudience));
}

#[test]
fn a_message_is_refused_once_it_expired_beyond_the_skew_and_not_before() {
    let (mut owner, mut requester) = owner_and_requester();
    let (early, late) = (requester.say(&owner.id(), ASK), requester.say(&owner.id(), ASK));
    owner.clock = requester.clock + HOUR + SKEW_SECONDS;
    assert!(matches!(owner.take(&early, &requester), Ack::Accepted(_)));
    owner.clock += 1;
    assert_eq!(owner.take(&late, &requester), Ack::Refused(Refusal::Expired));
}

#[test]
fn a_message_from_a_clock_too_far_ahead_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    requester.clock = owner.clock + SKEW_SECONDS;
    let tolerated = requester.say(&owner.id(), ASK);
    assert!(matches!(owner.take(&tolerated, &requester), Ack::Accepted(_)));
    requester.clock += 1;
    let ahead = requester.say(&owner.id(), ASK);
    assert_eq!(owner.take(&ahead, &requester), Ack::Refused(Refusal::Expired));
}

#[test]
fn a_clock_set_back_does_not_revive_what_expired() {
    let (mut owner, mut requester) = owner_and_requester();
    let frame = requester.say(&owner.id(), ASK);
    owner.wait(2 * HOUR);
    owner.act(|draft, context| context.now(draft)).unwrap();
    owner.clock -= 2 * HOUR;
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Expired));
}

#[test]
fn a_message_taken_twice_is_acked_twice_and_changes_nothing_the_second_time() {
    let (mut owner, mut requester) = owner_and_requester();
    requester.ask(&owner.id(), terms(Kind::Mean));
    let frame = requester.next(&owner.id()).unwrap().frame;
    let first = owner.take(&frame, &requester);
    let before = owner.view.clone();
    // the owner's node was restarted: nothing but its records is left
    owner.effects.clear();
    assert_eq!(owner.take(&frame, &requester), first);
    assert_eq!(format!("{:?}", owner.view), format!("{before:?}"));
    assert_eq!(owner.effects, []);
}

#[test]
fn a_replay_long_after_is_acked_or_refused_and_never_acted_on() {
    let (mut owner, mut requester, asked, _) = approved();
    requester.run(&asked);
    let run = requester.next(&owner.id()).unwrap().frame;
    let first = owner.take(&run, &requester);
    owner.wait(LIFETIME_SECONDS);
    let before = owner.events();
    assert_eq!(owner.take(&run, &requester), first);
    owner.wait(3 * SKEW_SECONDS);
    let mut progress = crate::time::Progress::default();
    owner.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert_eq!(owner.take(&run, &requester), Ack::Refused(Refusal::Expired));
    assert_eq!(owner.events(), before);
}

#[test]
fn a_draft_that_was_lost_in_a_crash_is_made_again_from_the_same_frame() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    let frame = requester.next(&owner.id()).unwrap().frame;
    let (mine, theirs) = (owner.peer.clone(), requester.peer.clone());
    let path = crate::Path { mine: &mine, theirs: &theirs };
    let (ack, _lost) = owner.draft(|draft, context| crate::receive(draft, context, &frame, path)).unwrap();
    assert_eq!(owner.take(&frame, &requester), ack);
    assert_eq!(owner.request(&asked).index, Some(0));
}

#[test]
fn strangers_are_refused_whatever_they_say() {
    let (mut owner, _) = owner_and_requester();
    let mut stranger = Party::new(9, "Stranger");
    let frame = stranger.say(&owner.id(), CatalogAsk { search: String::new(), after: None });
    assert_eq!(owner.take(&frame, &stranger), Ack::Refused(Refusal::Stranger));
    let frame = stranger.say(&owner.id(), ASK);
    assert_eq!(owner.take(&frame, &stranger), Ack::Refused(Refusal::Stranger));
}

#[test]
fn a_frame_from_another_place_than_the_persons_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let frame = requester.say(&owner.id(), ASK);
    assert_eq!(owner.take_from(&frame, b"somebody else's peer id"), Ack::Refused(Refusal::Stranger));
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
}

#[test]
fn a_blocked_person_is_refused_and_told_nothing_until_unblocked() {
    let (mut owner, mut requester) = owner_and_requester();
    let party = requester.id();
    owner.act(|draft, _| crate::people::block(draft, &party, true)).unwrap();
    let frame = requester.say(&owner.id(), ASK);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Stranger));
    owner.act(|draft, context| crate::log::heads::show(draft, context, &party)).unwrap();
    assert!(owner.next(&party).is_none());
    owner.act(|draft, _| crate::people::block(draft, &party, false)).unwrap();
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
    assert!(owner.next(&party).is_some());
}

#[test]
fn a_blocked_person_cannot_come_back_by_a_fresh_invite() {
    let (mut owner, mut requester) = owner_and_requester();
    let party = requester.id();
    owner.act(|draft, _| crate::people::block(draft, &party, true)).unwrap();
    let invite = crate::testing::invite(&mut owner, 1);
    let frame = crate::testing::join(&mut requester, &owner, &invite);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Stranger));
}

#[test]
fn bytes_that_do_not_verify_are_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let good = requester.say(&owner.id(), ASK);
    for at in 0..good.message.len() {
        let mut bytes = good.message.to_vec();
        bytes[at] ^= 1;
        let ack = owner.take(&Frame::new(&bytes, vec![]), &requester);
        assert_eq!(ack, Ack::Refused(Refusal::Malformed), "byte {at}");
    }
    assert_eq!(owner.take(&Frame::new(&[], vec![]), &requester), Ack::Refused(Refusal::Malformed));
}

#[test]
fn a_message_in_the_name_of_another_is_refused() {
    let (mut owner, requester) = owner_and_requester();
    let mut mallory = Party::new(3, "Mallory");
    pair(&mut owner, &mut mallory);
    let payload = Payload {
        nonce: Nonce([1; 16]),
        sender: requester.id(),
        audience: owner.id(),
        created: owner.clock,
        expires: owner.clock + HOUR,
        body: ASK,
    };
    assert!(Signed::sign(payload, &mallory.key).is_err());
    // and what Mallory signs as herself is hers, wherever it comes from
    let frame = mallory.say(&owner.id(), ASK);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Stranger));
}

#[test]
fn nothing_stays_owed_after_two_parties_have_talked() {
    let (mut owner, mut requester) = owner_and_requester();
    requester.ask(&owner.id(), terms(Kind::Mean));
    assert!(matches!(send(&mut requester, &mut owner), Some(Ack::Accepted(_))));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.read(|draft| crate::outbox::waiting(draft, &owner.id())), 0);
}
