use super::*;
use crate::formats::{Options, read};
use std::collections::HashSet;

const ALWAYS: Bounds<'static> = Bounds { max_rows: 1_000, cancelled: &|| false };

fn ids(csv: &str) -> Vec<RowId> {
    ids_under(1, csv)
}

fn ids_under(key: u8, csv: &str) -> Vec<RowId> {
    identities(&RowKey::new([key; 32]), &read(csv.as_bytes(), &Options::default()).unwrap().table, &ALWAYS).unwrap()
}

#[test]
fn a_row_is_the_same_wherever_it_stands_and_whatever_order_its_columns_have() {
    let one = ids("day,amount,kind\n2025-01-01,10.50,a\n2025-01-02,-20,b\n2025-01-03,,c\n");
    let other = ids("kind,amount,day\nb,-20,2025-01-02\nd,7,2025-01-09\na,10.5,2025-01-01\nc,,2025-01-03\n");
    assert_eq!([other[0], other[2], other[3]], [one[1], one[0], one[2]]);
    assert!(!one.contains(&other[1]));
}

#[test]
fn another_cell_column_or_key_is_another_row() {
    let one = ids("day,amount\n2025-01-01,10\n2025-01-02,20\n");
    assert!(ids("day,amount\n2025-01-01,11\n2025-01-03,20\n").iter().all(|id| !one.contains(id)));
    assert!(ids("day,price\n2025-01-01,10\n2025-01-02,20\n").iter().all(|id| !one.contains(id)));
    assert!(ids_under(2, "day,amount\n2025-01-01,10\n2025-01-02,20\n").iter().all(|id| !one.contains(id)));
}

#[test]
fn equal_rows_are_told_apart_by_counting_them() {
    let three = ids("amount\n5\n5\n5\n");
    assert_eq!(three.iter().collect::<HashSet<_>>().len(), 3);
    assert_eq!(ids("amount\n7\n5\n5\n")[1..], three[..2]);
}

#[test]
fn a_lineage_grows_by_the_rows_it_lacks() {
    let mut lineage = Lineage::default();
    let (one, other) = (ids("amount\n1\n2\n3\n"), ids("amount\n4\n3\n1\n"));
    assert_eq!(lineage.add(&one), [0, 1, 2]);
    assert_eq!(lineage.add(&other), [3, 2, 0]);
    assert_eq!((lineage.len(), Lineage::from_bytes(&lineage.to_bytes())), (4, lineage.clone()));
    assert!(lineage.shares(&HashSet::from([other[0]])));
    assert!(!lineage.shares(&HashSet::from(["x".repeat(12).as_bytes().try_into().unwrap()])));
}
