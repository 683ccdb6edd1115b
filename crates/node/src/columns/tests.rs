use super::*;
use compute::{Bounds, Cell, View as _, ViewError, table::TableBuilder};
use protocol::{Column, ColumnType, Kind, Name};
use store::{Batch, DatasetReader, Home, Manifest, Store};
use tempfile::TempDir;

const IDS: [DatasetId; 2] = [DatasetId([1; 16]), DatasetId([2; 16])];

/// Rows for more chunks than are opened without threads.
const ROWS: i32 = 200_000;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

/// A store with a dataset of two columns.
fn store(id: DatasetId) -> (TempDir, Store) {
    let parent = TempDir::new().unwrap();
    let store = Store::create(&Home::new(parent.path().join("home")), None).unwrap();
    add(&store, id);
    (parent, store)
}

fn add(store: &Store, id: DatasetId) {
    let column = |text, of| Column { name: name(text), of };
    let columns = vec![column("amount", ColumnType::Integer), column("day", ColumnType::Date)];
    let mut builder = TableBuilder::new(columns).unwrap();
    for row in 0..ROWS {
        builder.push(&[Cell::Number(row.to_string().parse().unwrap()), Cell::Date(row)]).unwrap();
    }
    let (columns, chunks) = builder.finish().unwrap().into_parts();
    let mut writer = store.begin_dataset(id).unwrap();
    for (column, chunks) in (0..).zip(chunks) {
        for (index, chunk) in (0..).zip(chunks) {
            writer.put_chunk(column, index, &chunk.bytes).unwrap();
        }
    }
    let chunks = writer.finish().unwrap();
    let manifest = Manifest { id, salt: [9; 32], rows: ROWS as u64, columns, chunks, attributes: vec![] };
    let mut batch = Batch::new();
    manifest.put_into(&mut batch).unwrap();
    store.control().commit(&batch).unwrap();
}

fn reader(store: &Store, id: DatasetId) -> DatasetReader {
    store.read_dataset(id).unwrap()
}

fn mean(view: &StoredView, column: &str) -> String {
    let bounds = Bounds { max_rows: 1_000_000, cancelled: &|| false };
    compute::run(&Kind::Mean.over(name(column)).unwrap(), view, &bounds).unwrap().to_string()
}

fn rows(view: &StoredView, column: &str) -> Result<usize, ViewError> {
    view.chunks(&name(column))?.map(|chunk| chunk.map(|chunk| chunk.len())).sum()
}

#[test]
fn a_column_that_was_read_whole_is_read_from_memory_and_is_the_same() {
    let (_parent, store) = store(IDS[0]);
    let (kept, none) = (Columns::default(), Columns::new(0, IDLE));
    let view = StoredView::new(reader(&store, IDS[0]), kept.clone());
    assert!(view.held(&name("amount")).is_none());
    let expected = mean(&StoredView::new(reader(&store, IDS[0]), none.clone()), "amount");
    assert_eq!(expected, "99999.500000");
    assert_eq!(none.bytes(), 0, "nothing is kept where nothing may be");
    assert_eq!(mean(&view, "amount"), expected);
    assert!(kept.bytes() >= 8 * ROWS as usize);
    assert!(view.held(&name("day")).is_none(), "what was not read is not kept");
    // by another view of the same version, on one thread and on three
    for threads in [1, 3] {
        let again = StoredView::new(reader(&store, IDS[0]), kept.clone()).with_threads(threads);
        assert!(again.held(&name("amount")).is_some());
        assert_eq!(mean(&again, "amount"), expected);
    }
}

#[test]
fn a_column_that_was_read_in_part_is_not_kept() {
    let (_parent, store) = store(IDS[0]);
    let columns = Columns::default();
    let view = StoredView::new(reader(&store, IDS[0]), columns.clone());
    let first = view.chunks(&name("amount")).unwrap().next().unwrap().unwrap();
    assert!(first.len() < ROWS as usize);
    assert_eq!(columns.bytes(), 0);
    assert_eq!(rows(&view, "amount").unwrap(), ROWS as usize);
    assert!(columns.bytes() > 0);
}

#[test]
fn the_column_that_was_not_used_for_longest_makes_room() {
    let (_parent, store) = store(IDS[0]);
    add(&store, IDS[1]);
    let day = |id, columns: &Columns| rows(&StoredView::new(reader(&store, id), columns.clone()), "day").unwrap();
    let unbounded = Columns::default();
    day(IDS[0], &unbounded);
    let one = unbounded.bytes();
    let columns = Columns::new(one + one / 2, IDLE);
    day(IDS[0], &columns);
    day(IDS[1], &columns);
    assert_eq!(columns.bytes(), one);
    let held = |id| StoredView::new(reader(&store, id), columns.clone()).held(&name("day")).is_some();
    assert_eq!((held(IDS[0]), held(IDS[1])), (false, true));
    // longer than the bound alone: not kept, and nothing makes room for it
    let view = StoredView::new(reader(&store, IDS[0]), columns.clone());
    assert_eq!(rows(&view, "amount").unwrap(), ROWS as usize);
    assert_eq!((columns.bytes(), held(IDS[1])), (one, true));
}

#[test]
fn nothing_of_a_removed_dataset_is_kept_or_read() {
    let (_parent, mut store) = store(IDS[0]);
    let columns = Columns::default();
    let view = StoredView::new(reader(&store, IDS[0]), columns.clone());
    assert_eq!(rows(&view, "day").unwrap(), ROWS as usize);
    let kept = reader(&store, IDS[0]);
    // read whole before the removal, and about to be kept after it
    let place = Place { dataset: IDS[0], salt: [9; 32], column: 0 };
    store.remove_dataset(IDS[0], Batch::new()).unwrap();
    columns.forget(IDS[0]);
    assert_eq!(columns.bytes(), 0);
    columns.keep(place, Vec::new(), || kept.is_removed());
    assert!(columns.kept().is_empty());
    assert!(view.held(&name("day")).is_none());
    assert!(matches!(rows(&view, "day"), Err(ViewError::Storage(_))));
}

#[test]
fn columns_are_let_go_of_when_they_were_not_used_for_long_and_at_the_end() {
    let (_parent, store) = store(IDS[0]);
    for (idle, expected) in [(Duration::ZERO, false), (IDLE, true)] {
        let columns = Columns::new(BYTES, idle);
        rows(&StoredView::new(reader(&store, IDS[0]), columns.clone()), "day").unwrap();
        assert!(columns.bytes() > 0);
        columns.tidy();
        assert_eq!(columns.bytes() > 0, expected);
        columns.clear();
        assert_eq!(columns.bytes(), 0);
    }
}
