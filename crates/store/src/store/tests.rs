use super::*;
use crate::{
    control::CONTEXT,
    engine::{Engine as _, SledEngine},
    seal::Sealed,
};
use protocol::{Column, ColumnType};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

const ID: DatasetId = DatasetId([0xd5; 16]);

fn home(parent: &TempDir) -> Home {
    Home::new(parent.path().join("home"))
}

fn planted() -> Vec<String> {
    (0..100).map(|n| format!("planted-{n:03}-word")).collect()
}

/// A dataset of one column whose chunks and attributes hold the words, and a request that does.
fn plant(store: &Store, words: &[String]) {
    let mut writer = store.begin_dataset(ID).unwrap();
    for (index, words) in words.chunks(10).enumerate() {
        writer.put_chunk(0, index as u32, words.concat().as_bytes()).unwrap();
    }
    let manifest = Manifest {
        id: ID,
        salt: [1; 32],
        rows: 100,
        columns: vec![Column { name: words[0].parse().unwrap(), of: ColumnType::Text }],
        chunks: writer.finish().unwrap(),
        attributes: words.concat().into_bytes(),
    };
    let mut batch = Batch::new();
    manifest.put_into(&mut batch).unwrap();
    batch.put("requests", b"id-1", words.concat().into_bytes()).put("log", b"1", b"kept".as_slice());
    store.control().commit(&batch).unwrap();
}

fn files_under(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|p| if p.is_dir() { files_under(&p) } else { vec![p] }).collect()
}

/// Every byte string that the remaining keys open anywhere in the home, old segments included: each key is tried on each
/// window that begins with the version byte of a sealed value, at each of the lengths that occurred.
fn everything_that_opens(home: &Home, places: &[(&str, &[u8], usize)]) -> Vec<Vec<u8>> {
    let keys = KeyRing::open(&home.keys(), None).unwrap();
    let mut contexts = vec![CONTEXT.to_vec(), ID.as_bytes().to_vec()];
    contexts.push(Vec::new());
    let mut opened = Vec::new();
    for name in keys.names().unwrap() {
        let key = keys.get(&name).unwrap();
        for context in &contexts {
            let sealed = Sealed::new(crate::engine::MemoryEngine::default(), &key, context);
            for file in files_under(home.root()) {
                let bytes = fs::read(file).unwrap();
                for (tree, record, length) in places {
                    let windows = bytes.windows(*length).filter(|w| w[0] == 1);
                    opened.extend(windows.filter_map(|w| sealed.open(tree, record, w).ok()));
                }
            }
        }
    }
    opened
}

fn contains(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

#[test]
fn what_was_acknowledged_is_there_after_opening_anew() {
    let parent = TempDir::new().unwrap();
    for passphrase in [None, Some(Passphrase::new("correct horse".to_owned()).unwrap())] {
        let home = Home::new(parent.path().join(format!("home-{}", passphrase.is_some())));
        let store = Store::create(&home, passphrase.as_ref()).unwrap();
        store.keys().put("identity", &[3; 32]).unwrap();
        plant(&store, &planted());
        drop(store);
        let store = Store::open(&home, passphrase.as_ref()).unwrap();
        assert_eq!(store.control().get("log", b"1").unwrap().unwrap(), b"kept");
        assert_eq!(*store.keys().get("identity").unwrap(), [3; 32]);
        assert!(contains(&store.read_dataset(ID).unwrap().chunk(0, 9).unwrap(), "planted-099-word"));
    }
}

#[test]
fn a_second_opener_learns_that_a_node_is_running() {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    for second in [Store::open(&home(&parent), None), Store::create(&home(&parent), None)] {
        let words = second.err().unwrap().to_string();
        assert!(words.contains("a node is already running here"), "{words}");
    }
    drop(store);
    Store::open(&home(&parent), None).unwrap();
}

#[test]
fn a_home_is_made_once_and_nothing_is_made_by_looking() {
    let parent = TempDir::new().unwrap();
    assert!(matches!(Store::open(&home(&parent), None), Err(StoreError::NotAHome { .. })));
    assert!(!home(&parent).root().exists());
    drop(Store::create(&home(&parent), None).unwrap());
    assert!(matches!(Store::create(&home(&parent), None), Err(StoreError::AlreadyAHome { .. })));
}

#[test]
fn a_creation_cut_short_can_be_repeated_unless_it_has_an_identity() {
    let parent = TempDir::new().unwrap();
    drop(Store::create(&home(&parent), None).unwrap());
    fs::remove_file(home(&parent).current_file()).unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    store.keys().put("identity", &[3; 32]).unwrap();
    drop(store);
    fs::remove_file(home(&parent).current_file()).unwrap();
    assert!(matches!(Store::create(&home(&parent), None), Err(StoreError::AlreadyAHome { .. })));
}

#[test]
fn a_change_of_passphrase_cut_short_is_finished_by_opening_the_store() {
    let parent = TempDir::new().unwrap();
    let home = home(&parent);
    let store = Store::create(&home, None).unwrap();
    plant(&store, &planted());
    drop(store);
    // the instant at which the complete new ring is not yet under its true name
    fs::rename(home.keys(), home.root().join("keys.next")).unwrap();
    let store = Store::open(&home, None).unwrap();
    assert_eq!(store.control().get("log", b"1").unwrap().unwrap(), b"kept");
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let parent = TempDir::new().unwrap();
    let words = |text: &str| Passphrase::new(text.to_owned()).unwrap();
    let mut store = Store::create(&home(&parent), Some(&words("one"))).unwrap();
    store.change_passphrase(Some(&words("two"))).unwrap();
    drop(store);
    assert!(matches!(Store::open(&home(&parent), Some(&words("one"))), Err(StoreError::PassphraseWrong)));
    assert!(matches!(Store::open(&home(&parent), None), Err(StoreError::PassphraseNeeded)));
    Store::open(&home(&parent), Some(&words("two"))).unwrap();
}

#[test]
fn a_home_of_a_newer_program_is_refused_and_left_alone() {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    let mut batch = Batch::new();
    batch.put(TREE, SCHEMA_KEY, (SCHEMA + 1).to_be_bytes());
    store.control().commit(&batch).unwrap();
    fs::create_dir(home(&parent).dataset(ID)).unwrap();
    drop(store);
    let refused = Store::open(&home(&parent), None).err().unwrap();
    let newer = matches!(refused, StoreError::Newer { found, supported: SCHEMA, .. } if found == SCHEMA + 1);
    assert!(newer, "{refused}");
    assert!(home(&parent).dataset(ID).exists(), "nothing of a newer program's home is swept");
}

#[test]
fn after_removal_and_erasure_no_remaining_key_opens_a_planted_word() {
    let parent = TempDir::new().unwrap();
    let home = home(&parent);
    let words = planted();
    let mut store = Store::create(&home, None).unwrap();
    plant(&store, &words);
    let manifest_key = [ID.as_bytes(), &[0, 0][..]].concat();
    let raw = |tree, key: &[u8]| store.control().living().unwrap().engine().get(tree, key).unwrap().unwrap().len();
    let lengths = [raw("datasets", &manifest_key), raw("requests", b"id-1")];
    let places: [(&str, &[u8], usize); 3] =
        [("datasets", &manifest_key, lengths[0]), ("requests", b"id-1", lengths[1]), ("chunks", &[0; 6], 10 * 16 + 41)];
    let before = everything_that_opens(&home, &places);
    for word in &words[..10] {
        assert!(before.iter().filter(|bytes| contains(bytes, word)).count() >= 3, "the search must be able to find");
    }
    let mut removal = Batch::new();
    removal.put("log", b"2", b"removed".as_slice());
    store.remove_dataset(ID, removal).unwrap();
    let mut erasure = Batch::new();
    erasure.delete("requests", b"id-1").put("log", b"3", b"erased".as_slice());
    store.erase(erasure).unwrap();
    assert_eq!(store.control().scan("log", &[], None, 9).unwrap().len(), 3);
    drop(store);
    assert_eq!(everything_that_opens(&home, &places), Vec::<Vec<u8>>::new());
    for file in files_under(home.root()) {
        let bytes = fs::read(&file).unwrap();
        assert!(words.iter().all(|word| !contains(&bytes, word)), "{}", file.display());
    }
    assert_eq!(crate::files::names_in(&home.datasets()).unwrap(), Vec::<String>::new());
    assert_eq!(Store::open(&home, None).unwrap().control().scan("log", &[], None, 9).unwrap().len(), 3);
}

#[test]
fn a_home_without_its_key_files_holds_no_planted_word_and_opens_nothing() {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    plant(&store, &planted());
    drop(store);
    for file in files_under(home(&parent).root()) {
        let bytes = fs::read(&file).unwrap();
        assert!(planted().iter().all(|word| !contains(&bytes, word)), "{}", file.display());
    }
    fs::remove_file(home(&parent).keys().join("control-1.key")).unwrap();
    assert!(matches!(Store::open(&home(&parent), None), Err(StoreError::NoSuchKey { .. })));
}

#[test]
fn a_removal_cut_short_after_its_commit_is_finished_at_the_next_opening() {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    plant(&store, &planted());
    let mut batch = Batch::new();
    Manifest::delete_into(store.control(), ID, &mut batch).unwrap();
    store.commit_deletions(batch).unwrap();
    drop(store);
    let store = Store::open(&home(&parent), None).unwrap();
    assert_eq!(store.keys().names().unwrap(), ["control-2"]);
    assert_eq!(crate::files::names_in(&home(&parent).datasets()).unwrap(), Vec::<String>::new());
    drop(store);
    let store = Store::open(&home(&parent), None).unwrap();
    assert_eq!(store.keys().names().unwrap(), ["control-2"], "what is finished is not done again");
}

#[test]
fn a_dataset_whose_manifest_is_damaged_does_not_keep_the_home_closed_and_can_be_removed() {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    plant(&store, &planted());
    let mut damage = Batch::new();
    damage.put("datasets", &[ID.as_bytes(), &[0, 0][..]].concat(), b"not sealed".as_slice());
    store.control().living().unwrap().engine().commit(&damage).unwrap();
    drop(store);
    let mut store = Store::open(&home(&parent), None).unwrap();
    assert!(matches!(store.read_dataset(ID), Err(StoreError::Damaged { .. })));
    assert!(home(&parent).dataset(ID).exists(), "chunks are not swept for a damaged manifest");
    store.remove_dataset(ID, Batch::new()).unwrap();
    assert_eq!(store.dataset_ids().unwrap(), []);
}

#[cfg(unix)]
#[test]
fn a_home_is_private_to_its_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = TempDir::new().unwrap();
    let root = home(&parent).root().to_owned();
    fs::create_dir(&root).unwrap();
    fs::set_permissions(&root, fs::Permissions::from_mode(0o755)).unwrap();
    let store = Store::create(&home(&parent), None).unwrap();
    plant(&store, &planted());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let within = [home(&parent).keys(), home(&parent).control(), home(&parent).datasets(), home(&parent).dataset(ID)];
    for directory in within.iter().chain([&root]) {
        assert_eq!(mode(directory), 0o700, "{}", directory.display());
    }
    for file in files_under(&home(&parent).keys()) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_commit_after_a_failed_one_is_refused() {
    let parent = TempDir::new().unwrap();
    let engine = SledEngine::open_as_it_is(&parent.path().join("x")).unwrap();
    let mut batch = Batch::new();
    batch.put("t", b"k", b"v".as_slice());
    assert!(matches!(engine.commit(&batch), Err(StoreError::Stopped { .. })), "opened for reading alone");
}
