use super::*;

#[test]
fn a_scan_keeps_to_its_table_prefix_start_and_limit() {
    let mut view = MemoryView::default();
    let put = |table, key: &[u8]| Change { table, key: key.to_vec(), value: Some(key.to_vec()) };
    view.apply(vec![put(Table::People, b"b"), put(Table::Seen, b"a"), put(Table::Seen, b"ab"), put(Table::Seen, b"b")]);
    let keys = |prefix: &[u8], after: Option<&[u8]>, limit| -> Vec<Vec<u8>> {
        view.scan(Table::Seen, prefix, after, limit).unwrap().into_iter().map(|(key, _)| key).collect()
    };
    assert_eq!(keys(b"", None, 9), [b"a".to_vec(), b"ab".to_vec(), b"b".to_vec()]);
    assert_eq!(keys(b"a", None, 9), [b"a".to_vec(), b"ab".to_vec()]);
    assert_eq!(keys(b"a", Some(b"a"), 9), [b"ab".to_vec()]);
    assert_eq!(keys(b"", None, 1), [b"a".to_vec()]);
    assert_eq!(view.len(), 4);
}

#[test]
fn every_table_has_a_name_of_its_own() {
    let mut names: Vec<&str> = Table::ALL.into_iter().map(Table::name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Table::ALL.len());
}

#[test]
fn a_change_without_a_value_deletes() {
    let mut view = MemoryView::default();
    assert!(view.is_empty());
    view.apply(vec![Change { table: Table::Seen, key: vec![1], value: Some(vec![2]) }]);
    assert_eq!(view.get(Table::Seen, &[1]).unwrap(), Some(vec![2]));
    view.apply(vec![Change { table: Table::Seen, key: vec![1], value: None }]);
    assert!(view.is_empty());
}
