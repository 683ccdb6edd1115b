use super::*;
use crate::{
    log, outbox,
    owner::{self, Approve, StandingChoice},
    people,
    record::{DecisionRecord, Myself, ReceiptRecord, Seen},
    requester,
    testing::{
        BILLS, HOUR, Party, approved, computed, euros, exchange, invite, join, owner_and_requester, receipted, send,
        terms, value, version,
    },
};
use protocol::{Ack, Event, Kind, Outcome, Refusal, message::Review};

/// Between backup and restore, in seconds: the others' clocks, which stand still, are still close enough.
const LATER: u64 = 60;

/// Goes on from what `backup` holds, a moment later.
fn restore(backup: &Party) -> (Party, Voided) {
    let mut party = backup.clone();
    party.clock += LATER;
    party.effects.clear();
    let (mut progress, made) = (Progress::default(), backup.clock);
    while party.act(|draft, context| page(draft, context, made, &mut progress)).unwrap() {}
    (party, progress.voided)
}

fn refusals(owner: &Party) -> usize {
    owner.events().iter().filter(|event| matches!(event, Event::RunRefused { .. })).count()
}

fn ran(owner: &Party) -> usize {
    owner.events().iter().filter(|event| matches!(event, Event::Ran { .. })).count()
}

#[test]
fn a_grant_spent_after_the_backup_does_not_run_again() {
    let (mut owner, mut requester, request, grant) = approved();
    let backup = owner.clone();
    requester.run(&request);
    exchange(&mut owner, &mut requester);
    owner.compute(&euros("1234.50"), version(1));
    exchange(&mut owner, &mut requester);
    assert_eq!(requester.request(&request).state, RequestState::Done);

    let (mut owner, voided) = restore(&backup);
    assert_eq!(voided.grants, [(grant, requester.id())]);
    assert_eq!(owner.grant(&grant).spent, 0, "the old copy knows of no run");
    // the very message that was counted before, and a fresh one, as somebody dishonest would send them
    for number in [1, 2] {
        let run = protocol::message::Run { grant, request, number };
        let frame = requester.say(&owner.id(), run);
        assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Revoked), "{number}");
    }
    assert_eq!((ran(&owner), refusals(&owner)), (0, 2), "both tries are logged");
    // the holder is told
    exchange(&mut owner, &mut requester);
    assert!(requester.grant(&grant).revoked.is_some());
}

#[test]
fn a_standing_grant_without_review_answers_nothing_by_itself_after_a_restore() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let standing = StandingChoice { uses: 3, review: Review::None, ..Default::default() };
    let choice = Approve { standing: Some(standing), ..Default::default() };
    let grant = owner.approve_as(&first, euros("1234.50"), choice);
    exchange(&mut owner, &mut requester);
    let (mut owner, voided) = restore(&owner);
    assert_eq!(voided.grants, [(grant, requester.id())]);
    let again = requester.ask_under(&owner.id(), terms(Kind::Mean), Some(grant));
    let refused = exchange(&mut requester, &mut owner);
    assert!(refused.contains(&Refusal::Revoked), "{refused:?}");
    assert_eq!(requester.request(&again).state, RequestState::Refused);
    assert_eq!(ran(&owner), 0);
}

#[test]
fn a_counter_offer_made_before_the_backup_can_no_longer_be_accepted() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let preview = value(terms(Kind::Count).computation, version(1), Outcome::Count(24));
    let code = owner.act(|draft, _| owner::keep_counter_preview(draft, &asked, preview)).unwrap();
    let (expires, proposal) = (owner.clock + 24 * HOUR, terms(Kind::Count));
    let offer = owner::CounterOffer { code, proposal, expires, because: None };
    owner.act(|draft, context| owner::counter(draft, context, &asked, offer)).unwrap();
    exchange(&mut owner, &mut requester);
    let (mut owner, voided) = restore(&owner);
    assert_eq!(voided.counter_offers, [(asked, requester.id())]);
    let (decision, _) = owner.decision(&asked);
    assert!(owner.record::<DecisionRecord>(&decision.0).revoked.is_some());
    // she accepts before she hears of it
    let accepted = requester.act(|draft, context| requester::accept(draft, context, &asked)).unwrap();
    let refused = exchange(&mut requester, &mut owner);
    assert!(refused.contains(&Refusal::Revoked), "{refused:?}");
    assert_eq!(requester.request(&accepted).state, RequestState::Refused);
}

#[test]
fn a_run_begun_before_the_backup_is_not_computed_and_its_outcome_not_made() {
    let (mut owner, mut requester, request, grant) = approved();
    requester.run(&request);
    exchange(&mut owner, &mut requester);
    assert_eq!(owner.read(owner::unfinished), [(grant, 1)]);
    let (mut restored, voided) = restore(&owner);
    assert_eq!((voided.runs, voided.grants), (vec![(grant, 1)], vec![(grant, requester.id())]));
    assert!(restored.read(owner::unfinished).is_empty());
    assert!(restored.events().contains(&Event::Withheld { grant, number: 1 }));
    let run = protocol::message::Run { grant, request, number: 1 };
    let frame = requester.say(&restored.id(), run);
    assert_eq!(restored.take(&frame, &requester), Ack::Refused(Refusal::Revoked));
}

#[test]
fn an_outcome_not_handed_over_before_the_backup_never_is() {
    let (owner, mut requester, _, grant) = computed();
    let (mut owner, voided) = restore(&owner);
    assert_eq!((voided.outcomes.len(), voided.grants.len()), (1, 1));
    let receipt: ReceiptRecord = owner.record(&voided.outcomes[0].0);
    assert!(receipt.withheld && receipt.released.is_none());
    exchange(&mut owner, &mut requester);
    let got = requester.read(|draft| draft.all::<ReceiptRecord>(&[]));
    assert!(got.is_empty(), "nothing was released");
    assert!(requester.grant(&grant).revoked.is_some());
}

#[test]
fn a_receipt_released_before_the_backup_is_the_same_after_it() {
    let (owner, mut requester, request, _) = receipted();
    let grant = requester.request(&request).grant.unwrap();
    let before: Vec<_> = owner.read(|draft| draft.all::<ReceiptRecord>(&[]));
    let (mut owner, voided) = restore(&owner);
    assert_eq!((voided.grants.len(), voided.outcomes.len()), (0, 0), "nothing of it is left to do");
    let run = protocol::message::Run { grant, request, number: 1 };
    let frame = requester.say(&owner.id(), run);
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
    assert_eq!(owner.read(|draft| draft.all::<ReceiptRecord>(&[])), before);
    assert_eq!(ran(&owner), 1);
}

#[test]
fn an_invite_that_was_not_used_up_admits_nobody_and_the_inviter_is_told() {
    let mut owner = Party::new(1, "Jack");
    let ticket = invite(&mut owner, 2);
    let mut first = Party::new(2, "Jill");
    let frame = join(&mut first, &owner, &ticket);
    owner.take(&frame, &first);
    exchange(&mut owner, &mut first);
    let (mut owner, voided) = restore(&owner);
    assert_eq!(voided.invites, [ticket.id()]);
    let mut photographer = Party::new(3, "Mallory");
    let frame = join(&mut photographer, &owner, &ticket);
    assert_eq!(owner.take(&frame, &photographer), Ack::Refused(Refusal::Invite));
    assert!(owner.noticed(crate::Notice::InviteRefused(ticket.id())));
}

#[test]
fn joining_that_was_not_finished_begins_anew() {
    let mut owner = Party::new(1, "Jack");
    let ticket = invite(&mut owner, 1);
    let mut joiner = Party::new(2, "Jill");
    let _ = join(&mut joiner, &owner, &ticket);
    let (mut joiner, voided) = restore(&joiner);
    assert_eq!(voided.joining, 1);
    let frame = join(&mut joiner, &owner, &ticket);
    assert!(matches!(owner.take(&frame, &joiner), Ack::Accepted(_)));
}

#[test]
fn what_was_asked_before_waits_again_and_nothing_of_it_was_shown() {
    let (mut owner, mut requester) = owner_and_requester();
    let request = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let code = owner.look(&request, euros("1234.50"));
    let (mut owner, voided) = restore(&owner);
    assert_eq!(voided.waiting, 1);
    let choice = Approve { code, ..Default::default() };
    let early = owner.act(|draft, context| owner::approve(draft, context, &request, &choice));
    assert!(early.is_err(), "what was shown before the backup is no ground to decide on");
    let _ = owner.approve(&request, euros("1234.50"));
    exchange(&mut owner, &mut requester);
    assert_eq!(requester.request(&request).state, RequestState::Approved);
}

#[test]
fn a_request_replayed_after_its_id_was_forgotten_is_a_question_and_no_answer() {
    let (mut owner, mut requester) = owner_and_requester();
    let backup = owner.clone();
    let request = requester.ask(&owner.id(), terms(Kind::Mean));
    let captured = requester.next(&owner.id()).unwrap().frame;
    exchange(&mut requester, &mut owner);
    let _ = owner.approve(&request, euros("1234.50"));
    let (mut owner, _) = restore(&backup);
    assert!(owner.read(|draft| draft.get::<Seen>(Seen::key(&request))).is_none());
    assert!(matches!(owner.take(&captured, &requester), Ack::Accepted(_)));
    assert_eq!(owner.request(&request).state, RequestState::Waiting);
}

#[test]
fn a_held_grant_stays_and_says_as_of_when() {
    let (mut owner, requester, request, grant) = approved();
    let (mut requester, voided) = restore(&requester);
    assert_eq!((voided.held, voided.grants.len()), (1, 0));
    let held = requester.grant(&grant);
    assert_eq!((held.as_of, held.revoked), (Some(requester.clock - LATER), None));
    owner.clock = requester.clock;
    requester.run(&request);
    exchange(&mut requester, &mut owner);
    assert_eq!(ran(&owner), 1, "it is the owner who counts");
}

#[test]
fn a_grant_whose_time_is_over_does_not_revive_with_the_clock_and_nobody_is_bothered() {
    let (owner, requester, _, grant) = approved();
    let mut backup = owner.clone();
    backup.clock = owner.grant(&grant).window().1;
    // the messages of that time are forgotten
    let (mut owner, voided) = restore(&backup);
    assert!(voided.grants.is_empty());
    assert!(owner.grant(&grant).revoked.is_some());
    let revoke = owner.read(|draft| outbox::next(draft, &requester.id()));
    assert!(revoke.is_none_or(|owed| !owed.releases));
    owner.clock = backup.clock - HOUR;
    assert!(owner.events().iter().all(|event| !matches!(event, Event::Revoked { .. })));
}

#[test]
fn the_log_goes_on_in_a_new_epoch_and_the_presence_outdoes_every_one_sent_since() {
    let (mut owner, mut requester, ..) = receipted();
    let backup = owner.clone();
    // much is said that the old copy does not know
    for _ in 0..5 {
        let peer = owner.peer.clone();
        let to = requester.id();
        let frame =
            owner.act(|draft, context| people::presence(draft, context, &to, &peer, protocol::ExchangeKey([7; 32])));
        assert!(matches!(requester.take(&frame.unwrap(), &owner), Ack::Accepted(_)));
    }
    let size = backup.read(log::size);
    let (mut owner, _) = restore(&backup);
    assert!(matches!(owner.events()[size as usize], Event::Restored { .. }), "before anything else is logged");
    assert!(owner.read(log::head).epoch.is_some());
    assert!(owner.read(log::faults).is_empty());
    let (peer, to) = (owner.peer.clone(), requester.id());
    let frame =
        owner.act(|draft, context| people::presence(draft, context, &to, &peer, protocol::ExchangeKey([7; 32])));
    assert!(matches!(requester.take(&frame.unwrap(), &owner), Ack::Accepted(_)));
    let again = restore(&backup).0;
    assert!(again.record::<Myself>(Myself::KEY).serial >= owner.clock);
}

#[test]
fn restoring_twice_voids_nothing_twice() {
    let (owner, requester, _, grant) = approved();
    let (once, first) = restore(&owner);
    let (mut twice, second) = restore(&once);
    assert_eq!((first.grants.len(), second.grants.len()), (1, 0));
    assert!(twice.grant(&grant).revoked.is_some());
    let mut requester = requester;
    let sent = std::iter::from_fn(|| send(&mut twice, &mut requester)).count();
    assert!(sent > 0);
    assert!(requester.grant(&grant).revoked.is_some());
    assert_eq!(twice.record::<crate::record::DatasetRecord>(&BILLS.0).version, version(1));
}
