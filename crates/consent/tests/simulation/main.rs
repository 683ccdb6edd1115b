//! Everything that people, networks, clocks, crashes and liars do, in random order, beside a plain reference model.
//!
//! After each step: no run without a grant that was live at that moment, never more runs than uses, the same run always
//! the same receipt, nothing handed over without a durable release, nothing released but what was approved, no receipt
//! kept that is not bound to what was asked, and logs that only grow.
//!
//! `HALFDOOR_SIMULATIONS` sets how many sequences are tried in all; `HALFDOOR_SEED` replays one and tells its steps.

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

/// Runs one sequence; the error says what was broken after which steps.
fn simulate(begin: &World, seed: u64, broken: Broken) -> Result<World, String> {
    let mut world = World { broken, ..begin.clone() };
    let mut dice = Dice::from_seed(seed);
    let steps = 25 + dice.roll(16);
    let told = |world: &World, what: &str| format!("HALFDOOR_SEED={seed}: {what}, after {:?}", world.done);
    for _ in 0..steps {
        let step = catch_unwind(AssertUnwindSafe(|| world.step(&mut dice)));
        let result = step.unwrap_or_else(|_| Err("a machine panicked".to_owned()));
        result.map_err(|what| told(&world, &what))?;
    }
    if seed.is_multiple_of(8) {
        world.logs_agree().map_err(|what| told(&world, &what))?;
    }
    Ok(world)
}

#[expect(clippy::disallowed_methods, reason = "how many sequences are tried, or which one, is for whoever runs them")]
fn chosen(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn part(which: u64) {
    let begin = World::begin();
    if let Some(seed) = chosen("HALFDOOR_SEED") {
        if seed % PARTS == which {
            let world = simulate(&begin, seed, Broken::Nothing).unwrap_or_else(|what| panic!("{what}"));
            println!("{:?}", world.done);
        }
        return;
    }
    let count = chosen("HALFDOOR_SIMULATIONS").unwrap_or(SEQUENCES);
    let mut runs = 0;
    for seed in (which..count).step_by(PARTS as usize) {
        let world = simulate(&begin, seed, Broken::Nothing).unwrap_or_else(|what| panic!("{what}"));
        runs += world.model.grants.values().map(|grant| grant.runs.len()).sum::<usize>();
    }
    // a simulation in which nothing happens would prove nothing
    assert!(runs as u64 >= count / PARTS / 4, "only {runs} runs happened");
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

/// What the simulation says first about a world broken so, and how soon.
fn caught(broken: Broken) -> String {
    let begin = World::begin();
    let found = (0..1000).find_map(|seed| simulate(&begin, seed, broken).err());
    found.unwrap_or_else(|| panic!("{broken:?} was not noticed"))
}

#[test]
fn a_store_that_loses_counts_is_noticed() {
    caught(Broken::LosesCounts);
}

#[test]
fn a_store_that_forgets_which_messages_were_taken_is_noticed() {
    caught(Broken::ForgetsMessages);
}

#[test]
fn a_store_that_forgets_the_time_is_noticed() {
    caught(Broken::ForgetsTime);
}

#[test]
fn a_store_that_forgets_revocations_is_noticed() {
    caught(Broken::ForgetsRevocations);
}

#[test]
fn a_node_that_hands_over_before_it_records_the_release_is_noticed() {
    assert!(caught(Broken::SkipsRelease).contains("without a durable release"));
}
