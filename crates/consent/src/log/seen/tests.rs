use super::*;
use crate::{
    log::{self, append, checkpoint, epoch, statement::Contradiction},
    testing::{Party, euros, exchange, owner_and_requester, receipted, terms, version},
};
use protocol::{Ack, Event, Frame, Kind, Message, MessageId};

fn grow(party: &mut Party, entries: u64) {
    for _ in 0..entries {
        party.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    }
}

fn show_to(owner: &mut Party, requester: &Party) -> TreeHead {
    owner.act(|draft, context| heads::show(draft, context, &requester.id())).unwrap()
}

/// Shows it and lets both say what they have to say.
fn exchange_head(owner: &mut Party, requester: &mut Party) -> TreeHead {
    let shown = show_to(owner, requester);
    assert_eq!(exchange(owner, requester), []);
    shown
}

fn person(requester: &Party, owner: &Party) -> Person {
    requester.record(&owner.id().0)
}

fn seen_by(requester: &Party, owner: &Party) -> Option<TreeHead> {
    person(requester, owner).seen
}

/// A head as the owner signs it, with the proof from `since` in her log.
fn head_since(owner: &mut Party, requester: &Party, since: u64, size: u64) -> Frame {
    let head = owner.read(|draft| log::head_at(draft, size));
    let consistency = owner.read(|draft| log::consistency(draft, since, size));
    let checkpoint = checkpoint::sign(&head, &owner.key);
    let now = owner.read(log::size);
    let restored = owner.read(|draft| epoch::opening(draft, size));
    let body = LogHead { head, since, consistency, checkpoint, now: (now > size).then_some(now), restored };
    owner.say(&requester.id(), body)
}

/// How the evidence kept contradicts itself, read from the two messages alone.
fn evidence(requester: &Party, owner: &Party) -> Option<Contradiction> {
    let person = person(requester, owner);
    let said = Statement::open(&person.fork?).unwrap();
    contradiction(&Statement::open(&person.against?).unwrap(), &said)
}

/// One question asked and answered; its receipt.
fn walk(owner: &mut Party, requester: &mut Party, kind: Kind) -> MessageId {
    let asked = requester.ask(&owner.id(), terms(kind));
    exchange(owner, requester);
    owner.approve(&asked, euros("84.50"));
    exchange(owner, requester);
    requester.run(&asked);
    exchange(owner, requester);
    owner.compute(&euros("84.50"), version(1));
    exchange(owner, requester);
    requester.request(&asked).receipt.unwrap()
}

fn linked(requester: &Party, owner: &Party, receipt: &MessageId) -> bool {
    let head = requester.record::<ReceiptRecord>(&receipt.0).open().unwrap().body().entry.head;
    let kept = requester.read(|draft| draft.get::<HeadRecord>(&HeadRecord::theirs(&owner.id(), 0, head.size)));
    kept.is_some_and(|kept| kept.head == head && kept.shown.is_some() && kept.cosign.is_some())
}

#[test]
fn a_head_shown_is_checked_kept_logged_and_cosigned() {
    let (mut owner, mut requester) = owner_and_requester();
    for _ in 0..3 {
        let shown = exchange_head(&mut owner, &mut requester);
        assert_eq!(seen_by(&requester, &owner), Some(shown));
        assert_eq!(owner.record::<Person>(&requester.id().0).shown, Some(shown));
        assert!(requester.events().contains(&Event::HeadSeen { party: owner.id(), head: shown }));
        let kept: HeadRecord = requester.record(&HeadRecord::theirs(&owner.id(), 0, shown.size));
        assert_eq!(Statement::open(&kept.shown.unwrap()).unwrap().head, shown);
        grow(&mut owner, 5);
    }
    let all = requester.read(|draft| draft.all::<HeadRecord>(&[]));
    assert_eq!(all.len(), 1, "of heads that no receipt needs only the last one is kept");
}

#[test]
fn the_same_head_again_is_neither_logged_nor_cosigned_again() {
    let (mut owner, mut requester) = owner_and_requester();
    exchange_head(&mut owner, &mut requester);
    let before = requester.events().len();
    exchange_head(&mut owner, &mut requester);
    assert_eq!(requester.events().len(), before);
}

#[test]
fn every_receipt_of_a_long_acquaintance_stands_in_one_chain_of_cosigned_heads() {
    let (mut owner, mut requester, _, first) = receipted();
    let kinds = [Kind::Max, Kind::Min, Kind::Sum];
    let receipts: Vec<_> = kinds.iter().map(|kind| walk(&mut owner, &mut requester, *kind)).collect();
    for receipt in [vec![first], receipts].concat() {
        assert!(linked(&requester, &owner, &receipt));
    }
    assert!(person(&requester, &owner).fork.is_none());
}

#[test]
fn a_receipt_whose_head_was_lost_on_the_way_is_linked_afterwards() {
    let (mut owner, mut requester, asked, _) = crate::testing::computed();
    let lost = owner.next(&requester.id()).unwrap();
    owner.settle(&requester.id(), &lost.key, &Ack::Accepted(lost.id));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let receipt = requester.request(&asked).receipt.unwrap();
    assert!(linked(&requester, &owner, &receipt));
}

#[test]
fn a_receipt_that_comes_after_a_later_head_is_linked_to_that() {
    let (mut owner, mut requester, asked, _) = crate::testing::computed();
    let to = requester.id();
    let lost = owner.next(&to).unwrap();
    owner.settle(&to, &lost.key, &Ack::Accepted(lost.id));
    let receipt = owner.next(&to).unwrap();
    owner.settle(&to, &receipt.key, &Ack::Accepted(receipt.id));
    grow(&mut owner, 3);
    // the later head begins at one that was lost too, so that it is asked for
    let later = exchange_head(&mut owner, &mut requester);
    assert_eq!(seen_by(&requester, &owner), Some(later));
    requester.take(&receipt.frame, &owner);
    let id = requester.request(&asked).receipt.unwrap();
    assert!(!linked(&requester, &owner, &id));
    // meanwhile another one is seen, and the question has to be asked again
    grow(&mut owner, 2);
    let frame = head_since(&mut owner, &requester, later.size, later.size + 2);
    requester.take(&frame, &owner);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert!(linked(&requester, &owner, &id));
}

#[test]
fn a_proof_that_begins_elsewhere_leads_to_a_question_and_then_to_the_right_one() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = exchange_head(&mut owner, &mut requester);
    grow(&mut owner, 3);
    let size = owner.read(log::size);
    let frame = head_since(&mut owner, &requester, first.size + 1, size);
    requester.take(&frame, &owner);
    assert_eq!(seen_by(&requester, &owner), Some(first), "not believed without a proof from there");
    let asked = requester.next(&owner.id()).unwrap();
    let Message::HeadAsk(ask) = Message::open(&asked.frame.message).unwrap() else { panic!("asked for nothing") };
    assert_eq!((ask.body().since, ask.body().size), (first.size, size));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(seen_by(&requester, &owner).unwrap().size, size);
    assert!(person(&requester, &owner).fork.is_none());
}

#[test]
fn a_log_rewritten_after_it_was_cosigned_is_a_fork_proven_by_what_the_owner_signed() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut rewritten = owner.clone();
    grow(&mut owner, 4);
    let cosigned = exchange_head(&mut owner, &mut requester);
    // another log from the same beginning, longer than what was cosigned
    rewritten.wait(1);
    grow(&mut rewritten, 9);
    let size = rewritten.read(log::size);
    let frame = head_since(&mut rewritten, &requester, cosigned.size, size);
    assert!(matches!(requester.take(&frame, &rewritten), Ack::Accepted(_)));
    assert!(requester.noticed(Notice::LogForked(owner.id())));
    assert_eq!(seen_by(&requester, &owner), Some(cosigned));
    let expected = Contradiction::NoContinuation { since: cosigned.size, size };
    assert_eq!(evidence(&requester, &owner), Some(expected));
    // what comes later changes nothing of the first proof
    let kept = person(&requester, &owner);
    grow(&mut rewritten, 1);
    let frame = head_since(&mut rewritten, &requester, cosigned.size, size + 1);
    requester.take(&frame, &rewritten);
    assert_eq!(person(&requester, &owner), kept);
}

#[test]
fn a_log_of_the_same_size_and_another_root_is_a_fork() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut rewritten = owner.clone();
    grow(&mut owner, 1);
    let cosigned = exchange_head(&mut owner, &mut requester);
    rewritten.wait(1);
    grow(&mut rewritten, 1);
    let frame = head_since(&mut rewritten, &requester, 0, cosigned.size);
    requester.take(&frame, &rewritten);
    assert_eq!(evidence(&requester, &owner), Some(Contradiction::TwoRoots { size: cosigned.size }));
}

#[test]
fn a_log_that_was_cut_back_is_noticed_at_its_next_head() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut old_copy = owner.clone();
    grow(&mut owner, 4);
    let cosigned = exchange_head(&mut owner, &mut requester);
    old_copy.wait(60);
    let shown = exchange_head(&mut old_copy, &mut requester);
    assert!(shown.size < cosigned.size);
    let expected = Contradiction::CutBack { before: cosigned.size, after: shown.size };
    assert_eq!(evidence(&requester, &owner), Some(expected));
    assert_eq!(seen_by(&requester, &owner), Some(cosigned));
}

#[test]
fn a_head_kept_by_the_first_version_without_its_message_holds_the_owner_to_it_too() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut rewritten = owner.clone();
    grow(&mut owner, 4);
    let cosigned = exchange_head(&mut owner, &mut requester);
    let key = HeadRecord::theirs(&owner.id(), 0, cosigned.size);
    let forget = |draft: &mut Draft<'_>, _: &mut Context<'_>| {
        draft.delete::<HeadRecord>(&key);
        Ok(())
    };
    requester.act(forget).unwrap();
    let before = requester.clone();
    grow(&mut owner, 2);
    let next = exchange_head(&mut owner, &mut requester);
    assert_eq!(seen_by(&requester, &owner), Some(next));
    // and in a log that does not continue it, one statement is all the evidence there is
    let mut requester = before;
    rewritten.wait(1);
    grow(&mut rewritten, 9);
    let size = rewritten.read(log::size);
    let frame = head_since(&mut rewritten, &requester, cosigned.size, size);
    requester.take(&frame, &rewritten);
    let kept = person(&requester, &owner);
    assert_eq!((kept.fork, kept.against), (Some(frame.message), None));
}

#[test]
fn an_older_head_that_comes_late_changes_nothing() {
    let (mut owner, mut requester) = owner_and_requester();
    let late = head_since(&mut owner, &requester, 0, 2);
    owner.wait(5);
    grow(&mut owner, 4);
    let shown = exchange_head(&mut owner, &mut requester);
    requester.take(&late, &owner);
    // and neither does one that was asked for, now that there are more
    let asked_for = head_since(&mut owner, &requester, 0, 2);
    requester.take(&asked_for, &owner);
    assert_eq!(seen_by(&requester, &owner), Some(shown));
    assert!(person(&requester, &owner).fork.is_none());
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
        let body = LogHead { head, since: 0, consistency: vec![], checkpoint, now: None, restored: None };
        let frame = owner.say(&requester.id(), body);
        assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Malformed));
    }
    assert_eq!(seen_by(&requester, &owner), None);
}

/// An owner who restored a backup made before the requester saw the last four entries.
fn restored() -> (Party, Party, Party, TreeHead) {
    let (mut owner, mut requester) = owner_and_requester();
    grow(&mut owner, 2);
    exchange_head(&mut owner, &mut requester);
    let backup = owner.clone();
    grow(&mut owner, 4);
    let lost = exchange_head(&mut owner, &mut requester);
    let mut anew = backup;
    anew.wait(600);
    requester.wait(600);
    anew.act(epoch::restart).unwrap();
    (owner, requester, anew, lost)
}

#[test]
fn a_restored_backup_is_recorded_as_such_with_what_it_lost_and_then_followed() {
    let (owner, mut requester, mut anew, lost) = restored();
    let backup = anew.read(log::size) - 1;
    grow(&mut anew, 1);
    let first = exchange_head(&mut anew, &mut requester);
    let kept = person(&requester, &owner);
    assert_eq!(kept.ended, [Ended { seen: lost, kept: backup, restored: anew.clock }]);
    assert_eq!((kept.seen, kept.fork), (Some(first), None));
    assert!(requester.noticed(Notice::LogRestored(owner.id())));
    grow(&mut anew, 9);
    let next = exchange_head(&mut anew, &mut requester);
    assert_eq!(seen_by(&requester, &owner), Some(next));
    assert_eq!(person(&requester, &owner).ended.len(), 1, "an epoch begins once");
    let receipt = walk(&mut anew, &mut requester, Kind::Mean);
    let head = requester.record::<ReceiptRecord>(&receipt.0).open().unwrap().body().entry.head;
    assert_eq!(head.epoch, first.epoch);
    let kept: HeadRecord = requester.record(&HeadRecord::theirs(&owner.id(), 1, head.size));
    assert_eq!((kept.receipt, kept.shown.is_some()), (Some(receipt), true));
}

#[test]
fn a_restored_backup_that_lost_nothing_seen_must_continue_it() {
    let (mut owner, mut requester) = owner_and_requester();
    let mut forged = owner.clone();
    grow(&mut owner, 2);
    let seen = exchange_head(&mut owner, &mut requester);
    let before = requester.clone();
    grow(&mut owner, 3);
    owner.wait(60);
    owner.act(epoch::restart).unwrap();
    let next = exchange_head(&mut owner, &mut requester);
    let kept = person(&requester, &owner);
    assert_eq!((kept.seen, kept.fork), (Some(next), None));
    assert_eq!(kept.ended.iter().map(|ended| (ended.seen, ended.kept)).collect::<Vec<_>>(), [(seen, seen.size)]);
    // entries behind a restored backup are held to what was seen as well
    let mut requester = before;
    forged.wait(1);
    grow(&mut forged, 9);
    forged.act(epoch::restart).unwrap();
    let size = forged.read(log::size);
    let frame = head_since(&mut forged, &requester, seen.size, size);
    requester.take(&frame, &forged);
    assert_eq!(evidence(&requester, &owner), Some(Contradiction::NoContinuation { since: seen.size, size }));
}

#[test]
fn a_copy_that_lives_on_after_a_backup_was_restored_is_noticed() {
    let (mut owner, mut requester, mut anew, _) = restored();
    exchange_head(&mut anew, &mut requester);
    owner.wait(2000);
    requester.wait(2000);
    grow(&mut owner, 1);
    let size = owner.read(log::size);
    let frame = head_since(&mut owner, &requester, 0, size);
    requester.take(&frame, &owner);
    assert_eq!(evidence(&requester, &owner), Some(Contradiction::EpochOver));
}

#[test]
fn what_was_said_before_the_restore_and_comes_late_is_no_contradiction() {
    let (mut owner, mut requester, mut anew, _) = restored();
    let size = owner.read(log::size);
    let late = head_since(&mut owner, &requester, 0, size);
    let seen = exchange_head(&mut anew, &mut requester);
    requester.take(&late, &owner);
    let kept = person(&requester, &owner);
    assert_eq!((kept.seen, kept.fork), (Some(seen), None));
}

#[test]
fn an_epoch_whose_beginning_is_not_in_the_log_is_refused() {
    let (_, mut requester, mut anew, _) = restored();
    let size = anew.read(log::size);
    let head = anew.read(log::head);
    let opened = anew.read(|draft| epoch::opening(draft, size)).unwrap();
    let alter: [fn(&mut LogHead); 4] = [
        |shown| shown.restored.as_mut().unwrap().time += 1,
        |shown| shown.restored.as_mut().unwrap().salt.0[0] ^= 1,
        |shown| shown.restored.as_mut().unwrap().inclusion[0].0[0] ^= 1,
        |shown| shown.head.epoch = Some(Digest([7; 32])),
    ];
    for alter in alter {
        let mut body = LogHead {
            head,
            since: 0,
            consistency: vec![],
            checkpoint: String::new(),
            now: None,
            restored: Some(opened.clone()),
        };
        alter(&mut body);
        body.checkpoint = checkpoint::sign(&body.head, &anew.key);
        let frame = anew.say(&requester.id(), body);
        assert_eq!(requester.take(&frame, &anew), Ack::Refused(Refusal::Malformed));
    }
}

#[test]
fn a_party_that_begins_anew_over_and_over_is_followed_no_longer() {
    let (mut owner, mut requester) = owner_and_requester();
    exchange_head(&mut owner, &mut requester);
    for _ in 0..EPOCHS {
        owner.wait(1);
        owner.act(epoch::restart).unwrap();
        exchange_head(&mut owner, &mut requester);
    }
    assert_eq!(person(&requester, &owner).ended.len(), EPOCHS);
    owner.act(epoch::restart).unwrap();
    show_to(&mut owner, &requester);
    assert_eq!(exchange(&mut owner, &mut requester), [Refusal::TooMany]);
}
