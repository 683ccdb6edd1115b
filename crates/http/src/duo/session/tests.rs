use super::*;
use crate::duo::answers::tests::request;

fn person(party: &str, paired: u64) -> PersonView {
    PersonView {
        party: party.into(),
        name: party.into(),
        claims: party.into(),
        verified: false,
        blocked: false,
        path: "direct".into(),
        safety_code: String::new(),
        paired,
        waiting: 0,
        left: 0,
        mailbox: true,
    }
}

fn chosen(people: &[PersonView], party: Option<&str>) -> Option<String> {
    choose(people.to_vec(), party).map(|person| person.party)
}

#[test]
fn indices_of_datasets_stay_when_others_come_and_go() {
    let mut shelf = Shelf::default();
    assert_eq!((shelf.number("a"), shelf.number("b"), shelf.number("c")), (Some(0), Some(1), Some(2)));
    // "a" was removed, "d" came
    assert_eq!((shelf.number("b"), shelf.number("c"), shelf.number("d")), (Some(1), Some(2), Some(3)));
    assert_eq!(shelf.at(3).as_deref(), Some("d"));
    assert_eq!(shelf.at(4), None);
    assert_eq!(shelf.at(u64::MAX), None);
}

#[test]
fn a_catalog_that_never_stops_changing_fills_no_memory() {
    let mut shelf = Shelf::default();
    for number in 0..DUO_DATASETS {
        assert_eq!(shelf.number(&number.to_string()), Some(number));
    }
    assert_eq!(shelf.number("one more"), None);
    assert_eq!(shelf.number("7"), Some(7));
    assert_eq!(shelf.0.len(), DUO_DATASETS);
}

#[test]
fn a_session_opened_again_keeps_its_indices_and_another_one_does_not() {
    let mut session = Session::default();
    session.open(Role::Requester, "jack");
    session.theirs.number("a");
    session.own.number("mine");
    session.open(Role::Requester, "jack");
    assert_eq!(session.theirs.at(0).as_deref(), Some("a"));
    session.open(Role::Owner, "jill");
    assert_eq!(session.theirs.at(0), None);
    assert_eq!(session.own.at(0).as_deref(), Some("mine"));
    assert_eq!((session.role(), session.party()), (Some(Role::Owner), Some("jill")));
}

#[test]
fn the_session_is_with_whom_it_was_opened_else_with_who_came_last() {
    let people = [person("a", 1), person("b", 3), person("c", 2)];
    assert_eq!(chosen(&people, Some("a")).as_deref(), Some("a"));
    assert_eq!(chosen(&people, None).as_deref(), Some("b"));
    assert_eq!(chosen(&people, Some("gone")).as_deref(), Some("b"));
    assert_eq!(chosen(&[], Some("a")), None);
}

#[test]
fn nobody_blocked_is_in_the_session() {
    let blocked = PersonView { blocked: true, ..person("b", 3) };
    assert_eq!(chosen(&[person("a", 1), blocked.clone()], None).as_deref(), Some("a"));
    assert_eq!(chosen(&[blocked], Some("b")), None);
}

#[test]
fn requests_of_others_and_undelivered_ones_have_no_place_in_the_session() {
    let mut other = request(0, "waiting");
    other.party = "other".into();
    let mut sending = request(0, "sending");
    sending.index = None;
    let all = vec![request(2, "waiting"), other, sending, request(0, "denied")];
    let indices: Vec<_> = indexed(all, "jill").iter().map(|(index, _)| *index).collect();
    assert_eq!(indices, [0, 2]);
}
