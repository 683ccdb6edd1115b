use super::*;
use crate::{
    record::Seen,
    testing::{Party, exchange, owner_and_requester, terms},
    view::{Change, Table, View as _},
};
use protocol::Kind;

/// Tables that version 1 did not have, made from its requests.
const NEW: [Table; 3] = [Table::Waiting, Table::Approved, Table::Undecided];

/// All records of a table.
fn all(party: &Party, table: Table) -> Vec<crate::view::Pair> {
    party.view.scan(table, &[], None, usize::MAX >> 1).unwrap()
}

/// More requests than one page has; some wait, some were approved.
fn busy_owner() -> Party {
    let (mut owner, mut requester) = owner_and_requester();
    for round in 0..150 {
        let request = requester.ask(&owner.id(), terms(Kind::Mean));
        exchange(&mut owner, &mut requester);
        if round % 3 != 0 || round > 120 {
            let _ = owner.approve(&request, crate::testing::euros("84.50"));
        }
    }
    owner
}

fn as_of_version_1(party: &mut Party) {
    for table in NEW {
        let changes = all(party, table).into_iter().map(|(key, _)| Change { table, key, value: None });
        let changes = changes.collect();
        party.view.apply(changes);
    }
}

#[test]
fn the_step_from_1_makes_the_tables_that_version_2_finds_requests_by() {
    let mut owner = busy_owner();
    let before = NEW.map(|table| all(&owner, table));
    assert!(before.iter().all(|records| records.len() > 30));
    as_of_version_1(&mut owner);
    let (mut place, mut pages) = (None, 0);
    loop {
        // each page twice: interrupted after it was durable and before that was known
        for _ in 0..2 {
            let next = owner.act(|draft, _| page(draft, 1, place.as_deref())).unwrap();
            pages += 1;
            if pages % 2 == 0 {
                place = next;
            }
        }
        if place.is_none() {
            break;
        }
    }
    assert!(pages > 2, "more than one page");
    assert_eq!(NEW.map(|table| all(&owner, table)), before);
}

#[test]
fn a_version_that_no_step_begins_from_is_refused() {
    let (owner, ..) = owner_and_requester();
    for from in [0, 7, u64::MAX] {
        let refused = page(&mut Draft::over(&owner.view), from, None);
        assert!(matches!(refused, Err(ConsentError::Refused(_))), "{from}");
    }
}

#[test]
fn the_steps_that_are_the_stores_own_change_no_record() {
    let (mut owner, ..) = owner_and_requester();
    for from in [2, 3, 4] {
        let (next, outline) = owner.draft(|draft, _| page(draft, from, None)).unwrap();
        assert_eq!((next, outline.changes), (None, vec![]));
    }
}

/// Memory of as many messages as make a page and a half, as version 6 kept it; when each is forgotten.
fn as_of_version_6(party: &mut Party) -> Vec<(protocol::MessageId, Seen)> {
    let kept: Vec<_> = (0..seen::PAGE as u64 * 3 / 2)
        .map(|number| {
            let mut id = [7; 32];
            id[..8].copy_from_slice(&number.to_be_bytes());
            (protocol::MessageId(id), Seen { expires: 1_800_000_000 + number })
        })
        .collect();
    let before = |draft: &mut Draft<'_>| {
        kept.iter().try_for_each(|(id, seen)| draft.put(&id.0, &seen::Either::Before { expires: seen.expires }))
    };
    party.act(|draft, _| before(draft)).unwrap();
    kept
}

#[test]
fn the_step_from_6_remembers_every_message_under_the_beginning_of_its_id() {
    let mut party = Party::new(1, "Lena");
    let kept = as_of_version_6(&mut party);
    let mut place = None;
    loop {
        // each page twice, as above
        let pages = [0, 1].map(|_| party.act(|draft, _| page(draft, 6, place.as_deref())).unwrap());
        place = pages[1].clone();
        if place.is_none() {
            break;
        }
    }
    assert_eq!(all(&party, Table::Seen).len(), kept.len());
    for (id, seen) in kept {
        assert_eq!(party.read(|draft| draft.get::<Seen>(Seen::key(&id))), Some(seen), "{id}");
    }
}
