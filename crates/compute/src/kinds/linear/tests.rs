use super::*;
use crate::{
    formats::{Options, read},
    table::Table,
};
use protocol::{Decimal, GroupBy, Histogram, Kind, OnColumn, Per, Share, Trend};

const ALWAYS: Bounds<'static> = Bounds { max_rows: 1_000, cancelled: &|| false };

const FILE: &str = "day,amount,kind\n2025-01-01,10,a\n2025-01-02,-20,b\n2025-01-04,,a\n2025-01-05,40,a\n,50,b\n";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn table() -> Table {
    read(FILE.as_bytes(), &Options::default()).unwrap().table
}

fn facts(computation: &Computation, smallest_group: u64) -> Option<Vec<LinearFact>> {
    let rules = Rules { smallest_group, ..Rules::default() };
    linear_facts(&rules, computation, &table(), &ALWAYS).unwrap()
}

fn amount(group: Option<&str>) -> OnColumn {
    let group = group.map(|column| GroupBy { column: name(column), every: None });
    OnColumn { group, ..OnColumn::all(name("amount")) }
}

fn more_than(number: &str) -> protocol::Condition {
    let value = protocol::Value::Number(number.parse().unwrap());
    protocol::Condition { column: name("amount"), is: protocol::Comparison::More(value) }
}

fn only(computation: &Computation) -> LinearFact {
    let facts = facts(computation, 5).unwrap();
    assert_eq!(facts.len(), 1);
    facts.into_iter().next().unwrap()
}

#[test]
fn sums_means_and_counts_are_of_the_rows_that_have_a_value() {
    let rows = vec![(0, 1), (1, 1), (3, 1), (4, 1)];
    let sum = only(&Computation::Sum(amount(None)));
    assert_eq!((sum.about, sum.rows, sum.divisor), (Unknown::Value(name("amount")), rows.clone(), 1));
    let mean = only(&Computation::Mean(amount(None)));
    assert_eq!((mean.rows, mean.divisor), (rows.clone(), 4));
    let count = only(&Computation::Count(amount(None)));
    assert_eq!((count.about, count.rows, count.divisor), (Unknown::Counted, rows, 1));
}

#[test]
fn a_filter_leaves_its_rows() {
    let filter = vec![more_than("10")];
    assert_eq!(only(&Computation::Sum(OnColumn { filter: filter.clone(), ..amount(None) })).rows, [(3, 1), (4, 1)]);
    let share = only(&Computation::Share(Share { that: filter, filter: vec![], group: None }));
    assert_eq!((share.about, share.rows, share.divisor), (Unknown::Counted, vec![(3, 1), (4, 1)], 4));
}

#[test]
fn each_group_that_is_told_is_a_fact_of_its_own() {
    let groups = facts(&Computation::Sum(amount(Some("kind"))), 2).unwrap();
    let told: Vec<_> = groups.iter().map(|fact| (fact.group.clone().unwrap().to_string(), fact.rows.clone())).collect();
    assert_eq!(told, [("“a”".to_owned(), vec![(0, 1), (3, 1)]), ("“b”".to_owned(), vec![(1, 1), (4, 1)])]);
    assert_eq!(facts(&Computation::Sum(amount(Some("kind"))), 3), Some(vec![]));
}

#[test]
fn a_slope_is_a_weighted_sum_of_the_values() {
    let trend = Computation::Trend(Trend { on: amount(None), over: name("day"), per: Per::Day });
    let fact = only(&trend);
    // x of rows 0, 1, 3: d, d + 1, d + 4; n·x − Σx = −5, −2, 7; n·Σx² − (Σx)² = 26
    assert_eq!((&fact.rows[..], fact.divisor), (&[(0, -5), (1, -2), (3, 7)][..], 26));
    // (−50 + 40 + 280) ÷ 26 = 10.384615…
    assert_eq!(super::super::run(&trend, &table(), &ALWAYS).unwrap().to_string(), "10.384615");
}

#[test]
fn each_bin_that_is_told_is_a_fact() {
    let edges: Vec<Decimal> = ["0", "45"].map(|edge| edge.parse().unwrap()).to_vec();
    let histogram = Computation::Histogram(Histogram { on: amount(None), edges });
    let rows: Vec<_> = facts(&histogram, 1).unwrap().into_iter().map(|fact| fact.rows).collect();
    assert_eq!(rows, [vec![(1, 1)], vec![(0, 1), (3, 1)], vec![(4, 1)]]);
    assert_eq!(facts(&histogram, 2).unwrap().len(), 1);
}

#[test]
fn what_is_no_sum_of_rows_is_no_linear_fact() {
    for kind in [Kind::Min, Kind::Max, Kind::Median, Kind::Std, Kind::Distinct] {
        assert_eq!(facts(&kind.over(name("amount")).unwrap(), 5), None, "{kind:?}");
    }
    let of = Box::new(Computation::Sum(amount(None)));
    let question = Computation::Above(protocol::Threshold { of, than: "1".parse().unwrap() });
    assert_eq!(facts(&question, 5), None);
}
