use super::*;
use crate::disclosure::told::Rows;
use proptest::prelude::*;
use protocol::{Comparison, Condition, Value};

fn value(rows: impl IntoIterator<Item = u32>) -> Fact {
    weighted(rows.into_iter().map(|row| (row, 1)).collect())
}

fn weighted(rows: Vec<(u32, i64)>) -> Fact {
    Fact { about: About::Value("amount".parse().unwrap()), part: None, rows: Rows(rows) }
}

fn within(is: Comparison, rows: impl IntoIterator<Item = u32>) -> Fact {
    let column: protocol::Name = "amount".parse().unwrap();
    let about = About::Within(column.clone(), vec![Condition { column, is }]);
    Fact { about, part: None, rows: Rows::each(rows) }
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

/// What the last fact adds to the others.
fn added(facts: &[Fact], smallest: usize) -> Vec<Vec<u32>> {
    let (last, earlier) = facts.split_last().unwrap();
    let mut known = Known::nothing(&last.about);
    for fact in earlier {
        known.learn(&[fact]);
    }
    known.tried(&[last], smallest).0.into_iter().collect()
}

#[test]
fn two_sums_that_differ_by_a_row_tell_that_row() {
    assert_eq!(added(&[value(0..10), value(0..9)], 5), [vec![9]]);
    assert_eq!(added(&[value(0..10), value(0..5)], 5), Vec::<Vec<u32>>::new());
    assert_eq!(added(&[value(0..10), value(0..6)], 5), [vec![6, 7, 8, 9]]);
}

#[test]
fn three_sums_tell_a_row_that_no_two_of_them_tell() {
    // {0..6} + {6..12} − {0..5, 7..12} is rows 5 and 6; with the sum of the first ten none is alone
    let facts = [value(0..6), value(6..12), value((0..5).chain(7..12))];
    assert_eq!(added(&facts, 3), [vec![5, 6]]);
    assert_eq!(added(&facts, 2), Vec::<Vec<u32>>::new());
}

#[test]
fn what_was_known_before_is_nothing_new() {
    let facts = [value(0..10), value(0..9), value(20..40)];
    assert_eq!(added(&facts, 5), Vec::<Vec<u32>>::new());
    assert_eq!(added(&[value(0..10), value(0..9), value(9..10)], 5), Vec::<Vec<u32>>::new());
}

#[test]
fn a_difference_of_two_rows_is_about_few_rows_too() {
    let facts = [value((0..9).chain([10])), value((0..9).chain([11]))];
    assert_eq!(added(&facts, 5), [vec![10, 11]]);
}

#[test]
fn weights_of_slopes_count() {
    let slope = weighted((0..10).map(|row| (row, i64::from(row) * 2 - 9)).collect());
    // a slope and a sum fix no row of ten
    assert_eq!(added(&[value(0..10), slope.clone()], 5), Vec::<Vec<u32>>::new());
    assert_eq!(added(&[value(0..2), weighted(vec![(0, 1), (1, 3)])], 1), Vec::<Vec<u32>>::new());
    assert_eq!(added(&[value(0..2), weighted(vec![(0, 1), (1, 3)])], 2), [vec![0], vec![1]]);
}

#[test]
fn how_many_are_negative_among_nearly_the_same_rows_tells_of_the_others() {
    let less = || Comparison::Less(number("0"));
    assert_eq!(added(&[within(less(), 0..10), within(less(), 0..9)], 5), [vec![9]]);
    // how many are not negative is the same knowledge, where it is known how many there are
    assert_eq!(added(&[within(less(), 0..10), within(Comparison::AtLeast(number("0")), 0..9)], 5), [vec![9]]);
    // how many are above 0 is another question, until it is known how many are 0
    let more = || Comparison::More(number("0"));
    assert_eq!(added(&[within(less(), 0..10), within(more(), 0..9)], 5), Vec::<Vec<u32>>::new());
    let zero = |rows| within(Comparison::Equal(number("0")), rows);
    assert_eq!(added(&[within(less(), 0..10), within(more(), 0..9), zero(0..10)], 5), [vec![9]]);
}

#[test]
fn counts_between_finer_and_finer_numbers_are_added_up() {
    let from = |text| Comparison::AtLeast(number(text));
    let facts = [within(from("10"), 0..10), within(from("20"), 0..10), within(from("15"), 0..9)];
    assert_eq!(added(&facts, 5), Vec::<Vec<u32>>::new());
    let between = Comparison::Between(protocol::Between { from: number("10"), to: number("19.99") });
    let facts = [within(from("10"), 0..10), within(from("20"), 0..10), within(between, 0..9)];
    // 19.995 lies between: the two ranges are not the same
    assert_eq!(added(&facts, 5), Vec::<Vec<u32>>::new());
    let facts = [within(from("10"), 0..10), within(from("10.0"), 0..8)];
    assert_eq!(added(&facts, 5), [vec![8, 9]]);
}

/// Gauss over the whole matrix, one column for each row of data: whether a unit vector is in its row space.
fn determined(facts: &[Fact], rows: u32) -> Vec<u32> {
    let mut matrix: Vec<Vec<u64>> = Vec::new();
    for fact in facts {
        let mut line = vec![0; rows as usize];
        for (row, weight) in &fact.rows.0 {
            line[*row as usize] = element(*weight);
        }
        matrix.push(line);
    }
    let mut rank = 0;
    for column in 0..rows as usize {
        let Some(found) = (rank..matrix.len()).find(|line| matrix[*line][column] != 0) else { continue };
        matrix.swap(rank, found);
        let scale = inverse(matrix[rank][column]);
        matrix[rank].iter_mut().for_each(|entry| *entry = times(*entry, scale));
        let pivot = matrix[rank].clone();
        for (at, line) in matrix.iter_mut().enumerate() {
            if at != rank {
                let factor = line[column];
                subtract(line, &pivot, factor);
            }
        }
        rank += 1;
    }
    let one = |line: &&Vec<u64>| line.iter().filter(|entry| **entry != 0).count() == 1;
    let mut found: Vec<u32> = matrix
        .iter()
        .filter(one)
        .map(|line| u32::try_from(line.iter().position(|entry| *entry != 0).unwrap()).unwrap())
        .collect();
    found.sort_unstable();
    found
}

proptest! {
    #[test]
    fn a_row_is_found_exactly_when_elimination_over_all_rows_finds_it(
        sums in proptest::collection::vec(proptest::collection::btree_map(0u32..9, 1i64..4, 1..9), 1..9)
    ) {
        let facts: Vec<_> = sums.into_iter().map(|rows| weighted(rows.into_iter().collect())).collect();
        let mut known = Known::nothing(&facts[0].about);
        for at in 0..facts.len() {
            let earlier = determined(&facts[..at], 9);
            let now: Vec<_> = determined(&facts[..=at], 9).into_iter().filter(|row| !earlier.contains(row)).collect();
            let found: Vec<_> = known.tried(&[&facts[at]], 2).0.into_iter().flatten().collect();
            prop_assert_eq!(&found, &now, "after {} facts", at);
            known.learn(&[&facts[at]]);
        }
        // the order in which facts come, one by one or all at once, makes no difference
        let all: Vec<_> = facts.iter().collect();
        let at_once = Known::nothing(&facts[0].about).tried(&all, 2).0;
        prop_assert_eq!(at_once.into_iter().flatten().collect::<Vec<_>>(), determined(&facts, 9));
    }
}
