//! Twenty questions of an honest analyst, over a household's year of transactions, all of them answered while nobody looks.

use crate::{
    chance::Chance,
    data::{Row, table},
    gate::{BOUNDS, Gate, Reply},
    strategy::{below_zero, by, date, is, negative_share, of},
};
use compute::disclosure::Rules;
use protocol::{Between, Comparison, Computation, Condition, Date, Decimal, Every, Kind, Name, Value};

/// A year: salary and rent each month, bills, food and whatever else, and a few other payments.
fn household(chance: &mut Chance) -> Vec<Row> {
    let day = |month: i32, day: i32| Date::new(2024, month, day).unwrap().days();
    let mut rows = Vec::new();
    let cents =
        |chance: &mut Chance, from: i64, to: i64| from + i64::try_from(chance.below(100)).unwrap() * (to - from) / 100;
    for month in 1..=12 {
        rows.push(Row {
            day: day(month, 1),
            kind: "salary",
            paid: true,
            amount: Some(cents(chance, 280_000, 310_000)),
        });
        rows.push(Row { day: day(month, 3), kind: "rent", paid: true, amount: Some(-110_000) });
        rows.push(Row { day: day(month, 5), kind: "power", paid: true, amount: Some(-cents(chance, 4_000, 9_000)) });
        rows.push(Row { day: day(month, 9), kind: "phone", paid: !chance.one_in(6), amount: Some(-3_999) });
        for _ in 0..6 + chance.below(9) {
            let day = day(month, i32::try_from(1 + chance.below(28)).unwrap());
            rows.push(Row { day, kind: "food", paid: true, amount: Some(-cents(chance, 900, 9_000)) });
        }
    }
    for _ in 0..5 + chance.below(4) {
        let day = day(i32::try_from(1 + chance.below(12)).unwrap(), 15);
        rows.push(Row { day, kind: "other", paid: true, amount: Some(-cents(chance, 500, 50_000)) });
    }
    rows.sort_by_key(|row| row.day);
    rows
}

fn months(from: i32, to: i32) -> Condition {
    let next = Date::new(2024 + to / 12, to % 12 + 1, 1).unwrap().days();
    let to = Date::from_days(next - 1).unwrap();
    let from = date(Date::new(2024, from, 1).unwrap().days());
    is("day", Comparison::Between(Between { from, to: Value::Date(to) }))
}

fn kind(word: &str) -> Condition {
    is("kind", Comparison::Equal(Value::Text(word.parse::<Name>().unwrap())))
}

fn above_zero() -> Condition {
    is("amount", Comparison::More(Value::Number(Decimal::from(0))))
}

fn questions() -> Vec<Computation> {
    vec![
        of(Kind::Count, vec![], None),
        of(Kind::Sum, vec![], None),
        of(Kind::Mean, vec![], None),
        // in and out, all told and month by month
        of(Kind::Sum, vec![above_zero()], None),
        of(Kind::Sum, vec![below_zero()], None),
        of(Kind::Sum, vec![], by("day", Some(Every::Month))),
        of(Kind::Count, vec![], by("day", Some(Every::Month))),
        of(Kind::Mean, vec![], by("day", Some(Every::Quarter))),
        of(Kind::Sum, vec![kind("power")], None),
        // the last half year, quarter, and the one before
        of(Kind::Sum, vec![months(7, 12)], None),
        of(Kind::Mean, vec![months(10, 12)], None),
        of(Kind::Mean, vec![months(7, 9)], None),
        of(Kind::Sum, vec![months(7, 12), below_zero()], None),
        // what for
        of(Kind::Sum, vec![], by("kind", None)),
        of(Kind::Count, vec![], by("kind", None)),
        of(Kind::Mean, vec![kind("rent")], None),
        of(Kind::Sum, vec![kind("food")], by("day", Some(Every::Quarter))),
        // how much of it, and how well
        negative_share(vec![], None),
        negative_share(vec![], by("day", Some(Every::Quarter))),
        Computation::Share(protocol::Share {
            that: vec![is("paid", Comparison::Equal(Value::Boolean(true)))],
            filter: vec![kind("phone")],
            group: None,
        }),
    ]
}

#[test]
fn twenty_questions_of_an_honest_analyst_are_all_answered() {
    for seed in 1..=40 {
        let mut chance = Chance::new(seed);
        let rows = household(&mut chance);
        let mut gate = Gate::new(&[Kind::Sum, Kind::Mean, Kind::Count, Kind::Share], true);
        gate.add(table(&rows));
        let asked = questions();
        assert_eq!(asked.len(), 20);
        for order in 0..2 {
            let asked = if order == 0 { asked.clone() } else { chance.shuffled(asked.clone()) };
            // the same analyst twice in one order, and another in any
            for question in asked {
                let reply = gate.ask(order, 0, &question);
                // in full: no group is left out
                let all = compute::run_by(&Rules::default(), &question, &gate.version(0).table, &BOUNDS).unwrap();
                assert_eq!(reply, Reply::Answer(all.outcome), "seed {seed}, analyst {order}: {question:?}");
            }
        }
    }
}

#[test]
fn what_is_answered_does_not_depend_on_the_amounts_but_on_where_there_are_some_and_their_signs() {
    for seed in 1..=40 {
        let mut chance = Chance::new(seed);
        let rows = crate::data::rows(&mut chance);
        let other: Vec<_> = rows
            .iter()
            .map(|row| {
                let factor = i64::try_from(1 + chance.below(9)).unwrap();
                Row { amount: row.amount.map(|cents| cents * factor), ..row.clone() }
            })
            .collect();
        // how much one row makes of a sum is the one rule that looks at amounts; see the threat model
        let rules = Rules { dominance: 100, ..Rules::default() };
        let asked = crate::strategy::prepared(&mut chance, &rows);
        let replies = |rows: &[Row]| {
            let mut gate = Gate::new(&Kind::ALL, true).with(rules);
            gate.add(table(rows));
            let answered = |question| matches!(gate.ask(0, 0, question), Reply::Answer(_));
            asked.iter().map(answered).collect::<Vec<_>>()
        };
        assert_eq!(replies(&rows), replies(&other), "seed {seed}");
    }
}

#[test]
fn a_question_asked_again_is_answered_from_the_ledger_also_by_other_rules() {
    let rows = household(&mut Chance::new(1));
    let mut gate = Gate::new(&[Kind::Sum], true);
    gate.add(table(&rows));
    let asked = of(Kind::Sum, vec![], by("kind", None));
    let first = gate.ask(0, 0, &asked);
    let strict = Rules { smallest_group: 30, ..Rules::default() };
    let mut gate = gate.with(strict);
    assert_eq!(gate.ask(0, 0, &asked), first);
    assert_ne!(gate.ask(1, 0, &asked), first);
    // it stands for what was told: the gate does not compute
    assert!(compute::run_by(&strict, &asked, &gate.version(0).table, &BOUNDS).is_ok());
    assert!(gate.version(0).table.rows() > 100);
}
