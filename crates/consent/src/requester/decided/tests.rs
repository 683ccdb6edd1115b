use super::*;
use crate::testing::{HOUR, exchange, owner_and_requester, send, terms};
use protocol::{Ack, Kind, limits::SKEW_SECONDS, message::Denial};

#[test]
fn a_decision_about_a_request_never_made_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let body = Decision::Deny(Denial { request: MessageId([1; 32]), because: None });
    let frame = owner.say(&requester.id(), body);
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_decision_after_the_request_lapsed_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    owner.approve(&asked, crate::testing::euros("1"));
    requester.wait(24 * HOUR + SKEW_SECONDS + 1);
    let mut progress = crate::time::Progress::default();
    requester.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert_eq!(requester.request(&asked).state, RequestState::Expired);
    assert_eq!(send(&mut owner, &mut requester), Some(Ack::Refused(Refusal::Conflict)));
}

#[test]
fn words_that_do_not_match_their_commitment_are_left_out() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let because = crate::testing::words("I do not know you").commitment();
    let signed = owner.sign(&requester.id(), Decision::Deny(Denial { request: asked, because: Some(because) }));
    let frame = Frame::new(signed.bytes(), vec![crate::testing::words("Something else")]);
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    assert_eq!(requester.request(&asked).state, RequestState::Denied);
    assert!(requester.read(|draft| draft.get::<protocol::Text>(&because.0)).is_none());
}

#[test]
fn a_revocation_of_nothing_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let frame = owner.say(&requester.id(), Revoke { decision: MessageId([1; 32]) });
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Unknown));
}
