//! Datasets as people have them: dates, words, yes and no, which the attacker knows, and an amount, which is secret.

use crate::chance::Chance;
use compute::{
    Table,
    formats::{Options, read},
};
use protocol::Date;

/// A row. What is absent is so for the attacker too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Days since 1970.
    pub(crate) day: i32,
    pub(crate) kind: &'static str,
    pub(crate) paid: bool,
    /// In cents.
    pub(crate) amount: Option<i64>,
}

pub(crate) const KINDS: [&str; 6] = ["rent", "salary", "power", "food", "phone", "other"];
/// 1 January 2024.
const FIRST: i32 = 19_723;

/// A dataset of 5 to 200 rows, with ties, equal rows, absent amounts and amounts of 0.
pub(crate) fn rows(chance: &mut Chance) -> Vec<Row> {
    let count = 5 + chance.below(196);
    let days = 1 + chance.below(count * 2);
    let kinds = 1 + chance.below(KINDS.len());
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..count {
        if let Some(last) = rows.last().filter(|_| chance.one_in(12)).cloned() {
            rows.push(last);
            continue;
        }
        let cents = i64::try_from(chance.below(200_000)).unwrap() - 100_000;
        let amount = match chance.below(14) {
            0 => None,
            1 => Some(0),
            2 => Some(-2_500),
            _ => Some(cents),
        };
        let day = FIRST + i32::try_from(chance.below(days)).unwrap();
        // the others are rarer than the first
        let kind = KINDS[chance.below(kinds).min(chance.below(kinds))];
        rows.push(Row { day, kind, paid: !chance.one_in(4), amount });
    }
    rows.sort_by_key(|row| row.day);
    rows
}

/// The same, stored.
pub(crate) fn table(rows: &[Row]) -> Table {
    let mut file = String::from("day,kind,paid,amount\n");
    for Row { day, kind, paid, amount } in rows {
        let amount = amount.map_or_else(String::new, |cents| {
            let sign = if cents < 0 { "-" } else { "" };
            format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
        });
        let paid = if *paid { "yes" } else { "no" };
        file += &format!("{},{kind},{paid},{amount}\n", Date::from_days(*day).unwrap());
    }
    read(file.as_bytes(), &Options::default()).unwrap().table
}
