//! What the attacker asks: the shapes of DataSHIELD's dsBase issues 250 (a mask that leaves one row) and 251 (a row less, a
//! row twice), sums of random subsets, groups with and without a row, signs, order statistics, everything twice.

use crate::{
    chance::Chance,
    data::{KINDS, Row},
    solver::holds,
};
use protocol::{
    Between, Comparison, Computation, Condition, Date, Decimal, Every, GroupBy, Kind, Name, OnColumn, Quantile, Share,
    Value,
};

pub(crate) fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn is(column: &str, is: Comparison) -> Condition {
    Condition { column: name(column), is }
}

pub(crate) fn date(day: i32) -> Value {
    Value::Date(Date::from_days(day).unwrap())
}

fn word(text: &str) -> Value {
    Value::Text(name(text))
}

pub(crate) fn below_zero() -> Condition {
    is("amount", Comparison::Less(Value::Number(Decimal::from(0))))
}

pub(crate) fn by(column: &str, every: Option<Every>) -> Option<GroupBy> {
    Some(GroupBy { column: name(column), every })
}

pub(crate) fn of(kind: Kind, filter: Vec<Condition>, group: Option<GroupBy>) -> Computation {
    kind.on(OnColumn { column: name("amount"), filter, group }).unwrap()
}

pub(crate) fn negative_share(filter: Vec<Condition>, group: Option<GroupBy>) -> Computation {
    Computation::Share(Share { that: vec![below_zero()], filter, group })
}

/// Which rows, by what the attacker knows of them.
type Mask = Vec<Condition>;

/// What leaves out the row, and as few others as can be.
fn without(row: &Row) -> Mask {
    vec![is("day", Comparison::Not(date(row.day)))]
}

fn random(chance: &mut Chance, rows: &[Row]) -> Mask {
    match chance.below(5) {
        0 => {
            let few = 5 + chance.below(20);
            let days: Vec<_> = (0..few).map(|_| date(chance.of(rows).day)).collect();
            vec![is("day", Comparison::OneOf(distinct(days)))]
        }
        1 => {
            let (a, b) = (chance.of(rows).day, chance.of(rows).day);
            vec![is("day", Comparison::Between(Between { from: date(a.min(b)), to: date(a.max(b)) }))]
        }
        2 => {
            let kinds = chance.shuffled(KINDS.to_vec());
            let some = 1 + chance.below(4);
            vec![is("kind", Comparison::OneOf(kinds.into_iter().take(some).map(word).collect()))]
        }
        3 => (0..1 + chance.below(6)).map(|_| is("day", Comparison::Not(date(chance.of(rows).day)))).collect(),
        _ => {
            let mut mask = without(chance.of(rows));
            mask.push(is("paid", Comparison::Equal(Value::Boolean(chance.one_in(2)))));
            mask
        }
    }
}

fn distinct(values: Vec<Value>) -> Vec<Value> {
    values.into_iter().fold(Vec::new(), |mut all, value| {
        if !all.contains(&value) {
            all.push(value);
        }
        all
    })
}

/// Questions prepared beforehand, in an order that chance decides.
pub(crate) fn prepared(chance: &mut Chance, rows: &[Row]) -> Vec<Computation> {
    let additive = [Kind::Sum, Kind::Mean];
    let mut asked: Vec<Computation> = Vec::new();
    for kind in [Kind::Sum, Kind::Mean, Kind::Count, Kind::Min, Kind::Max, Kind::Median, Kind::Std] {
        asked.push(of(kind, vec![], None));
    }
    for group in [by("kind", None), by("paid", None), by("day", Some(Every::Month)), by("day", Some(Every::Quarter))] {
        asked.push(of(*chance.of(&additive), vec![], group.clone()));
        asked.push(of(Kind::Sum, without(chance.of(rows)), group.clone()));
        asked.push(negative_share(without(chance.of(rows)), group));
    }
    for _ in 0..6 {
        let row = chance.of(rows);
        asked.push(of(*chance.of(&additive), without(row), None));
        asked.push(negative_share(without(row), None));
        let signed = [without(row), vec![below_zero()]].concat();
        asked.push(of(Kind::Sum, signed, None));
        asked.push(of(Kind::Max, without(row), None));
    }
    for _ in 0..14 {
        asked.push(of(*chance.of(&additive), random(chance, rows), None));
    }
    asked.push(negative_share(vec![], None));
    asked.push(of(Kind::Sum, vec![below_zero()], None));
    let p = Decimal::new(i128::try_from(chance.below(99) + 1).unwrap(), 2).unwrap();
    asked.push(Computation::Quantile(Quantile { on: OnColumn::all(name("amount")), p }));
    // the mask of one row, and a threshold where a sign is allowed
    asked.push(of(Kind::Sum, vec![is("day", Comparison::Equal(date(chance.of(rows).day)))], None));
    let amount = chance.of(rows).amount.unwrap_or(1).max(1);
    let more = is("amount", Comparison::More(Value::Number(Decimal::new(amount.into(), 2).unwrap())));
    asked.push(of(Kind::Sum, vec![more], None));
    let again = asked.clone();
    let mut asked = chance.shuffled(asked);
    asked.extend(again.into_iter().take(3));
    asked
}

/// A question of the attacker's about one row, given how the one before was answered: the window around it with the row,
/// then without; refused, a row more is left out, and so on.
pub(crate) fn closing_in(chance: &mut Chance, rows: &[Row], target: usize, refused: usize) -> [Computation; 2] {
    let row = &rows[target];
    let width = 3 + i32::try_from(chance.below(40)).unwrap();
    let window = is("day", Comparison::Between(Between { from: date(row.day - width), to: date(row.day + width) }));
    let mut mask = vec![window.clone()];
    let inside: Vec<_> = rows.iter().filter(|other| holds(other, &window) && other.day != row.day).cloned().collect();
    mask.extend(without(row));
    for _ in 0..refused.min(6) {
        if !inside.is_empty() {
            mask.extend(without(chance.of(&inside)));
        }
    }
    [of(Kind::Sum, vec![window], None), of(Kind::Mean, mask, None)]
}
