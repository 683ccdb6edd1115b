use super::*;
use crate::{Decimal, GroupBy, Histogram, Kind, OnColumn, Quantile, Share, Threshold, text::Name};

const ROWS: u64 = 100;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn columns() -> Vec<Column> {
    let column = |text, of| Column { name: name(text), of };
    vec![
        column("day", ColumnType::Date),
        column("amount", ColumnType::Decimal(2)),
        column("balance", ColumnType::Decimal(2)),
        column("number", ColumnType::Integer),
        column("kind", ColumnType::Text),
    ]
}

fn is(column: &str, is: Comparison) -> Condition {
    Condition { column: name(column), is }
}

fn number(text: &str) -> Value {
    Value::Number(text.parse().unwrap())
}

fn sum(filter: Vec<Condition>, group: Option<&str>) -> Computation {
    let group = group.map(|column| GroupBy { column: name(column), every: None });
    Computation::Sum(OnColumn { column: name("amount"), filter, group })
}

fn unseen(computation: &Computation) -> bool {
    computation.may_go_unseen(&columns(), ROWS)
}

#[test]
fn words_and_signs_choose_rows_unseen_and_amounts_do_not() {
    let rent = is("kind", Comparison::Equal(Value::Text(name("rent"))));
    assert!(unseen(&sum(vec![rent.clone()], Some("kind"))));
    assert!(unseen(&sum(vec![rent.clone(), is("amount", Comparison::Less(number("0.00")))], None)));
    assert!(!unseen(&sum(vec![is("amount", Comparison::Less(number("0.01")))], None)));
    assert!(!unseen(&sum(vec![is("amount", Comparison::OneOf(vec![number("0")]))], None)));
    assert!(!unseen(&sum(vec![], Some("number"))));
}

#[test]
fn signs_of_two_columns_at_once_are_looked_at() {
    let both = vec![is("amount", Comparison::More(number("0"))), is("balance", Comparison::Less(number("0")))];
    assert!(!unseen(&sum(both, None)));
    let that = vec![is("amount", Comparison::More(number("0")))];
    let filter = vec![is("balance", Comparison::Less(number("0")))];
    assert!(unseen(&Computation::Share(Share { that: that.clone(), filter: vec![], group: None })));
    assert!(!unseen(&Computation::Share(Share { that, filter, group: None })));
}

#[test]
fn what_is_no_sum_of_rows_goes_unseen_for_whole_columns_only() {
    for kind in [Kind::Min, Kind::Max, Kind::Median, Kind::Std, Kind::Distinct] {
        let whole = kind.over(name("amount")).unwrap();
        assert!(unseen(&whole), "{kind:?}");
        let group = Some(GroupBy { column: name("kind"), every: None });
        let parts = kind.on(OnColumn { column: name("amount"), filter: vec![], group }).unwrap();
        assert!(!unseen(&parts), "{kind:?}");
    }
    let p: Decimal = "0.9".parse().unwrap();
    let on = OnColumn { group: Some(GroupBy { column: name("kind"), every: None }), ..OnColumn::all(name("amount")) };
    assert!(!unseen(&Computation::Quantile(Quantile { on, p })));
    let of = Box::new(sum(vec![], Some("kind")));
    assert!(!unseen(&Computation::Above(Threshold { of, than: p })));
}

#[test]
fn bins_are_chosen_by_amounts() {
    let edges = ["0", "10"].map(|edge| edge.parse().unwrap()).to_vec();
    assert!(!unseen(&Computation::Histogram(Histogram { on: OnColumn::all(name("amount")), edges })));
}

#[test]
fn parts_of_more_rows_than_a_ledger_keeps_are_looked_at() {
    let by_kind = sum(vec![], Some("kind"));
    assert!(by_kind.may_go_unseen(&columns(), LEDGER_ROWS));
    assert!(!by_kind.may_go_unseen(&columns(), LEDGER_ROWS + 1));
    assert!(sum(vec![], None).may_go_unseen(&columns(), LEDGER_ROWS + 1));
}
