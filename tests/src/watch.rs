//! Waiting for what can be observed.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

/// How long something may take before its absence is a fault: generous, for slow machines under load.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Between two looks.
pub(crate) const PAUSE: Duration = Duration::from_millis(25);

/// Looks until there is something.
///
/// # Panics
/// When there is still nothing after [`PATIENCE`].
pub fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    until_within(PATIENCE, what, look)
}

/// The same with another patience.
///
/// # Panics
/// When there is still nothing after `patience`.
pub fn until_within<T>(patience: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(begun.elapsed() < patience, "waited {patience:?} in vain: {what}");
        sleep(PAUSE);
    }
}
