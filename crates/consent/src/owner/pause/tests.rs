use super::*;
use crate::{
    owner::{self, Approve, StandingChoice},
    record::RequestState,
    testing::*,
};
use protocol::{Event, Kind, Refusal, message::Terms};

/// A standing grant that nobody looks at, and what led to it.
fn standing() -> (Party, Party, MessageId) {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    exchange(&mut owner, &mut requester);
    let choice = StandingChoice {
        uses: 5,
        review: Review::None,
        parts: true,
        columns: vec!["month".parse().unwrap()],
        ..StandingChoice::default()
    };
    let grant = owner.approve_as(&asked, euros("84.50"), Approve { standing: Some(choice), ..Approve::default() });
    exchange(&mut owner, &mut requester);
    owner.was_told(&requester.id(), Kind::Sum);
    (owner, requester, grant)
}

/// One more request under the grant, approved at once, and its run begun.
fn begun(owner: &mut Party, requester: &mut Party, grant: MessageId) -> (MessageId, u32) {
    let asked = requester.ask_under(&owner.id(), terms(Kind::Mean), Some(grant));
    assert_eq!(exchange(owner, requester), []);
    requester.run(&asked);
    assert_eq!(exchange(owner, requester), []);
    (asked, owner.request(&asked).run.unwrap())
}

fn why<T>(result: Result<T, ConsentError>) -> String {
    result.err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn nothing_is_asked_or_run_under_a_paused_grant_until_it_is_resumed() {
    let (mut owner, mut requester, grant) = standing();
    let before = requester.ask_under(&owner.id(), terms(Kind::Mean), Some(grant));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    owner.act(|draft, context| pause(draft, context, &grant)).unwrap();
    assert!(why(owner.act(|draft, context| pause(draft, context, &grant))).contains("paused already"));
    let asked = requester.ask_under(&owner.id(), terms(Kind::Mean), Some(grant));
    assert_eq!(exchange(&mut owner, &mut requester), [Refusal::Paused]);
    assert_eq!(requester.request(&asked).state, RequestState::Refused);
    requester.run(&before);
    assert_eq!(exchange(&mut owner, &mut requester), [Refusal::Paused]);
    assert_eq!(requester.request(&before).refusal, Some(Refusal::Paused));
    assert_eq!(owner.grant(&grant).spent, 0);
    owner.act(|draft, _| resume(draft, &grant)).unwrap();
    assert!(why(owner.act(|draft, _| resume(draft, &grant))).contains("not paused"));
    requester.run(&before);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(owner.grant(&grant).spent, 1);
}

#[test]
fn an_outcome_that_waits_for_the_owner_leaves_when_she_resumes_the_grant() {
    let (mut owner, mut requester, grant) = standing();
    let (asked, number) = begun(&mut owner, &mut requester, grant);
    owner.act(|draft, context| hold(draft, context, &grant, number, &BILLS)).unwrap();
    assert!(owner.noticed(Notice::Paused(grant)));
    assert!(owner.grant(&grant).paused.is_some_and(|paused| paused.together));
    // a restart does not compute it, asking again is told that the grant is paused, and nothing is owed
    assert_eq!(owner.read(owner::unfinished), []);
    requester.run(&asked);
    assert_eq!(exchange(&mut owner, &mut requester), [Refusal::Paused]);
    owner.effects.clear();
    owner.act(|draft, _| resume(draft, &grant)).unwrap();
    assert!(owner.effects.contains(&Effect::Compute { grant, number }));
    let run: RunRecord = owner.record(&run_key(&grant, number));
    assert_eq!(run.look, Some(Look::Given));
    owner.compute(&euros("84.50"), version(1));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&asked).state, RequestState::Done);
    assert_eq!(owner.grant(&grant).spent, 1);
}

#[test]
fn an_outcome_that_waits_is_withheld_when_the_grant_is_revoked_instead() {
    let (mut owner, mut requester, grant) = standing();
    let (asked, number) = begun(&mut owner, &mut requester, grant);
    owner.act(|draft, context| hold(draft, context, &grant, number, &BILLS)).unwrap();
    owner.revoke(&grant);
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let run: RunRecord = owner.record(&run_key(&grant, number));
    assert_eq!(run.state, RunState::Withheld);
    assert!(owner.events().contains(&Event::Withheld { grant, number }));
    assert!(why(requester.act(|draft, context| crate::requester::run(draft, context, &asked))).contains("revoked"));
    assert!(!owner.events().iter().any(|event| matches!(event, Event::Receipted { .. })));
    assert_eq!(owner.read(owner::unfinished), []);
}

#[test]
fn only_grants_that_nobody_looks_at_over_the_same_rows_are_paused_by_what_others_were_told() {
    let (mut owner, mut requester, grant) = standing();
    let asked = requester.ask(&owner.id(), terms(Kind::Max));
    exchange(&mut owner, &mut requester);
    let look = |owner: &mut Party| {
        let terms = owner.request(&asked).open().unwrap().body().terms.clone();
        let preview = crate::record::Preview { had: 1, ..value(terms.computation, terms.version, euros("1")) };
        owner.act(|draft, _| owner::keep_preview(draft, &asked, preview)).unwrap()
    };
    let code = look(&mut owner);
    let choice = StandingChoice { uses: 5, review: Review::Each, ..StandingChoice::default() };
    let choice = Approve { code, standing: Some(choice), ..Approve::default() };
    owner.act(|draft, context| owner::approve(draft, context, &asked, &choice)).unwrap();
    let each = owner.request(&asked).grant.unwrap();
    exchange(&mut owner, &mut requester);
    let (_, number) = begun(&mut owner, &mut requester, grant);
    owner.act(|draft, context| hold(draft, context, &grant, number, &BILLS)).unwrap();
    assert!(owner.grant(&grant).paused.is_some() && owner.grant(&each).paused.is_none());
}

#[test]
fn only_the_owner_pauses_and_only_a_standing_grant() {
    let (mut owner, mut requester, grant) = standing();
    let held = requester.grant(&grant);
    assert_eq!(held.side, Side::Requester);
    assert!(why(requester.act(|draft, context| pause(draft, context, &grant))).contains("only the owner"));
    let asked = requester.ask(&owner.id(), Terms { computation: on(Kind::Max, "amount"), ..terms(Kind::Max) });
    exchange(&mut owner, &mut requester);
    let preview = crate::record::Preview { had: 1, ..value(on(Kind::Max, "amount"), version(1), euros("1")) };
    let code = owner.act(|draft, _| owner::keep_preview(draft, &asked, preview)).unwrap();
    let choice = Approve { code, ..Approve::default() };
    owner.act(|draft, context| owner::approve(draft, context, &asked, &choice)).unwrap();
    let once = owner.request(&asked).grant.unwrap();
    assert!(why(owner.act(|draft, context| pause(draft, context, &once))).contains("only a standing grant"));
    owner.revoke(&grant);
    assert!(why(owner.act(|draft, context| pause(draft, context, &grant))).contains("is revoked"));
}
