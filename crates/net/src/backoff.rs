//! How long to wait before the next attempt.

use std::time::Duration;

/// First wait.
const FIRST: Duration = Duration::from_secs(1);
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(60);

/// Doubles from 1 s to 60 s with every failure, each wait shortened at random by up to half, so that all nodes of a
/// relay that comes back do not arrive at once.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after one more failure.
    pub(crate) fn next(&mut self) -> Duration {
        self.after(rand::random_range(0.5..=1.0))
    }

    /// Attempts have failed since the last success.
    pub(crate) fn failing(&self) -> bool {
        self.failures > 0
    }

    /// An attempt succeeded.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    fn after(&mut self, share: f64) -> Duration {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        doubled.min(LONGEST).mul_f64(share)
    }
}

#[cfg(test)]
mod tests;
