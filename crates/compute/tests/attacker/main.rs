//! The automated attacker: asks adaptively for what one row's amount is, under a standing grant that nobody looks at, as two
//! people, of a dataset that is removed and added again with a row less or twice; and what it can work out in the end.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

mod chance;
mod data;
mod gate;
mod honest;
mod solver;
mod strategy;

use chance::Chance;
use data::{Row, rows, table};
use gate::{Gate, Reply};
use protocol::{Computation, Kind};
use solver::Equations;

const DATASETS: u64 = 1_000;
const GRANTED: [Kind; 4] = [Kind::Sum, Kind::Mean, Kind::Count, Kind::Share];

/// What one attack came to.
#[derive(Clone, Copy, Debug, Default)]
struct Loot {
    rows: usize,
    /// Rows whose amount has one solution.
    amounts: usize,
    /// Rows whose sign has one solution.
    signs: usize,
    questions: usize,
    answers: usize,
}

/// What the attacker has, of all rows that were ever in a version.
struct Attack {
    gate: Gate,
    versions: Vec<Vec<(usize, Row)>>,
    amounts: Equations,
    signs: Equations,
    loot: Loot,
}

impl Attack {
    fn new(gate: Gate, first: &[Row]) -> Self {
        let versions = vec![first.iter().cloned().enumerate().collect()];
        let rows = first.len();
        let loot = Loot { rows, ..Loot::default() };
        let mut attack = Self { gate, versions, amounts: Equations::default(), signs: Equations::default(), loot };
        attack.gate.add(table(first));
        attack
    }

    /// The owner stores the dataset again, with one row less or one row twice.
    fn stored_again(&mut self, chance: &mut Chance) {
        let mut again = self.versions[0].clone();
        if chance.one_in(2) {
            again.remove(chance.below(again.len()));
        } else {
            let (_, row) = chance.of(&again).clone();
            again.push((self.loot.rows, row));
            self.loot.rows += 1;
        }
        let rows: Vec<_> = again.iter().map(|(_, row)| row.clone()).collect();
        self.gate.add(table(&rows));
        self.versions.push(again);
    }

    /// Asks, and learns from the answer; whether there was one.
    fn ask(&mut self, who: usize, version: usize, asked: &Computation) -> bool {
        self.loot.questions += 1;
        let Reply::Answer(outcome) = self.gate.ask(who, version, asked) else { return false };
        self.loot.answers += 1;
        let rows: Vec<_> = self.versions[version].iter().map(|(_, row)| row.clone()).collect();
        let known = |positions: Vec<usize>| -> Vec<usize> {
            positions.into_iter().map(|at| self.versions[version][at].0).collect()
        };
        for sum in solver::sums(asked, &outcome, &rows) {
            self.amounts.learn(&known(sum), self.loot.rows);
        }
        for count in solver::negatives(asked, &outcome, &rows) {
            self.signs.learn(&known(count), self.loot.rows);
        }
        true
    }

    fn over(mut self) -> Loot {
        self.loot.amounts = self.amounts.solved().len();
        self.loot.signs = self.signs.solved().len();
        self.loot
    }
}

fn attack(seed: u64, kinds: &[Kind], has_ledger: bool) -> Loot {
    let mut chance = Chance::new(seed);
    let first = rows(&mut chance);
    let mut attack = Attack::new(Gate::new(kinds, has_ledger), &first);
    // every third attacker is two people, until the owner's node notices and pauses the grant
    let people = if seed.is_multiple_of(3) { 2 } else { 1 };
    for asked in strategy::prepared(&mut chance, &first) {
        attack.ask(chance.below(people), 0, &asked);
    }
    let target = chance.below(first.len());
    let mut refused = 0;
    for _ in 0..6 {
        for asked in strategy::closing_in(&mut chance, &first, target, refused) {
            refused += usize::from(!attack.ask(chance.below(people), 0, &asked));
        }
    }
    attack.stored_again(&mut chance);
    for asked in strategy::prepared(&mut chance, &first).into_iter().take(12) {
        attack.ask(chance.below(people), 1, &asked);
    }
    for kind in [Kind::Sum, Kind::Mean, Kind::Max] {
        attack.ask(0, 1, &strategy::of(kind, vec![], None));
    }
    attack.over()
}

fn all(kinds: &[Kind], has_ledger: bool, datasets: u64) -> Loot {
    let mut all = Loot::default();
    for seed in 1..=datasets {
        let Loot { rows, amounts, signs, questions, answers } = attack(seed, kinds, has_ledger);
        all.rows += rows;
        all.amounts += amounts;
        all.signs += signs;
        all.questions += questions;
        all.answers += answers;
    }
    all
}

fn line(what: &str, loot: &Loot) -> String {
    let percent = |of: usize, all: usize| format!("{}.{:02} %", of * 100 / all, of * 10_000 / all % 100);
    format!(
        "{what}: {} of {} amounts ({}) and {} signs ({}) worked out; {} of {} questions answered",
        loot.amounts,
        loot.rows,
        percent(loot.amounts, loot.rows),
        loot.signs,
        percent(loot.signs, loot.rows),
        loot.answers,
        loot.questions
    )
}

#[test]
fn an_attacker_who_asks_what_a_grant_allows_works_out_less_than_one_row_in_a_hundred() {
    let (with, without) = (all(&GRANTED, true, DATASETS), all(&GRANTED, false, DATASETS));
    println!("{}", line("with the ledger", &with));
    println!("{}", line("without it", &without));
    assert!(with.amounts * 100 < with.rows && with.signs * 100 < with.rows);
    // the attacker is one: without the ledger much is worked out
    assert!(without.amounts * 10 > without.rows, "the attacker works out too little to be one");
    assert!(with.answers * 20 > with.questions, "a ledger that refuses everything is no use");
}

#[test]
fn a_grant_of_everything_makes_no_difference_to_what_is_worked_out() {
    let kinds: Vec<_> = Kind::ALL.to_vec();
    let with = all(&kinds, true, DATASETS / 5);
    println!("{}", line("with a grant of every kind", &with));
    assert!(with.amounts * 100 < with.rows && with.signs * 100 < with.rows);
}
