use super::*;
use crate::{
    log,
    testing::{Party, exchange, owner_and_requester, receipted},
};
use protocol::{Ack, Digest, Frame, Message};

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

fn show_to(owner: &mut Party, requester: &Party) -> TreeHead {
    owner.act(|draft, context| show(draft, context, &requester.id())).unwrap()
}

fn seen_by(requester: &Party, owner: &Party) -> Option<TreeHead> {
    requester.record::<Person>(&owner.id().0).seen
}

/// A head as the owner signs it, with the proof from `since` in her log.
fn head_since(owner: &mut Party, requester: &Party, since: u64, size: u64) -> Frame {
    let head = owner.read(|draft| log::head_at(draft, size));
    let consistency = owner.read(|draft| consistency(draft, since, size));
    let checkpoint = checkpoint::sign(&head, &owner.key);
    owner.say(&requester.id(), LogHead { head, since, consistency, checkpoint })
}

#[test]
fn a_head_shown_is_checked_kept_logged_and_cosigned() {
    let (mut owner, mut requester) = owner_and_requester();
    for _ in 0..3 {
        let shown = show_to(&mut owner, &requester);
        assert_eq!(exchange(&mut owner, &mut requester), []);
        assert_eq!(seen_by(&requester, &owner), Some(shown));
        assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(shown));
        assert!(requester.events().contains(&Event::HeadSeen { party: owner.id(), head: shown }));
        grow(&mut owner, 5);
    }
}

#[test]
fn the_same_head_again_is_neither_logged_nor_cosigned_again() {
    let (mut owner, mut requester) = owner_and_requester();
    show_to(&mut owner, &requester);
    exchange(&mut owner, &mut requester);
    let before = requester.events().len();
    show_to(&mut owner, &requester);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.events().len(), before);
}

#[test]
fn a_proof_that_begins_elsewhere_leads_to_a_question_and_then_to_the_right_one() {
    let (mut owner, mut requester) = owner_and_requester();
    show_to(&mut owner, &requester);
    // the head was checked and the cosignature lost
    let next = owner.next(&requester.id()).unwrap();
    let ack = requester.take(&next.frame, &owner);
    owner.settle(&requester.id(), &next.key, &ack);
    let cosign = requester.next(&owner.id()).unwrap();
    requester.settle(&owner.id(), &cosign.key, &Ack::Accepted(cosign.id));
    let seen = seen_by(&requester, &owner).unwrap();
    grow(&mut owner, 3);
    let shown = show_to(&mut owner, &requester);
    let next = owner.next(&requester.id()).unwrap();
    let ack = requester.take(&next.frame, &owner);
    owner.settle(&requester.id(), &next.key, &ack);
    assert_eq!(seen_by(&requester, &owner), Some(seen), "not believed without a proof from there");
    let asked = requester.next(&owner.id()).unwrap();
    let Message::HeadAsk(ask) = Message::open(&asked.frame.message).unwrap() else { panic!("asked for nothing") };
    assert_eq!((ask.body().since, ask.body().size), (seen.size, shown.size));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert!(seen_by(&requester, &owner).unwrap().size >= shown.size);
    assert!(requester.record::<Person>(&owner.id().0).fork.is_none());
}

#[test]
fn a_log_rewritten_after_it_was_cosigned_is_a_fork_kept_as_evidence() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut rewritten = owner.clone();
    grow(&mut owner, 4);
    let cosigned = show_to(&mut owner, &requester);
    exchange(&mut owner, &mut requester);
    // another log from the same beginning, longer than what was cosigned
    rewritten.wait(1);
    grow(&mut rewritten, 9);
    let size = rewritten.read(log::size);
    let frame = head_since(&mut rewritten, &requester, cosigned.size, size);
    assert!(matches!(requester.take(&frame, &rewritten), Ack::Accepted(_)));
    assert!(requester.noticed(Notice::LogForked(owner.id())));
    let person: Person = requester.record(&owner.id().0);
    assert_eq!(person.seen, Some(cosigned));
    assert_eq!(person.fork, Some(frame.message.clone()));
    // and so is one of the same size with another root
    let (mut owner, mut requester) = owner_and_requester();
    let mut rewritten = owner.clone();
    grow(&mut owner, 1);
    let cosigned = show_to(&mut owner, &requester);
    exchange(&mut owner, &mut requester);
    rewritten.wait(1);
    grow(&mut rewritten, 1);
    let frame = head_since(&mut rewritten, &requester, 0, cosigned.size);
    requester.take(&frame, &rewritten);
    assert!(requester.noticed(Notice::LogForked(owner.id())));
}

#[test]
fn an_older_head_changes_nothing() {
    let (mut owner, mut requester) = owner_and_requester();
    grow(&mut owner, 4);
    let shown = show_to(&mut owner, &requester);
    exchange(&mut owner, &mut requester);
    let frame = head_since(&mut owner, &requester, 0, 2);
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    assert_eq!(seen_by(&requester, &owner), Some(shown));
}

#[test]
fn a_head_whose_checkpoint_states_or_signs_something_else_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let head = owner.read(log::head);
    let other = TreeHead { root: Digest([1; 32]), ..head };
    let right = checkpoint::sign(&head, &owner.key);
    let wrong = [
        checkpoint::sign(&other, &owner.key),
        checkpoint::sign(&head, &requester.key),
        String::new(),
        right.trim_end().to_owned(),
        right.replace('=', ""),
    ];
    for checkpoint in wrong {
        let body = LogHead { head, since: 0, consistency: vec![], checkpoint };
        let frame = owner.say(&requester.id(), body);
        assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Malformed));
    }
    assert_eq!(seen_by(&requester, &owner), None);
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
fn an_older_cosignature_does_not_take_a_newer_one_back() {
    let (mut owner, mut requester) = owner_and_requester();
    let old = owner.read(log::head);
    grow(&mut owner, 3);
    let new = owner.read(log::head);
    for head in [new, old] {
        let frame = requester.say(&owner.id(), Cosign { head });
        assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
    }
    assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(new));
}

#[test]
fn a_question_beyond_the_log_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let size = owner.read(log::size);
    let frame = requester.say(&owner.id(), HeadAsk { since: size + 1, size: u64::MAX });
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Unknown));
    let frame = requester.say(&owner.id(), HeadAsk { since: size, size: u64::MAX });
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
}

#[test]
fn both_logs_agree_after_a_whole_walk() {
    let (owner, requester, _, _) = receipted();
    let seen = seen_by(&requester, &owner).unwrap();
    assert_eq!(owner.read(|draft| log::head_at(draft, seen.size)), seen);
    assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(seen));
}
