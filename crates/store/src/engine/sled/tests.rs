use super::*;
use std::{sync::Arc, thread};
use tempfile::TempDir;

fn put(key: &[u8]) -> Batch {
    let mut batch = Batch::new();
    batch.put("t", key, b"value".as_slice());
    batch
}

/// An open database whose fsync fails: the device behind the handle cannot be synced.
#[cfg(unix)]
fn unsyncable(path: &Path) -> SledEngine {
    let engine = SledEngine::open(path).unwrap();
    engine.commit(&put(b"before")).unwrap();
    SledEngine { file: File::open("/dev/null").unwrap(), ..engine }
}

#[cfg(unix)]
#[test]
fn a_failed_fsync_acknowledges_nobody_and_stops_the_database_until_it_is_opened_anew() {
    let place = TempDir::new().unwrap();
    let engine = Arc::new(unsyncable(place.path()));
    let writers: Vec<_> = (0..8u8)
        .map(|writer| {
            let engine = Arc::clone(&engine);
            thread::spawn(move || engine.commit(&put(&[writer])))
        })
        .collect();
    let answers: Vec<_> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
    let failed = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Io { .. }))).count();
    let stopped = answers.iter().filter(|answer| matches!(answer, Err(StoreError::Stopped { .. }))).count();
    assert_eq!((failed, stopped), (1, 7), "one led, the others are told the same");
    assert!(matches!(engine.commit(&put(b"later")), Err(StoreError::Stopped { .. })));
    assert!(matches!(engine.apply(&put(b"later")), Err(StoreError::Stopped { .. })));
    assert_eq!(engine.witness.count().unwrap(), 1, "only what is durable is counted");
    drop(engine);
    let anew = SledEngine::open(place.path()).unwrap();
    assert!(anew.get("t", b"before").unwrap().is_some());
    anew.commit(&put(b"later")).unwrap();
}

#[test]
fn the_witness_counts_what_is_durable_and_not_what_is_applied() {
    let place = TempDir::new().unwrap();
    let engine = SledEngine::open(place.path()).unwrap();
    let mut last = engine.apply(&put(b"1")).unwrap();
    for key in [b"2", b"3"] {
        last = engine.apply(&put(key)).unwrap();
    }
    assert_eq!(engine.witness.count().unwrap(), 0);
    engine.sync(last).unwrap();
    assert_eq!(engine.witness.count().unwrap(), 3);
    engine.sync(last).unwrap();
    assert_eq!(engine.witness.count().unwrap(), 3);
}

#[test]
fn a_database_that_much_went_through_shows_its_caller_no_tree_of_its_own() {
    let parent = tempfile::TempDir::new().unwrap();
    let engine = SledEngine::open(&parent.path().join("x")).unwrap();
    let mut last = Applied::default();
    for n in 0..400u32 {
        let mut batch = Batch::new();
        batch.put("t", &n.to_be_bytes(), vec![n as u8; 100 << 10]);
        last = engine.apply(&batch).unwrap();
    }
    engine.sync(last).unwrap();
    assert!(engine.db.tree_names().iter().any(|name| name.as_ref() == eviction::TREE), "there was reason for one");
    assert_eq!(engine.trees().unwrap(), ["t"]);
    drop(engine);
    let engine = SledEngine::open(&parent.path().join("x")).unwrap();
    assert_eq!(engine.trees().unwrap(), ["t"]);
    assert!((0..400u32).all(|n| engine.get("t", &n.to_be_bytes()).unwrap() == Some(vec![n as u8; 100 << 10])));
}
