use super::*;
use crate::{
    record::{Counter, Node},
    testing::{Party, receipted},
};
use protocol::Salt;

/// A log of that many entries.
fn log_of(size: u64) -> Party {
    let mut party = Party::new(1, "Lena");
    while party.read(super::size) < size {
        party.wait(1);
        let id = protocol::MessageId([u8::try_from(party.clock % 251).unwrap(); 32]);
        party.act(|draft, context| append(draft, context, Event::Requested { request: id })).unwrap();
    }
    party
}

fn faults_after(size: u64, change: impl FnOnce(&mut Draft<'_>)) -> Vec<String> {
    let mut party = log_of(size);
    party
        .act(|draft, _| {
            change(draft);
            Ok(())
        })
        .unwrap();
    party.read(faults)
}

#[test]
fn a_log_that_was_left_alone_has_no_faults() {
    for size in 1..20 {
        assert_eq!(log_of(size).read(faults), [""; 0], "{size}");
    }
    let (owner, requester, _, _) = receipted();
    assert_eq!((owner.read(faults), requester.read(faults)), (vec![], vec![]));
}

#[test]
fn an_edited_entry_is_found() {
    for index in 0..9u64 {
        let found = faults_after(9, |draft| {
            let mut entry: Entry = draft.need(&index.to_be_bytes()).unwrap();
            entry.salt = Salt([0; 16]);
            draft.put(&index.to_be_bytes(), &entry).unwrap();
        });
        assert_eq!(found, [format!("entry {index} is not the one that was logged")]);
    }
}

#[test]
fn an_edited_entry_with_its_leaf_made_new_is_found_in_the_tree_above() {
    let found = faults_after(8, |draft| {
        let mut entry: Entry = draft.need(&5u64.to_be_bytes()).unwrap();
        entry.salt = Salt([0; 16]);
        draft.put(&5u64.to_be_bytes(), &entry).unwrap();
        draft.put(&tree::key(0, 5), &Node(tree::leaf_hash(&entry.leaf().unwrap()))).unwrap();
    });
    assert_eq!(found, ["the tree over entries 4 to 5 is damaged"]);
}

#[test]
fn a_removed_entry_is_found() {
    for index in 0..5u64 {
        let found = faults_after(5, |draft| draft.delete::<Entry>(&index.to_be_bytes()));
        assert_eq!(found, [format!("entry {index} is missing")]);
    }
}

#[test]
fn a_changed_or_removed_node_is_found_wherever_it_is() {
    for level in 0..=3u8 {
        for index in 0..(9u64 >> level) {
            let changed = faults_after(9, |draft| draft.put(&tree::key(level, index), &Node(Digest([1; 32]))).unwrap());
            assert!(!changed.is_empty(), "{level} {index}");
            let removed = faults_after(9, |draft| draft.delete::<Node>(&tree::key(level, index)));
            assert!(!removed.is_empty(), "{level} {index}");
        }
    }
}

#[test]
fn a_log_cut_short_by_its_count_is_found() {
    for size in 0..4u64 {
        let found = faults_after(5, |draft| draft.put(Counter::LOG, &Counter(size)).unwrap());
        assert_eq!(found, [format!("an entry beyond the log's size: {size}")]);
    }
    assert!(!faults_after(5, |draft| draft.delete::<Counter>(Counter::LOG)).is_empty());
    assert!(!faults_after(5, |draft| draft.put(Counter::LOG, &Counter(6)).unwrap()).is_empty());
}

#[test]
fn times_in_the_log_never_go_back() {
    let mut party = log_of(3);
    party.clock -= 100;
    party.act(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
    assert_eq!(party.read(faults), [""; 0]);
    let found = faults_after(3, |draft| {
        let mut entry: Entry = draft.need(&2u64.to_be_bytes()).unwrap();
        entry.time = 5;
        draft.put(&2u64.to_be_bytes(), &entry).unwrap();
    });
    assert!(found.contains(&"entry 2 is earlier than the one before it".to_owned()));
}

#[test]
fn an_append_writes_the_entry_and_its_tree_and_rewrites_nothing() {
    let mut party = log_of(1);
    for index in 1..40u64 {
        let (at, outline) =
            party.draft(|draft, context| append(draft, context, Event::Begun { party: context.me() })).unwrap();
        assert_eq!(at, index);
        for change in &outline.changes {
            use crate::view::{Table, View as _};
            let fresh = party.view.get(change.table, &change.key).unwrap().is_none();
            assert!(fresh || change.table == Table::State, "{:?} was written before", change.table);
        }
        party.keep(outline);
    }
}
