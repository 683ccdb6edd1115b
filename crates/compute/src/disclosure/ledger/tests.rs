#![allow(clippy::single_range_in_vec_init, reason = "a list of ranges of rows, of which there may be one")]

use super::*;
use crate::disclosure::told::{About, Rows};

const SEEN: Measure = Measure { smallest_group: 5, rows: 40, unseen: false };
const UNSEEN: Measure = Measure { unseen: true, ..SEEN };

fn name() -> Name {
    "amount".parse().unwrap()
}

fn sums(groups: &[std::ops::Range<u32>]) -> Told {
    let grouped = groups.len() > 1;
    let fact = |(at, rows): (usize, &std::ops::Range<u32>)| Fact {
        about: About::Value(name()),
        part: grouped.then(|| u16::try_from(at).unwrap()),
        rows: Rows::each(rows.clone()),
    };
    Told { facts: groups.iter().enumerate().map(fact).collect(), others: vec![] }
}

fn largest(rows: std::ops::Range<u32>) -> Told {
    Told { facts: vec![], others: vec![Other { column: name(), numbers: 1, rows: Rows::each(rows) }] }
}

fn after(told: &[Told]) -> Ledger {
    let mut ledger = Ledger::default();
    told.iter().for_each(|told| ledger.learn(told));
    ledger
}

#[test]
fn groups_that_would_be_too_much_are_left_out_those_of_fewest_rows_first() {
    let ledger = after(&[sums(&[0..40])]);
    // rows 38 and 39 are in no group: with the sum of all they would be known
    let groups = sums(&[0..10, 10..16, 16..38]);
    assert_eq!(ledger.judge(&groups, &SEEN).refused, Some(Refusal::Fixes { rows: 2, smallest: 5 }));
    let (judgement, kept) = ledger.judge_groups(&groups, &SEEN);
    assert_eq!((judgement.refused, kept), (None, vec![0, 2]));
    let left = groups.only(&[0, 2]);
    assert_eq!(left.facts.iter().map(|fact| fact.part).collect::<Vec<_>>(), [Some(0), Some(1)]);
}

#[test]
fn the_largest_of_nearly_the_same_rows_is_refused_and_of_the_same_or_others_not() {
    let ledger = after(&[largest(0..20)]);
    assert_eq!(ledger.judge(&largest(0..20), &SEEN).refused, None);
    let refused = Some(Refusal::NearlyTheSame { rows: 1, smallest: 5 });
    assert_eq!(ledger.judge(&largest(0..19), &SEEN).refused, refused);
    assert_eq!(ledger.judge(&largest(0..15), &SEEN).refused, None);
}

#[test]
fn numbers_that_are_no_sums_stay_fewer_than_half_the_rows_where_nobody_looks() {
    let ten = Measure { rows: 12, ..UNSEEN };
    let mut told = vec![sums(&[0..12])];
    for _ in 0..5 {
        assert_eq!(after(&told).judge(&largest(0..12), &ten).refused, None);
        told.push(largest(0..12));
    }
    let refused = Some(Refusal::TooManyNumbers { numbers: 7, rows: 12, most: 6 });
    assert_eq!(after(&told).judge(&largest(0..12), &ten).refused, refused);
    assert_eq!(after(&told).judge(&largest(0..12), &Measure { unseen: false, ..ten }).refused, None);
    // a sum that follows from what is known is no further number
    assert_eq!(after(&told).judge(&sums(&[0..12]), &ten).refused, None);
}

#[test]
fn a_first_sum_over_five_rows_passes_where_nobody_looks() {
    assert_eq!(Ledger::default().judge(&sums(&[0..5]), &Measure { rows: 5, ..UNSEEN }).refused, None);
    assert_eq!(Ledger::default().judge(&largest(0..5), &Measure { rows: 5, ..UNSEEN }).refused, None);
}

#[test]
fn beyond_what_it_follows_everything_is_refused() {
    let ledger = after(&vec![largest(0..20); OTHERS]);
    assert_eq!(ledger.judge(&largest(0..20), &SEEN).refused, Some(Refusal::LedgerFull));
}
