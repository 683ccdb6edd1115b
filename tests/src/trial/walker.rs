//! Walkers: each walks again and again, as a patient program does whose calls may be cut off at any moment. What was
//! not acknowledged is looked up before it is done again.

mod steps;

use super::{arena::Arena, ledger::Ledger};
use std::{
    panic::resume_unwind,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    thread,
};
use steps::Walk;

/// Uses of a standing grant.
const USES: u64 = 2;

/// Walkers over one arena, and how far they are.
#[derive(Debug)]
pub struct Walkers<'a> {
    arena: &'a Arena,
    ledger: &'a Mutex<Ledger>,
    /// The disk under a node may be taken away before the node is: then what it cannot do any more is no fault of it.
    disk_goes: bool,
    steps: AtomicU64,
    walks: AtomicU64,
    over: AtomicBool,
}

/// What a walk is about, besides a dataset stored before it and removed after it.
#[derive(Clone, Copy, Debug)]
enum About {
    /// A grant of one use.
    Once,
    /// A standing grant, used until it is spent.
    Standing,
    /// A counter-offer, accepted.
    Counter,
    /// A denial; then the words are erased on both sides.
    Denial,
    /// A grant that is taken back after its first use.
    Revocation,
}

const ALL: [About; 5] = [About::Once, About::Standing, About::Counter, About::Denial, About::Revocation];

impl<'a> Walkers<'a> {
    /// Nobody walks yet.
    #[must_use]
    pub fn new(arena: &'a Arena, ledger: &'a Mutex<Ledger>, disk_goes: bool) -> Self {
        let (steps, walks) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { arena, ledger, disk_goes, steps, walks, over: AtomicBool::new(false) }
    }

    /// So many walk while `trouble` makes trouble; then each walks once more, in peace.
    ///
    /// # Panics
    /// When a walker or the trouble does.
    pub fn walk_while(&self, count: u64, trouble: impl FnOnce()) {
        thread::scope(|scope| {
            let walking: Vec<_> = (0..count).map(|who| scope.spawn(move || self.walk_on(who))).collect();
            let ending = Ending(&self.over);
            trouble();
            drop(ending);
            for one in walking {
                one.join().unwrap_or_else(|panic| resume_unwind(panic));
            }
        });
    }

    /// Steps that were acknowledged.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.load(SeqCst)
    }

    /// Walks completed.
    #[must_use]
    pub fn walks(&self) -> u64 {
        self.walks.load(SeqCst)
    }

    /// Whether the walking is over: all that was wanted, or a walker who gave up.
    #[must_use]
    pub fn are_over(&self) -> bool {
        self.over.load(SeqCst)
    }

    fn walk_on(&self, who: u64) {
        // a walker who gives up ends the trouble too, and is heard
        let _ending = Ending(&self.over);
        let mut number = 0;
        loop {
            let last = self.are_over();
            // each begins with another walk, so that all kinds are on their way at once
            let about = ALL.iter().cycle().nth((who + number) as usize % ALL.len()).copied().unwrap_or(About::Once);
            self.walk(&Walk::new(self, format!("{who}-{number}")), about);
            self.walks.fetch_add(1, SeqCst);
            number += 1;
            if last {
                return;
            }
        }
    }

    fn walk(&self, walk: &Walk<'_>, about: About) {
        let dataset = walk.store();
        match about {
            About::Once => walk.runs_twice(&walk.approved("max", "one use", None)),
            About::Standing => {
                let first = walk.asked("max", "first use", None);
                walk.approve(&first, USES);
                walk.runs_twice(&first);
                let grant = walk.grant_of(&first);
                for number in 1..USES {
                    walk.runs_twice(&walk.approved("max", &format!("use {number}"), Some(&grant)));
                }
            }
            About::Counter => {
                let asked = walk.asked("min", "the least", None);
                walk.counter(&asked, "max");
                walk.runs_twice(&walk.accepted(&asked));
            }
            About::Denial => {
                let asked = walk.asked("max", "too much", None);
                walk.deny(&asked);
                walk.hears(&asked, "denied");
                walk.erase(&asked);
            }
            About::Revocation => {
                let asked = walk.asked("max", "until taken back", None);
                walk.approve(&asked, USES);
                walk.runs_twice(&asked);
                walk.revoke(&walk.grant_of(&asked), 1);
            }
        }
        walk.remove(&dataset);
    }
}

/// Ends the walking when dropped: also when something failed, so that the failure is told.
struct Ending<'a>(&'a AtomicBool);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}
