use super::*;
use crate::{
    log::{self, epoch},
    testing::Party,
};
use protocol::{Event, PartyId};

const WHOM: PartyId = PartyId([9; 32]);

fn grown(entries: u64) -> Party {
    let mut party = Party::new(1, "Lena");
    grow(&mut party, entries);
    party
}

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| log::append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

/// What the party says of its log now: a head of `size`, as the continuation of `since`.
fn says(party: &mut Party, since: u64, size: u64) -> Statement {
    let head = party.read(|draft| log::head_at(draft, size));
    let now = party.read(log::size);
    let body = LogHead {
        head,
        since,
        consistency: party.read(|draft| log::consistency(draft, since, size)),
        checkpoint: checkpoint::sign(&head, &party.key),
        now: (now > size).then_some(now),
        restored: party.read(|draft| epoch::opening(draft, size)),
    };
    let signed = party.sign(&WHOM, body);
    Statement::open(signed.bytes()).unwrap()
}

fn either_way(one: &Statement, other: &Statement) -> Option<Contradiction> {
    let found = contradiction(one, other);
    assert_eq!(contradiction(other, one), found);
    found
}

#[test]
fn an_honest_log_never_contradicts_itself_whatever_is_said_of_it_and_when() {
    let mut party = grown(3);
    let mut said = Vec::new();
    for step in 0..6 {
        party.wait(200);
        grow(&mut party, 2);
        if step == 2 || step == 4 {
            party.act(epoch::restart).unwrap();
        }
        let size = party.read(log::size);
        said.extend(
            [(0, size), (size - 2, size), (1, size - 1), (2, 3)].map(|(since, of)| says(&mut party, since, of)),
        );
    }
    for one in &said {
        for other in &said {
            // an earlier head shown after a restore is still one of the epoch it was in
            let earlier =
                one.head.epoch != other.head.epoch && (one.length > one.head.size || other.length > other.head.size);
            assert!(earlier || contradiction(one, other).is_none(), "{one:?} {other:?}");
        }
    }
}

#[test]
fn each_way_of_contradicting_oneself_is_told_from_the_others() {
    let mut one = grown(5);
    let mut other = one.clone();
    grow(&mut one, 3);
    other.wait(1);
    grow(&mut other, 3);
    let size = one.read(log::size);
    let [first, second] = [&mut one, &mut other].map(|party| says(party, 0, size));
    assert_eq!(either_way(&first, &second), Some(Contradiction::TwoRoots { size }));
    grow(&mut other, 4);
    let second = says(&mut other, size, size + 4);
    assert_eq!(either_way(&first, &second), Some(Contradiction::NoContinuation { since: size, size: size + 4 }));
    let second = says(&mut other, 0, size + 4);
    assert_eq!(either_way(&first, &second), None, "two logs of two sizes need a proof or a third");
    let mut old = grown(1);
    old.wait(9);
    let second = says(&mut old, 0, 2);
    assert_eq!(either_way(&first, &second), Some(Contradiction::CutBack { before: size, after: 2 }));
    let mut anew = one.clone();
    anew.wait(10);
    anew.act(epoch::restart).unwrap();
    let second = says(&mut anew, 0, size + 1);
    assert_eq!(either_way(&first, &second), None);
    one.wait(10 + SKEW_SECONDS);
    let in_time = says(&mut one, 0, size);
    assert_eq!(either_way(&in_time, &second), None, "two clocks may differ by that much");
    one.wait(1);
    let too_late = says(&mut one, 0, size);
    assert_eq!(either_way(&too_late, &second), Some(Contradiction::EpochOver));
}

#[test]
fn two_parties_never_contradict_each_other() {
    let mut other = Party::new(2, "Bank");
    let (one, two) = (says(&mut grown(0), 0, 1), says(&mut other, 0, 1));
    assert_ne!(one.head, two.head);
    assert_eq!(either_way(&one, &two), None);
}

#[test]
fn what_is_neither_a_head_nor_a_receipt_is_no_statement() {
    let mut party = grown(0);
    let head = party.read(log::head);
    let cosign = party.sign(&WHOM, protocol::message::Cosign { head });
    assert!(matches!(Statement::open(cosign.bytes()), Err(BadStatement::Message(_))));
    let unsound = LogHead { head, since: 0, consistency: vec![], checkpoint: String::new(), now: None, restored: None };
    let unsound = party.sign(&WHOM, unsound);
    assert!(matches!(Statement::open(unsound.bytes()), Err(BadStatement::Unsound)));
    assert!(Statement::open(&[]).is_err());
}
