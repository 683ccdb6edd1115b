//! SIGKILL at random moments and at every failpoint, on either node and the relay, while several walk at once: the walks
//! complete, and nothing that was said to be done is undone.
//!
//! `HALFDOOR_KILLS=1000` kills that often; `HALFDOOR_SEED=…` deals the same deaths again.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "scenarios are tests, their steps too; a failed one shows who died of what"
)]

#[path = "kills/deaths.rs"]
mod deaths;
#[path = "kills/reaper.rs"]
mod reaper;

use deaths::Deaths;
use reaper::{Reaper, Toll};
use scenarios::{
    Chance, Node, Pair, have_failpoints,
    trial::{Arena, Ledger, Side, Walkers},
    until,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Mutex, PoisonError},
    thread,
    time::Instant,
};

/// Arenas at once: waiting in one leaves the processors to the other.
const ARENAS: usize = 2;
/// Walkers in each: their requests are on their way at the same time.
const WALKERS: u64 = 3;

#[test]
fn killing_either_node_or_the_relay_anywhere_loses_nothing_and_releases_nothing_unlogged() {
    have_failpoints();
    let begun = Instant::now();
    let mut chance = Chance::new();
    let dealt = Deaths::deal(ARENAS, &mut chance);
    let toll = thread::scope(|scope| {
        let arenas = dealt.into_iter().map(|deaths| (deaths, chance.split()));
        let arenas: Vec<_> = arenas.map(|(deaths, chance)| scope.spawn(move || suffer(deaths, chance))).collect();
        let tolls = arenas.into_iter().map(|arena| arena.join().unwrap_or_else(|panic| resume_unwind(panic)));
        tolls.flatten().fold(Toll::new(), |mut all, (of, times)| {
            *all.entry(of).or_default() += times;
            all
        })
    });
    for ((side, cause), times) in &toll {
        println!("{times:4} × {side:?}, {cause}");
    }
    let killed: u64 = toll.values().sum();
    println!("{killed} killed in {:?}", begun.elapsed());
    assert!(killed >= deaths::wanted(), "{killed} of {} died", deaths::wanted());
    for (side, cause) in deaths::every_point() {
        let times = toll.get(&(side, cause)).copied().unwrap_or_default();
        assert!(times >= deaths::EACH, "{side:?} died {times} times at {cause}");
    }
}

/// One arena, from its first death to its last, and the accounts after it.
fn suffer(deaths: Deaths, chance: Chance) -> Toll {
    let arena = Arena::new(Pair::connected());
    let ledger = Mutex::new(Ledger::default());
    let walkers = Walkers::new(&arena, &ledger, false);
    let mut reaper = Reaper::new(&arena, &ledger, &walkers, deaths, chance);
    walkers.walk_while(WALKERS, || reaper.reap());
    let toll = reaper.toll;
    println!("{} walks, {} steps", walkers.walks(), walkers.steps());
    assert!(walkers.walks() >= 2 * WALKERS, "too few walks to say anything: {}", walkers.walks());
    let kept = ledger.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for side in [Side::Jack, Side::Jill] {
        kept.is_kept_by(&arena, side, &ledger);
    }
    kept.agrees_with(&arena);
    toll
}

#[test]
fn whatever_is_not_kept_is_noticed() {
    let arena = Arena::new(Pair::connected());
    let id = || "0".repeat(64);
    let never = |change: fn(&mut Ledger, String)| {
        let mut ledger = Ledger::default();
        change(&mut ledger, id());
        ledger
    };
    let jacks = [
        never(|ledger, id| ledger.datasets.extend([id])),
        never(|ledger, id| ledger.approved.extend([(id.clone(), id)])),
        never(|ledger, id| ledger.denied.extend([id])),
        never(|ledger, id| ledger.countered.extend([id])),
        never(|ledger, id| ledger.revoked.extend([(id, 1)])),
        never(|ledger, id| ledger.receipts.extend([(id.clone(), id)])),
        never(|ledger, id| ledger.erased.extend([(Side::Jack, id)])),
    ];
    let jills = [
        never(|ledger, id| ledger.requests.extend([id])),
        never(|ledger, id| ledger.receipts.extend([(id.clone(), id)])),
        never(|ledger, id| ledger.erased.extend([(Side::Jill, id)])),
    ];
    let sides = jacks.iter().map(|ledger| (Side::Jack, ledger)).chain(jills.iter().map(|ledger| (Side::Jill, ledger)));
    for (side, ledger) in sides {
        let now = Mutex::new(ledger.clone());
        let checked = catch_unwind(AssertUnwindSafe(|| ledger.is_kept_by(&arena, side, &now)));
        assert!(checked.is_err(), "{side:?} never did any of this, and it was not noticed: {ledger:?}");
    }
    for side in [Side::Jack, Side::Jill] {
        Ledger::default().is_kept_by(&arena, side, &Mutex::default());
    }
}

#[test]
fn a_relay_that_is_gone_ends_no_connection_and_introduces_people_again_when_it_is_back() {
    let mut pair = Pair::connected();
    let _ = pair.store("numbers", &[1, 2, 3, 4, 5, 12]);
    until("a path of their own", || {
        let people = pair.jill.api().get("/v1/people");
        (people[0]["path"] == "direct").then_some(())
    });
    pair.relay.kill();
    // all of it without the relay
    let request = pair.ask("numbers", "max", &serde_json::json!({}));
    pair.approve(&request, &serde_json::json!({}));
    assert_eq!(pair.run(&request)["value"], "12");
    pair.relay.again();
    until("Jack is at his relay again", || {
        let relays = pair.jack.api().get("/v1/relays");
        (relays[0]["state"] == "reserved").then_some(())
    });
    let mut joan = Node::init("Joan");
    joan.up();
    pair.joins(&joan);
}
