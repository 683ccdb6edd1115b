use super::*;
use store::{Home, Store};

fn call(by: Caller, changes: bool, time: u64) -> Call {
    Call { time, by, method: "GET".to_owned(), route: "/v1/me".to_owned(), status: Some(200), changes }
}

fn token(name: &str) -> Caller {
    Caller::Token { id: "00".to_owned(), name: name.to_owned() }
}

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&Home::new(folder.path().join("home")), None).unwrap();
    (folder, store)
}

fn keep(store: &Store, calls: &[Call]) {
    let mut batch = Batch::new();
    record(store.control(), calls, &mut batch).unwrap();
    store.control().commit(&batch).unwrap();
}

/// Every call of a ring, newest first.
fn all(store: &Store, ring: Ring) -> Vec<CallRecord> {
    let (mut all, mut below) = (Vec::new(), u64::MAX);
    while below > 0 {
        let (page, rest) = recorded(store.control(), ring, below).unwrap();
        all.extend(page);
        below = rest;
    }
    all
}

#[test]
fn a_ring_gives_back_what_was_recorded_newest_first_in_the_order_of_all_rings() {
    let (_folder, store) = store();
    assert_eq!(all(&store, Ring::Reads), []);
    keep(&store, &[call(Caller::Home, false, 1), call(token("loans"), true, 2), call(Caller::Duo, true, 3)]);
    keep(&store, &[Call { status: None, ..call(token("loans"), false, 4) }]);
    let reads = all(&store, Ring::Reads);
    assert_eq!(
        reads.iter().map(|call| (call.order, call.time, call.status)).collect::<Vec<_>>(),
        [(3, 4, None), (0, 1, Some(200))]
    );
    let changes = all(&store, Ring::Changes);
    assert_eq!(changes.iter().map(|call| (call.order, call.by.name())).collect::<Vec<_>>(), [(1, "loans")]);
    assert_eq!(all(&store, Ring::Duo).iter().map(|call| call.order).collect::<Vec<_>>(), [2]);
}

#[test]
fn a_full_ring_drops_its_oldest_and_never_anothers() {
    let (_folder, store) = store();
    keep(&store, &[call(token("loans"), true, 7)]);
    let many: Vec<_> = (0..KEPT / 4).map(|n| call(Caller::Home, false, n)).collect();
    for _ in 0..4 {
        keep(&store, &many);
    }
    assert_eq!(all(&store, Ring::Reads).len() as u64, KEPT);
    keep(&store, &many[..100]);
    let reads = all(&store, Ring::Reads);
    assert_eq!(reads.len() as u64, KEPT);
    assert!(reads.is_sorted_by(|newer, older| newer.order == older.order + 1));
    assert_eq!((reads[0].order, reads.last().unwrap().order), (KEPT + 100, 101));
    assert_eq!(all(&store, Ring::Changes).iter().map(|call| call.time).collect::<Vec<_>>(), [7]);
}
