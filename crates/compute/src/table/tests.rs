use super::*;
use crate::{
    limits::{CHUNK_BYTES, CHUNK_ROWS},
    view::View,
};

fn column(name: &str, of: ColumnType) -> Column {
    Column { name: name.parse().unwrap(), of }
}

fn number(text: &str) -> Cell<'static> {
    Cell::Number(text.parse().unwrap())
}

#[test]
fn chunks_of_every_type_stay_within_their_limits_and_lose_no_row() {
    let rows = 40_000;
    let long = "x".repeat(CELL_BYTES);
    let columns = vec![
        column("whole", ColumnType::Integer),
        column("money", ColumnType::Decimal(2)),
        column("day", ColumnType::Date),
        column("note", ColumnType::Text),
        column("paid", ColumnType::Boolean),
    ];
    let mut builder = TableBuilder::new(columns.clone()).unwrap();
    for row in 0..rows {
        let note = if row % 10_000 == 0 { Cell::Text(&long) } else { Cell::Text("rent") };
        let cells = [number("7"), number("-1.25"), Cell::Date(row), note, Cell::Boolean(row % 2 == 0)];
        builder.push(if row % 7 == 0 { &[Cell::Absent; 5] } else { &cells }).unwrap();
    }
    let table = builder.finish().unwrap();
    for (column, chunks) in table.chunks() {
        assert_eq!(chunks.iter().map(|chunk| u64::from(chunk.rows)).sum::<u64>(), table.rows(), "{}", column.name);
        assert!(chunks.iter().all(|chunk| chunk.bytes.len() <= CHUNK_BYTES && chunk.rows as usize <= CHUNK_ROWS));
        let decoded: usize = View::chunks(&table, &column.name).unwrap().map(|chunk| chunk.unwrap().len()).sum();
        assert_eq!(decoded as u64, table.rows());
    }
}

#[test]
fn the_longest_text_fits_a_chunk_and_a_longer_one_is_refused() {
    let mut builder = TableBuilder::new(vec![column("note", ColumnType::Text)]).unwrap();
    let longest = "x".repeat(CELL_BYTES);
    for _ in 0..3 {
        builder.push(&[Cell::Text(&longest)]).unwrap();
    }
    let longer = "x".repeat(CELL_BYTES + 1);
    let refused = builder.push(&[Cell::Text(&longer)]).unwrap_err();
    assert!(matches!(refused, TableError::Cell { problem: Misfit::TooLong { .. }, .. }));
    assert_eq!(builder.finish().unwrap().rows(), 3);
}

#[test]
fn a_refused_row_leaves_nothing_behind() {
    let columns = vec![column("a", ColumnType::Integer), column("b", ColumnType::Decimal(1))];
    let mut builder = TableBuilder::new(columns).unwrap();
    builder.push(&[number("1"), number("0.5")]).unwrap();
    assert!(matches!(builder.push(&[number("2"), number("0.55")]), Err(TableError::Cell { .. })));
    assert!(matches!(builder.push(&[number("2"), Cell::Text("x")]), Err(TableError::Cell { .. })));
    assert!(matches!(builder.push(&[number("2")]), Err(TableError::Width { cells: 1, columns: 2 })));
    let table = builder.finish().unwrap();
    assert_eq!(table.rows(), 1);
    assert!(table.chunks().all(|(_, chunks)| chunks.len() == 1 && chunks[0].rows == 1));
}

#[test]
fn columns_no_dataset_can_have_are_refused() {
    let twice = vec![column("a", ColumnType::Text), column("a", ColumnType::Date)];
    assert!(matches!(TableBuilder::new(twice).err(), Some(TableError::SameName { .. })));
    assert!(matches!(TableBuilder::new(vec![]).err(), Some(TableError::NoColumns)));
    let fine = vec![column("a", ColumnType::Decimal(13))];
    assert!(matches!(TableBuilder::new(fine).err(), Some(TableError::Scale { scale: 13, .. })));
    let many = (0..=COLUMNS).map(|index| column(&format!("c{index}"), ColumnType::Text)).collect();
    assert!(matches!(TableBuilder::new(many).err(), Some(TableError::TooManyColumns { columns: 65 })));
}

#[test]
fn numbers_become_one_column_at_the_largest_scale_among_them() {
    let numbers = |texts: &[&str]| {
        let numbers: Vec<Decimal> = texts.iter().map(|text| text.parse().unwrap()).collect();
        Table::from_numbers("value".parse().unwrap(), &numbers).map(|table| table.columns()[0].of)
    };
    assert_eq!(numbers(&["1", "2"]).unwrap(), ColumnType::Integer);
    assert_eq!(numbers(&["1", "2.50", "0.125"]).unwrap(), ColumnType::Decimal(3));
    assert_eq!(numbers(&["9223372036854775808"]).unwrap(), ColumnType::Decimal(0));
    assert!(matches!(numbers(&[]), Err(TableError::NoRows)));
}
