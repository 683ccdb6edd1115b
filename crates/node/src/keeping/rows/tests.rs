use super::*;

#[test]
fn chunks_that_can_all_be_read_follow_each_other() {
    let placed = place(&[Some(3), Some(3), Some(1)], 7, ColumnType::Integer);
    assert_eq!(placed, [(0, 3, 0), (3, 3, 1), (6, 1, 2)]);
    assert_eq!(gaps(&placed, 7), []);
}

#[test]
fn one_lost_chunk_leaves_a_gap_that_is_named_and_nothing_moves() {
    for of in [ColumnType::Integer, ColumnType::Text] {
        let placed = place(&[Some(3), None, Some(3), Some(1)], 10, of);
        assert_eq!(placed, [(0, 3, 0), (6, 3, 2), (9, 1, 3)]);
        assert_eq!(gaps(&placed, 10), [Range { start: 3, end: 6 }]);
    }
    assert_eq!(missing("kwh", 3..6), "column “kwh”: rows 4 to 6");
}

#[test]
fn between_two_lost_chunks_rows_are_known_only_where_chunks_have_one_length() {
    let lengths = [Some(3), None, Some(3), None, Some(2)];
    let numbers = place(&lengths, 14, ColumnType::Decimal(2));
    assert_eq!(numbers, [(0, 3, 0), (6, 3, 2), (12, 2, 4)]);
    let texts = place(&lengths, 14, ColumnType::Text);
    assert_eq!(texts, [(0, 3, 0), (12, 2, 4)], "nothing is put where it may not belong");
    assert_eq!(gaps(&texts, 14), [Range { start: 3, end: 12 }]);
}

#[test]
fn the_last_chunk_may_be_the_lost_one_and_all_may_be() {
    let placed = place(&[Some(3), Some(3), None], 8, ColumnType::Integer);
    assert_eq!(gaps(&placed, 8), [Range { start: 6, end: 8 }]);
    assert_eq!(gaps(&place(&[None, None], 8, ColumnType::Integer), 8), [Range { start: 0, end: 8 }]);
    assert_eq!(gaps(&place(&[], 8, ColumnType::Text), 8), [Range { start: 0, end: 8 }]);
}

#[test]
fn lengths_that_exceed_the_rows_place_nothing_beyond_them() {
    for of in [ColumnType::Integer, ColumnType::Text] {
        let placed = place(&[Some(5), None, Some(9)], 8, of);
        assert!(placed.iter().all(|(from, length, _)| from + length <= 8), "{placed:?}");
    }
}
