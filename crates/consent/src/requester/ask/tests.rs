use super::*;
use crate::testing::{HOUR, Party, approved, euros, exchange, owner_and_requester, receipted, send, terms, version};
use protocol::{Ack, Kind, limits::SKEW_SECONDS};

fn why<T: std::fmt::Debug>(result: Result<T, ConsentError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn nobody_unknown_or_blocked_is_asked_and_nothing_already_over() {
    let (owner, mut requester) = owner_and_requester();
    let (nobody, them) = (PartyId([1; 32]), owner.id());
    let mut ask = |of: &PartyId, reason: &str, expires| {
        requester.act(|draft, context| request(draft, context, of, terms(Kind::Mean), reason, None, expires))
    };
    let later = owner.clock + HOUR;
    assert!(matches!(ask(&nobody, "", later), Err(ConsentError::NotFound("person"))));
    assert!(why(ask(&them, "", owner.clock)).contains("expired already"));
    assert!(why(ask(&them, "a\u{200B}b", later)).contains("reason: holds the character"));
    assert!(why(ask(&them, &"x".repeat(2049), later)).contains("longer than 2048"));
    requester.act(|draft, _| crate::people::block(draft, &them, true)).unwrap();
    let blocked = requester.act(|draft, context| request(draft, context, &them, terms(Kind::Mean), "", None, later));
    assert!(why(blocked).contains("blocked"));
}

#[test]
fn the_same_request_has_the_same_run_number_however_often_it_is_run() {
    let (mut owner, mut requester, asked, grant) = approved();
    for _ in 0..3 {
        requester.run(&asked);
    }
    assert_eq!(requester.request(&asked).run, Some(1));
    assert_eq!(requester.grant(&grant).spent, 1);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(owner.grant(&grant).spent, 1);
}

#[test]
fn a_receipted_request_is_not_run_again() {
    let (_, mut requester, asked, _) = receipted();
    assert!(why(requester.act(|draft, context| run(draft, context, &asked))).contains("run already"));
}

#[test]
fn a_grant_out_of_time_is_not_run_beyond_the_skew() {
    let (_, mut requester, asked, grant) = approved();
    requester.clock = requester.grant(&grant).window().1 + SKEW_SECONDS;
    requester.run(&asked);
    requester.clock += 1;
    assert!(why(requester.act(|draft, context| run(draft, context, &asked))).contains("expired"));
}

#[test]
fn the_owner_does_not_run_and_nobody_runs_what_is_not_there() {
    let (mut owner, mut requester, asked, _) = approved();
    assert!(why(owner.act(|draft, context| run(draft, context, &asked))).contains("the one who asked"));
    let nothing = requester.act(|draft, context| run(draft, context, &MessageId([1; 32])));
    assert!(matches!(nothing, Err(ConsentError::NotFound("request"))));
}

#[test]
fn a_refusal_is_kept_and_a_late_one_changes_nothing_of_what_was_settled() {
    let (mut owner, mut requester, asked, _) = receipted();
    let message = requester.request(&asked).message;
    for refusal in [Refusal::Stranger, Refusal::Expired] {
        requester.act(|draft, _| turned_away(draft, &owner.id(), &message, &asked, refusal)).unwrap();
        assert_eq!(requester.request(&asked).state, RequestState::Done);
    }
    let late = requester.ask(&owner.id(), crate::testing::terms(Kind::Max));
    owner.store(version(2));
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Conflict)));
    assert_eq!(requester.request(&late).state, RequestState::Refused);
    assert_eq!(requester.request(&late).refusal, Some(Refusal::Conflict));
    assert!(why(requester.act(|draft, context| run(draft, context, &late))).contains("refused"));
}

#[test]
fn a_standing_grant_of_somebody_else_or_revoked_is_not_asked_under() {
    let (mut owner, mut requester) = owner_and_requester();
    let first = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let standing = crate::owner::StandingChoice { uses: 5, ..Default::default() };
    let choice = crate::owner::Approve { standing: Some(standing), ..Default::default() };
    let grant = owner.approve_as(&first, euros("99"), choice);
    exchange(&mut owner, &mut requester);
    let mut third = Party::new(3, "Third");
    crate::testing::pair(&mut requester, &mut third);
    let later = owner.clock + HOUR;
    let mut under = |of: PartyId, grant| {
        requester.act(|draft, context| request(draft, context, &of, terms(Kind::Max), "", Some(grant), later))
    };
    assert!(why(under(third.id(), grant)).contains("not given to you by this person"));
    assert!(matches!(under(owner.id(), MessageId([1; 32])), Err(ConsentError::NotFound("grant"))));
    owner.revoke(&grant);
    exchange(&mut owner, &mut requester);
    let revoked =
        requester.act(|draft, context| request(draft, context, &owner.id(), terms(Kind::Max), "", Some(grant), later));
    assert!(why(revoked).contains("revoked"));
}
