use super::*;
use crate::{
    ConsentError,
    owner::{self, Approve, StandingChoice},
    testing::{
        BILLS, HOUR, Party, approved, computed as made, euros, exchange, finished, owner_and_requester, receipted,
        send, terms, version,
    },
};
use protocol::{Ack, Event, Kind};

/// A run of any form, sent as the requester.
fn runs(requester: &mut Party, owner: &mut Party, grant: MessageId, request: MessageId, number: u32) -> Ack {
    let frame = requester.say(&owner.id(), Run { grant, request, number });
    owner.take(&frame, requester)
}

/// How often something was run, by the owner's log.
fn ran(owner: &Party) -> usize {
    owner.events().iter().filter(|event| matches!(event, Event::Ran { .. })).count()
}

fn answer_of(party: &Party, request: &MessageId) -> Answer {
    let receipt = party.request(request).receipt.unwrap();
    party.record::<ReceiptRecord>(&receipt.0).open().unwrap().body().answer.clone()
}

/// Two requests approved under one standing grant of that many uses.
fn standing(uses: u32, review: Review) -> (Party, Party, MessageId, [MessageId; 2]) {
    let (mut owner, mut requester) = owner_and_requester();
    let first = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let choice = StandingChoice { uses, review, ..StandingChoice::default() };
    let grant = owner.approve_as(&first, euros("99"), Approve { standing: Some(choice), ..Approve::default() });
    exchange(&mut owner, &mut requester);
    let second = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    exchange(&mut owner, &mut requester);
    if review == Review::Each {
        owner.approve(&second, euros("99"));
        exchange(&mut owner, &mut requester);
    }
    (owner, requester, grant, [first, second])
}

#[test]
fn a_run_is_counted_logged_computed_and_receipted() {
    let (owner, requester, asked, receipt) = receipted();
    let grant = requester.request(&asked).grant.unwrap();
    assert_eq!(owner.grant(&grant).spent, 1);
    assert_eq!(ran(&owner), 1);
    assert_eq!(requester.request(&asked).state, RequestState::Done);
    let Answer::Released { outcome, .. } = answer_of(&requester, &asked) else { panic!("not released") };
    assert_eq!(outcome, euros("84.50"));
    assert!(owner.events().contains(&Event::Released { receipt }));
    assert_eq!(owner.read(owner::unfinished), []);
}

#[test]
fn a_grant_for_once_runs_once() {
    let (mut owner, mut requester, asked, grant) = made();
    assert_eq!(runs(&mut requester, &mut owner, grant, asked, 2), Ack::Refused(Refusal::Spent));
    let other = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    assert_eq!(runs(&mut requester, &mut owner, grant, other, 1), Ack::Refused(Refusal::Unknown));
    assert_eq!(ran(&owner), 1);
}

#[test]
fn a_repeated_run_number_answers_the_same_receipt_and_spends_nothing() {
    let (mut owner, mut requester, asked, receipt) = receipted();
    let grant = requester.request(&asked).grant.unwrap();
    let before: ReceiptRecord = owner.record(&receipt.0);
    for _ in 0..3 {
        assert!(matches!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Accepted(_)));
        let again = owner.next(&requester.id()).unwrap();
        assert_eq!(again.frame.message, before.message);
        let ack = requester.take(&again.frame, &owner);
        assert_eq!(ack, Ack::Accepted(receipt));
        owner.settle(&requester.id(), &again.key, &ack);
    }
    assert_eq!((owner.grant(&grant).spent, ran(&owner)), (1, 1));
    assert_eq!(owner.record::<ReceiptRecord>(&receipt.0), before);
}

#[test]
fn a_repeat_before_the_run_is_computed_resumes_it() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    // the computation was lost in a crash
    owner.effects.clear();
    assert!(matches!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Accepted(_)));
    assert!(owner.effects.contains(&Effect::Compute { grant, number: 1 }));
    assert_eq!((owner.grant(&grant).spent, ran(&owner)), (1, 1));
}

#[test]
fn a_run_begun_and_lost_is_found_again_after_a_restart() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.effects.clear();
    assert_eq!(owner.read(owner::unfinished), [(grant, 1)]);
    owner.compute(&euros("84.50"), version(1));
    assert_eq!(owner.read(owner::unfinished), []);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).state, RequestState::Done);
}

#[test]
fn a_run_computed_twice_makes_one_receipt() {
    let (mut owner, mut requester, asked, grant) = made();
    let first = owner.request(&asked).receipt;
    let other = finished(euros("1"), version(1));
    owner.act(|draft, context| computed(draft, context, &grant, 1, other)).unwrap();
    assert_eq!(owner.request(&asked).receipt, first);
    assert_eq!(exchange(&mut owner, &mut requester), []);
}

#[test]
fn a_number_that_another_request_used_is_refused() {
    let (mut owner, mut requester, grant, [first, second]) = standing(5, Review::None);
    assert!(matches!(runs(&mut requester, &mut owner, grant, first, 1), Ack::Accepted(_)));
    assert_eq!(runs(&mut requester, &mut owner, grant, second, 1), Ack::Refused(Refusal::Conflict));
    assert!(matches!(runs(&mut requester, &mut owner, grant, second, 2), Ack::Accepted(_)));
    assert_eq!(ran(&owner), 2);
}

#[test]
fn one_request_runs_under_one_number() {
    let (mut owner, mut requester, grant, [first, _]) = standing(5, Review::None);
    assert!(matches!(runs(&mut requester, &mut owner, grant, first, 1), Ack::Accepted(_)));
    assert_eq!(runs(&mut requester, &mut owner, grant, first, 2), Ack::Refused(Refusal::Conflict));
    assert_eq!(ran(&owner), 1);
}

#[test]
fn uses_are_spent_and_no_more() {
    let (mut owner, mut requester, grant, [first, second]) = standing(1, Review::None);
    requester.run(&first);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(runs(&mut requester, &mut owner, grant, second, 2), Ack::Refused(Refusal::Spent));
    let (mut owner, mut requester, grant, [first, second]) = standing(2, Review::None);
    let third = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    exchange(&mut owner, &mut requester);
    assert!(matches!(runs(&mut requester, &mut owner, grant, first, 2), Ack::Accepted(_)));
    assert!(matches!(runs(&mut requester, &mut owner, grant, second, 1), Ack::Accepted(_)));
    for number in 1..=3 {
        assert!(matches!(runs(&mut requester, &mut owner, grant, third, number), Ack::Refused(_)));
    }
    assert_eq!((owner.grant(&grant).spent, ran(&owner)), (2, 2));
    let fourth = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Spent)));
    assert_eq!(requester.request(&fourth).state, RequestState::Refused);
}

#[test]
fn the_requesters_own_side_stops_at_the_uses_too() {
    let (mut owner, mut requester, _, [first, second]) = standing(1, Review::None);
    requester.run(&first);
    let too_many = requester.act(|draft, context| crate::requester::run(draft, context, &second));
    assert!(too_many.unwrap_err().to_string().contains("every use"));
    assert_eq!(exchange(&mut owner, &mut requester), []);
}

#[test]
fn a_run_at_the_end_of_the_window_counts_and_one_second_later_does_not() {
    let until = approved().0.grant(&approved().3).window().1;
    let (mut owner, mut requester, asked, grant) = approved();
    owner.clock = until;
    requester.clock = until;
    assert!(matches!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Accepted(_)));

    let (mut owner, mut requester, asked, grant) = approved();
    owner.clock = until + 1;
    requester.clock = until + 1;
    assert_eq!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Expired));
    assert_eq!(ran(&owner), 0);
    assert!(matches!(owner.events().last(), Some(Event::RunRefused { .. })), "somebody tried, and the log says so");
}

#[test]
fn a_clock_set_back_does_not_bring_a_grant_back() {
    let (mut owner, mut requester, asked, grant) = approved();
    let until = owner.grant(&grant).window().1;
    owner.clock = until + 1;
    owner.act(|draft, context| context.now(draft)).unwrap();
    owner.clock = until - HOUR;
    requester.clock = until;
    assert_eq!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Expired));
}

#[test]
fn a_run_before_the_window_is_refused() {
    let (mut owner, mut requester, asked, grant) = approved();
    let mut record = owner.grant(&grant);
    let Grant::Once(once) = &mut record.grant else { panic!("not once") };
    once.from = owner.clock + 1;
    owner.act(|draft, _| draft.put(&grant.0, &record)).unwrap();
    assert_eq!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Expired));
    owner.wait(1);
    assert!(matches!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Accepted(_)));
}

#[test]
fn a_run_of_what_was_not_approved_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    for grant in [asked, MessageId([1; 32])] {
        assert_eq!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Unknown));
    }
    let early = requester.act(|draft, context| crate::requester::run(draft, context, &asked));
    assert!(matches!(early, Err(ConsentError::Refused(_))));

    let (mut owner, mut requester, grant, _) = standing(5, Review::Each);
    let waiting = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    exchange(&mut owner, &mut requester);
    assert_eq!(runs(&mut requester, &mut owner, grant, waiting, 1), Ack::Refused(Refusal::Conflict));
    owner.act(|draft, context| owner::deny(draft, context, &waiting, &owner::Deny::default())).unwrap();
    assert_eq!(runs(&mut requester, &mut owner, grant, waiting, 1), Ack::Refused(Refusal::Conflict));
    assert_eq!(ran(&owner), 0);
}

#[test]
fn somebody_else_cannot_run_a_grant() {
    let (mut owner, _, asked, grant) = approved();
    let mut other = Party::new(3, "Other");
    crate::testing::pair(&mut owner, &mut other);
    assert_eq!(runs(&mut other, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Unknown));
    let mut stranger = Party::new(4, "Stranger");
    assert_eq!(runs(&mut stranger, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Stranger));
    assert_eq!(ran(&owner), 0);
}

#[test]
fn another_outcome_than_the_one_shown_does_not_leave_and_the_use_is_spent() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.compute(&euros("84.5"), version(1));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let none = Answer::NotReleased { reason: NotReleased::DatasetChanged };
    assert_eq!(answer_of(&requester, &asked), none);
    assert_eq!(owner.grant(&grant).spent, 1);
}

#[test]
fn another_version_than_the_one_shown_does_not_leave() {
    let (mut owner, mut requester, asked, _) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.compute(&euros("84.50"), version(2));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(answer_of(&requester, &asked), Answer::NotReleased { reason: NotReleased::DatasetChanged });
}

#[test]
fn under_review_of_each_only_what_was_seen_leaves() {
    let (mut owner, mut requester, _, [first, second]) = standing(5, Review::Each);
    requester.run(&first);
    requester.run(&second);
    exchange(&mut owner, &mut requester);
    let [one, two] = <[_; 2]>::try_from(owner.read(owner::unfinished)).unwrap();
    for ((grant, number), outcome) in [(one, "99"), (two, "98")] {
        let finished = finished(euros(outcome), version(1));
        owner.act(|draft, context| computed(draft, context, &grant, number, finished)).unwrap();
    }
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert!(matches!(answer_of(&requester, &first), Answer::Released { .. }));
    assert_eq!(answer_of(&requester, &second), Answer::NotReleased { reason: NotReleased::DatasetChanged });
}

#[test]
fn without_review_the_outcome_of_the_version_asked_about_leaves() {
    let (mut owner, mut requester, _, [_, second]) = standing(5, Review::None);
    requester.run(&second);
    exchange(&mut owner, &mut requester);
    owner.compute(&euros("97"), version(1));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let Answer::Released { outcome, .. } = answer_of(&requester, &second) else { panic!("not released") };
    assert_eq!(outcome, euros("97"));
}

#[test]
fn what_was_seen_and_erased_does_not_leave_and_the_run_comes_to_an_end() {
    let (mut owner, mut requester, _, [_, second]) = standing(5, Review::Each);
    requester.run(&second);
    exchange(&mut owner, &mut requester);
    owner.act(|draft, context| crate::erase::request(draft, context, &second)).unwrap();
    owner.compute(&euros("99"), version(1));
    assert_eq!(owner.read(owner::unfinished), []);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(answer_of(&requester, &second), Answer::NotReleased { reason: NotReleased::Unspecified });
}

#[test]
fn nothing_to_release_is_told_as_far_as_it_may_be() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    let finished = Finished {
        computed: Computed::Nothing(NotReleased::TooFewRows),
        engine: "test 1".to_owned(),
        hand_over: false,
    };
    owner.act(|draft, context| computed(draft, context, &grant, 1, finished)).unwrap();
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(answer_of(&requester, &asked), Answer::NotReleased { reason: NotReleased::TooFewRows });
}

#[test]
fn handing_over_at_once_logs_the_release_in_the_same_step() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    let finished = Finished { hand_over: true, ..finished(euros("84.50"), version(1)) };
    owner.act(|draft, context| computed(draft, context, &grant, 1, finished)).unwrap();
    let receipt = owner.request(&asked).receipt.unwrap();
    assert!(owner.events().contains(&Event::Released { receipt }));
    let owed = [owner.next(&requester.id()).unwrap()];
    assert!(owed.iter().all(|next| !next.releases));
    owner.revoke(&grant);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).state, RequestState::Done);
}

#[test]
fn a_removed_dataset_runs_nothing_more() {
    let (mut owner, mut requester, asked, grant) = approved();
    owner.act(|draft, context| crate::datasets::removed(draft, context, BILLS)).unwrap();
    assert_eq!(runs(&mut requester, &mut owner, grant, asked, 1), Ack::Refused(Refusal::Revoked));
    assert_eq!(ran(&owner), 0);
}
