//! Leaders and followers: whoever waits for the disk while somebody syncs is covered by the next sync, all at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Who syncs now, and what is durable. Changes are numbered from 1 in the order in which they were applied.
#[derive(Debug, Default)]
pub(super) struct Group {
    state: Mutex<State>,
    turned: Condvar,
}

/// How far it came.
#[derive(Debug, Default)]
struct State {
    /// Every change up to this one is on the disk.
    durable: u64,
    /// Somebody syncs.
    led: bool,
    /// A sync failed: what reached the disk is unknown, and stays so.
    failed: bool,
}

/// Why a change is not durable.
#[derive(Debug)]
pub(super) enum Undurable<E> {
    /// The sync that this caller led failed.
    Failed(E),
    /// Another's did, now or earlier.
    Stopped,
}

impl Group {
    /// Nothing is waited for; `durable` changes are on the disk.
    pub(super) fn new(durable: u64) -> Self {
        Self { state: Mutex::new(State { durable, ..State::default() }), turned: Condvar::new() }
    }

    /// Acknowledges nothing.
    pub(super) fn stopped() -> Self {
        Self { state: Mutex::new(State { failed: true, ..State::default() }), turned: Condvar::new() }
    }

    /// Returns once every change up to `number` is durable. One of those who wait syncs for all: `sync` makes durable
    /// whatever was applied before it began, and returns the number of the last of these.
    ///
    /// # Errors
    /// [`Undurable`]: nobody who waits is told that a change is durable, and nobody ever after.
    pub(super) fn wait<E>(&self, number: u64, sync: impl FnOnce() -> Result<u64, E>) -> Result<(), Undurable<E>> {
        let mut state = self.lock();
        loop {
            if state.failed {
                return Err(Undurable::Stopped);
            }
            if state.durable >= number {
                return Ok(());
            }
            if state.led {
                state = self.turned.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.led = true;
            drop(state);
            let lead = Lead { group: self, reached: None };
            // it began after `number` was applied, so it covers it
            return lead.end(sync()).map_err(Undurable::Failed);
        }
    }

    /// Nothing is acknowledged from now on.
    pub(super) fn fail(&self) {
        self.lock().failed = true;
        self.turned.notify_all();
    }

    /// Whether something failed.
    pub(super) fn failed(&self) -> bool {
        self.lock().failed
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // poisoned or not, the state is whole: every change to it is one assignment
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The turn of the one who syncs. However it ends, a panic included, the others are woken; without a number, all fail.
struct Lead<'g> {
    group: &'g Group,
    reached: Option<u64>,
}

impl Lead<'_> {
    fn end<E>(mut self, synced: Result<u64, E>) -> Result<(), E> {
        self.reached = Some(synced?);
        Ok(())
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut state = self.group.lock();
        state.led = false;
        match self.reached {
            Some(number) => state.durable = state.durable.max(number),
            None => state.failed = true,
        }
        drop(state);
        self.group.turned.notify_all();
    }
}

#[cfg(test)]
mod tests;
