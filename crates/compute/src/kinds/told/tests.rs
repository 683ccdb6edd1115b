use super::*;
use crate::{
    formats::{Options, read},
    table::Table,
};
use protocol::{Decimal, GroupBy, Histogram, Kind, OnColumn, Share, Threshold, Value};

const ALWAYS: Bounds<'static> = Bounds { max_rows: 1_000, cancelled: &|| false };

const FILE: &str =
    "day,amount,kind,fee\n2025-01-01,10,a,1\n2025-01-02,-20,b,\n2025-01-04,,a,1\n2025-01-05,40,a,2\n,50,b,1\n";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn table() -> Table {
    read(FILE.as_bytes(), &Options::default()).unwrap().table
}

fn of(computation: &Computation, smallest_group: u64) -> Vec<(About, Option<u16>, Vec<u32>)> {
    let rules = Rules { smallest_group, dominance: 100, ..Rules::default() };
    let told = told(&rules, computation, &table(), &ALWAYS).unwrap();
    assert!(told.others.is_empty());
    let rows = |rows: Rows| rows.0.into_iter().map(|(row, _)| row).collect();
    told.facts.into_iter().map(|fact| (fact.about, fact.part, rows(fact.rows))).collect()
}

fn amount() -> OnColumn {
    OnColumn::all(name("amount"))
}

fn is(column: &str, is: Comparison) -> Condition {
    Condition { column: name(column), is }
}

fn below_zero() -> Condition {
    is("amount", Comparison::Less(Value::Number("0".parse().unwrap())))
}

fn kind_a() -> Condition {
    is("kind", Comparison::Equal(Value::Text(name("a"))))
}

fn present() -> About {
    About::Present(vec![name("amount")])
}

#[test]
fn a_sum_tells_its_values_and_how_many_there_are_among_all_its_rows() {
    let facts = of(&Computation::Sum(amount()), 1);
    assert_eq!(facts, [(About::Value(name("amount")), None, vec![0, 1, 3, 4]), (present(), None, vec![0, 1, 2, 3, 4])]);
    let facts = of(&Computation::Count(OnColumn { filter: vec![kind_a()], ..amount() }), 1);
    assert_eq!(facts, [(present(), None, vec![0, 2, 3])]);
}

#[test]
fn conditions_on_numbers_say_what_is_counted_and_others_among_which_rows() {
    let filter = vec![kind_a(), below_zero()];
    let facts = of(&Computation::Count(OnColumn { filter, ..amount() }), 0);
    assert_eq!(facts, [(About::Within(name("amount"), vec![below_zero()]), None, vec![0, 2, 3])]);
    // of rows of a kind, how many are negative: those two numbers are told
    let share = Share { that: vec![below_zero()], filter: vec![kind_a()], group: None };
    let facts = of(&Computation::Share(share), 0);
    let within = About::Within(name("amount"), vec![below_zero()]);
    assert_eq!(facts, [(present(), None, vec![0, 2, 3]), (within.clone(), None, vec![0, 2, 3])]);
    // whether a row is of a kind is what is asked; on which day it was says of which rows
    let share = Share { that: vec![kind_a()], filter: vec![below_zero()], group: None };
    let facts = of(&Computation::Share(share), 0);
    assert_eq!(facts[1].2, [0, 2, 3]);
    let early = is("day", Comparison::Less(Value::Date("2025-01-03".parse().unwrap())));
    let share = Share { that: vec![kind_a(), early], filter: vec![], group: None };
    let facts = of(&Computation::Share(share), 0);
    assert_eq!((facts[0].2.clone(), facts[1].2.clone()), (vec![0, 1, 2, 3, 4], vec![0, 1]));
    let share = Share { that: vec![below_zero(), kind_a()], filter: vec![], group: None };
    let both = About::Holds(Digest([0; 32]));
    let facts = of(&Computation::Share(share), 0);
    let all = vec![0, 1, 2, 3, 4];
    assert_eq!(facts[0], (About::Present(vec![name("amount"), name("kind")]), None, all));
    assert_eq!(std::mem::discriminant(&facts[1].0), std::mem::discriminant(&both));
    assert_eq!(facts[1].2, [0, 2, 3]);
}

#[test]
fn each_group_that_is_told_of_has_its_own_facts_and_place() {
    let group = Some(GroupBy { column: name("kind"), every: None });
    let facts = of(&Computation::Mean(OnColumn { group: group.clone(), ..amount() }), 2);
    let value = || About::Value(name("amount"));
    assert_eq!(
        facts,
        [
            (value(), Some(0), vec![0, 3]),
            (value(), Some(1), vec![1, 4]),
            (present(), Some(0), vec![0, 2, 3]),
            (present(), Some(1), vec![1, 4]),
        ]
    );
    assert_eq!(of(&Computation::Mean(OnColumn { group, ..amount() }), 3), []);
}

#[test]
fn bins_are_counts_of_ranges_among_all_rows() {
    let edges: Vec<Decimal> = ["0", "45"].map(|edge| edge.parse().unwrap()).to_vec();
    let facts = of(&Computation::Histogram(Histogram { on: amount(), edges }), 1);
    let all = vec![0, 1, 2, 3, 4];
    assert_eq!(facts.len(), 4);
    assert!(facts.iter().all(|(_, _, rows)| *rows == all));
    let About::Within(_, conditions) = &facts[2].0 else { panic!("no range") };
    assert_eq!(conditions.len(), 2);
}

#[test]
fn what_is_no_sum_tells_so_many_numbers_of_the_rows_it_looks_at() {
    let rules = Rules::default();
    let ask = |computation: &Computation| told(&rules, computation, &table(), &ALWAYS).unwrap();
    let max = ask(&Kind::Max.over(name("amount")).unwrap());
    assert_eq!((max.facts.len(), max.others[0].numbers, max.others[0].rows.0.len()), (0, 1, 4));
    let of = Box::new(Computation::Sum(amount()));
    let above = ask(&Computation::Above(Threshold { of, than: "1".parse().unwrap() }));
    assert_eq!((above.others.len(), &above.others[0].column), (1, &name("amount")));
}
