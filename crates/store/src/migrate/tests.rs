use super::*;
use crate::{Batch, Home, Store};
use std::{collections::BTreeMap, fs, path::Path};
use tempfile::TempDir;

const RECORDS: u32 = 10;
const AT_ONCE: usize = 3;

/// A home of version 1 with records that the step makes longer by one byte.
fn old_home(parent: &TempDir) -> Home {
    let home = Home::new(parent.path().join("home"));
    let store = Store::create_of_version(&home, None, 1).unwrap();
    let mut batch = Batch::new();
    for n in 0..RECORDS {
        batch.put("things", &n.to_be_bytes(), [n as u8]);
    }
    store.control().commit(&batch).unwrap();
    drop(store);
    fs::remove_file(home.format_file()).unwrap();
    home
}

/// The step from 1 to 2: every thing gets a second byte; later ones change nothing. `pages` counts down to a page that fails.
fn step(pages: &mut u32, from: u64, control: &Control, place: Option<&[u8]>) -> Result<Page, Cause> {
    if from > 1 {
        return Ok(Page { batch: Batch::new(), next: None });
    }
    if *pages == 0 {
        return Err("the power went out".into());
    }
    *pages -= 1;
    let page = control.scan("things", &[], place, AT_ONCE)?;
    let next = (page.len() == AT_ONCE).then(|| crate::after(&page[AT_ONCE - 1].0));
    let mut batch = Batch::new();
    for (key, value) in page {
        batch.put("things", &key, [value[0], 2]);
    }
    Ok(Page { batch, next })
}

fn things(store: &Store) -> Vec<Vec<u8>> {
    store.control().scan("things", &[], None, 100).unwrap().into_iter().map(|(_, value)| value).collect()
}

/// Every file under a directory, with its bytes.
fn bytes_of(path: &Path) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            all.extend(bytes_of(&entry));
        } else {
            all.insert(entry.clone(), fs::read(entry).unwrap());
        }
    }
    all
}

#[test]
fn a_step_interrupted_after_any_page_goes_on_where_it_was() {
    let whole: Vec<Vec<u8>> = (0..RECORDS).map(|n| vec![n as u8, 2]).collect();
    for survived in 0..4 {
        let parent = TempDir::new().unwrap();
        let home = old_home(&parent);
        let mut left = survived;
        let cut = Store::open_bringing_up(&home, None, &mut |from, c, place| step(&mut left, from, c, place));
        assert!(matches!(cut, Err(StoreError::Migration { from: 1, .. })));
        let mut pages = 100;
        let store = Store::open_bringing_up(&home, None, &mut |from, c, place| step(&mut pages, from, c, place));
        let store = store.unwrap();
        assert_eq!(things(&store), whole);
        assert_eq!(100 - pages, 4 - survived, "no page is made twice");
        drop(store);
        assert_eq!(things(&Store::open(&home, None).unwrap()), whole, "now it opens without a step");
    }
}

#[test]
fn a_page_that_became_durable_and_is_made_again_does_no_harm() {
    let parent = TempDir::new().unwrap();
    let home = old_home(&parent);
    let mut pages = 2;
    let cut = Store::open_bringing_up(&home, None, &mut |from, c, place| step(&mut pages, from, c, place));
    drop(cut);
    // the step forgets where it was
    let mut again = 100;
    let store = Store::open_bringing_up(&home, None, &mut |from, control, place| {
        let place = if again == 100 { None } else { place };
        step(&mut again, from, control, place)
    });
    assert_eq!(things(&store.unwrap())[0], [0, 2]);
}

#[test]
fn an_older_home_is_refused_by_who_does_not_know_the_step_and_is_not_changed() {
    let parent = TempDir::new().unwrap();
    let home = old_home(&parent);
    let refused = Store::open(&home, None).err().unwrap();
    assert!(matches!(refused, StoreError::Older { found: 1, needed: SCHEMA, .. }), "{refused}");
    assert!(!home.format_file().exists());
}

#[test]
fn a_home_on_its_way_to_a_newer_version_is_refused_untouched_and_the_program_is_named() {
    let parent = TempDir::new().unwrap();
    let home = Home::new(parent.path().join("home"));
    drop(Store::create(&home, None).unwrap());
    fs::write(home.format_file(), format!("{} 0.9.0\n", SCHEMA + 1)).unwrap();
    let before = bytes_of(home.root());
    let refused = Store::open(&home, None).err().unwrap().to_string();
    let said = format!("version {}, this one knows {SCHEMA}; use halfdoor 0.9.0 or later", SCHEMA + 1);
    assert!(refused.contains(&said), "{refused}");
    assert_eq!(bytes_of(home.root()), before);
}

#[test]
fn a_format_file_that_names_no_version_is_damage() {
    let parent = TempDir::new().unwrap();
    let home = Home::new(parent.path().join("home"));
    drop(Store::create(&home, None).unwrap());
    for text in ["", "two\n", "-1 0.1.0\n", "99999999999999999999999\n"] {
        fs::write(home.format_file(), text).unwrap();
        assert!(matches!(Store::open(&home, None), Err(StoreError::Damaged { .. })), "{text:?}");
    }
}
