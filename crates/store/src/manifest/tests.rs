use super::*;
use protocol::ColumnType;

fn manifest() -> Manifest {
    let column = |name: &str, of| Column { name: name.parse().unwrap(), of };
    Manifest {
        id: DatasetId([5; 16]),
        salt: [9; 32],
        rows: 3,
        columns: vec![column("amount", ColumnType::Decimal(2)), column("paid", ColumnType::Date)],
        chunks: vec![vec![Digest([1; 32]), Digest([2; 32])], vec![Digest([3; 32])]],
        attributes: b"tag".to_vec(),
    }
}

fn parts(manifest: &Manifest) -> Vec<Pair> {
    let mut batch = Batch::new();
    manifest.put_into(&mut batch).unwrap();
    let records = batch.trees().flat_map(|(_, records)| records.clone());
    records.map(|(key, value)| (key, value.unwrap())).collect()
}

#[test]
fn a_manifest_reads_back_as_it_was_written() {
    let manifest = manifest();
    assert_eq!(Manifest::from_parts(manifest.id, parts(&manifest)).unwrap(), manifest);
}

#[test]
fn a_manifest_larger_than_one_record_is_stored_in_parts() {
    let mut manifest = manifest();
    manifest.chunks[0] = (0..60_000u32).map(|n| Digest([(n % 251) as u8; 32])).collect();
    let stored = parts(&manifest);
    assert!(stored.len() > 10 && stored.iter().all(|(_, value)| value.len() <= PART_BYTES));
    assert_eq!(Manifest::from_parts(manifest.id, stored.clone()).unwrap(), manifest);
    for missing in [0, 5, stored.len() - 1] {
        let mut cut = stored.clone();
        cut.remove(missing);
        assert!(matches!(Manifest::from_parts(manifest.id, cut), Err(StoreError::Damaged { .. })), "part {missing}");
    }
}

#[test]
fn the_version_changes_with_everything_it_binds_and_with_nothing_else() {
    let original = manifest();
    let version = original.version().unwrap();
    let changes: [fn(&mut Manifest); 6] = [
        |m| m.id = DatasetId([6; 16]),
        |m| m.salt = [8; 32],
        |m| m.rows = 4,
        |m| m.columns[1].of = ColumnType::Text,
        |m| m.chunks[1][0] = Digest([4; 32]),
        |m| m.chunks.swap(0, 1),
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = original.clone();
        change(&mut other);
        assert_ne!(other.version().unwrap(), version, "change {n}");
    }
    let mut noted = original.clone();
    noted.attributes = b"another tag".to_vec();
    assert_eq!(noted.version().unwrap(), version);
}

#[test]
fn a_manifest_out_of_bounds_is_refused() {
    let mut batch = Batch::new();
    let changes: [fn(&mut Manifest); 4] = [
        |m| m.chunks.push(Vec::new()),
        |m| m.attributes = vec![0; ATTRIBUTES_BYTES + 1],
        |m| m.chunks[0] = vec![Digest([0; 32]); CHUNKS],
        |m| m.columns = vec![m.columns[0].clone(); COLUMNS + 1],
    ];
    for (n, change) in changes.iter().enumerate() {
        let mut other = manifest();
        change(&mut other);
        assert!(other.put_into(&mut batch).is_err(), "change {n}");
    }
    assert!(batch.is_empty());
}

#[test]
fn a_manifest_under_another_datasets_key_is_refused() {
    let other = DatasetId([6; 16]);
    let mut moved = parts(&manifest());
    moved[0].0 = key(other, 0);
    assert!(matches!(Manifest::from_parts(other, moved), Err(StoreError::Damaged { .. })));
}
