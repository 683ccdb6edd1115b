//! The first seven statistics by hand, sentences, and what is refused. Every statistic against an independent
//! computation is in `tests/oracle.rs`.

mod oracle;
mod parts;
mod sentences;

use super::*;
use crate::{
    chunk,
    table::{Cell, Table, TableBuilder},
    view::{Chunks, Resident},
};
use arrow::array::ArrayRef;
use proptest::prelude::*;
use protocol::{ColumnType, Decimal};

/// Kinds in the order in which the tests by hand list their answers.
const FIRST: [Kind; 7] = [Kind::Count, Kind::Sum, Kind::Mean, Kind::Min, Kind::Max, Kind::Median, Kind::Std];

const ALWAYS: Bounds<'static> = Bounds { max_rows: 1_000_000, cancelled: &|| false };

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn table(numbers: &[&str]) -> Table {
    let numbers: Vec<Decimal> = numbers.iter().map(|number| number.parse().unwrap()).collect();
    Table::from_numbers(name("value"), &numbers).unwrap()
}

fn ask(kind: Kind, view: &dyn View) -> Result<Outcome, RunError> {
    run(&kind.over(name("value")).unwrap(), view, &ALWAYS)
}

fn answers(numbers: &[&str]) -> Vec<String> {
    let table = table(numbers);
    FIRST.iter().map(|kind| ask(*kind, &table).unwrap().to_string()).collect()
}

#[test]
fn statistics_of_a_small_list_are_those_done_by_hand() {
    // Σ = 27, Σ² = 199; variance (6·199 − 27²) ÷ 30 = 465 ÷ 30 = 15.5; √15.5 = 3.9370039370…
    assert_eq!(answers(&["1", "2", "3", "4", "5", "12"]), ["6", "27", "4.500000", "1", "12", "3.5", "3.937004"]);
    // Σ = 5.00, mean 5 ÷ 3 = 1.666…; differences from it squared sum to 7/6, ÷ 2 = 7/12; √(7/12) = 0.763762615…
    assert_eq!(answers(&["1.00", "2.50", "1.50"]), ["3", "5.00", "1.66666667", "1.00", "2.50", "1.50", "0.76376262"]);
    // two equal and opposite: s = √2·x
    assert_eq!(answers(&["-1", "1"]), ["2", "0", "0.000000", "-1", "1", "0", "1.414214"]);
}

#[test]
fn the_median_of_an_even_number_has_one_more_digit_only_if_it_needs_it() {
    assert_eq!(ask(Kind::Median, &table(&["1.10", "1.20"])).unwrap().to_string(), "1.15");
    assert_eq!(ask(Kind::Median, &table(&["1.10", "1.21"])).unwrap().to_string(), "1.155");
    assert_eq!(ask(Kind::Median, &table(&["-4", "-1"])).unwrap().to_string(), "-2.5");
    assert_eq!(ask(Kind::Median, &table(&["3", "1", "2"])).unwrap().to_string(), "2");
}

#[test]
fn the_largest_numbers_a_dataset_has_are_added_exactly() {
    let largest = i64::MAX.to_string();
    let table = table(&[&largest, &largest, &largest]);
    assert_eq!(ask(Kind::Sum, &table).unwrap().to_string(), "27670116110564327421");
    assert_eq!(ask(Kind::Mean, &table).unwrap().to_string(), format!("{largest}.000000"));
    assert_eq!(ask(Kind::Std, &table).unwrap().to_string(), "0.000000");
}

#[test]
fn statistics_of_too_few_values_are_refused_and_count_and_sum_are_not() {
    let column = Column { name: name("value"), of: ColumnType::Decimal(2) };
    let mut builder = TableBuilder::new(vec![column]).unwrap();
    builder.push(&[Cell::Absent]).unwrap();
    let empty = builder.finish().unwrap();
    assert_eq!(ask(Kind::Count, &empty).unwrap(), Outcome::Count(0));
    assert_eq!(ask(Kind::Sum, &empty).unwrap().to_string(), "0.00");
    for kind in [Kind::Mean, Kind::Min, Kind::Max, Kind::Median] {
        let refused = ask(kind, &empty).unwrap_err();
        assert!(matches!(refused, RunError::TooFewValues { needed: 1, found: 0, .. }), "{kind:?}");
    }
    assert!(matches!(ask(Kind::Std, &empty), Err(RunError::TooFewValues { needed: 2, found: 0, .. })));
    assert!(matches!(ask(Kind::Std, &table(&["1"])), Err(RunError::TooFewValues { needed: 2, found: 1, .. })));
}

#[test]
fn arithmetic_over_words_and_unknown_columns_is_refused() {
    let column = Column { name: name("value"), of: ColumnType::Text };
    let mut builder = TableBuilder::new(vec![column]).unwrap();
    builder.push(&[Cell::Text("rent")]).unwrap();
    let words = builder.finish().unwrap();
    assert_eq!(ask(Kind::Count, &words).unwrap(), Outcome::Count(1));
    for kind in &FIRST[1..] {
        let refused = ask(*kind, &words).unwrap_err();
        assert!(matches!(refused, RunError::NotPossible(NotPossible::NotNumbers { .. })));
    }
    let missing = Kind::Count.over(name("amount")).unwrap();
    assert_eq!(check(&missing, words.columns()), Err(NotPossible::NoColumn { column: name("amount") }));
}

#[test]
fn a_run_stops_when_it_is_cancelled_or_when_there_are_too_many_rows() {
    let table = table(&["1", "2", "3"]);
    let sum = Kind::Sum.over(name("value")).unwrap();
    let cancelled = Bounds { max_rows: 3, cancelled: &|| true };
    assert!(matches!(run(&sum, &table, &cancelled), Err(RunError::Cancelled)));
    let few = Bounds { max_rows: 2, cancelled: &|| false };
    assert!(matches!(run(&sum, &table, &few), Err(RunError::TooManyRows { rows: 3, limit: 2 })));
}

/// A view that hands out arrays as they are, whatever it claims.
struct Given {
    columns: Vec<Column>,
    rows: u64,
    chunks: Vec<ArrayRef>,
}

impl View for Given {
    fn columns(&self) -> &[Column] {
        &self.columns
    }
    fn rows(&self) -> u64 {
        self.rows
    }
    fn chunks(&self, _: &Name) -> Result<Chunks<'_>, ViewError> {
        Ok(Box::new(self.chunks.iter().cloned().map(Ok)))
    }
}

fn array(values: &[Option<i64>], scale: u8) -> ArrayRef {
    let wide = values.iter().map(|value| value.map(i128::from));
    let array: arrow::array::Decimal128Array = wide.collect();
    ::std::sync::Arc::new(array.with_data_type(chunk::data_type(ColumnType::Decimal(scale))))
}

fn given(chunks: &[Vec<Option<i64>>], scale: u8) -> Given {
    Given {
        columns: vec![Column { name: name("value"), of: ColumnType::Decimal(scale) }],
        rows: chunks.iter().map(|chunk| chunk.len() as u64).sum(),
        chunks: chunks.iter().map(|chunk| array(chunk, scale)).collect(),
    }
}

#[test]
fn a_view_with_missing_rows_or_another_type_gives_no_outcome() {
    let mut missing = given(&[vec![Some(1), Some(2)]], 2);
    missing.rows = 3;
    let refused = ask(Kind::Sum, &missing).unwrap_err();
    assert!(matches!(refused, RunError::View(ViewError::Rows { found: 2, expected: 3, .. })));
    let mut other = given(&[vec![Some(1)]], 2);
    other.columns[0].of = ColumnType::Decimal(3);
    assert!(matches!(ask(Kind::Sum, &other), Err(RunError::View(ViewError::Damaged { .. }))));
}

fn columns() -> impl Strategy<Value = (Vec<Vec<Option<i64>>>, u8)> {
    let value = prop_oneof![4 => -100_000_i64..100_000, 1 => any::<i64>(), 1 => Just(7_i64)];
    let chunk = proptest::collection::vec(proptest::option::weighted(0.9, value), 0..40);
    (proptest::collection::vec(chunk, 0..5), 0_u8..=12)
}

proptest! {
    #[test]
    fn an_outcome_does_not_depend_on_how_rows_are_cut_into_chunks((chunks, scale) in columns(), size in 1_usize..9) {
        let rows: Vec<Option<i64>> = chunks.iter().flatten().copied().collect();
        let cut: Vec<Vec<Option<i64>>> = rows.chunks(size).map(<[_]>::to_vec).collect();
        for kind in FIRST {
            let (one, other) = (ask(kind, &given(&chunks, scale)), ask(kind, &given(&cut, scale)));
            prop_assert_eq!(one.map_err(|error| error.to_string()), other.map_err(|error| error.to_string()));
        }
    }
}

#[test]
fn smallest_largest_and_median_disclose_rows() {
    let rows = FIRST.map(|kind| discloses(&kind.over(name("value")).unwrap()));
    use Disclosure::{Aggregate, Count, Row};
    assert_eq!(rows, [Count, Aggregate, Aggregate, Row, Row, Row, Aggregate]);
}
