use super::*;
use crate::{
    log,
    testing::{Party, exchange, owner_and_requester, receipted},
};
use protocol::{Ack, Digest, Message};

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

fn show_to(owner: &mut Party, requester: &Party) -> TreeHead {
    owner.act(|draft, context| show(draft, context, &requester.id())).unwrap()
}

/// The log-head that is owed next.
fn owed(owner: &mut Party, requester: &Party) -> LogHead {
    let next = owner.next(&requester.id()).unwrap();
    let Message::LogHead(shown) = Message::open(&next.frame.message).unwrap() else { panic!("no log-head is owed") };
    shown.body().clone()
}

#[test]
fn a_head_begins_where_the_last_one_sent_ended_whether_it_was_cosigned_or_not() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = show_to(&mut owner, &requester);
    grow(&mut owner, 2);
    let second = show_to(&mut owner, &requester);
    assert_eq!(owed(&mut owner, &requester).since, 0);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let person: Person = owner.record(&requester.id().0);
    assert_eq!((person.sent, person.shown), (Some(second), Some(second)));
    grow(&mut owner, 1);
    show_to(&mut owner, &requester);
    assert_eq!(owed(&mut owner, &requester).since, second.size);
    let seen: Vec<_> = requester.events().into_iter().filter(|what| matches!(what, Event::HeadSeen { .. })).collect();
    assert_eq!(seen, [first, second].map(|head| Event::HeadSeen { party: owner.id(), head }));
}

#[test]
fn a_cosignature_of_a_head_that_is_not_ours_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let head = owner.read(log::head);
    let others = [
        TreeHead { root: Digest([1; 32]), ..head },
        TreeHead { size: head.size + 1, ..head },
        TreeHead { size: head.size - 1, ..head },
        TreeHead { size: u64::MAX, ..head },
        TreeHead { epoch: Some(Digest([1; 32])), ..head },
    ];
    for head in others {
        let frame = requester.say(&owner.id(), Cosign { head });
        assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Conflict));
    }
    assert_eq!(owner.record::<Person>(&requester.id().0).shown, None);
    let frame = requester.say(&owner.id(), Cosign { head });
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
}

#[test]
fn the_newest_cosignature_is_kept_and_an_older_one_does_not_take_it_back() {
    let (mut owner, mut requester) = owner_and_requester();
    let old = owner.read(log::head);
    grow(&mut owner, 3);
    let new = owner.read(log::head);
    let mut signed = Vec::new();
    for head in [new, old] {
        let frame = requester.say(&owner.id(), Cosign { head });
        assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
        signed.push(frame.message);
    }
    assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(new));
    let kept: HeadRecord = owner.record(&HeadRecord::mine(&requester.id()));
    assert_eq!((kept.head, kept.cosign.as_ref()), (new, Some(&signed[0])));
    assert!(checkpoint::states(&kept.checkpoint.unwrap(), &owner.id(), &new));
    assert_eq!(owner.read(cosignatures).len(), 1);
}

#[test]
fn the_head_asked_for_is_shown_and_of_a_shorter_log_the_newest() {
    let (mut owner, mut requester) = owner_and_requester();
    grow(&mut owner, 6);
    let size = owner.read(log::size);
    for (since, asked, from, shown) in [
        (2, 5, 2, 5),
        (0, 1, 0, 1),
        (3, size, 3, size),
        (3, u64::MAX, 3, size),
        (size + 1, u64::MAX, 0, size),
        (0, 0, 0, 1),
    ] {
        let frame = requester.say(&owner.id(), HeadAsk { since, size: asked });
        assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
        let answer = owed(&mut owner, &requester);
        assert_eq!((answer.since, answer.head.size), (from, shown));
        assert_eq!((answer.now, answer.length()), ((shown < size).then_some(size), size));
        assert_eq!(answer.head, owner.read(|draft| log::head_at(draft, shown)));
        assert_eq!(exchange(&mut owner, &mut requester), []);
    }
}

fn greet_each_other(a: &mut Party, b: &mut Party) -> usize {
    let before = a.events().len() + b.events().len();
    let (of_a, of_b) = (a.id(), b.id());
    a.act(|draft, context| greet(draft, context, &of_b)).unwrap();
    b.act(|draft, context| greet(draft, context, &of_a)).unwrap();
    assert_eq!(exchange(a, b), []);
    a.events().len() + b.events().len() - before
}

#[test]
fn who_meets_again_is_shown_what_was_logged_since_and_nothing_for_ever() {
    let (mut owner, mut requester, _, _) = receipted();
    assert_eq!(greet_each_other(&mut owner, &mut requester), 2, "each logs that it saw the other's");
    let person: Person = requester.record(&owner.id().0);
    let news = owner.read(|draft| log::head_at(draft, person.seen.unwrap().size));
    assert_eq!(person.seen, Some(news));
    assert!(owner.record::<Person>(&requester.id().0).seen.is_some(), "each holds the other to its log");
    for _ in 0..3 {
        assert_eq!(greet_each_other(&mut owner, &mut requester), 0, "that heads were seen is no news");
    }
    grow(&mut owner, 1);
    assert_eq!(greet_each_other(&mut owner, &mut requester), 1);
}

#[test]
fn somebody_with_whom_nothing_was_asked_or_agreed_is_shown_nothing() {
    let (mut owner, mut requester) = owner_and_requester();
    assert_eq!(greet_each_other(&mut owner, &mut requester), 0);
}

#[test]
fn both_logs_agree_after_a_whole_walk() {
    let (owner, requester, _, _) = receipted();
    let seen = requester.record::<Person>(&owner.id().0).seen.unwrap();
    assert_eq!(owner.read(|draft| log::head_at(draft, seen.size)), seen);
    assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(seen));
}
