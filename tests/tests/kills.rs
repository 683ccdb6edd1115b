//! SIGKILL at random moments of the walk, on either node: the walk completes, and nothing that was said to be done is
//! undone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "scenarios are tests, their steps too")]

#[path = "kills/arena.rs"]
mod arena;
#[path = "kills/ledger.rs"]
mod ledger;
#[path = "kills/walker.rs"]
mod walker;

use arena::{Arena, Side};
use ledger::Ledger;
use scenarios::{Chance, Pair, until};
use std::{
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};
use walker::Walker;

/// Processes killed in one run, half of them on each side.
const KILLS: usize = 28;
/// Longest time between a step of the walk and the kill that follows it: longer than any step takes.
const LATEST: u64 = 400;
/// Steps of the walk between two kills at most: its phases are hit evenly.
const STEPS: u64 = 3;

#[test]
fn killing_either_node_at_random_moments_loses_nothing_and_releases_nothing_unlogged() {
    let mut chance = Chance::new();
    let arena = Arena::new(Pair::connected());
    let ledger = Mutex::new(Ledger::default());
    let (steps, over) = (AtomicU64::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let walking = scope.spawn(|| {
            let mut walker = Walker::new(&arena, &ledger, &steps);
            while !over.load(SeqCst) {
                walker.walk();
            }
            // one more, which nothing interrupts
            walker.walk();
            walker.walks()
        });
        let ending = Ending(&over);
        let mut killed = [0; 2];
        for (kill, side) in sides(&mut chance).into_iter().enumerate() {
            let (from, more) = (steps.load(SeqCst), chance.of(0..STEPS));
            until("the walk goes on", || {
                let ended = walking.is_finished();
                (ended || steps.load(SeqCst) >= from + more).then_some(())
            });
            if walking.is_finished() {
                break;
            }
            // the moment itself: anywhere in what follows that step
            thread::sleep(Duration::from_millis(chance.of(0..LATEST)));
            killed[side as usize] += 1;
            let (begun, before) = (Instant::now(), ledger.lock().unwrap().clone());
            arena.kill_and_restart(side);
            before.is_kept_by(&arena, side);
            println!("kill {kill} of {side:?} after step {from}+{more}: back after {:?}", begun.elapsed());
        }
        drop(ending);
        let walks = walking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        println!("{walks} walks, {} steps, killed {killed:?}", steps.load(SeqCst));
        assert_eq!(killed, [KILLS / 2; 2]);
        assert!(walks >= 3, "too few walks to say anything: {walks}");
    });
    let ledger = ledger.into_inner().unwrap();
    for side in [Side::Jack, Side::Jill] {
        ledger.is_kept_by(&arena, side);
    }
    ledger.agrees_with(&arena);
}

/// Whom to kill, in an order drawn by chance.
fn sides(chance: &mut Chance) -> Vec<Side> {
    let mut sides: Vec<_> = [Side::Jack, Side::Jill].into_iter().cycle().take(KILLS).collect();
    for at in 1..sides.len() {
        let other = chance.of(0..at as u64 + 1) as usize;
        sides.swap(at, other);
    }
    sides
}

/// Ends the walking when dropped: also when a check failed, so that the failure is told.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}
