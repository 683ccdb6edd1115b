use super::*;
use crate::{
    testing::{approved, exchange, owner_and_requester, terms},
    view::{Change, View as _},
};
use protocol::Kind;

/// Keys of every place in a table.
fn places(party: &crate::testing::Party, table: Table) -> Vec<Vec<u8>> {
    party.view.scan(table, &[], None, 100).unwrap().into_iter().map(|(key, _)| key).collect()
}

#[test]
fn a_request_is_found_among_those_that_wait_until_it_is_decided() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    assert_eq!(places(&requester, Table::Waiting).len(), 0, "one's own request waits for somebody else's decision");
    exchange(&mut owner, &mut requester);
    let order = owner.request(&asked).order;
    assert_eq!(places(&owner, Table::Waiting), [numbered(&requester.id(), order)]);
    let found = owner.read(|draft| draft.all::<WaitingRequest>(&requester.id().0));
    assert_eq!(found.into_iter().map(|(_, of)| of.0).collect::<Vec<_>>(), [asked]);
    owner.act(|draft, context| crate::owner::deny(draft, context, &asked, &crate::owner::Deny::default())).unwrap();
    assert_eq!(places(&owner, Table::Waiting).len(), 0);
}

#[test]
fn an_approved_request_is_found_under_its_grant_on_both_sides_until_it_ran() {
    let (mut owner, mut requester, asked, grant) = approved();
    for party in [&owner, &requester] {
        let found = party.read(|draft| draft.all::<ApprovedRequest>(&grant.0));
        assert_eq!(found.into_iter().map(|(_, of)| of.0).collect::<Vec<_>>(), [asked]);
        assert_eq!(places(party, Table::Waiting).len(), 0);
    }
    requester.run(&asked);
    exchange(&mut owner, &mut requester);
    owner.compute(&crate::testing::euros("84.50"), crate::testing::version(1));
    exchange(&mut owner, &mut requester);
    for party in [&owner, &requester] {
        assert_eq!(places(party, Table::Approved).len(), 0, "what ran can no longer be ended");
    }
}

#[test]
fn rebuilding_finds_what_keeping_in_step_has_found() {
    let (mut owner, mut requester, ..) = approved();
    for _ in 0..5 {
        requester.ask(&owner.id(), terms(Kind::Sum));
    }
    exchange(&mut owner, &mut requester);
    let of = |table| owner.view.scan(table, &[], None, 100).unwrap();
    let (waiting, approved) = (of(Table::Waiting), of(Table::Approved));
    assert_eq!((waiting.len(), approved.len()), (5, 1));
    let mut older = owner.clone();
    for (table, pairs) in [(Table::Waiting, &waiting), (Table::Approved, &approved)] {
        let gone = pairs.iter().map(|(key, _)| Change { table, key: key.clone(), value: None });
        older.view.apply(gone.collect());
    }
    assert_eq!(older.act(|draft, _| rebuild(draft, None)).unwrap(), None);
    assert_eq!(older.view.scan(Table::Waiting, &[], None, 100).unwrap(), waiting);
    assert_eq!(older.view.scan(Table::Approved, &[], None, 100).unwrap(), approved);
}

#[test]
fn a_request_is_found_among_the_undecided_on_both_sides_until_it_is_decided() {
    let (mut owner, mut requester) = owner_and_requester();
    let asked = requester.ask(&owner.id(), terms(Kind::Mean));
    assert_eq!(places(&requester, Table::Undecided).len(), 1, "before it is with the owner, too");
    exchange(&mut owner, &mut requester);
    for party in [&owner, &requester] {
        let found = party.read(|draft| draft.all::<UndecidedRequest>(&[]));
        assert_eq!(found.into_iter().map(|(_, of)| of.0).collect::<Vec<_>>(), [asked]);
    }
    owner.act(|draft, context| crate::owner::deny(draft, context, &asked, &crate::owner::Deny::default())).unwrap();
    exchange(&mut owner, &mut requester);
    for party in [&owner, &requester] {
        assert_eq!(places(party, Table::Undecided).len(), 0);
    }
}

#[test]
fn rebuilding_goes_page_by_page_and_ends() {
    let (mut owner, _, asked, _) = approved();
    let record = owner.request(&asked);
    for number in 0..300u64 {
        let copy = RequestRecord { state: RequestState::Done, order: 100 + number, ..record.clone() };
        let mut key = [0; 32];
        key[..8].copy_from_slice(&number.to_be_bytes());
        owner.act(|draft, _| draft.put(&key, &copy)).unwrap();
    }
    let (mut after, mut pages) = (None, 0);
    loop {
        after = owner.act(|draft, _| rebuild(draft, after.as_deref())).unwrap();
        pages += 1;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
}
