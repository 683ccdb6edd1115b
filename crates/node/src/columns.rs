//! Columns that were opened, in memory for a while: whoever is shown a preview, approves it and runs it reads the same
//! column three times, and opening it costs ten times what computing does.
//!
//! What lies here is plain, and only here: never on a disk, never more than a bound, no longer than some minutes after the
//! last use, and not after its dataset was removed. Bytes are overwritten when they are let go of.

mod ahead;
mod view;

pub use view::StoredView;

use compute::{chunk::Decoded, view::Resident};
use protocol::DatasetId;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// Bytes of opened columns that are kept unless the owner says otherwise: three columns of ten million numbers.
pub const BYTES: usize = 256 << 20;
/// How long a column is kept after its last use: the time in which an owner reads a prompt and decides.
pub const IDLE: Duration = Duration::from_secs(5 * 60);

/// The columns that are kept. Clones share them.
#[derive(Clone)]
pub struct Columns(Arc<Shared>);

struct Shared {
    limit: usize,
    idle: Duration,
    kept: Mutex<Vec<Kept>>,
}

/// Which column of which version of which dataset. A version is told by the salt that was drawn for it.
#[derive(Clone, PartialEq, Eq)]
struct Place {
    dataset: DatasetId,
    salt: [u8; 32],
    column: u16,
}

/// One column.
struct Kept {
    place: Place,
    bytes: usize,
    used: Instant,
    column: Plain,
}

/// All chunks of a column. The arrays go first, so that the bytes beneath them can be overwritten.
struct Plain {
    values: Resident,
    _chunks: Vec<Decoded>,
}

impl Columns {
    /// Keeps at most so many bytes; with 0 nothing.
    #[must_use]
    pub fn new(limit: usize, idle: Duration) -> Self {
        Self(Arc::new(Shared { limit, idle, kept: Mutex::default() }))
    }

    /// Bytes that are kept now.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.kept().iter().map(|kept| kept.bytes).sum()
    }

    /// Lets go of the columns of a dataset.
    pub fn forget(&self, dataset: DatasetId) {
        self.retain(|kept| kept.place.dataset != dataset);
    }

    /// Lets go of all columns.
    pub fn clear(&self) {
        self.retain(|_| false);
    }

    /// Lets go of columns that were not used for long.
    pub(crate) fn tidy(&self) {
        self.retain(|kept| kept.used.elapsed() < self.0.idle);
    }

    fn get(&self, place: &Place) -> Option<Resident> {
        let mut kept = self.kept();
        let found = kept.iter_mut().find(|kept| kept.place == *place)?;
        found.used = Instant::now();
        Some(Arc::clone(&found.column.values))
    }

    /// Keeps a column, instead of those that were not used for longest. `removed` is asked once nobody can forget it before
    /// it is kept.
    fn keep(&self, place: Place, chunks: Vec<Decoded>, removed: impl Fn() -> bool) {
        let bytes: usize = chunks.iter().map(Decoded::bytes).sum();
        let mut kept = self.kept();
        if bytes > self.0.limit || removed() || kept.iter().any(|kept| kept.place == place) {
            return;
        }
        kept.sort_by_key(|kept| std::cmp::Reverse(kept.used));
        let mut room = self.0.limit - bytes;
        let fitting = kept.iter().take_while(|kept| match room.checked_sub(kept.bytes) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        });
        let fitting = fitting.count();
        kept.truncate(fitting);
        let values = chunks.iter().filter_map(|chunk| chunk.values().cloned()).collect();
        kept.push(Kept { place, bytes, used: Instant::now(), column: Plain { values, _chunks: chunks } });
    }

    fn retain(&self, keep: impl Fn(&Kept) -> bool) {
        self.kept().retain(keep);
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Kept>> {
        // poisoned or not, each column in it is whole
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Columns {
    fn default() -> Self {
        Self::new(BYTES, IDLE)
    }
}

#[cfg(test)]
mod tests;
