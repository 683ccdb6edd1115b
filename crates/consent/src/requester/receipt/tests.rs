use super::*;
use crate::testing::{BILLS, Party, approved, computed, euros, exchange, on, receipted, version};
use crate::{Notice, record::Person};
use protocol::{Ack, Kind, Salt, message::Answer};

/// The receipt as made, not yet with the requester, who asked for the run.
fn on_its_way() -> (Party, Party, MessageId, Signed<Receipt>) {
    let (owner, requester, asked, _) = computed();
    let id = owner.request(&asked).receipt.unwrap();
    let receipt = owner.record::<ReceiptRecord>(&id.0).open().unwrap();
    (owner, requester, asked, receipt)
}

#[test]
fn a_receipt_altered_and_signed_again_is_refused_and_the_genuine_one_is_kept() {
    let (mut owner, mut requester, asked, genuine) = on_its_way();
    let alter: [fn(&mut Receipt); 8] = [
        |receipt| receipt.request = MessageId([1; 32]),
        |receipt| receipt.grant = MessageId([1; 32]),
        |receipt| receipt.number = 2,
        |receipt| receipt.dataset = protocol::DatasetId([1; 16]),
        |receipt| receipt.version = version(2),
        |receipt| receipt.computation = on(Kind::Max, "amount"),
        |receipt| {
            receipt.answer = Answer::Released { outcome: euros("1000000"), salt: Salt([9; 16]), notes: vec![] };
        },
        |receipt| receipt.entry.head.root.0[0] ^= 1,
    ];
    for change in alter {
        let mut body = genuine.body().clone();
        change(&mut body);
        let frame = owner.say(&requester.id(), body);
        assert!(matches!(requester.take(&frame, &owner), Ack::Refused(Refusal::Conflict | Refusal::Unknown)));
        assert_eq!(requester.request(&asked).receipt, None);
    }
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).receipt, Some(genuine.id()));
    assert_ne!(BILLS, protocol::DatasetId([1; 16]));
}

#[test]
fn a_receipt_with_any_one_byte_altered_is_refused() {
    let (owner, mut requester, asked, genuine) = on_its_way();
    let path = crate::Path { mine: &requester.peer.clone(), theirs: &owner.peer };
    for at in 0..genuine.bytes().len() {
        let mut bytes = genuine.bytes().to_vec();
        bytes[at] = bytes[at].wrapping_add(1);
        let frame = protocol::Frame::new(&bytes, vec![]);
        let (ack, _) = requester.draft(|draft, context| crate::receive(draft, context, &frame, path)).unwrap();
        assert!(matches!(ack, Ack::Refused(_)), "byte {at}");
    }
    assert_eq!(requester.request(&asked).receipt, None);
}

#[test]
fn a_second_receipt_for_the_same_run_is_refused() {
    let (mut owner, mut requester, _, receipt) = receipted();
    let body = owner.record::<ReceiptRecord>(&receipt.0).open().unwrap().body().clone();
    let frame = owner.say(&requester.id(), body);
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Conflict));
}

#[test]
fn a_receipt_for_a_run_never_asked_for_is_refused() {
    let (mut owner, mut requester, asked, grant) = approved();
    let (_, _, _, genuine) = on_its_way();
    let body = Receipt { grant, request: asked, ..genuine.body().clone() };
    let frame = owner.say(&requester.id(), body);
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Conflict));
}

#[test]
fn a_receipt_by_somebody_else_is_refused() {
    let (_, mut requester, _, genuine) = on_its_way();
    let mut mallory = Party::new(3, "Mallory");
    crate::testing::pair(&mut requester, &mut mallory);
    let frame = mallory.say(&requester.id(), genuine.body().clone());
    assert_eq!(requester.take(&frame, &mallory), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_head_never_shown_before_is_asked_for() {
    let (owner, mut requester, _, genuine) = on_its_way();
    let frame = protocol::Frame::new(genuine.bytes(), vec![]);
    // the head that goes before the receipt was lost
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    let next = requester.next(&owner.id()).unwrap();
    let protocol::Message::HeadAsk(ask) = protocol::Message::open(&next.frame.message).unwrap() else {
        panic!("asked for nothing")
    };
    assert_eq!((ask.body().since, ask.body().size), (0, genuine.body().entry.head.size));
}

#[test]
fn a_head_of_the_same_size_with_another_root_is_a_fork() {
    let (owner, mut requester, _, genuine) = on_its_way();
    let mut person: Person = requester.record(&owner.id().0);
    let mut other = genuine.body().entry.head;
    other.root.0[0] ^= 1;
    person.seen = Some(other);
    requester.act(|draft, _| draft.put(&owner.id().0, &person)).unwrap();
    let frame = protocol::Frame::new(genuine.bytes(), vec![]);
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    assert!(requester.noticed(Notice::LogForked(owner.id())));
    let person: Person = requester.record(&owner.id().0);
    assert_eq!(person.fork.as_deref().map(Vec::as_slice), Some(genuine.bytes()));
}
