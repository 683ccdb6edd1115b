use super::*;
use crate::message::{Message, Revoke};

const NOW: UnixSeconds = 1_767_323_045;

fn key(secret: u8) -> IdentityKey {
    IdentityKey::from_secret(&[secret; 32])
}

fn payload() -> Payload<Revoke> {
    Payload {
        nonce: Nonce([1; 16]),
        sender: key(1).party(),
        audience: key(2).party(),
        created: NOW,
        expires: NOW + 3600,
        body: Revoke { decision: MessageId([3; 32]) },
    }
}

fn signed() -> Signed<Revoke> {
    Signed::sign(payload(), &key(1)).expect("a message")
}

#[test]
fn a_message_for_somebody_else_is_not_acted_on() {
    assert_eq!(signed().acceptable(&key(2).party(), NOW), Ok(()));
    assert_eq!(signed().acceptable(&key(3).party(), NOW), Err(NotAcceptable::Audience));
    assert_eq!(signed().acceptable(&key(1).party(), NOW), Err(NotAcceptable::Audience), "not even its sender");
}

#[test]
fn an_expired_message_is_accepted_within_the_tolerated_skew_and_no_longer() {
    let (me, expires) = (key(2).party(), NOW + 3600);
    assert_eq!(signed().acceptable(&me, expires + SKEW_SECONDS), Ok(()));
    assert_eq!(signed().acceptable(&me, expires + SKEW_SECONDS + 1), Err(NotAcceptable::Expired));
    assert_eq!(signed().acceptable(&me, UnixSeconds::MAX), Err(NotAcceptable::Expired));
}

#[test]
fn a_message_from_the_future_is_accepted_within_the_tolerated_skew_and_no_earlier() {
    let me = key(2).party();
    assert_eq!(signed().acceptable(&me, NOW - SKEW_SECONDS), Ok(()));
    assert_eq!(signed().acceptable(&me, NOW - SKEW_SECONDS - 1), Err(NotAcceptable::Future));
    assert_eq!(signed().acceptable(&me, 0), Err(NotAcceptable::Future));
}

#[test]
fn an_expired_message_still_verifies_as_evidence() {
    let signed = signed();
    assert_eq!(signed.acceptable(&key(2).party(), NOW + 10_000_000), Err(NotAcceptable::Expired));
    assert_eq!(Message::open(signed.bytes()).expect("evidence").id(), signed.id());
}

#[test]
fn the_end_of_time_does_not_overflow() {
    let last = Payload { created: UnixSeconds::MAX - 1, expires: UnixSeconds::MAX, ..payload() };
    let signed = Signed::sign(last, &key(1)).expect("a message");
    assert_eq!(signed.acceptable(&key(2).party(), UnixSeconds::MAX), Ok(()));
    assert_eq!(signed.acceptable(&key(2).party(), NOW), Err(NotAcceptable::Future));
}

#[test]
fn nobody_signs_in_the_name_of_another() {
    assert!(matches!(Signed::sign(payload(), &key(2)), Err(MessageError::Sender)));
}

#[test]
fn a_message_lives_between_one_second_and_thirty_days() {
    let lives = |life: u64| Signed::sign(Payload { expires: NOW + life, ..payload() }, &key(1));
    assert!(lives(1).is_ok() && lives(LIFETIME_SECONDS).is_ok());
    assert!(matches!(lives(0), Err(MessageError::Lifetime)));
    assert!(matches!(lives(LIFETIME_SECONDS + 1), Err(MessageError::Lifetime)));
}

#[test]
fn the_bytes_received_are_the_bytes_kept() {
    let signed = signed();
    let opened = Signed::<Revoke>::open(signed.bytes()).expect("what was signed");
    assert_eq!((opened.bytes(), opened.id(), opened.body()), (signed.bytes(), signed.id(), signed.body()));
}

#[test]
fn what_is_there_twice_is_found() {
    assert!(distinct::<u8>(&[]) && distinct(&[1, 2, 3]));
    assert!(!distinct(&[1, 2, 1]));
}
