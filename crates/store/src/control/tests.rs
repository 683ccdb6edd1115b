use super::*;
use crate::engine::Engine as _;
use std::fs;
use tempfile::TempDir;

fn new_home(parent: &TempDir) -> (Home, KeyRing, Control) {
    let home = Home::new(parent.path().join("home"));
    home.lay_out().unwrap();
    let keys = KeyRing::create(&home.keys(), None).unwrap();
    let mut first = Batch::new();
    for n in 0..100u32 {
        first.put("kept", &n.to_be_bytes(), format!("kept {n}"));
    }
    first.put("people", b"p", b"planted-word".as_slice());
    let control = Control::create(&home, &keys, &first).unwrap();
    (home, keys, control)
}

fn delete_planted(control: &Control) {
    let mut batch = Batch::new();
    batch.delete("people", b"p");
    control.commit(&batch).unwrap();
}

fn kept(control: &Control) -> usize {
    let records = control.scan("kept", &[], None, 1000).unwrap();
    assert!(records.iter().all(|(_, value)| value.starts_with(b"kept ")));
    records.len()
}

#[test]
fn a_rewrite_keeps_what_lives_under_a_new_key_and_nothing_of_the_old_generation() {
    let parent = TempDir::new().unwrap();
    let (home, keys, mut control) = new_home(&parent);
    delete_planted(&control);
    let old_key = keys.get("control-1").unwrap();
    control.rewrite(&keys).unwrap();
    assert_eq!(kept(&control), 100);
    assert_eq!(control.get("people", b"p").unwrap(), None);
    assert_eq!(files::names_in(&home.control()).unwrap(), ["2", "CURRENT"]);
    assert_eq!(keys.names().unwrap(), ["control-2"]);
    assert_ne!(*keys.get("control-2").unwrap(), *old_key);
    let mut batch = Batch::new();
    batch.put("people", b"q", b"later".as_slice());
    control.commit(&batch).unwrap();
    drop(control);
    let control = Control::open(&home, &keys).unwrap();
    assert_eq!((kept(&control), control.get("people", b"q").unwrap().unwrap()), (100, b"later".to_vec()));
}

#[test]
fn a_rewrite_cut_short_at_any_step_leaves_one_whole_generation() {
    for steps in 0..=5 {
        let parent = TempDir::new().unwrap();
        let (home, keys, control) = new_home(&parent);
        delete_planted(&control);
        if steps == 1 {
            keys.create_random("control-2").unwrap();
        }
        if steps == 2 {
            let half = fresh(&home, &keys, 2).unwrap();
            let mut batch = Batch::new();
            batch.put("kept", b"half", b"half".as_slice());
            half.commit(&batch).unwrap();
        }
        if steps >= 3 {
            control.copy_to(&keys, 2).unwrap();
        }
        if steps >= 4 {
            switch(&home, 2).unwrap();
        }
        if steps >= 5 {
            keys.destroy("control-1").unwrap();
        }
        drop(control);
        let mut control = Control::open(&home, &keys).unwrap();
        let living = if steps >= 4 { "2" } else { "1" };
        assert_eq!(kept(&control), 100, "after {steps} steps");
        assert_eq!(files::names_in(&home.control()).unwrap(), [living, "CURRENT"], "after {steps} steps");
        assert_eq!(keys.names().unwrap(), [format!("control-{living}")], "after {steps} steps");
        control.rewrite(&keys).unwrap();
        assert_eq!(kept(&control), 100);
    }
}

#[test]
fn after_a_switch_that_may_or_may_not_have_happened_nothing_is_written() {
    let parent = TempDir::new().unwrap();
    let (home, keys, mut control) = new_home(&parent);
    // a directory in the way of the file that is renamed into place
    fs::remove_file(home.current_file()).unwrap();
    fs::create_dir(home.current_file()).unwrap();
    assert!(matches!(control.rewrite(&keys), Err(StoreError::Io { .. })));
    let mut batch = Batch::new();
    batch.put("people", b"q", b"lost".as_slice());
    assert!(matches!(control.commit(&batch), Err(StoreError::Stopped { .. })));
}

#[test]
fn a_generation_whose_name_key_or_directory_is_wrong_is_reported() {
    let parent = TempDir::new().unwrap();
    let (home, keys, control) = new_home(&parent);
    drop(control);
    for wrong in ["", "x\n", "1", "-1\n", "99999999999999999999\n", "7\n", "1\n1\n"] {
        fs::write(home.current_file(), wrong).unwrap();
        let refused = Control::open(&home, &keys).err().unwrap();
        assert!(matches!(refused, StoreError::Damaged { .. }), "{wrong:?}: {refused}");
    }
    fs::write(home.current_file(), "1\n").unwrap();
    assert_eq!(kept(&Control::open(&home, &keys).unwrap()), 100, "nothing was swept meanwhile");
    keys.put("control-1", &[0; 32]).unwrap();
    let control = Control::open(&home, &keys).unwrap();
    assert!(matches!(control.get("people", b"p"), Err(StoreError::Damaged { .. })));
}

#[test]
fn the_old_generations_raw_bytes_do_not_open_under_the_new_key() {
    let parent = TempDir::new().unwrap();
    let (_, keys, mut control) = new_home(&parent);
    let raw = control.living().unwrap().engine().get("people", b"p").unwrap().unwrap();
    delete_planted(&control);
    control.rewrite(&keys).unwrap();
    assert!(control.living().unwrap().open("people", b"p", &raw).is_err());
}
