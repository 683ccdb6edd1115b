use crate::{
    Notice, datasets,
    owner::{Approve, StandingChoice},
    record::{RequestState, Visibility},
    testing::{BILLS, HOUR, Party, bills, euros, exchange, on, owner_and_requester, pair, send, terms, version, words},
};
use protocol::{
    Ack, DatasetId, Frame, Kind, MessageId, Refusal,
    message::{Purpose, Request, Review, Terms},
};

fn asks(requester: &mut Party, owner: &mut Party, terms: Terms) -> (MessageId, Ack) {
    let id = requester.ask(&owner.id(), terms);
    (id, send(requester, owner).unwrap())
}

fn refused(change: impl FnOnce(&mut Terms)) -> Ack {
    let (mut owner, mut requester) = owner_and_requester();
    let mut terms = terms(Kind::Mean);
    change(&mut terms);
    let before = owner.events();
    let (id, ack) = asks(&mut requester, &mut owner, terms);
    assert_eq!(owner.events(), before);
    assert_eq!(requester.request(&id).state, RequestState::Refused);
    ack
}

#[test]
fn a_request_waits_for_the_owner_and_she_is_told() {
    let (mut owner, mut requester) = owner_and_requester();
    let (id, ack) = asks(&mut requester, &mut owner, terms(Kind::Mean));
    assert_eq!(ack, Ack::Accepted(id));
    assert!(owner.noticed(Notice::RequestArrived(id)));
    assert_eq!(owner.request(&id).state, RequestState::Waiting);
    assert_eq!(requester.request(&id).state, RequestState::Waiting);
    assert_eq!(owner.request(&id).index, requester.request(&id).index);
}

#[test]
fn a_request_about_an_invisible_dataset_is_indistinguishable_from_one_that_does_not_exist() {
    let about = |visible: Option<Visibility>| {
        let (mut owner, mut requester) = owner_and_requester();
        let hidden = DatasetId([0xAA; 16]);
        if let Some(visible) = visible {
            let mut record = bills(version(2));
            (record.tag, record.visible) = ("hidden".parse().unwrap(), visible);
            owner.store_as(hidden, &record);
        }
        let before = owner.events().len();
        let terms = Terms { dataset: hidden, version: version(2), ..terms(Kind::Mean) };
        owner.effects.clear();
        let (_, ack) = asks(&mut requester, &mut owner, terms);
        (ack, owner.events().len() - before, owner.effects.clone())
    };
    let nobody = about(None);
    assert_eq!(nobody, (Ack::Refused(Refusal::Unknown), 0, vec![]));
    assert_eq!(about(Some(Visibility::Nobody)), nobody);
    assert_eq!(about(Some(Visibility::People(vec![protocol::PartyId([7; 32])]))), nobody);
}

#[test]
fn a_hidden_dataset_stays_unknown_whatever_else_is_wrong_with_the_request() {
    let (mut owner, mut requester) = owner_and_requester();
    owner.act(|draft, _| datasets::show_to(draft, BILLS, Visibility::Nobody)).unwrap();
    let wrong = [
        Terms { version: version(9), ..terms(Kind::Mean) },
        Terms { computation: on(Kind::Mean, "no such column"), ..terms(Kind::Mean) },
        Terms { until: 1, ..terms(Kind::Mean) },
    ];
    for terms in wrong {
        assert_eq!(asks(&mut requester, &mut owner, terms).1, Ack::Refused(Refusal::Unknown));
    }
    let body = Request {
        terms: terms(Kind::Mean),
        reason: words("x").commitment(),
        counter: Some(MessageId([1; 32])),
        grant: None,
    };
    let frame = requester.say(&owner.id(), body);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Unknown));
}

#[test]
fn a_stale_version_is_refused() {
    assert_eq!(refused(|terms| terms.version = version(0)), Ack::Refused(Refusal::Conflict));
}

#[test]
fn a_column_that_is_not_there_or_not_a_number_is_refused() {
    assert_eq!(refused(|terms| terms.computation = on(Kind::Max, "salary")), Ack::Refused(Refusal::Conflict));
    assert_eq!(refused(|terms| terms.computation = on(Kind::Max, "month")), Ack::Refused(Refusal::Conflict));
}

#[test]
fn counting_needs_no_numbers() {
    let (mut owner, mut requester) = owner_and_requester();
    let terms = Terms { computation: on(Kind::Count, "month"), ..terms(Kind::Count) };
    assert!(matches!(asks(&mut requester, &mut owner, terms).1, Ack::Accepted(_)));
}

#[test]
fn a_request_for_a_time_that_is_over_is_refused() {
    assert_eq!(refused(|terms| terms.until = crate::testing::START), Ack::Refused(Refusal::Conflict));
}

#[test]
fn a_request_without_the_words_it_commits_to_is_refused() {
    let (mut owner, mut requester) = owner_and_requester();
    requester.ask(&owner.id(), terms(Kind::Mean));
    let frame = requester.next(&owner.id()).unwrap().frame;
    let without = Frame::new(&frame.message, vec![]);
    assert_eq!(owner.take(&without, &requester), Ack::Refused(Refusal::Malformed));
    let other = Frame::new(&frame.message, vec![words("another reason")]);
    assert_eq!(owner.take(&other, &requester), Ack::Refused(Refusal::Malformed));
    assert!(matches!(owner.take(&frame, &requester), Ack::Accepted(_)));
}

#[test]
fn a_flood_of_requests_stops_at_sixty_four_and_leaves_room_for_others() {
    let (mut owner, mut requester) = owner_and_requester();
    for _ in 0..64 {
        assert!(matches!(asks(&mut requester, &mut owner, terms(Kind::Mean)).1, Ack::Accepted(_)));
    }
    assert_eq!(asks(&mut requester, &mut owner, terms(Kind::Mean)).1, Ack::Refused(Refusal::TooMany));
    let mut other = Party::new(3, "Other");
    pair(&mut owner, &mut other);
    let (waiting, ack) = asks(&mut other, &mut owner, terms(Kind::Mean));
    assert!(matches!(ack, Ack::Accepted(_)));
    // one decided makes room for one
    let first = owner.read(|draft| draft.get::<crate::record::Ordered>(&0u64.to_be_bytes())).unwrap().0;
    assert_ne!(first, waiting);
    owner.approve(&first, euros("1"));
    assert!(matches!(asks(&mut requester, &mut owner, terms(Kind::Mean)).1, Ack::Accepted(_)));
}

/// A grant for five runs of max over amounts for credit, its outcomes looked at or not.
fn standing(review: Review) -> (Party, Party, MessageId) {
    let (mut owner, mut requester) = owner_and_requester();
    let (id, _) = asks(&mut requester, &mut owner, terms(Kind::Max));
    let choice = StandingChoice { uses: 5, review, ..StandingChoice::default() };
    let grant = owner.approve_as(&id, euros("99"), Approve { standing: Some(choice), ..Approve::default() });
    exchange(&mut owner, &mut requester);
    (owner, requester, grant)
}

#[test]
fn a_standing_grant_without_review_answers_what_it_covers_at_once() {
    let (mut owner, mut requester, grant) = standing(Review::None);
    let id = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(owner.request(&id).state, RequestState::Approved);
    assert_eq!(requester.request(&id).state, RequestState::Approved);
}

#[test]
fn a_standing_grant_with_review_of_each_waits_for_the_owner_each_time() {
    let (mut owner, mut requester, grant) = standing(Review::Each);
    let id = requester.ask_under(&owner.id(), terms(Kind::Max), Some(grant));
    assert_eq!(exchange(&mut owner, &mut requester), []);
    assert_eq!(owner.request(&id).state, RequestState::Waiting);
    owner.approve(&id, euros("99"));
    exchange(&mut owner, &mut requester);
    assert_eq!(requester.request(&id).grant, Some(grant));
    assert_eq!(requester.request(&id).state, RequestState::Approved);
}

#[test]
fn a_standing_grant_covers_no_other_kind_column_purpose_or_dataset() {
    let (mut owner, mut requester, grant) = standing(Review::None);
    let other = DatasetId([0xAA; 16]);
    let mut record = bills(version(1));
    record.tag = "other".parse().unwrap();
    owner.store_as(other, &record);
    let beyond = [
        terms(Kind::Min),
        Terms { computation: on(Kind::Count, "month"), ..terms(Kind::Max) },
        Terms { purpose: Purpose::Rental, ..terms(Kind::Max) },
        Terms { dataset: other, ..terms(Kind::Max) },
    ];
    for terms in beyond {
        let own = {
            let (terms, id) = (terms.clone(), owner.id());
            requester.act(|draft, context| {
                crate::requester::request(draft, context, &id, terms, "", Some(grant), context_end())
            })
        };
        assert!(own.is_err(), "the requester's own side says so first");
        let body = Request { terms, reason: words("x").commitment(), counter: None, grant: Some(grant) };
        let signed = requester.sign(&owner.id(), body);
        let frame = Frame::new(signed.bytes(), vec![words("x")]);
        assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Conflict));
    }
}

fn context_end() -> u64 {
    crate::testing::START + HOUR
}

#[test]
fn somebody_else_cannot_ask_under_a_standing_grant() {
    let (mut owner, _, grant) = standing(Review::None);
    let mut other = Party::new(3, "Other");
    pair(&mut owner, &mut other);
    let body = Request { terms: terms(Kind::Max), reason: words("x").commitment(), counter: None, grant: Some(grant) };
    let signed = other.sign(&owner.id(), body);
    let frame = Frame::new(signed.bytes(), vec![words("x")]);
    assert_eq!(owner.take(&frame, &other), Ack::Refused(Refusal::Conflict));
}

#[test]
fn a_standing_grant_revoked_or_over_answers_nothing_more() {
    let (mut owner, mut requester, grant) = standing(Review::None);
    owner.wait(8 * 24 * HOUR);
    requester.wait(8 * 24 * HOUR);
    let terms = Terms { until: owner.clock + HOUR, ..terms(Kind::Max) };
    requester.ask_under(&owner.id(), terms.clone(), Some(grant));
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Expired)));

    let (mut owner, mut requester, grant) = standing(Review::None);
    owner.revoke(&grant);
    requester.ask_under(&owner.id(), terms, Some(grant));
    assert_eq!(send(&mut requester, &mut owner), Some(Ack::Refused(Refusal::Revoked)));
}

#[test]
fn a_grant_for_one_outcome_is_no_standing_grant() {
    let (mut owner, mut requester, _, grant) = crate::testing::approved();
    let body = Request { terms: terms(Kind::Mean), reason: words("x").commitment(), counter: None, grant: Some(grant) };
    let signed = requester.sign(&owner.id(), body);
    let frame = Frame::new(signed.bytes(), vec![words("x")]);
    assert_eq!(owner.take(&frame, &requester), Ack::Refused(Refusal::Conflict));
}
