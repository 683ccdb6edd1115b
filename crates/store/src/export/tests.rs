use super::*;
use crate::{
    Batch, Manifest, Store,
    engine::{Engine as _, SledEngine},
    files,
    keys::KeyRing,
};
use protocol::{Column, ColumnType};
use std::fs;
use tempfile::TempDir;

const ID: DatasetId = DatasetId([0xd5; 16]);

fn filled(parent: &TempDir) -> Home {
    let home = Home::new(parent.path().join("home"));
    let store = Store::create(&home, None).unwrap();
    let mut writer = store.begin_dataset(ID).unwrap();
    for index in 0..5 {
        writer.put_chunk(0, index, format!("rows {index}").as_bytes()).unwrap();
    }
    let mut batch = Batch::new();
    let manifest = Manifest {
        id: ID,
        salt: [1; 32],
        rows: 5,
        columns: vec![Column { name: "c".parse().unwrap(), of: ColumnType::Integer }],
        chunks: writer.finish().unwrap(),
        attributes: Vec::new(),
    };
    manifest.put_into(&mut batch).unwrap();
    for n in 0..50u32 {
        batch.put("log", &n.to_be_bytes(), format!("entry {n}"));
    }
    store.control().commit(&batch).unwrap();
    home
}

/// What a walk finds, in words.
fn found(home: &Home) -> (ExportSummary, Vec<String>) {
    let mut words = Vec::new();
    let summary = Store::export_readable(home, None, &mut |piece| {
        words.push(match piece {
            Piece::Record { tree, value, .. } => format!("{tree}: {}", String::from_utf8_lossy(value)),
            Piece::Chunk { column, index, bytes, .. } => {
                format!("{column}/{index}: {}", String::from_utf8_lossy(bytes))
            }
            Piece::Unreadable { what, why } => format!("unreadable {what}: {why}"),
        });
        Ok(())
    });
    (summary.unwrap(), words)
}

#[test]
fn a_whole_home_is_exported_whole_and_is_not_changed() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    for _ in 0..2 {
        let (summary, words) = found(&home);
        assert_eq!(summary, ExportSummary { records: 52, chunks: 5, unreadable: 0 });
        assert!(words.contains(&"log: entry 49".to_owned()) && words.contains(&"0/4: rows 4".to_owned()));
    }
    assert_eq!(Store::open(&home, None).unwrap().dataset_ids().unwrap(), [ID]);
}

#[test]
fn a_damaged_record_is_reported_and_the_others_are_exported() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    let engine = SledEngine::open(&home.generation(1)).unwrap();
    let mut damage = Batch::new();
    damage.put("log", &7u32.to_be_bytes(), b"not sealed".as_slice());
    engine.commit(&damage).unwrap();
    drop(engine);
    let (summary, words) = found(&home);
    assert_eq!(summary, ExportSummary { records: 51, chunks: 5, unreadable: 1 });
    assert!(!words.contains(&"log: entry 7".to_owned()));
}

#[test]
fn a_dataset_without_its_key_is_reported_and_the_control_database_is_exported() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    KeyRing::open(&home.keys(), None).unwrap().destroy(&datasets::key_name(ID)).unwrap();
    assert_eq!(found(&home).0, ExportSummary { records: 52, chunks: 0, unreadable: 1 });
}

#[test]
fn a_control_database_that_does_not_open_is_reported_and_the_datasets_are_exported() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    fs::write(home.generation(1).join("conf"), [0xff; 64]).unwrap();
    let refused = Store::open(&home, None).err().unwrap();
    assert!(refused.to_string().contains("halfdoor store export"), "{refused}");
    let (summary, words) = found(&home);
    assert_eq!((summary.chunks, summary.unreadable), (5, 1), "{words:?}");
}

#[test]
fn a_database_put_back_to_an_older_state_is_refused_and_still_exported() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    let db = home.generation(1).join("db");
    let before = fs::read(&db).unwrap();
    let store = Store::open(&home, None).unwrap();
    let mut later = Batch::new();
    later.put("log", &50u32.to_be_bytes(), b"entry 50".as_slice());
    store.control().commit(&later).unwrap();
    drop(store);
    fs::write(&db, before).unwrap();
    for snapshot in files::names_in(&home.generation(1)).unwrap().iter().filter(|name| name.starts_with("snap")) {
        fs::remove_file(home.generation(1).join(snapshot)).unwrap();
    }
    assert!(matches!(Store::open(&home, None), Err(StoreError::Damaged { .. })));
    let (summary, words) = found(&home);
    assert_eq!((summary.records, summary.unreadable), (52, 1), "{words:?}");
}

#[test]
fn the_sink_can_end_the_walk_and_a_running_node_keeps_it_out() {
    let parent = TempDir::new().unwrap();
    let home = filled(&parent);
    let ended = Store::export_readable(&home, None, &mut |_| Err(StoreError::PassphraseLength));
    assert!(matches!(ended, Err(StoreError::PassphraseLength)));
    let _store = Store::open(&home, None).unwrap();
    let refused = Store::export_readable(&home, None, &mut |_| Ok(()));
    assert!(matches!(refused, Err(StoreError::Locked { .. })));
}
