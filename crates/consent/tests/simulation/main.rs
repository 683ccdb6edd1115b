//! Everything that people, networks, clocks, crashes and liars do, in random order, beside a plain reference model.
//!
//! After each step: no run without a grant that was live at that moment, never more runs than uses, the same run always
//! the same receipt, nothing handed over without a durable release, nothing released but what was approved, no receipt
//! kept that is not bound to what was asked, and logs that only grow.
//!
//! `HALFDOOR_SIMULATIONS` sets how many sequences are tried in all; `HALFDOOR_SEED` replays one and tells its steps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and tells its steps, in its own functions too"
)]

#[path = "../../src/testing.rs"]
#[allow(dead_code, reason = "the crate's own tests use the rest")]
mod testing;

mod arrive;
mod dice;
mod model;
mod people;
mod surroundings;
mod watch;
mod world;

use dice::Dice;
use std::panic::{AssertUnwindSafe, catch_unwind};
use world::{Broken, World};

/// Sequences tried unless the environment says otherwise.
const SEQUENCES: u64 = 10_000;
/// The tests among which they are divided: test runners run those at once.
const PARTS: u64 = 4;
/// Sequences that begin with the same steps: the first part of their way is walked once.
const SIBLINGS: u64 = 16;
/// Steps that siblings share; 6 to 14 of its own follow in each.
const SHARED: u64 = 16;

/// Takes so many steps; the error says what was broken after which.
fn walk(mut world: World, seed: u64, dice: &mut Dice, steps: u64) -> Result<World, String> {
    for _ in 0..steps {
        let step = catch_unwind(AssertUnwindSafe(|| world.step(dice)));
        let result = step.unwrap_or_else(|_| Err("a machine panicked".to_owned()));
        result.map_err(|what| format!("HALFDOOR_SEED={seed}: {what}, after {:?}", world.done))?;
    }
    Ok(world)
}

/// The steps that a sequence shares with its siblings.
fn shared(begin: &[World; 2], seed: u64, broken: Broken) -> Result<World, String> {
    let mut dice = Dice::from_seed(u64::MAX - seed / SIBLINGS);
    let world = World { broken, ..begin[usize::from(dice.chance(75))].clone() };
    walk(world, seed, &mut dice, SHARED)
}

/// The steps of its own.
fn own(world: World, seed: u64) -> Result<World, String> {
    let mut dice = Dice::from_seed(seed);
    let steps = 6 + dice.roll(9);
    let world = walk(world, seed, &mut dice, steps)?;
    if seed.is_multiple_of(SIBLINGS) {
        world.logs_agree().map_err(|what| format!("HALFDOOR_SEED={seed}: {what}, after {:?}", world.done))?;
    }
    Ok(world)
}

#[expect(clippy::disallowed_methods, reason = "how many sequences are tried, or which one, is for whoever runs them")]
fn chosen(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

/// A life that begins, and one led for a while.
fn beginnings() -> [World; 2] {
    [World::begin(), World::grown().unwrap_or_else(|what| panic!("in calm: {what}"))]
}

fn part(which: u64) {
    let begin = beginnings();
    if let Some(seed) = chosen("HALFDOOR_SEED") {
        if seed / SIBLINGS % PARTS == which {
            let world = shared(&begin, seed, Broken::Nothing).and_then(|world| own(world, seed));
            println!("{:?}", world.unwrap_or_else(|what| panic!("{what}")).done);
        }
        return;
    }
    let count = chosen("HALFDOOR_SIMULATIONS").unwrap_or(SEQUENCES);
    let (mut walked, mut ran) = (0, 0);
    for family in (0..count.div_ceil(SIBLINGS)).filter(|family| family % PARTS == which) {
        let first = family * SIBLINGS;
        let half = shared(&begin, first, Broken::Nothing).unwrap_or_else(|what| panic!("{what}"));
        for seed in first..(first + SIBLINGS).min(count) {
            let world = own(half.clone(), seed).unwrap_or_else(|what| panic!("{what}"));
            walked += 1;
            ran += world.model.grants.values().map(|grant| grant.runs.len() as u64).sum::<u64>();
        }
    }
    // a simulation in which little happens would prove little
    assert!(walked < 1000 || ran > walked / 2, "only {ran} runs happened in {walked} sequences");
}

#[test]
fn no_sequence_breaks_what_was_agreed_first_part() {
    part(0);
}

#[test]
fn no_sequence_breaks_what_was_agreed_second_part() {
    part(1);
}

#[test]
fn no_sequence_breaks_what_was_agreed_third_part() {
    part(2);
}

#[test]
fn no_sequence_breaks_what_was_agreed_fourth_part() {
    part(3);
}

/// Whether some sequence in a world broken so comes to that violation.
fn caught(broken: Broken, what: &str) -> bool {
    let begin = beginnings();
    let walk = |seed| shared(&begin, seed, broken).and_then(|world| own(world, seed)).err();
    (0..1000).filter_map(|family| walk(family * SIBLINGS)).any(|violation| violation.contains(what))
}

#[test]
fn a_store_that_loses_counts_is_noticed() {
    assert!(caught(Broken::LosesCounts, "ran ["));
}

#[test]
fn a_store_that_forgets_which_messages_were_taken_is_noticed() {
    assert!(caught(Broken::ForgetsMessages, "a request was kept that is none, or again"));
}

#[test]
fn a_store_that_forgets_the_time_is_noticed() {
    assert!(caught(Broken::ForgetsTime, "the owner's clock went back"));
}

#[test]
fn a_store_that_forgets_revocations_is_noticed() {
    assert!(caught(Broken::ForgetsRevocations, "ran ["));
}

#[test]
fn a_node_that_hands_over_before_it_records_the_release_is_noticed() {
    assert!(caught(Broken::SkipsRelease, "handed over without a durable release"));
}
