use super::*;
use crate::testing::*;
use protocol::{Kind, VersionHash};

const OTHER: DatasetId = DatasetId([0xE6; 16]);

fn release(dataset: DatasetId, party: PartyId, version: VersionHash, told: usize) -> Release {
    let record = ReleaseRecord {
        party,
        request: MessageId([8; 32]),
        dataset,
        version,
        computation: on(Kind::Sum, "amount"),
        outcome: euros("84.50"),
        at: START,
        pieces: 0,
        despite: false,
    };
    Release { record, told: vec![7; told] }
}

fn all(owner: &Party, lineage: &DatasetId) -> Vec<Release> {
    let mut found = Vec::new();
    owner.read(|draft| {
        each(draft, lineage, |release| {
            found.push(release);
            Ok(())
        })
    });
    found
}

#[test]
fn a_release_is_kept_once_whatever_its_length_and_is_found_again() {
    let (mut owner, requester) = owner_and_requester();
    let party = requester.id();
    owner.act(|draft, _| place(draft, &BILLS, &BILLS, &vec![5; PIECE_BYTES * 2 + 1], &[])).unwrap();
    for _ in 0..2 {
        owner.act(|draft, _| keep(draft, &BILLS, release(BILLS, party, version(1), PIECE_BYTES + 1))).unwrap();
    }
    let found = all(&owner, &BILLS);
    assert_eq!((found.len(), found[0].told.len()), (1, PIECE_BYTES + 1));
    assert_eq!(owner.read(|draft| releases(draft, &BILLS)), 1);
    assert_eq!(owner.read(|draft| had(draft, &BILLS, &party)), 1);
    assert_eq!(owner.read(|draft| had(draft, &BILLS, &owner.id())), 0);
    let asked = on(Kind::Sum, "amount");
    assert!(owner.read(|draft| again(draft, &BILLS, &party, &version(1), &asked)).is_some());
    assert!(owner.read(|draft| again(draft, &BILLS, &party, &version(2), &asked)).is_none());
    // as long as a store's keys may be, a piece's number among them
    let key = ReleaseRecord::key(&BILLS, &party, &version(1), &asked).unwrap();
    assert!(piece_key(&key, 0).len() <= 64);
    let rows = owner.read(lineages);
    assert_eq!((rows[0].0, rows[0].1.len()), (BILLS, PIECE_BYTES * 2 + 1));
}

#[test]
fn a_lineage_that_joins_another_is_found_as_it_with_what_was_told_of_it() {
    let (mut owner, requester) = owner_and_requester();
    let party = requester.id();
    let other = DatasetRecord { tag: "other".parse().unwrap(), ..bills(version(2)) };
    owner.store_as(OTHER, &other);
    owner.act(|draft, _| place(draft, &BILLS, &BILLS, b"rows", &[])).unwrap();
    owner.act(|draft, _| place(draft, &OTHER, &OTHER, b"others", &[])).unwrap();
    owner.act(|draft, _| keep(draft, &OTHER, release(OTHER, party, version(2), 4))).unwrap();
    owner
        .act(|draft, _| {
            let moved = take(draft, &OTHER)?;
            place(draft, &BILLS, &BILLS, b"rows and others", &[OTHER])?;
            moved.into_iter().try_for_each(|release| keep(draft, &BILLS, release))
        })
        .unwrap();
    assert_eq!(owner.read(|draft| lineage_of(draft, &OTHER)), Some(BILLS));
    assert_eq!(owner.read(|draft| had(draft, &OTHER, &party)), 1);
    assert_eq!(owner.read(lineages), [(BILLS, b"rows and others".to_vec())]);
    assert_eq!((all(&owner, &BILLS).len(), all(&owner, &OTHER).len()), (1, 0));
}

#[test]
fn what_was_told_outlives_the_dataset() {
    let (mut owner, requester) = owner_and_requester();
    owner.was_told(&requester.id(), Kind::Sum);
    owner.act(|draft, context| crate::datasets::removed(draft, context, BILLS)).unwrap();
    assert_eq!(owner.read(|draft| lineage_of(draft, &BILLS)), None);
    assert_eq!((all(&owner, &BILLS).len(), owner.read(lineages).len()), (1, 1));
}
