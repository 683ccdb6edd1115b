use super::*;
use crate::testing::{HOUR, Party, computed, exchange, owner_and_requester, send, terms};
use protocol::{Kind, Message, Refusal};

fn kinds_owed(from: &mut Party, to: &PartyId) -> Vec<&'static str> {
    let all = from.read(|draft| draft.all::<OutboxItem>(&to.0));
    all.iter().map(|(_, item)| Message::open(&item.message).unwrap().kind()).collect()
}

#[test]
fn what_is_owed_is_sent_in_order_until_it_is_acked() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = requester.ask(&owner.id(), terms(Kind::Mean));
    let second = requester.ask(&owner.id(), terms(Kind::Max));
    let to = owner.id();
    assert_eq!(requester.next(&to).unwrap().id, first);
    assert_eq!(requester.next(&to).unwrap().id, first, "nothing was answered yet");
    assert!(matches!(send(&mut requester, &mut owner), Some(Ack::Accepted(id)) if id == first));
    assert_eq!(requester.next(&to).unwrap().id, second);
    exchange(&mut owner, &mut requester);
    assert!(requester.next(&to).is_none());
}

#[test]
fn later_keeps_the_debt_and_so_does_an_ack_of_something_else() {
    let (owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    let to = owner.id();
    let next = requester.next(&to).unwrap();
    requester.settle(&to, &next.key, &Ack::Later);
    requester.settle(&to, &next.key, &Ack::Accepted(MessageId([1; 32])));
    assert_eq!(requester.next(&to).unwrap().id, asked);
    assert_eq!(requester.request(&asked).index, None);
    requester.settle(&to, &next.key, &Ack::Accepted(asked));
    assert!(requester.next(&to).is_none());
    // an ack that comes twice, or for a place that is empty, is nothing
    requester.settle(&to, &next.key, &Ack::Accepted(asked));
    requester.settle(&to, &next.key, &Ack::Refused(Refusal::Malformed));
    assert_eq!(requester.request(&asked).index, Some(0));
}

#[test]
fn a_refusal_ends_the_debt() {
    let (owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    let next = requester.next(&owner.id()).unwrap();
    requester.settle(&owner.id(), &next.key, &Ack::Refused(Refusal::TooMany));
    assert!(requester.next(&owner.id()).is_none());
    assert_eq!(requester.request(&asked).refusal, Some(Refusal::TooMany));
}

#[test]
fn debts_to_different_people_do_not_wait_for_each_other() {
    let (owner, mut requester) = owner_and_requester();
    let mut third = Party::new(3, "Third");
    crate::testing::pair(&mut requester, &mut third);
    requester.ask(&owner.id(), terms(Kind::Mean));
    let to_third = requester.ask(&third.id(), terms(Kind::Mean));
    assert_eq!(requester.next(&third.id()).unwrap().id, to_third);
    assert_eq!(requester.read(|draft| waiting(draft, &third.id())), 1);
}

#[test]
fn what_expired_unsent_is_dropped_and_the_person_is_told() {
    let (owner, mut requester) = owner_and_requester();
    let expires = requester.clock + HOUR;
    let asked = requester
        .act(|draft, context| {
            crate::requester::request(draft, context, &owner.id(), terms(Kind::Mean), "", None, expires)
        })
        .unwrap();
    requester.clock = expires;
    let mut progress = crate::time::Progress::default();
    requester.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert!(requester.next(&owner.id()).is_some());
    requester.wait(1);
    requester.act(|draft, context| crate::time::passed(draft, context, &mut progress)).unwrap();
    assert!(requester.next(&owner.id()).is_none());
    assert!(requester.noticed(Notice::Undelivered { to: owner.id(), message: asked }));
}

#[test]
fn a_receipt_is_owed_after_the_head_over_it_and_released_once() {
    let (mut owner, mut requester, asked, _) = computed();
    let to = requester.id();
    assert_eq!(kinds_owed(&mut owner, &to), ["log-head", "receipt"]);
    let receipt = owner.request(&asked).receipt.unwrap();
    let released = |owner: &Party| owner.events().iter().filter(|e| **e == Event::Released { receipt }).count();
    assert!(matches!(send(&mut owner, &mut requester), Some(Ack::Accepted(_))));
    assert_eq!(released(&owner), 0, "nothing was handed over yet");
    let next = owner.read(|draft| next(draft, &to)).unwrap();
    assert!(next.releases);
    for _ in 0..2 {
        owner.act(|draft, context| release(draft, context, &next.key)).unwrap();
        assert_eq!(released(&owner), 1);
    }
    assert!(!owner.read(|draft| super::next(draft, &to)).unwrap().releases, "sent again, it is no release");
    assert!(owner.record::<ReceiptRecord>(&receipt.0).released.is_some());
}

#[test]
fn a_release_that_cannot_be_recorded_is_an_error() {
    let (mut owner, _) = owner_and_requester();
    assert!(owner.act(|draft, context| release(draft, context, b"no such place")).is_err());
}

#[test]
fn an_erased_text_no_longer_travels() {
    let (owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    assert_eq!(requester.next(&owner.id()).unwrap().frame.texts.len(), 1);
    requester.act(|draft, context| crate::erase::request(draft, context, &asked)).unwrap();
    assert_eq!(requester.next(&owner.id()).unwrap().frame.texts.len(), 0);
}
