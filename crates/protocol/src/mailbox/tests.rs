use super::*;
use crate::{
    Ack, Digest, MessageId, PartyId,
    limits::{MAILBOX_ANSWER_ITEMS, MAILBOX_ITEM_BYTES, MAILBOX_MESSAGE_BYTES, MAILBOX_SECONDS},
    pairing::ExchangeSecret,
};
use serde_bytes::ByteBuf;

const SECRET: [u8; 32] = [7; 32];
const PLACE: Place<'static> = Place { from: PartyId([1; 32]), to: PartyId([2; 32]), relay: &[9; 38], day: 20_455 };

fn key() -> ExchangeSecret {
    ExchangeSecret::from_secret([3; 32])
}

fn letter() -> Letter {
    Letter::Frame(Carried { after: Some(MessageId([4; 32])), frame: ByteBuf::from(vec![5; 100]) })
}

fn sealed(letter: &Letter) -> Vec<u8> {
    letter.seal(&PLACE, &SECRET, &key().public(), &[6; 32]).expect("seals")
}

#[test]
fn what_is_sealed_for_a_place_opens_there() {
    let acks = Letter::Acks(vec![Answered { message: MessageId([4; 32]), ack: Ack::Later }]);
    for letter in [letter(), acks] {
        assert_eq!(Letter::open(&sealed(&letter), &PLACE, &SECRET, &key()).expect("opens"), letter);
    }
}

#[test]
fn an_item_opens_nowhere_else_for_nobody_else_and_not_altered() {
    let item = sealed(&letter());
    let elsewhere = [
        Place { from: PLACE.to, to: PLACE.from, ..PLACE },
        Place { relay: &[8; 38], ..PLACE },
        Place { day: PLACE.day + 1, ..PLACE },
    ];
    for place in elsewhere {
        assert!(Letter::open(&item, &place, &SECRET, &key()).is_err(), "{place:?}");
    }
    assert!(Letter::open(&item, &PLACE, &[8; 32], &key()).is_err(), "of another pair");
    assert!(Letter::open(&item, &PLACE, &SECRET, &ExchangeSecret::from_secret([8; 32])).is_err(), "another key");
    for at in 0..item.len() {
        let mut altered = item.clone();
        altered[at] ^= 1;
        assert!(Letter::open(&altered, &PLACE, &SECRET, &key()).is_err(), "byte {at}");
        assert!(Letter::open(&item[..at], &PLACE, &SECRET, &key()).is_err(), "cut at {at}");
    }
}

#[test]
fn tags_of_other_days_directions_and_relays_are_others_and_hide_the_capability() {
    let mut seen = std::collections::BTreeSet::new();
    for day in 0..8 {
        for (from, to) in [(PLACE.from, PLACE.to), (PLACE.to, PLACE.from)] {
            for relay in [&[9u8; 38][..], &[8; 38]] {
                let capability = Place { from, to, relay, day }.capability(&SECRET).expect("small");
                assert!(seen.insert(capability) && seen.insert(tag_of(&capability)));
            }
        }
    }
}

#[test]
fn the_largest_letter_fits_a_slot_and_a_larger_one_is_refused() {
    let empty = Letter::Frame(Carried { after: Some(MessageId([4; 32])), frame: ByteBuf::from(vec![0; 256]) });
    let names = crate::cbor::to_vec(&empty).expect("small").len() - 256;
    let of = |length| Letter::Frame(Carried { after: Some(MessageId([4; 32])), frame: ByteBuf::from(vec![0; length]) });
    let most = of(MAILBOX_MESSAGE_BYTES - names);
    assert!(sealed(&most).len() <= MAILBOX_ITEM_BYTES);
    let more = of(MAILBOX_MESSAGE_BYTES - names + 1).seal(&PLACE, &SECRET, &key().public(), &[6; 32]);
    assert!(matches!(more, Err(BadItem::TooLong)));
}

#[test]
fn questions_and_answers_are_read_as_they_were_written() {
    let item = ByteBuf::from(vec![1; MAILBOX_ITEM_BYTES]);
    let deposit = Deposit { tag: Digest([1; 32]), item: item.clone(), seconds: MAILBOX_SECONDS };
    let ack = Settle { capability: Digest([1; 32]), items: vec![Digest([2; 32]); MAILBOX_ANSWER_ITEMS] };
    let fetch = Fetch { capabilities: vec![Digest([3; 32]); crate::limits::MAILBOX_CAPABILITIES] };
    for question in [Question::Deposit(deposit), Question::Ack(ack), Question::Fetch(fetch)] {
        let bytes = question.to_vec().expect("small");
        assert!(bytes.len() <= Question::BYTES);
        assert_eq!(Question::from_slice(&bytes).expect("reads"), question);
    }
    let run = Some(crate::Nonce([4; 16]));
    let found = Found { items: vec![(63, item); MAILBOX_ANSWER_ITEMS], more: true, until_restart: run };
    let stored = Stored { seconds: 1, until_restart: None };
    for answer in [Answer::Found(found), Answer::Stored(stored), Answer::Refused(Refused::TagFull)] {
        let bytes = answer.to_vec().expect("small");
        assert!(bytes.len() <= Answer::BYTES);
        assert_eq!(Answer::from_slice(&bytes).expect("reads"), answer);
    }
}

#[test]
fn what_is_beyond_a_limit_is_refused() {
    let deposit = |bytes, seconds| {
        Question::Deposit(Deposit { tag: Digest([1; 32]), item: ByteBuf::from(vec![1; bytes]), seconds })
    };
    let fetch = |count| Question::Fetch(Fetch { capabilities: vec![Digest([3; 32]); count] });
    let ack = |count| Question::Ack(Settle { capability: Digest([1; 32]), items: vec![Digest([2; 32]); count] });
    let beyond = [
        deposit(0, 1),
        deposit(MAILBOX_ITEM_BYTES + 1, 1),
        deposit(1, 0),
        deposit(1, MAILBOX_SECONDS + 1),
        fetch(0),
        fetch(crate::limits::MAILBOX_CAPABILITIES + 1),
        ack(0),
        ack(MAILBOX_ANSWER_ITEMS + 1),
    ];
    for question in beyond {
        assert!(Question::from_slice(&question.to_vec().expect("small")).is_err(), "{question:?}");
    }
    assert!(Question::from_slice(&vec![0; Question::BYTES + 1]).is_err());
    assert!(Answer::from_slice(&vec![0; Answer::BYTES + 1]).is_err());
    let mut cut = deposit(1, 1).to_vec().expect("small");
    cut.pop();
    assert!(Question::from_slice(&cut).is_err());
}

#[test]
fn the_same_letter_left_again_is_the_same_item_and_no_two_letters_share_randomness() {
    assert_eq!(sealed(&letter()), sealed(&letter()));
    let other = Letter::Frame(Carried { after: None, frame: ByteBuf::from(vec![5; 100]) });
    let keys = [
        sealed(&letter()),
        sealed(&other),
        letter().seal(&PLACE, &SECRET, &key().public(), &[7; 32]).expect("seals"),
        letter().seal(&Place { day: 1, ..PLACE }, &SECRET, &key().public(), &[6; 32]).expect("seals"),
        letter().seal(&PLACE, &SECRET, &ExchangeSecret::from_secret([8; 32]).public(), &[6; 32]).expect("seals"),
    ];
    let distinct: std::collections::BTreeSet<_> = keys.iter().map(|item| &item[..32]).collect();
    assert_eq!(distinct.len(), keys.len());
}
