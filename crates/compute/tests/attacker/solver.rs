//! What the attacker can work out: linear equations over the rows, solved exactly modulo a prime that is not the ledger's.
//!
//! The attacker is taken to know everything but the amounts: which rows every filter names, which cells are absent, and,
//! for the equations over amounts, the signs.

use crate::data::Row;
use protocol::{Comparison, Computation, Condition, Date, GroupBy, GroupKey, Outcome, Value};

/// The Mersenne prime 2^31 − 1.
const P: u64 = (1 << 31) - 1;

/// Equations in reduced form, each with the unknown that it is solved for.
#[derive(Default)]
pub(crate) struct Equations(Vec<(usize, Vec<u64>)>);

impl Equations {
    /// Learns the sum of these unknowns, of which there are `of`.
    pub(crate) fn learn(&mut self, unknowns: &[usize], of: usize) {
        let mut line = vec![0; of];
        unknowns.iter().for_each(|at| line[*at] = 1);
        self.0.iter_mut().for_each(|(_, known)| known.resize(of, 0));
        for (pivot, known) in &self.0 {
            eliminate(&mut line, known, *pivot);
        }
        let Some(pivot) = line.iter().position(|entry| *entry != 0) else { return };
        let scale = inverse(line[pivot]);
        line.iter_mut().for_each(|entry| *entry = *entry * scale % P);
        for (_, known) in &mut self.0 {
            eliminate(known, &line, pivot);
        }
        self.0.push((pivot, line));
    }

    /// The unknowns that have one solution.
    pub(crate) fn solved(&self) -> Vec<usize> {
        let alone = |line: &[u64]| line.iter().filter(|entry| **entry != 0).count() == 1;
        self.0.iter().filter(|(_, line)| alone(line)).map(|(pivot, _)| *pivot).collect()
    }
}

fn eliminate(line: &mut [u64], by: &[u64], pivot: usize) {
    let factor = line[pivot];
    if factor != 0 {
        let there = line.iter_mut().zip(by).filter(|(_, other)| **other != 0);
        there.for_each(|(entry, other)| *entry = (*entry + P * P - factor * other) % P);
    }
}

fn inverse(of: u64) -> u64 {
    let (mut result, mut base, mut exponent) = (1, of, P - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % P;
        }
        base = base * base % P;
        exponent >>= 1;
    }
    result
}

/// The sums over rows that an answer tells: positions of the rows of each.
pub(crate) fn sums(asked: &Computation, outcome: &Outcome, rows: &[Row]) -> Vec<Vec<usize>> {
    if !matches!(asked, Computation::Sum(_) | Computation::Mean(_)) {
        return Vec::new();
    }
    let with = |row: &Row| row.amount.is_some();
    told(asked.filter(), asked.group(), outcome, rows, with)
}

/// The counts of negative amounts that an answer tells: positions of the rows among which is counted.
pub(crate) fn negatives(asked: &Computation, outcome: &Outcome, rows: &[Row]) -> Vec<Vec<usize>> {
    let of_sign = |conditions: &[Condition]| conditions.iter().any(|condition| condition.column.as_str() == "amount");
    let (sign, filter): (&[Condition], &[Condition]) = match asked {
        Computation::Share(share) => (&share.that, &share.filter),
        _ => (asked.filter(), asked.filter()),
    };
    if !of_sign(sign) {
        return Vec::new();
    }
    let plain: Vec<_> = filter.iter().filter(|condition| condition.column.as_str() != "amount").cloned().collect();
    told(&plain, asked.group(), outcome, rows, |row| row.amount.is_some())
}

fn told(
    filter: &[Condition],
    group: Option<&GroupBy>,
    outcome: &Outcome,
    rows: &[Row],
    with: impl Fn(&Row) -> bool,
) -> Vec<Vec<usize>> {
    let kept = |row: &Row| with(row) && filter.iter().all(|condition| holds(row, condition));
    let positions = |chosen: &dyn Fn(&Row) -> bool| {
        rows.iter().enumerate().filter(|(_, row)| kept(row) && chosen(row)).map(|(at, _)| at).collect::<Vec<_>>()
    };
    match (group, outcome) {
        (Some(group), Outcome::Groups(groups)) => {
            groups.iter().map(|told| positions(&|row| key(row, group).as_ref() == Some(&told.key))).collect()
        }
        _ => vec![positions(&|_| true)],
    }
}

fn key(row: &Row, group: &GroupBy) -> Option<GroupKey> {
    Some(match (group.column.as_str(), group.every) {
        ("day", Some(every)) => GroupKey::Period(protocol::Period::of(Date::from_days(row.day)?, every)),
        ("paid", _) => GroupKey::Boolean(row.paid),
        _ => GroupKey::Text(row.kind.parse().ok()?),
    })
}

/// Whether a condition holds for a row.
pub(crate) fn holds(row: &Row, condition: &Condition) -> bool {
    let day = |value: &Value| matches!(value, Value::Date(date) if date.days() == row.day);
    let order = |value: &Value| match value {
        Value::Date(date) => row.day.cmp(&date.days()),
        // amounts are only ever compared with 0
        _ => row.amount.unwrap_or_default().cmp(&0),
    };
    let equal = |value: &Value| match value {
        Value::Text(word) => word.as_str() == row.kind,
        Value::Boolean(yes) => *yes == row.paid,
        Value::Number(_) => row.amount == Some(0),
        Value::Date(_) => day(value),
    };
    if condition.column.as_str() == "amount" && row.amount.is_none() {
        return false;
    }
    match &condition.is {
        Comparison::Equal(value) => equal(value),
        Comparison::Not(value) => !equal(value),
        Comparison::Less(value) => order(value).is_lt(),
        Comparison::AtMost(value) => order(value).is_le(),
        Comparison::More(value) => order(value).is_gt(),
        Comparison::AtLeast(value) => order(value).is_ge(),
        Comparison::Between(between) => order(&between.from).is_ge() && order(&between.to).is_le(),
        Comparison::OneOf(values) => values.iter().any(equal),
    }
}
