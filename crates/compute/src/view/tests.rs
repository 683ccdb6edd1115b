use super::*;
use crate::table::{Cell, TableBuilder};
use arrow::array::Array as _;
use protocol::ColumnType;

#[test]
fn a_view_of_a_table_gives_each_column_in_row_order() {
    let column = Column { name: "day".parse().unwrap(), of: ColumnType::Date };
    let mut builder = TableBuilder::new(vec![column.clone()]).unwrap();
    (0..40_000).for_each(|day| builder.push(&[Cell::Date(day)]).unwrap());
    let table = builder.finish().unwrap();
    let view: &dyn View = &table;
    let mut next = 0;
    for chunk in view.chunks(&column.name).unwrap() {
        let chunk = chunk.unwrap();
        let days = chunk.as_any().downcast_ref::<arrow::array::Date32Array>().unwrap();
        for day in days.iter().flatten() {
            assert_eq!(day, next);
            next += 1;
        }
        assert_eq!(days.null_count(), 0);
    }
    assert_eq!(next, 40_000);
    assert_eq!(view.rows(), 40_000);
}

#[test]
fn a_column_that_is_not_there_cannot_be_opened() {
    let table = Table::from_numbers("value".parse().unwrap(), &["1".parse().unwrap()]).unwrap();
    let missing = "amount".parse().unwrap();
    assert!(matches!(View::chunks(&table, &missing).err(), Some(ViewError::NoColumn { .. })));
}
