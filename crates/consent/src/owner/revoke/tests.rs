use super::*;
use crate::{
    Notice, outbox, owner,
    testing::{Party, approved, computed, euros, exchange, owner_and_requester, receipted, send, terms, version},
};
use protocol::{Ack, Kind, Refusal, message::Run};

fn run_once(requester: &mut Party, owner: &mut Party, grant: MessageId, request: MessageId) -> Ack {
    let frame = requester.say(&owner.id(), Run { grant, request, number: 1 });
    owner.take(&frame, requester)
}

fn count(party: &Party, is: impl Fn(&Event) -> bool) -> usize {
    party.events().iter().filter(|event| is(event)).count()
}

#[test]
fn a_revoked_grant_does_not_run_and_both_sides_know() {
    let (mut owner, mut requester, asked, grant) = approved();
    owner.revoke(&grant);
    assert_eq!(run_once(&mut requester, &mut owner, grant, asked), Ack::Refused(Refusal::Revoked));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(owner.request(&asked).state, RequestState::Revoked);
    assert_eq!(requester.request(&asked).state, RequestState::Revoked);
    assert!(requester.noticed(Notice::GrantChanged(grant)));
    assert!(requester.act(|draft, context| crate::requester::run(draft, context, &asked)).is_err());
}

#[test]
fn a_run_on_its_way_when_the_grant_is_revoked_is_refused() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    owner.revoke(&grant);
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Revoked)));
    assert_eq!(requester.request(&asked).state, RequestState::Revoked);
    assert_eq!(exchange(&mut owner, &mut requester), []);
}

#[test]
fn revoked_while_it_is_computed_nothing_is_made_and_the_log_says_withheld() {
    let (mut owner, mut requester, asked, grant) = approved();
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.revoke(&grant);
    owner.compute(&euros("84.50"), version(1));
    assert_eq!(owner.request(&asked).receipt, None);
    assert!(owner.events().contains(&Event::Withheld { grant, number: 1 }));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).receipt, None);
    assert_eq!(run_once(&mut requester, &mut owner, grant, asked), Ack::Refused(Refusal::Revoked));
}

#[test]
fn revoked_before_the_hand_over_the_outcome_is_withheld_and_logged() {
    let (mut owner, mut requester, asked, grant) = computed();
    let receipt = owner.request(&asked).receipt.unwrap();
    owner.revoke(&grant);
    assert!(owner.record::<ReceiptRecord>(&receipt.0).withheld);
    assert_eq!(owner.request(&asked).state, RequestState::Revoked);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).receipt, None);
    assert_eq!(requester.request(&asked).state, RequestState::Revoked);
    assert_eq!(count(&owner, |event| *event == Event::Withheld { grant, number: 1 }), 1);
    assert_eq!(count(&owner, |event| matches!(event, Event::Released { .. })), 0);
    // asking again does not bring it back
    assert_eq!(run_once(&mut requester, &mut owner, grant, asked), Ack::Refused(Refusal::Revoked));
}

#[test]
fn revoked_after_the_release_was_logged_it_stays_released() {
    let (mut owner, mut requester, asked, grant) = computed();
    let mut released = None;
    // until the receipt is the next thing, released and lost on the way
    while released.is_none() {
        let next = owner.next(&requester.id()).unwrap();
        if next.releases {
            released = Some(next.id);
        } else {
            let ack = requester.take(&next.frame, &owner);
            owner.settle(&requester.id(), &next.key, &ack);
        }
    }
    owner.revoke(&grant);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).receipt, released);
    assert_eq!(requester.request(&asked).state, RequestState::Done);
    assert_eq!(owner.request(&asked).state, RequestState::Done);
    assert_eq!(count(&owner, |event| matches!(event, Event::Withheld { .. })), 0);
}

#[test]
fn a_receipt_kept_is_not_lost_by_a_revocation() {
    let (mut owner, mut requester, asked, receipt) = receipted();
    let grant = owner.request(&asked).grant.unwrap();
    owner.revoke(&grant);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).receipt, Some(receipt));
    assert_eq!(requester.request(&asked).state, RequestState::Done);
}

#[test]
fn revoking_a_standing_grant_ends_every_request_under_it() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let standing =
        owner::StandingChoice { uses: 5, review: protocol::message::Review::None, ..owner::StandingChoice::default() };
    let choice = owner::Approve { standing: Some(standing), ..owner::Approve::default() };
    let grant = owner.approve_as(&first, euros("99"), choice);
    exchange(&mut owner, &mut requester);
    let second = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    exchange(&mut owner, &mut requester);
    let (under, _) = owner.decision(&second);
    let one_use = owner.act(|draft, context| revoke(draft, context, &under));
    assert!(one_use.unwrap_err().to_string().contains("revoke that grant"));
    owner.revoke(&grant);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    for id in [first, second] {
        assert_eq!(owner.request(&id).state, RequestState::Revoked);
        assert_eq!(requester.request(&id).state, RequestState::Revoked);
    }
}

#[test]
fn only_the_owner_revokes_and_only_once() {
    let (mut owner, mut requester, _, grant) = approved();
    assert!(requester.act(|draft, context| revoke(draft, context, &grant)).is_err());
    owner.revoke(&grant);
    let again = owner.act(|draft, context| revoke(draft, context, &grant));
    assert!(again.unwrap_err().to_string().contains("already"));
    assert!(owner.act(|draft, context| revoke(draft, context, &MessageId([1; 32]))).is_err());
}

#[test]
fn a_denial_is_not_taken_back() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    owner.act(|draft, context| owner::deny(draft, context, &asked, &owner::Deny::default())).unwrap();
    let (denial, _) = owner.decision(&asked);
    let taken = owner.act(|draft, context| revoke(draft, context, &denial));
    assert!(taken.unwrap_err().to_string().contains("wait for a new request"));
}

#[test]
fn a_revocation_by_somebody_else_is_not_believed() {
    let (mut owner, mut requester, asked, grant) = approved();
    let mut mallory = Party::new(3, "Mallory");
    crate::testing::pair(&mut requester, &mut mallory);
    let frame = mallory.say(&requester.id(), Revoke { decision: grant });
    assert_eq!(requester.take(&frame, &mallory), Ack::Refused(Refusal::Unknown));
    // nor one by the requester, of a grant she was given
    let frame = requester.say(&owner.id(), Revoke { decision: grant });
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Unknown));
    assert_eq!(owner.grant(&grant).revoked, None);
    assert_eq!(requester.request(&asked).state, RequestState::Approved);
    assert_eq!(owner.read(|draft| outbox::waiting(draft, &requester.id())), 0);
}
