use super::*;
use crate::{Batch, Home, KdfCost, Manifest, Page, Passphrase, Store, StoreError, limits::CHUNK_BYTES};
use protocol::{Column, ColumnType, DatasetId};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const ID: DatasetId = DatasetId([0xd5; 16]);
const CHEAP: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };
const MADE: u64 = 1_750_000_000;
const CHUNKS: u32 = 3;

fn words(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

/// A home with an identity, a dataset of several parts' length, and records.
fn filled(parent: &TempDir) -> Store {
    let store = Store::create(&Home::new(parent.path().join("home")), None).unwrap();
    store.keys().put("identity", &[3; 32]).unwrap();
    let mut writer = store.begin_dataset(ID).unwrap();
    for index in 0..CHUNKS {
        writer.put_chunk(0, index, &vec![index as u8; CHUNK_BYTES]).unwrap();
    }
    let columns = vec![Column { name: "c".parse().unwrap(), of: ColumnType::Integer }];
    let chunks = writer.finish().unwrap();
    let mut batch = Batch::new();
    let manifest = Manifest { id: ID, salt: [1; 32], rows: 5, columns, chunks, attributes: b"tag".to_vec() };
    manifest.put_into(&mut batch).unwrap();
    for n in 0..100u32 {
        batch.put("log", &n.to_be_bytes(), format!("entry {n}"));
    }
    store.control().commit(&batch).unwrap();
    store
}

fn back_up(store: &Store, file: &Path) -> Result<BackupSummary, StoreError> {
    store.back_up_costing(file, &words("bp"), CHEAP, MADE, &mut |_| {})
}

/// No home here is older.
fn no_pages(_: u64, _: &crate::Control, _: Option<&[u8]>) -> Result<Page, crate::error::Cause> {
    Err("nothing is older".into())
}

fn restore(file: &Path, to: &Path, passphrase: Option<&Passphrase>) -> Result<(), StoreError> {
    let backup = Backup::open(file, &words("bp"))?;
    assert_eq!((backup.about().made, backup.about().schema), (MADE, crate::SCHEMA));
    backup.restore(&Home::new(to), passphrase, &mut no_pages, &mut |_| {})?.put_in_place()
}

/// What is in a directory, by name.
fn names(of: &Path) -> Vec<PathBuf> {
    let mut names: Vec<_> = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

#[test]
fn what_was_backed_up_is_there_after_restoring_under_keys_of_its_own() {
    let parent = TempDir::new().unwrap();
    let (store, file) = (filled(&parent), parent.path().join("b"));
    let summary = back_up(&store, &file).unwrap();
    assert_eq!((summary.bytes, summary.datasets), (fs::metadata(&file).unwrap().len(), 1));
    let old = [store.keys().get("control-1").unwrap(), store.keys().get(&format!("dataset-{ID}")).unwrap()];
    drop(store);
    for (at, passphrase) in [None, Some(words("new"))].into_iter().enumerate() {
        let place = parent.path().join(format!("restored-{at}"));
        restore(&file, &place, passphrase.as_ref()).unwrap();
        let store = Store::open(&Home::new(&place), passphrase.as_ref()).unwrap();
        assert_eq!(*store.keys().get("identity").unwrap(), [3; 32]);
        assert_eq!(store.control().get("log", &99u32.to_be_bytes()).unwrap().unwrap(), b"entry 99");
        let reader = store.read_dataset(ID).unwrap();
        assert_eq!(reader.manifest().attributes, b"tag");
        assert_eq!(reader.chunk(0, CHUNKS - 1).unwrap(), vec![CHUNKS as u8 - 1; CHUNK_BYTES]);
        let new = [store.keys().get("control-1").unwrap(), store.keys().get(&format!("dataset-{ID}")).unwrap()];
        assert!(old.iter().zip(&new).all(|(old, new)| old != new), "the keys that seal are drawn anew");
    }
    let left: Vec<_> = names(parent.path()).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(left, ["b", "home", "restored-0", "restored-1"], "nothing else is left");
}

#[cfg(unix)]
#[test]
fn a_backup_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    back_up(&filled(&parent), &file).unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_that_exists_is_kept_and_a_failed_backup_leaves_none() {
    let parent = TempDir::new().unwrap();
    let (store, file) = (filled(&parent), parent.path().join("b"));
    fs::write(&file, "something else").unwrap();
    assert!(matches!(back_up(&store, &file), Err(StoreError::InTheWay { .. })));
    assert_eq!(fs::read(&file).unwrap(), b"something else");
    let nowhere = parent.path().join("no such folder/b");
    assert!(matches!(back_up(&store, &nowhere), Err(StoreError::Io { .. })));
    // a dataset that is not whole is no backup
    let other = parent.path().join("c");
    store.keys().destroy(&format!("dataset-{ID}")).unwrap();
    assert!(back_up(&store, &other).is_err());
    assert_eq!(names(parent.path()), [file, parent.path().join("home")]);
}

#[test]
fn any_damage_is_refused_and_named_and_nothing_is_left_half_restored() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    back_up(&filled(&parent), &file).unwrap();
    let whole = fs::read(&file).unwrap();
    let sealed = stream::PART_BYTES + 16;
    assert!(whole.len() > 5 * sealed);
    let header = 18 + usize::from(u16::from_be_bytes([whole[16], whole[17]])) + 32;
    let part = |n: usize| header + n * sealed..header + (n + 1) * sealed;
    let mut broken: Vec<(String, Vec<u8>)> = Vec::new();
    // a bit at every place of the header, and at many of the parts
    for at in (0..header).chain((header..whole.len()).step_by(whole.len() / 97)) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        broken.push((format!("bit at {at}"), bytes));
    }
    // cut anywhere, on the seam of two parts too
    for at in [0, 1, 17, header - 1, header, part(0).end, part(2).end, part(2).end + 5, whole.len() - 1] {
        broken.push((format!("cut at {at}"), whole[..at].to_vec()));
    }
    let mut swapped = whole.clone();
    swapped[part(1)].copy_from_slice(&whole[part(2)]);
    swapped[part(2)].copy_from_slice(&whole[part(1)]);
    broken.push(("two parts swapped".to_owned(), swapped));
    broken.push(("a part left out".to_owned(), [&whole[..part(1).start], &whole[part(1).end..]].concat()));
    broken.push(("a part twice".to_owned(), [&whole[..part(1).end], &whole[part(1).start..]].concat()));
    broken.push(("a byte added".to_owned(), [&whole[..], &[0]].concat()));
    broken.push(("a part added".to_owned(), [&whole[..], &whole[part(1)]].concat()));
    let place = parent.path().join("restored");
    for (how, bytes) in broken {
        fs::write(&file, bytes).unwrap();
        match restore(&file, &place, None) {
            Err(StoreError::BadBackup { path, why }) => assert!(path == file && !why.is_empty(), "{how}: {why}"),
            other => panic!("{how}: {other:?}"),
        }
        assert_eq!(names(parent.path()), [file.clone(), parent.path().join("home")], "{how}");
    }
}

#[test]
fn where_a_file_was_cut_or_altered_is_told() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    back_up(&filled(&parent), &file).unwrap();
    let whole = fs::read(&file).unwrap();
    let header = 18 + usize::from(u16::from_be_bytes([whole[16], whole[17]])) + 32;
    let seam = header + stream::PART_BYTES + 16;
    let told = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        restore(&file, &parent.path().join("r"), None).unwrap_err().to_string()
    };
    assert!(told(&whole[..seam]).contains(&format!("cut off after byte {seam}")));
    let mut altered = whole.clone();
    altered[seam + 9] ^= 1;
    assert!(told(&altered).contains("part 2"), "{}", told(&altered));
    assert!(told(b"a,b\n1,2\n").contains("no backup of halfdoor"));
}

#[test]
fn a_wrong_passphrase_is_told_from_damage() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    back_up(&filled(&parent), &file).unwrap();
    assert!(matches!(Backup::open(&file, &words("BP")), Err(StoreError::PassphraseWrong)));
}

#[test]
fn a_home_or_anything_else_in_the_place_is_kept() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    let store = filled(&parent);
    back_up(&store, &file).unwrap();
    drop(store);
    let home = parent.path().join("home");
    assert!(matches!(restore(&file, &home, None), Err(StoreError::AlreadyAHome { path }) if path == home));
    let folder = parent.path().join("folder");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("letter"), "dear").unwrap();
    assert!(matches!(restore(&file, &folder, None), Err(StoreError::InTheWay { path }) if path == folder));
    assert!(matches!(restore(&file, &file, None), Err(StoreError::InTheWay { .. })));
    fs::remove_file(folder.join("letter")).unwrap();
    restore(&file, &folder, None).unwrap();
    Store::open(&Home::new(&folder), None).unwrap();
}

#[test]
fn what_an_interrupted_restore_left_is_replaced_and_a_dropped_one_leaves_nothing() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    back_up(&filled(&parent), &file).unwrap();
    let place = parent.path().join("restored");
    let aside = parent.path().join("restored.restoring");
    let left = Store::create(&Home::new(&aside), None).unwrap();
    left.keys().put("identity", &[9; 32]).unwrap();
    assert!(matches!(restore(&file, &place, None), Err(StoreError::Locked { .. })), "another restore is at work");
    drop(left);
    let begun = Backup::open(&file, &words("bp")).unwrap();
    let mut begun = begun.restore(&Home::new(&place), None, &mut no_pages, &mut |_| {}).unwrap();
    assert_eq!(*begun.store().unwrap().keys().get("identity").unwrap(), [3; 32]);
    assert!(!place.exists());
    drop(begun);
    assert!(!place.exists() && !aside.exists());
}

/// A file of these items, sealed as any other.
fn seal(file: &Path, items: &[item::Item]) {
    let out = fs::File::create(file).unwrap();
    let mut sealing = stream::Sealing::begin(out, &words("bp"), CHEAP).unwrap();
    for item in items {
        sealing.write(&item.framed().unwrap()).unwrap();
    }
    sealing.finish().unwrap();
}

#[test]
fn a_text_that_no_home_writes_is_refused_and_not_quoted() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    for tree in ["t".repeat(65), "\u{1b}[2J".to_owned()] {
        let about = About { schema: crate::SCHEMA, program: "0.1.0".to_owned(), made: MADE };
        let record = item::Item::Record { tree: tree.clone(), key: vec![1].into(), value: vec![2].into() };
        seal(&file, &[item::Item::About(about), record]);
        match restore(&file, &parent.path().join("r"), None) {
            Err(StoreError::BadBackup { why, .. }) => assert!(why.contains("text") && !why.contains(&tree), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_backup_of_a_newer_program_is_refused_by_name() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    let newer = crate::SCHEMA + 1;
    seal(&file, &[item::Item::About(About { schema: newer, program: "3.1.4".to_owned(), made: MADE })]);
    let refused = Backup::open(&file, &words("bp")).err().unwrap().to_string();
    assert!(refused.contains(&format!("version {newer}")) && refused.contains("halfdoor 3.1.4 or later"), "{refused}");
}

#[test]
fn a_backup_of_an_older_home_is_brought_to_the_present_version() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("b");
    let old = Store::create_of_version(&Home::new(parent.path().join("home")), None, 1).unwrap();
    let mut batch = Batch::new();
    batch.put("things", b"a", [1]);
    old.control().commit(&batch).unwrap();
    back_up(&old, &file).unwrap();
    let backup = Backup::open(&file, &words("bp")).unwrap();
    assert_eq!(backup.about().schema, 1);
    let place = Home::new(parent.path().join("r"));
    let mut step = |from: u64, _: &crate::Control, _: Option<&[u8]>| {
        let mut batch = Batch::new();
        if from == 1 {
            batch.put("things", b"a", [2]);
        }
        Ok(Page { batch, next: None })
    };
    backup.restore(&place, None, &mut step, &mut |_| {}).unwrap().put_in_place().unwrap();
    let store = Store::open(&place, None).unwrap();
    assert_eq!(store.control().get("things", b"a").unwrap().unwrap(), [2]);
}
