//! Killing, restarting, and looking at once whether all that was acknowledged is still there.

use super::deaths::Deaths;
use scenarios::{
    Chance,
    trial::{Arena, Death, Ledger, Side, Walkers},
};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// A process that dies at a random moment dies that many milliseconds, at most, after the step it was to see.
const LATEST: u64 = 400;
/// It is to see so many steps of the walks at most …
const STEPS: u64 = 4;
/// … and dies without them after so long.
const IDLE: Duration = Duration::from_secs(4);
/// A process that has not come to its point by then is killed wherever it is, and another one is told the same.
const UNCOME: Duration = Duration::from_secs(30);
/// So often.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(5);

const SIDES: [Side; 3] = [Side::Jack, Side::Jill, Side::Relay];

/// Who died of what.
pub(crate) type Toll = BTreeMap<(Side, &'static str), u64>;

/// The life of a process: how it is to end, and what it has seen.
struct Life {
    death: Option<Death>,
    began: Instant,
    steps: u64,
    /// Steps and time that it is to see, where chance ends it.
    sees: (u64, Duration),
    seen: Option<Instant>,
}

/// Takes the lives of one arena.
pub(crate) struct Reaper<'a> {
    arena: &'a Arena,
    ledger: &'a Mutex<Ledger>,
    walkers: &'a Walkers<'a>,
    deaths: Deaths,
    chance: Chance,
    uncome: BTreeMap<(Side, &'static str), u32>,
    pub(crate) toll: Toll,
}

impl<'a> Reaper<'a> {
    pub(crate) fn new(
        arena: &'a Arena,
        ledger: &'a Mutex<Ledger>,
        walkers: &'a Walkers<'a>,
        deaths: Deaths,
        chance: Chance,
    ) -> Self {
        Self { arena, ledger, walkers, deaths, chance, uncome: BTreeMap::new(), toll: Toll::new() }
    }

    /// Until every death was died, or a walker gives up.
    pub(crate) fn reap(&mut self) {
        // the processes that run were told nothing: they end anywhere
        let mut lives = SIDES.map(|_| self.life(Some(Death::Anywhere)));
        for side in SIDES {
            self.toll.insert((side, "anywhere"), 0);
        }
        while lives.iter().any(|life| life.death.is_some()) && !self.walkers.are_over() {
            for (side, life) in SIDES.into_iter().zip(&mut lives) {
                if let Some(cause) = self.is_over(side, life) {
                    *life = self.follow(side, cause);
                }
            }
            thread::sleep(PAUSE);
        }
    }

    /// Whether a life ended, by itself or now, and of what.
    fn is_over(&mut self, side: Side, life: &mut Life) -> Option<&'static str> {
        let death = life.death?;
        if self.arena.has_died(side) {
            let Death::At(point, _) = death else { panic!("{side:?} was killed by nobody") };
            return Some(point.name());
        }
        match death {
            Death::Anywhere => {
                let (steps, rest) = life.sees;
                if life.seen.is_none() && (self.walkers.steps() >= life.steps + steps || life.began.elapsed() > IDLE) {
                    life.seen = Some(Instant::now());
                }
                if life.seen.is_none_or(|seen| seen.elapsed() < rest) {
                    return None;
                }
            }
            Death::At(point, passing) => {
                if life.began.elapsed() < UNCOME {
                    return None;
                }
                let tries = self.uncome.entry((side, point.name())).or_default();
                *tries += 1;
                assert!(*tries < TRIES, "{side:?} never came to {} within {UNCOME:?}", point.name());
                // sooner, this time
                self.deaths.again(side, Death::At(point, passing.div_ceil(2)));
            }
        }
        self.arena.kill(side);
        Some("anywhere")
    }

    /// Counts a death, and lives on: restarted until it is up, with all that was acknowledged before.
    fn follow(&mut self, side: Side, mut cause: &'static str) -> Life {
        loop {
            *self.toll.entry((side, cause)).or_default() += 1;
            let before = self.ledger.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let death = self.deaths.next(side);
            let begun = Instant::now();
            let up = self.arena.restart(side, death.unwrap_or(Death::Anywhere));
            println!(
                "{side:?} died ({cause}) at step {}; {} after {:?}, next {death:?}",
                self.walkers.steps(),
                if up { "up again" } else { "dead again" },
                begun.elapsed()
            );
            match death {
                Some(Death::At(point, _)) if !up => cause = point.name(),
                _ => {
                    // an armed process may die while it is asked
                    if !matches!(death, Some(Death::At(..))) {
                        before.is_kept_by(self.arena, side, self.ledger);
                    }
                    return self.life(death);
                }
            }
        }
    }

    fn life(&mut self, death: Option<Death>) -> Life {
        let sees = (self.chance.of(0..STEPS), Duration::from_millis(self.chance.of(0..LATEST)));
        Life { death, began: Instant::now(), steps: self.walkers.steps(), sees, seen: None }
    }
}
