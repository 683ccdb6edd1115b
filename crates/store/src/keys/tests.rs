use super::*;
use tempfile::TempDir;

const CHEAP: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };

fn words(text: &str) -> Passphrase {
    Passphrase::new(text.to_owned()).unwrap()
}

fn ring(parent: &TempDir, passphrase: Option<&Passphrase>) -> (PathBuf, KeyRing) {
    let directory = parent.path().join("keys");
    let ring = KeyRing::create_costing(&directory, passphrase, CHEAP).unwrap();
    (directory, ring)
}

#[test]
fn keys_survive_closing_with_and_without_a_passphrase() {
    for passphrase in [None, Some(words("correct horse"))] {
        let parent = TempDir::new().unwrap();
        let (directory, ring) = ring(&parent, passphrase.as_ref());
        let made = ring.create_random("control-1").unwrap();
        ring.put("identity", &[9; 32]).unwrap();
        assert_eq!(KeyRing::is_locked_by_passphrase(&directory), passphrase.is_some());
        let ring = KeyRing::open(&directory, passphrase.as_ref()).unwrap();
        assert_eq!(*ring.get("control-1").unwrap(), *made);
        assert_eq!(*ring.get("identity").unwrap(), [9; 32]);
        assert_eq!(ring.names().unwrap(), ["control-1", "identity"]);
    }
}

#[test]
fn a_passphrase_that_is_missing_wrong_or_superfluous_is_told_apart() {
    let parent = TempDir::new().unwrap();
    let (directory, _) = ring(&parent, Some(&words("right")));
    assert!(matches!(KeyRing::open(&directory, None), Err(StoreError::PassphraseNeeded)));
    assert!(matches!(KeyRing::open(&directory, Some(&words("wrong"))), Err(StoreError::PassphraseWrong)));
    let parent = TempDir::new().unwrap();
    let (directory, _) = ring(&parent, None);
    assert!(matches!(KeyRing::open(&directory, Some(&words("any"))), Err(StoreError::PassphraseNotSet)));
    let nowhere = parent.path().join("nowhere");
    assert!(matches!(KeyRing::open(&nowhere, None), Err(StoreError::NotAHome { .. })));
    assert!(Passphrase::new(String::new()).is_err());
    assert!(Passphrase::new("x".repeat(1025)).is_err());
}

#[test]
fn sealed_key_files_do_not_hold_the_key() {
    let parent = TempDir::new().unwrap();
    let (directory, ring) = ring(&parent, Some(&words("right")));
    ring.put("identity", &[0xab; 32]).unwrap();
    let bytes = fs::read(directory.join("identity.key")).unwrap();
    assert_eq!(bytes.len(), 74);
    assert!(!bytes.windows(4).any(|w| w == [0xab; 4]));
}

#[cfg(unix)]
#[test]
fn key_files_are_private_to_their_owner() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = TempDir::new().unwrap();
    let (directory, ring) = ring(&parent, Some(&words("right")));
    ring.create_random("control-1").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    for name in files::names_in(&directory).unwrap() {
        assert_eq!(mode(&directory.join(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_key_file_altered_cut_or_renamed_does_not_open() {
    let parent = TempDir::new().unwrap();
    let (directory, ring) = ring(&parent, Some(&words("right")));
    ring.put("identity", &[1; 32]).unwrap();
    let path = directory.join("identity.key");
    let original = fs::read(&path).unwrap();
    let mut altered = original.clone();
    altered[40] ^= 1;
    let plain = [vec![PLAIN], vec![2; 32]].concat();
    for bad in [altered, original[..73].to_vec(), Vec::new(), vec![9; 74], vec![0; 5000], plain] {
        fs::write(&path, &bad).unwrap();
        assert!(matches!(ring.get("identity"), Err(StoreError::Damaged { .. })), "{} bytes", bad.len());
    }
    fs::write(directory.join("transport.key"), original).unwrap();
    assert!(matches!(ring.get("transport"), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_destroyed_key_is_gone_and_may_be_made_anew() {
    let parent = TempDir::new().unwrap();
    let (_, ring) = ring(&parent, None);
    let first = ring.create_random("dataset-1").unwrap();
    assert!(matches!(ring.create_random("dataset-1"), Err(StoreError::KeyExists { .. })));
    ring.destroy("dataset-1").unwrap();
    assert!(matches!(ring.get("dataset-1"), Err(StoreError::NoSuchKey { .. })));
    ring.destroy("dataset-1").expect("destroying nothing succeeds");
    assert_ne!(*ring.create_random("dataset-1").unwrap(), *first);
}

#[test]
fn names_that_could_leave_the_directory_are_refused() {
    let parent = TempDir::new().unwrap();
    let (_, ring) = ring(&parent, None);
    for name in ["", "../x", "a/b", "a.b", "A", "a\\b", &"x".repeat(65)] {
        assert!(matches!(ring.put(name, &[0; 32]), Err(StoreError::BadName { .. })), "{name:?}");
    }
}

#[test]
fn a_hostile_cost_file_is_refused_before_anything_is_allocated() {
    let parent = TempDir::new().unwrap();
    let (directory, _) = ring(&parent, Some(&words("right")));
    let path = directory.join(KDF_FILE);
    let most = u32::MAX;
    for cost in [
        KdfCost { memory_kib: 64 << 20, ..CHEAP },
        KdfCost { memory_kib: most, ..CHEAP },
        KdfCost { passes: most, ..CHEAP },
        KdfCost { lanes: 5, ..CHEAP },
        KdfCost { memory_kib: 0, ..CHEAP },
    ] {
        let mut kdf = Kdf::create(&words("right"), CHEAP).unwrap().0;
        kdf.ask_for(cost);
        fs::write(&path, kdf.to_bytes().unwrap()).unwrap();
        assert!(
            matches!(KeyRing::open(&directory, Some(&words("right"))), Err(StoreError::Damaged { .. })),
            "{cost:?}"
        );
    }
    for broken in [&b""[..], b"\xa1", &[0; 2000]] {
        fs::write(&path, broken).unwrap();
        assert!(matches!(KeyRing::open(&directory, Some(&words("right"))), Err(StoreError::Damaged { .. })));
    }
}

#[test]
fn the_passphrase_can_be_changed_set_and_taken_away() {
    let parent = TempDir::new().unwrap();
    let (directory, mut ring) = ring(&parent, None);
    let key = ring.create_random("identity").unwrap();
    for (old, new) in [(None, Some("one")), (Some("one"), Some("two")), (Some("two"), None)] {
        let (old, new) = (old.map(words), new.map(words));
        ring.change_passphrase_costing(new.as_ref(), CHEAP).unwrap();
        assert_eq!(*ring.get("identity").unwrap(), *key, "the open ring goes on");
        assert!(KeyRing::open(&directory, old.as_ref()).is_err());
        assert_eq!(*KeyRing::open(&directory, new.as_ref()).unwrap().get("identity").unwrap(), *key);
        assert_eq!(files::names_in(parent.path()).unwrap(), ["keys"], "nothing of the old ring is left");
    }
}

#[test]
fn a_change_of_passphrase_cut_short_leaves_the_old_ring_or_the_new_one() {
    let (old, new) = (words("old"), words("new"));
    for steps in 0..=2 {
        let parent = TempDir::new().unwrap();
        let (directory, ring) = ring(&parent, Some(&old));
        let key = ring.create_random("identity").unwrap();
        if steps > 0 {
            ring.write_next(Some(&new), CHEAP).unwrap();
        }
        if steps > 1 {
            replace_directory(&directory).unwrap();
        }
        assert!(KeyRing::exists(&directory) && KeyRing::is_locked_by_passphrase(&directory));
        let in_force = if steps > 1 { &new } else { &old };
        let ring = KeyRing::open(&directory, Some(in_force)).unwrap();
        assert_eq!(*ring.get("identity").unwrap(), *key, "after {steps} steps");
        assert_eq!(files::names_in(parent.path()).unwrap(), ["keys"]);
    }
}

#[test]
fn an_unfinished_key_file_is_destroyed_at_the_next_opening() {
    let parent = TempDir::new().unwrap();
    let (directory, _) = ring(&parent, None);
    fs::write(directory.join("identity.key.new"), [0; 33]).unwrap();
    KeyRing::open(&directory, None).unwrap();
    assert_eq!(files::names_in(&directory).unwrap(), Vec::<String>::new());
}

#[test]
fn a_ring_is_never_made_over_another() {
    let parent = TempDir::new().unwrap();
    let (directory, ring) = ring(&parent, None);
    ring.create_random("identity").unwrap();
    assert!(matches!(KeyRing::create(&directory, None), Err(StoreError::KeyExists { .. })));
}
