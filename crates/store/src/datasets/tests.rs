use super::*;
use crate::{Batch, Home, Store, engine::Engine as _, limits::CHUNK_BYTES};
use protocol::{Column, ColumnType};
use std::fs;
use tempfile::TempDir;

const ID: DatasetId = DatasetId([0xd5; 16]);

fn store(parent: &TempDir) -> Store {
    Store::create(&Home::new(parent.path().join("home")), None).unwrap()
}

fn bytes_of(column: u16, index: u32, length: usize) -> Vec<u8> {
    (0..length).map(|n| (n as u32 ^ index ^ u32::from(column) << 4) as u8).collect()
}

fn written(store: &Store, columns: u16, chunks: u32, length: usize) -> Manifest {
    let mut writer = store.begin_dataset(ID).unwrap();
    for index in 0..chunks {
        for column in 0..columns {
            writer.put_chunk(column, index, &bytes_of(column, index, length)).unwrap();
        }
    }
    let column = |n: u16| Column { name: format!("c{n}").parse().unwrap(), of: ColumnType::Integer };
    Manifest {
        id: ID,
        salt: [1; 32],
        rows: 7,
        columns: (0..columns).map(column).collect(),
        chunks: writer.finish().unwrap(),
        attributes: Vec::new(),
    }
}

fn committed(store: &Store, manifest: &Manifest) {
    let mut batch = Batch::new();
    manifest.put_into(&mut batch).unwrap();
    store.control().commit(&batch).unwrap();
}

#[test]
fn a_dataset_reads_back_after_opening_anew_and_never_uses_unsynced_files() {
    let parent = TempDir::new().unwrap();
    let (home, manifest) = {
        let store = store(&parent);
        let manifest = written(&store, 3, 60, CHUNK_BYTES);
        committed(&store, &manifest);
        (store.home().clone(), manifest)
    };
    let store = Store::open(&home, None).unwrap();
    let reader = store.read_dataset(ID).unwrap();
    assert_eq!(reader.manifest(), &manifest);
    for index in 0..60 {
        for column in 0..3 {
            assert_eq!(reader.chunk(column, index).unwrap(), bytes_of(column, index, CHUNK_BYTES));
        }
    }
    assert!(matches!(reader.chunk(3, 0), Err(StoreError::NoSuchChunk { .. })));
    assert!(matches!(reader.chunk(0, 60), Err(StoreError::NoSuchChunk { .. })));
    assert_eq!(files::names_in(&home.dataset(ID).join("blobs")).unwrap(), Vec::<String>::new());
}

#[test]
fn chunks_out_of_order_too_large_or_out_of_place_are_refused() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let mut writer = store.begin_dataset(ID).unwrap();
    assert!(matches!(writer.put_chunk(0, 1, b"x"), Err(StoreError::NoSuchChunk { .. })));
    writer.put_chunk(0, 0, b"x").unwrap();
    assert!(matches!(writer.put_chunk(0, 0, b"y"), Err(StoreError::NoSuchChunk { .. })));
    assert!(matches!(writer.put_chunk(64, 0, b"x"), Err(StoreError::TooLarge { .. })));
    assert!(matches!(writer.put_chunk(0, 1, &vec![0; CHUNK_BYTES + 1]), Err(StoreError::TooLarge { .. })));
    writer.put_chunk(2, 0, b"z").unwrap();
    assert_eq!(writer.finish().unwrap(), [vec![hash(b"x")], vec![], vec![hash(b"z")]]);
}

#[test]
fn a_dataset_is_not_there_until_its_manifest_is_committed() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let manifest = written(&store, 1, 2, 10);
    assert!(matches!(store.read_dataset(ID), Err(StoreError::NoSuchDataset { .. })));
    assert!(matches!(store.begin_dataset(ID), Err(StoreError::DatasetExists { .. })));
    committed(&store, &manifest);
    assert_eq!(store.dataset_ids().unwrap(), [ID]);
    assert!(matches!(store.discard_dataset(ID), Err(StoreError::DatasetExists { .. })));
    assert_eq!(store.read_dataset(ID).unwrap().chunk(0, 1).unwrap(), bytes_of(0, 1, 10));
}

#[test]
fn a_writer_that_is_dropped_takes_back_what_it_wrote() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let mut writer = store.begin_dataset(ID).unwrap();
    for index in 0..50 {
        writer.put_chunk(0, index, &bytes_of(0, index, CHUNK_BYTES)).unwrap();
    }
    drop(writer);
    assert!(!store.home().dataset(ID).exists());
    assert_eq!(store.keys().names().unwrap(), ["control-1"]);
    written(&store, 1, 1, 10);
    store.discard_dataset(ID).unwrap();
    assert_eq!(store.keys().names().unwrap(), ["control-1"]);
}

#[test]
fn half_written_datasets_are_swept_at_the_next_opening_and_whole_ones_are_not() {
    let parent = TempDir::new().unwrap();
    let only_key = DatasetId([0xaa; 16]);
    let only_directory = DatasetId([0xbb; 16]);
    let finished = DatasetId([0xcc; 16]);
    let home = {
        let store = store(&parent);
        let manifest = written(&store, 1, 2, 10);
        committed(&store, &manifest);
        store.keys().create_random(&key_name(only_key)).unwrap();
        fs::create_dir(store.home().dataset(only_directory)).unwrap();
        let mut writer = store.begin_dataset(finished).unwrap();
        writer.put_chunk(0, 0, b"x").unwrap();
        writer.finish().unwrap();
        store.home().clone()
    };
    let store = Store::open(&home, None).unwrap();
    assert_eq!(files::names_in(&home.datasets()).unwrap(), [ID.to_string()]);
    assert_eq!(store.keys().names().unwrap(), ["control-1".to_owned(), key_name(ID)]);
    assert_eq!(store.read_dataset(ID).unwrap().chunk(0, 0).unwrap(), bytes_of(0, 0, 10));
}

#[test]
fn a_chunk_altered_swapped_or_missing_is_reported_and_not_returned() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let manifest = written(&store, 2, 3, 100);
    committed(&store, &manifest);
    let reader = store.read_dataset(ID).unwrap();
    let engine = reader.opened.sealed.engine();
    let raw = |column, index| engine.get(TREE, &chunk_key(column, index)).unwrap().unwrap();
    let put = |column, index, value: Option<Vec<u8>>| {
        let mut batch = Batch::new();
        match value {
            Some(value) => batch.put(TREE, &chunk_key(column, index), value),
            None => batch.delete(TREE, &chunk_key(column, index)),
        };
        engine.commit(&batch).unwrap();
    };
    let mut altered = raw(0, 0);
    altered[60] ^= 1;
    put(0, 0, Some(altered));
    put(0, 1, Some(raw(1, 1)));
    put(0, 2, None);
    for index in 0..3 {
        assert!(matches!(reader.chunk(0, index), Err(StoreError::Damaged { .. })), "chunk {index}");
    }
    // sealed with the right key for the right place, and still not what the manifest names
    let mut other = Batch::new();
    other.put(TREE, &chunk_key(1, 0), b"other rows".as_slice());
    reader.opened.sealed.commit(&other).unwrap();
    assert!(matches!(reader.chunk(1, 0), Err(StoreError::Damaged { .. })));
    assert_eq!(reader.chunk(1, 2).unwrap(), bytes_of(1, 2, 100));
}

#[test]
fn chunks_are_scanned_column_by_column_in_their_order() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let manifest = written(&store, 2, 300, 4);
    committed(&store, &manifest);
    let reader = store.read_dataset(ID).unwrap();
    let keys = reader.opened.sealed.keys(TREE, &1u16.to_be_bytes(), None, 1000).unwrap();
    assert_eq!(keys, (0..300).map(|index| chunk_key(1, index).to_vec()).collect::<Vec<_>>());
}

#[test]
fn readers_share_one_database_and_answer_no_more_after_the_removal() {
    let parent = TempDir::new().unwrap();
    let mut store = store(&parent);
    let manifest = written(&store, 1, 2, 10);
    committed(&store, &manifest);
    let (first, second) = (store.read_dataset(ID).unwrap(), store.read_dataset(ID).unwrap());
    assert!(Arc::ptr_eq(&first.opened, &second.opened));
    store.remove_dataset(ID, Batch::new()).unwrap();
    assert!(matches!(first.chunk(0, 0), Err(StoreError::NoSuchDataset { .. })));
    assert!(matches!(second.chunk(0, 0), Err(StoreError::NoSuchDataset { .. })));
    assert!(matches!(store.remove_dataset(ID, Batch::new()), Err(StoreError::NoSuchDataset { .. })));
    drop((first, second));
    let manifest = written(&store, 1, 1, 10);
    committed(&store, &manifest);
    assert_eq!(store.read_dataset(ID).unwrap().chunk(0, 0).unwrap(), bytes_of(0, 0, 10));
}

#[test]
fn a_reader_keeps_the_home_locked() {
    let parent = TempDir::new().unwrap();
    let store = store(&parent);
    let manifest = written(&store, 1, 1, 10);
    committed(&store, &manifest);
    let home = store.home().clone();
    let reader = store.read_dataset(ID).unwrap();
    drop(store);
    assert!(matches!(Store::open(&home, None), Err(StoreError::Locked { .. })));
    drop(reader);
    Store::open(&home, None).unwrap();
}
