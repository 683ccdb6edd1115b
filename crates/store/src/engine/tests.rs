//! The contract: every engine passes all of `contract!`, and between steps is closed and opened anew where it can be.

use super::*;
use crate::limits::RAW_VALUE_BYTES;
use proptest::prelude::*;
use std::{fs, path::Path, thread};
use tempfile::TempDir;

/// A place for one database, and how it is opened there.
struct Place<E> {
    directory: TempDir,
    open: fn(&Path) -> E,
    /// Closes and opens; an engine that keeps nothing is handed back.
    reopen: fn(E, &Path) -> E,
}

impl<E> Place<E> {
    fn open(&self) -> E {
        (self.open)(self.directory.path())
    }
    fn reopen(&self, engine: E) -> E {
        (self.reopen)(engine, self.directory.path())
    }
}

fn in_memory() -> Place<MemoryEngine> {
    Place { directory: TempDir::new().unwrap(), open: |_| MemoryEngine::default(), reopen: |engine, _| engine }
}

fn on_disk() -> Place<SledEngine> {
    let open = |path: &Path| SledEngine::open(&path.join("x")).unwrap();
    let reopen = |engine, path: &Path| {
        drop(engine);
        SledEngine::open(&path.join("x")).unwrap()
    };
    Place { directory: TempDir::new().unwrap(), open, reopen }
}

fn packed_in_memory() -> Place<Packed<MemoryEngine>> {
    let open = |_: &Path| Packed::over(MemoryEngine::default(), Sizes::SMALL).unwrap();
    Place { directory: TempDir::new().unwrap(), open, reopen: |engine, _| engine.opened_anew() }
}

fn packed_on_disk() -> Place<Packed<SledEngine>> {
    let open = |path: &Path| Packed::over(SledEngine::open(&path.join("x")).unwrap(), Sizes::SMALL).unwrap();
    let reopen = |engine, path: &Path| {
        drop(engine);
        Packed::over(SledEngine::open(&path.join("x")).unwrap(), Sizes::SMALL).unwrap()
    };
    Place { directory: TempDir::new().unwrap(), open, reopen }
}

macro_rules! contract {
    ($($name:ident)*) => {
        mod memory { $(#[test] fn $name() { super::$name(&super::in_memory()); })* }
        mod sled { $(#[test] fn $name() { super::$name(&super::on_disk()); })* }
        mod packed_memory { $(#[test] fn $name() { super::$name(&super::packed_in_memory()); })* }
        mod packed_sled { $(#[test] fn $name() { super::$name(&super::packed_on_disk()); })* }
    };
}

contract! {
    an_acknowledged_commit_is_there_after_opening_anew
    what_is_applied_is_seen_at_once_and_there_after_one_sync_for_all
    commits_of_many_threads_are_all_there
    a_tree_nobody_wrote_to_is_empty_and_is_not_made_by_reading
    a_scan_goes_in_key_order_from_a_key_within_a_prefix_up_to_a_limit
    pages_cover_every_record_once
    the_last_record_is_the_one_with_the_highest_key
    the_record_before_a_key_is_the_highest_below_it
    a_refused_batch_leaves_every_tree_as_it_was
    the_largest_value_is_kept_and_one_byte_more_is_refused
    names_and_keys_out_of_bounds_are_refused
    a_batch_beyond_its_bounds_is_refused
    random_batches_agree_with_a_plain_map
}

type Change<'a> = (&'a str, &'a [u8], Option<&'a [u8]>);

fn batch(changes: &[Change<'_>]) -> Batch {
    let mut batch = Batch::new();
    for (tree, key, value) in changes {
        match value {
            Some(value) => batch.put(tree, key, *value),
            None => batch.delete(tree, key),
        };
    }
    batch
}

fn an_acknowledged_commit_is_there_after_opening_anew<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    engine.commit(&batch(&[("log", b"1", Some(b"one")), ("people", b"a", Some(b"Ada"))])).unwrap();
    let engine = place.reopen(engine);
    assert_eq!(engine.get("log", b"1").unwrap().unwrap(), b"one");
    assert_eq!(engine.get("people", b"a").unwrap().unwrap(), b"Ada");
    engine.commit(&batch(&[("log", b"1", None), ("log", b"2", Some(b"two"))])).unwrap();
    let engine = place.reopen(engine);
    assert_eq!(engine.get("log", b"1").unwrap(), None);
    assert_eq!(engine.get("log", b"2").unwrap().unwrap(), b"two");
    assert_eq!(engine.trees().unwrap(), ["log", "people"]);
}

fn what_is_applied_is_seen_at_once_and_there_after_one_sync_for_all<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let first = engine.apply(&batch(&[("log", b"1", Some(b"one"))])).unwrap();
    let second = engine.apply(&batch(&[("log", b"2", Some(b"two")), ("log", b"1", None)])).unwrap();
    assert!(first <= second);
    assert_eq!(engine.get("log", b"1").unwrap(), None);
    assert_eq!(engine.get("log", b"2").unwrap().unwrap(), b"two");
    engine.sync(second).unwrap();
    engine.sync(first).expect("what a later sync covered is covered");
    engine.sync(engine.apply(&Batch::new()).unwrap()).expect("nothing is durable at once");
    assert_eq!(place.reopen(engine).get("log", b"2").unwrap().unwrap(), b"two");
}

fn commits_of_many_threads_are_all_there<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    thread::scope(|scope| {
        for writer in 0..8u8 {
            let engine = &engine;
            scope.spawn(move || {
                for number in 0..20u8 {
                    engine.commit(&batch(&[
                        ("t", &[writer, number], Some(&[number])),
                        ("u", &[writer], Some(&[number])),
                    ]))?;
                }
                Ok::<(), StoreError>(())
            });
        }
    });
    let engine = place.reopen(engine);
    assert_eq!(engine.scan("t", &[], None, usize::MAX).unwrap().len(), 160);
    assert!(engine.scan("u", &[], None, 9).unwrap().iter().all(|(_, last)| last == &[19]));
}

fn a_tree_nobody_wrote_to_is_empty_and_is_not_made_by_reading<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    assert_eq!(engine.get("nobody", b"k").unwrap(), None);
    assert_eq!(engine.scan("nobody", b"", None, 9).unwrap(), []);
    assert_eq!(engine.last("nobody").unwrap(), None);
    assert_eq!(engine.trees().unwrap(), Vec::<String>::new());
}

fn a_scan_goes_in_key_order_from_a_key_within_a_prefix_up_to_a_limit<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let keys: [&[u8]; 6] = [b"b2", b"a", b"b1", b"c", b"b3", b"b"];
    let mut all = Batch::new();
    for key in keys {
        all.put("t", key, key);
    }
    engine.commit(&all).unwrap();
    let engine = place.reopen(engine);
    let found = |prefix: &[u8], from: Option<&[u8]>, limit| -> Vec<Vec<u8>> {
        engine.scan("t", prefix, from, limit).unwrap().into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(found(b"", None, 9), [&b"a"[..], b"b", b"b1", b"b2", b"b3", b"c"]);
    assert_eq!(found(b"b", None, 9), [&b"b"[..], b"b1", b"b2", b"b3"]);
    assert_eq!(found(b"b", Some(b"b2"), 9), [&b"b2"[..], b"b3"]);
    assert_eq!(found(b"b", Some(b"a"), 2), [&b"b"[..], b"b1"], "a start below the prefix begins at the prefix");
    assert_eq!(found(b"b", Some(b"c"), 9), Vec::<Vec<u8>>::new(), "a start beyond the prefix finds nothing");
    assert_eq!(found(b"", None, 0), Vec::<Vec<u8>>::new());
}

fn pages_cover_every_record_once<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let mut all = Batch::new();
    for n in 0..100u32 {
        all.put("t", &n.to_be_bytes(), n.to_be_bytes());
    }
    engine.commit(&all).unwrap();
    let (mut seen, mut from) = (Vec::new(), None);
    loop {
        let page = engine.scan("t", &[], from.as_deref(), 7).unwrap();
        let Some((last, _)) = page.last() else { break };
        from = Some(after(last));
        seen.extend(page.into_iter().map(|(key, _)| u32::from_be_bytes(key.try_into().unwrap())));
    }
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
}

fn the_last_record_is_the_one_with_the_highest_key<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let records =
        [("t", &b"\x02"[..], Some(&b"two"[..])), ("t", b"\x09", Some(b"nine")), ("t", b"\x05", Some(b"five"))];
    engine.commit(&batch(&records)).unwrap();
    assert_eq!(engine.last("t").unwrap().unwrap(), (b"\x09".to_vec(), b"nine".to_vec()));
    engine.commit(&batch(&[("t", b"\x09", None)])).unwrap();
    assert_eq!(place.reopen(engine).last("t").unwrap().unwrap().1, b"five");
}

fn the_record_before_a_key_is_the_highest_below_it<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    for n in (10..200u8).step_by(10) {
        engine.commit(&batch(&[("t", &[n], Some(&[n])), ("other", &[n + 1], Some(b""))])).unwrap();
    }
    engine.commit(&batch(&[("t", &[30], None), ("t", &[40], None)])).unwrap();
    let engine = place.reopen(engine);
    let before = |key: &[u8]| engine.before("t", key).unwrap().map(|(key, value)| (key[0], value[0]));
    assert_eq!(before(&[200]), Some((190, 190)));
    assert_eq!(before(&[190]), Some((180, 180)));
    assert_eq!(before(&[51]), Some((50, 50)));
    assert_eq!(before(&[50]), Some((20, 20)), "what was removed is not there");
    assert_eq!(before(&[10]), None);
    assert_eq!(engine.before("nobody", b"k").unwrap(), None);
}

fn a_refused_batch_leaves_every_tree_as_it_was<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    engine.commit(&batch(&[("a", b"k", Some(b"before")), ("b", b"k", Some(b"before"))])).unwrap();
    let too_large = vec![0; RAW_VALUE_BYTES + 1];
    let refused = batch(&[("a", b"k", Some(b"after")), ("b", b"k", None), ("c", b"k", Some(&too_large))]);
    assert!(matches!(engine.commit(&refused), Err(StoreError::TooLarge { .. })));
    let engine = place.reopen(engine);
    assert_eq!(engine.get("a", b"k").unwrap().unwrap(), b"before");
    assert_eq!(engine.get("b", b"k").unwrap().unwrap(), b"before");
    engine.commit(&batch(&[("a", b"k", Some(b"later"))])).expect("a refused batch stops nothing");
}

fn the_largest_value_is_kept_and_one_byte_more_is_refused<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let largest: Vec<u8> = (0..RAW_VALUE_BYTES).map(|n| (n * 7 % 251) as u8).collect();
    engine.commit(&batch(&[("t", b"k", Some(&largest))])).unwrap();
    assert_eq!(place.reopen(engine).get("t", b"k").unwrap().unwrap(), largest);
    let engine = place.open_other();
    let beyond = vec![0; RAW_VALUE_BYTES + 1];
    let refused = engine.commit(&batch(&[("t", b"k", Some(&beyond))])).unwrap_err();
    assert!(matches!(refused, StoreError::TooLarge { size, limit, .. } if size == limit + 1), "{refused}");
    assert_eq!(engine.get("t", b"k").unwrap(), None);
}

fn names_and_keys_out_of_bounds_are_refused<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    for tree in ["", "__sled__default", "Log", "a b", "../x", "1", &"t".repeat(33)] {
        let refused = engine.commit(&batch(&[(tree, b"k", Some(b"v"))]));
        assert!(matches!(refused, Err(StoreError::BadName { .. })), "{tree:?}");
    }
    assert!(matches!(engine.commit(&batch(&[("t", b"", Some(b"v"))])), Err(StoreError::BadName { .. })));
    assert!(matches!(engine.commit(&batch(&[("t", &[0; 65], Some(b"v"))])), Err(StoreError::TooLarge { .. })));
    engine.commit(&batch(&[(&"t".repeat(32), &[0; 64], Some(b"v"))])).unwrap();
}

fn a_batch_beyond_its_bounds_is_refused<E: Engine>(place: &Place<E>) {
    let engine = place.open();
    let (mut many, mut large) = (Batch::new(), Batch::new());
    for n in 0..=BATCH_CHANGES as u32 {
        many.put("t", &n.to_be_bytes(), []);
    }
    for n in 0..=(BATCH_BYTES / RAW_VALUE_BYTES) as u32 {
        large.put("t", &n.to_be_bytes(), vec![0; RAW_VALUE_BYTES]);
    }
    for refused in [many, large] {
        assert!(matches!(engine.commit(&refused), Err(StoreError::TooLarge { .. })));
    }
    assert_eq!(engine.last("t").unwrap(), None);
}

fn random_batches_agree_with_a_plain_map<E: Engine>(place: &Place<E>) {
    type Drawn = (u8, u8, Option<Vec<u8>>);
    let value =
        prop_oneof![proptest::collection::vec(any::<u8>(), 0..60), proptest::collection::vec(any::<u8>(), 0..900)];
    let change = (0..3u8, 0..48u8, proptest::option::weighted(0.7, value));
    let batches = proptest::collection::vec((proptest::collection::vec(change, 1..16), any::<bool>()), 1..24);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(batches in batches)| {
        let place = place.beside();
        let mut engine = place.open();
        let mut model = BTreeMap::<(String, Vec<u8>), Vec<u8>>::new();
        let batches: Vec<(Vec<Drawn>, bool)> = batches;
        for (changes, reopen) in batches {
            let mut batch = Batch::new();
            for (tree, key, value) in changes {
                let (tree, key) = (format!("t{tree}"), vec![key]);
                match value {
                    Some(value) => { batch.put(&tree, &key, value.clone()); model.insert((tree, key), value); }
                    None => { batch.delete(&tree, &key); model.remove(&(tree, key)); }
                }
            }
            engine.commit(&batch).unwrap();
            if reopen {
                engine = place.reopen(engine);
            }
            for tree in ["t0", "t1", "t2"] {
                let of_tree = model.iter().filter(|((t, _), _)| t == tree);
                let expected: Vec<Pair> = of_tree.map(|((_, key), value)| (key.clone(), value.clone())).collect();
                prop_assert_eq!(engine.last(tree).unwrap(), expected.last().cloned());
                prop_assert_eq!(engine.scan(tree, &[], None, usize::MAX).unwrap(), expected);
            }
        }
    });
}

impl<E> Place<E> {
    /// Another, empty place of the same kind.
    fn beside(&self) -> Self {
        Self { directory: TempDir::new().unwrap(), open: self.open, reopen: self.reopen }
    }
    /// An empty database of the same kind, whose directory the system cleans.
    fn open_other(&self) -> E {
        (self.open)(&self.directory.path().join("other"))
    }
}

#[test]
fn a_later_change_in_a_batch_replaces_an_earlier_one() {
    let mut first = batch(&[("t", b"a", Some(b"1")), ("t", b"b", Some(b"1"))]);
    first.extend(batch(&[("t", b"b", None), ("u", b"c", Some(b"2"))]));
    assert_eq!(first, batch(&[("t", b"a", Some(b"1")), ("t", b"b", None), ("u", b"c", Some(b"2"))]));
}

#[test]
fn no_value_however_large_leaves_sleds_synced_file() {
    let place = on_disk();
    let engine = place.open();
    // 300 of the largest values, written, replaced and removed: pages are split, merged and moved between segments
    for round in 0..3u8 {
        for first in (0..300u32).step_by(30) {
            let mut batch = Batch::new();
            for n in first..first + 30 {
                match (round, n % 3) {
                    (2, 0) => batch.delete("t", &n.to_be_bytes()),
                    _ => batch.put("t", &n.to_be_bytes(), vec![round ^ n as u8; RAW_VALUE_BYTES]),
                };
            }
            engine.commit(&batch).unwrap();
        }
    }
    let engine = place.reopen(engine);
    assert_eq!(engine.scan("t", &[], None, usize::MAX).unwrap().len(), 200);
    let blobs = fs::read_dir(place.directory.path().join("x/blobs")).unwrap();
    assert_eq!(blobs.count(), 0);
}

#[test]
fn a_database_in_use_is_reported_as_a_running_node() {
    let place = on_disk();
    let _engine = place.open();
    let second = SledEngine::open(&place.directory.path().join("x")).err().unwrap();
    assert!(second.to_string().contains("a node is already running here"), "{second}");
}

#[test]
fn a_damaged_database_is_reported_or_read_whole_and_never_ends_the_process() {
    let original = on_disk();
    let engine = original.open();
    for n in 0..400u32 {
        engine.commit(&batch(&[("t", &n.to_be_bytes(), Some(&[n as u8; 300]))])).unwrap();
    }
    drop(engine);
    let from = original.directory.path().join("x");
    let length = {
        // the file ends in zeros that were never written
        let bytes = fs::read(from.join("db")).unwrap();
        bytes.iter().rposition(|byte| *byte != 0).unwrap() as u64
    };
    let (mut whole, mut reports) = (0, 0);
    for round in 0..12u64 {
        let copy = TempDir::new().unwrap();
        for entry in fs::read_dir(&from).unwrap().map(Result::unwrap).filter(|e| e.path().is_file()) {
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        let mut bytes = fs::read(copy.path().join("db")).unwrap();
        let at = (length * round / 12) as usize;
        for byte in bytes.iter_mut().skip(at).take(5000) {
            *byte ^= 0x5a;
        }
        fs::write(copy.path().join("db"), bytes).unwrap();
        let read = SledEngine::open(copy.path()).and_then(|engine| engine.scan("t", &[], None, usize::MAX));
        match read {
            Ok(records) => {
                assert!(records.iter().all(|(key, value)| value == &[key[3]; 300]), "an altered value was returned");
                assert_eq!(records.len(), 400, "records are missing without a word");
                whole += 1;
            }
            Err(StoreError::Damaged { .. } | StoreError::Io { .. }) => reports += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(reports > 0, "damage to the middle of the only file is noticed: {whole} whole, {reports} reported");
}
