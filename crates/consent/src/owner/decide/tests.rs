use super::*;
use crate::{
    owner,
    testing::{
        BILLS, HOUR, Party, START, euros, exchange, on, owner_and_requester, send, terms, value, version, words,
    },
};
use protocol::{Ack, Commitment, Frame, Outcome, Refusal, Salt, message::Purpose};

fn waiting_request() -> (Party, Party, MessageId) {
    let (mut owner, mut requester) = owner_and_requester();
    let id = requester.ask(&owner.id(), terms(Kind::Mean));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    (owner, requester, id)
}

fn approve_by(owner: &mut Party, id: &MessageId, code: &str) -> Result<(), ConsentError> {
    let choice = Approve { code: code.to_owned(), ..Approve::default() };
    owner.act(|draft, context| approve(draft, context, id, &choice))
}

fn why<T: std::fmt::Debug>(result: Result<T, ConsentError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn a_yes_grants_what_was_shown_once_and_reaches_the_requester() {
    let (mut owner, mut requester, id) = waiting_request();
    let grant = owner.approve(&id, euros("84.50"));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    let (given, held) = (owner.grant(&grant), requester.grant(&grant));
    assert_eq!((given.uses(), given.window()), (1, (START, START + 7 * 24 * HOUR)));
    assert_eq!(given.grant, held.grant);
    assert_eq!(held.salt, None, "what opens the commitment stays with the owner until the run");
    let Grant::Once(once) = given.grant else { panic!("not once") };
    assert_eq!(once.outcome, euros("84.50").commitment(&Salt([9; 16])).unwrap());
}

#[test]
fn no_yes_without_having_looked() {
    let (mut owner, _, id) = waiting_request();
    assert!(why(approve_by(&mut owner, &id, "0123456789abcdef0123")).contains("look at the request first"));
}

#[test]
fn a_yes_names_at_least_twelve_characters_of_the_code_that_was_shown() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.look(&id, euros("84.50"));
    assert!(why(approve_by(&mut owner, &id, &code[..11])).contains("not the preview"));
    assert!(why(approve_by(&mut owner, &id, "")).contains("not the preview"));
    let mut other = code.clone().into_bytes();
    other[11] = if other[11] == b'0' { b'1' } else { b'0' };
    assert!(why(approve_by(&mut owner, &id, std::str::from_utf8(&other).unwrap())).contains("not the preview"));
    assert!(why(approve_by(&mut owner, &id, &format!("{code}0"))).contains("not the preview"));
    approve_by(&mut owner, &id, &format!(" {} ", code[..12].to_uppercase())).unwrap();
}

#[test]
fn the_code_binds_request_version_computation_and_outcome() {
    let id = MessageId([1; 32]);
    let base = value(on(Kind::Mean, "amount"), version(1), euros("1"));
    let code = |id, preview: &Preview| preview_code(id, preview).unwrap();
    let first = code(&id, &base);
    assert_eq!(first.len(), 20);
    let others = [
        code(&MessageId([2; 32]), &base),
        code(&id, &value(on(Kind::Max, "amount"), version(1), euros("1"))),
        code(&id, &value(on(Kind::Mean, "amount"), version(2), euros("1"))),
        code(&id, &value(on(Kind::Mean, "amount"), version(1), euros("1.0"))),
        code(&id, &value(on(Kind::Mean, "amount"), version(1), Outcome::Count(1))),
        code(&id, &Preview { shown: Previewed::Nothing { why: "no".to_owned() }, ..base.clone() }),
    ];
    for other in others {
        assert_ne!(other, first);
    }
}

#[test]
fn an_older_prompt_no_longer_counts_once_another_was_shown() {
    let (mut owner, _, id) = waiting_request();
    let old = owner.look(&id, euros("84.50"));
    let new = owner.look(&id, euros("85"));
    assert!(why(approve_by(&mut owner, &id, &old)).contains("not the preview"));
    approve_by(&mut owner, &id, &new).unwrap();
}

#[test]
fn a_dataset_changed_between_prompt_and_yes_is_refused() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.look(&id, euros("84.50"));
    owner.store(version(2));
    assert!(why(approve_by(&mut owner, &id, &code)).contains("dataset changed"));
    let preview = value(on(Kind::Mean, "amount"), version(2), euros("84.50"));
    let code = owner.act(|draft, _| keep_preview(draft, &id, preview)).unwrap();
    assert!(why(approve_by(&mut owner, &id, &code)).contains("dataset changed"), "it asked about the old version");
    owner.act(|draft, context| crate::datasets::removed(draft, context, BILLS)).unwrap();
    assert!(approve_by(&mut owner, &id, &code).is_err());
}

#[test]
fn what_was_shown_of_another_version_does_not_count_once_the_dataset_is_back() {
    let (mut owner, _, id) = waiting_request();
    owner.store(version(2));
    let preview = value(on(Kind::Mean, "amount"), version(2), euros("84.50"));
    let code = owner.act(|draft, _| keep_preview(draft, &id, preview)).unwrap();
    owner.store(version(1));
    assert!(why(approve_by(&mut owner, &id, &code)).contains("dataset changed"));
}

#[test]
fn a_prompt_shows_what_was_asked_for_and_nothing_else() {
    let (mut owner, _, id) = waiting_request();
    let preview = value(on(Kind::Max, "amount"), version(1), euros("99"));
    assert!(why(owner.act(|draft, _| keep_preview(draft, &id, preview))).contains("not what was asked for"));
}

#[test]
fn where_nothing_can_leave_there_is_nothing_to_approve() {
    let (mut owner, _, id) = waiting_request();
    let shown = Previewed::Nothing { why: "fewer than two rows".to_owned() };
    let preview = Preview {
        computation: on(Kind::Mean, "amount"),
        version: version(1),
        shown,
        dates: None,
        worked_out: vec![],
        had: 0,
    };
    let code = owner.act(|draft, _| keep_preview(draft, &id, preview)).unwrap();
    assert!(why(approve_by(&mut owner, &id, &code)).contains("fewer than two rows"));
}

/// What was shown, and a rule that advises against it.
fn advised_against(kind: Kind) -> Preview {
    let mut preview = value(on(kind, "amount"), version(1), euros("84.50"));
    let Previewed::Value { against, .. } = &mut preview.shown else { panic!("no value") };
    *against = Some("it is the value of one row".to_owned());
    preview
}

#[test]
fn a_rule_holds_unless_the_owner_overrides_it_for_this_request() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.act(|draft, _| keep_preview(draft, &id, advised_against(Kind::Mean))).unwrap();
    assert!(why(approve_by(&mut owner, &id, &code)).contains("value of one row"));
    let choice = Approve { code, despite: Some("they may know it".to_owned()), ..Approve::default() };
    owner.act(|draft, context| approve(draft, context, &id, &choice)).unwrap();
    // her words stay with the decision, and the log says that there was a rule; neither is sent
    let (decision, kept) = owner.decision(&id);
    let words: protocol::Text = owner.record(&kept.despite.unwrap().0);
    assert_eq!((words.as_str(), kept.seen), ("they may know it", true));
    assert_eq!(owner.events().last(), Some(&Event::Overridden { request: id, decision }));
}

#[test]
fn no_words_or_words_without_a_rule_set_nothing_aside() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.act(|draft, _| keep_preview(draft, &id, advised_against(Kind::Mean))).unwrap();
    let choice = Approve { code, despite: Some("  ".to_owned()), ..Approve::default() };
    assert!(why(owner.act(|draft, context| approve(draft, context, &id, &choice))).contains("say in words"));
    let code = owner.look(&id, euros("84.50"));
    let choice = Approve { code, despite: Some("they may know it".to_owned()), ..Approve::default() };
    assert!(why(owner.act(|draft, context| approve(draft, context, &id, &choice))).contains("no rule refuses this"));
    assert!(!owner.events().iter().any(|event| matches!(event, Event::Overridden { .. })));
}

#[test]
fn what_was_shown_is_shown_anew_once_they_were_told_more() {
    let (mut owner, requester, id) = waiting_request();
    let code = owner.look(&id, euros("84.50"));
    owner.was_told(&requester.id(), Kind::Sum);
    assert!(why(approve_by(&mut owner, &id, &code)).contains("told more since"));
    let terms = owner.request(&id).open().unwrap().body().terms.clone();
    let preview = Preview { had: 1, ..value(terms.computation, terms.version, euros("84.50")) };
    let code = owner.act(|draft, _| keep_preview(draft, &id, preview)).unwrap();
    approve_by(&mut owner, &id, &code).unwrap();
}

#[test]
fn a_standing_grant_never_overrides_a_rule() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.act(|draft, _| keep_preview(draft, &id, advised_against(Kind::Mean))).unwrap();
    let standing = Some(StandingChoice { uses: 3, ..StandingChoice::default() });
    let choice = Approve { code, standing, despite: Some("they may know it".to_owned()), ..Approve::default() };
    assert!(why(owner.act(|draft, context| approve(draft, context, &id, &choice))).contains("never overrides"));
}

#[test]
fn a_standing_grant_holds_what_was_chosen_and_what_was_asked() {
    let (mut owner, _, id) = waiting_request();
    let standing = StandingChoice {
        uses: 7,
        kinds: vec![Kind::Max, Kind::Mean],
        columns: vec!["month".parse().unwrap()],
        review: Review::None,
        parts: true,
    };
    let choice = Approve { standing: Some(standing), until: Some(START + HOUR), ..Approve::default() };
    let grant = owner.approve_as(&id, euros("1"), choice);
    let Grant::Standing(given) = owner.grant(&grant).grant else { panic!("not standing") };
    assert_eq!(given.kinds, [Kind::Mean, Kind::Max]);
    assert_eq!(given.columns, ["amount".parse::<Name>().unwrap(), "month".parse().unwrap()]);
    assert_eq!((given.uses, given.until, given.review), (7, START + HOUR, Review::None));
    assert_eq!(given.parts, Some(protocol::message::Parts::FiltersAndGroups));
    assert_eq!((given.dataset, given.purpose), (BILLS, Purpose::CreditApplication));
}

#[test]
fn a_standing_grant_covers_the_question_it_began_with_and_no_parts_unless_that_has_any() {
    let (mut owner, mut requester) = owner_and_requester();
    let of = Box::new(on(Kind::Mean, "amount"));
    let question = protocol::Computation::Above(protocol::Threshold { of, than: "50".parse().unwrap() });
    let of_gas = {
        let is = protocol::Comparison::More(protocol::Value::Number("1".parse().unwrap()));
        let filter = vec![protocol::Condition { column: "amount".parse().unwrap(), is }];
        let on = protocol::OnColumn { column: "amount".parse().unwrap(), filter, group: None };
        Kind::Sum.on(on).unwrap()
    };
    let mut given = |computation: protocol::Computation, outcome| {
        let terms = Terms { computation: computation.clone(), ..terms(Kind::Mean) };
        let id = requester.ask(&owner.id(), terms.clone());
        assert_eq!(exchange(&mut owner, &mut requester), []);
        let preview = value(computation, version(1), outcome);
        let code = owner.act(|draft, _| keep_preview(draft, &id, preview)).unwrap();
        let standing = Some(StandingChoice { uses: 3, ..StandingChoice::default() });
        let choice = Approve { code, standing, ..Approve::default() };
        let grant = owner.act(|draft, context| approve(draft, context, &id, &choice).map(|()| id)).unwrap();
        let grant = owner.request(&grant).grant.unwrap();
        let Grant::Standing(given) = owner.grant(&grant).grant else { panic!("not standing") };
        assert!(given.covers(&terms));
        given
    };
    let given_once = given(question, Outcome::Holds(true));
    assert_eq!((given_once.kinds, given_once.parts), (vec![Kind::Mean, Kind::Above], None));
    assert_eq!(given(of_gas, euros("1")).parts, Some(protocol::message::Parts::FiltersAndGroups));
}

#[test]
fn a_standing_grant_for_no_use_or_a_grant_into_the_past_cannot_be_given() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.look(&id, euros("1"));
    let none = Approve { code: code.clone(), standing: Some(StandingChoice::default()), ..Approve::default() };
    assert!(owner.act(|draft, context| approve(draft, context, &id, &none)).is_err());
    for standing in [None, Some(StandingChoice { uses: 1, ..StandingChoice::default() })] {
        let past = Approve { code: code.clone(), until: Some(START), standing, ..Approve::default() };
        assert!(why(owner.act(|draft, context| approve(draft, context, &id, &past))).contains("in the past"));
    }
    assert_eq!(owner.request(&id).state, RequestState::Waiting);
}

#[test]
fn only_the_owner_of_the_data_decides() {
    let (_, mut requester, id) = waiting_request();
    let preview = value(on(Kind::Mean, "amount"), version(1), euros("1"));
    assert!(why(requester.act(|draft, _| keep_preview(draft, &id, preview))).contains("only the owner"));
    let deny_it = Deny::default();
    assert!(why(requester.act(|draft, context| deny(draft, context, &id, &deny_it))).contains("only the owner"));
    assert!(why(approve_by(&mut requester, &id, "0123456789ab")).contains("only the owner"));
}

#[test]
fn a_decision_made_by_somebody_else_is_not_believed() {
    let (owner, mut requester, id) = waiting_request();
    let mut mallory = Party::new(3, "Mallory");
    crate::testing::pair(&mut requester, &mut mallory);
    let frame = mallory.say(&requester.id(), Decision::Deny(Denial { request: id, because: None }));
    assert_eq!(requester.take(&frame, &mallory), Ack::Refused(Refusal::Unknown));
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Stranger));
    assert_eq!(requester.request(&id).state, RequestState::Waiting);
}

#[test]
fn what_is_decided_is_not_decided_again() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.look(&id, euros("84.50"));
    owner.act(|draft, context| deny(draft, context, &id, &Deny::default())).unwrap();
    assert!(why(approve_by(&mut owner, &id, &code)).contains("no longer waiting"));
    assert!(owner.act(|draft, context| deny(draft, context, &id, &Deny::default())).is_err());
}

#[test]
fn a_no_travels_with_its_reason_and_nothing_runs() {
    let (mut owner, mut requester, id) = waiting_request();
    let because = Some("I do not know you".to_owned());
    owner.act(|draft, context| deny(draft, context, &id, &Deny { because })).unwrap();
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&id).state, RequestState::Denied);
    let (_, decision) = requester.decision(&id);
    let Decision::Deny(denial) = decision.open().unwrap().body().clone() else { panic!("no denial") };
    let text: protocol::Text = requester.record(&denial.because.unwrap().0);
    assert_eq!(text.as_str(), "I do not know you");
    assert!(why(requester.act(|draft, context| crate::requester::run(draft, context, &id))).contains("denied"));
}

#[test]
fn deceptive_words_are_refused_before_they_are_signed() {
    let (mut owner, _, id) = waiting_request();
    let because = Some("yes\u{202E}on".to_owned());
    assert!(why(owner.act(|draft, context| deny(draft, context, &id, &Deny { because }))).contains("U+202E"));
}

/// A counter-offer: the count instead of the mean, until an hour from now.
fn counter_offer(owner: &mut Party, id: &MessageId) -> (Terms, MessageId) {
    let proposal = terms(Kind::Count);
    let preview = value(proposal.computation.clone(), version(1), Outcome::Count(24));
    let code = owner.act(|draft, _| keep_counter_preview(draft, id, preview)).unwrap();
    let offer = CounterOffer { code, proposal: proposal.clone(), expires: owner.clock + HOUR, because: None };
    owner.act(|draft, context| counter(draft, context, id, offer)).unwrap();
    (proposal, owner.decision(id).0)
}

fn accepts(requester: &mut Party, owner: &mut Party, terms: Terms, counter: MessageId) -> Ack {
    let body = Request { terms, reason: words("x").commitment(), counter: Some(counter), grant: None };
    let signed = requester.sign(&owner.id(), body);
    owner.take(&Frame::new(signed.bytes(), vec![words("x")]), requester)
}

#[test]
fn a_counter_offer_accepted_is_granted_without_asking_again() {
    let (mut owner, mut requester, id) = waiting_request();
    let (_, counter) = counter_offer(&mut owner, &id);
    exchange(&mut owner, &mut requester);
    let new = requester.act(|draft, context| crate::requester::accept(draft, context, &id)).unwrap();
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&new).state, RequestState::Approved);
    assert_eq!((owner.request(&new).follows, owner.request(&id).follows), (Some(id), Some(new)));
    assert_eq!(requester.request(&new).open().unwrap().body().counter, Some(counter));
    requester.run(&new);
    exchange(&mut owner, &mut requester);
    owner.compute(&Outcome::Count(24), version(1));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(requester.request(&new).state, RequestState::Done);
}

#[test]
fn a_counter_offer_is_accepted_only_once() {
    let (mut owner, mut requester, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    assert!(matches!(accepts(&mut requester, &mut owner, proposal.clone(), counter), Ack::Accepted(_)));
    assert_eq!(accepts(&mut requester, &mut owner, proposal, counter), Ack::Refused(Refusal::Revoked));
    exchange(&mut owner, &mut requester);
    requester.act(|draft, context| crate::requester::accept(draft, context, &id)).unwrap();
    assert!(
        why(requester.act(|draft, context| crate::requester::accept(draft, context, &id))).contains("accepted already")
    );
}

#[test]
fn a_counter_offer_is_accepted_only_equal_field_by_field() {
    let (mut owner, mut requester, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    let others = [
        Terms { computation: on(Kind::Mean, "amount"), ..proposal.clone() },
        Terms { computation: on(Kind::Count, "month"), ..proposal.clone() },
        Terms { purpose: Purpose::Research, ..proposal.clone() },
        Terms { uses: 2, ..proposal.clone() },
        Terms { until: proposal.until + 1, ..proposal.clone() },
    ];
    for other in others {
        assert_eq!(accepts(&mut requester, &mut owner, other, counter), Ack::Refused(Refusal::Conflict));
    }
    assert!(matches!(accepts(&mut requester, &mut owner, proposal, counter), Ack::Accepted(_)));
}

#[test]
fn a_counter_offer_withdrawn_is_not_accepted() {
    let (mut owner, mut requester, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    owner.revoke(&counter);
    assert_eq!(accepts(&mut requester, &mut owner, proposal, counter), Ack::Refused(Refusal::Revoked));
    exchange(&mut owner, &mut requester);
    assert_eq!(requester.request(&id).state, RequestState::Closed);
    assert!(requester.act(|draft, context| crate::requester::accept(draft, context, &id)).is_err());
    assert!(why(owner.act(|draft, context| owner::revoke(draft, context, &counter))).contains("already"));
}

#[test]
fn a_counter_offer_expired_is_not_accepted() {
    let (mut owner, mut requester, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    exchange(&mut owner, &mut requester);
    owner.wait(HOUR + 1);
    requester.wait(HOUR + 1);
    assert_eq!(accepts(&mut requester, &mut owner, proposal, counter), Ack::Refused(Refusal::Expired));
    assert!(why(requester.act(|draft, context| crate::requester::accept(draft, context, &id))).contains("expired"));
}

#[test]
fn a_counter_offer_is_not_accepted_after_the_dataset_changed_or_went() {
    let (mut owner, mut requester, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    owner.store(version(2));
    assert_eq!(accepts(&mut requester, &mut owner, proposal.clone(), counter), Ack::Refused(Refusal::Conflict));
    owner.store(version(1));
    owner.act(|draft, context| crate::datasets::removed(draft, context, BILLS)).unwrap();
    assert_eq!(accepts(&mut requester, &mut owner, proposal.clone(), counter), Ack::Refused(Refusal::Unknown));
    owner.store(version(1));
    assert_eq!(accepts(&mut requester, &mut owner, proposal, counter), Ack::Refused(Refusal::Revoked));
}

#[test]
fn a_counter_offer_made_to_one_is_not_accepted_by_another() {
    let (mut owner, _, id) = waiting_request();
    let (proposal, counter) = counter_offer(&mut owner, &id);
    let mut other = Party::new(3, "Other");
    crate::testing::pair(&mut owner, &mut other);
    assert_eq!(accepts(&mut other, &mut owner, proposal, counter), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_decision_that_is_no_counter_offer_cannot_be_accepted_as_one() {
    let (mut owner, mut requester, _, grant) = crate::testing::approved();
    assert_eq!(accepts(&mut requester, &mut owner, terms(Kind::Mean), grant), Ack::Refused(Refusal::Conflict));
    let nothing = MessageId([7; 32]);
    assert_eq!(accepts(&mut requester, &mut owner, terms(Kind::Mean), nothing), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_counter_offer_is_what_was_shown() {
    let (mut owner, _, id) = waiting_request();
    let preview = value(on(Kind::Count, "amount"), version(1), Outcome::Count(24));
    let code = owner.act(|draft, _| keep_counter_preview(draft, &id, preview)).unwrap();
    let others = [
        terms(Kind::Max),
        Terms { dataset: protocol::DatasetId([1; 16]), ..terms(Kind::Count) },
        Terms { version: version(2), ..terms(Kind::Count) },
        Terms { uses: 2, ..terms(Kind::Count) },
        Terms { until: START, ..terms(Kind::Count) },
    ];
    for proposal in others {
        let offer = CounterOffer { code: code.clone(), proposal, expires: START + HOUR, because: None };
        assert!(owner.act(|draft, context| counter(draft, context, &id, offer)).is_err());
    }
    let past = CounterOffer { code, proposal: terms(Kind::Count), expires: START, because: None };
    assert!(why(owner.act(|draft, context| counter(draft, context, &id, past))).contains("expired already"));
}

#[test]
fn a_rule_is_not_avoided_by_a_counter_offer() {
    let (mut owner, _, id) = waiting_request();
    let code = owner.act(|draft, _| keep_counter_preview(draft, &id, advised_against(Kind::Min))).unwrap();
    let offer = CounterOffer { code, proposal: terms(Kind::Min), expires: START + HOUR, because: None };
    assert!(why(owner.act(|draft, context| counter(draft, context, &id, offer))).contains("value of one row"));
}

#[test]
fn a_decision_about_another_version_or_with_bounds_that_do_not_cover_the_request_is_not_believed() {
    let (mut owner, mut requester, id) = waiting_request();
    let outcome = Commitment([1; 32]);
    let once = |version| Grant::Once(Once { version, outcome, from: START, until: START + HOUR });
    let standing = Standing {
        dataset: BILLS,
        kinds: vec![Kind::Max],
        columns: vec!["amount".parse().unwrap()],
        purpose: Purpose::CreditApplication,
        uses: 1,
        from: START,
        until: START + HOUR,
        review: Review::None,
        parts: None,
    };
    for grant in [once(version(2)), Grant::Standing(standing), Grant::Under(MessageId([5; 32]))] {
        let frame = owner.say(&requester.id(), Decision::Approve(Approval { request: id, grant }));
        assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Conflict));
        assert_eq!(requester.request(&id).state, RequestState::Waiting);
    }
    let frame = owner.say(&requester.id(), Decision::Approve(Approval { request: id, grant: once(version(1)) }));
    assert!(matches!(requester.take(&frame, &owner), Ack::Accepted(_)));
    let frame = owner.say(&requester.id(), Decision::Deny(Denial { request: id, because: None }));
    assert_eq!(requester.take(&frame, &owner), Ack::Refused(Refusal::Conflict), "it was decided already");
}

#[test]
fn an_answer_that_overtakes_the_ack_of_its_request_is_kept() {
    let (mut owner, mut requester) = owner_and_requester();
    let id = requester.ask(&owner.id(), terms(Kind::Mean));
    let request = requester.next(&owner.id()).unwrap();
    let ack = owner.take(&request.frame, &requester);
    owner.approve(&id, euros("1"));
    assert!(matches!(send(&mut owner, &mut requester), Some(Ack::Accepted(_))));
    requester.settle(&owner.id(), &request.key, &ack);
    assert_eq!(requester.request(&id).state, RequestState::Approved);
    assert_eq!(requester.request(&id).index, Some(0));
}
