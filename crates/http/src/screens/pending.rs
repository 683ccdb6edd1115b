//! A file that was looked at and not stored yet. It waits in memory, one for each session, and not for long.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long a file waits for a yes.
const WAIT: Duration = Duration::from_secs(15 * 60);
/// Files that wait at once; the oldest makes room. Each has at most what a dataset may have.
const FILES: usize = 4;

/// Files that wait. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Pending(Arc<Mutex<BTreeMap<[u8; 32], Waiting>>>);

/// One of them.
#[derive(Clone)]
pub(crate) struct Waiting {
    pub(crate) file: Arc<[u8]>,
    /// The name it had where it came from.
    pub(crate) name: String,
    pub(crate) skip_bad_rows: bool,
    since: Instant,
}

impl Pending {
    /// Lays a file down in the place of the one before.
    pub(crate) fn put(&self, session: [u8; 32], file: Vec<u8>, name: String, skip_bad_rows: bool) {
        let mut files = self.files();
        if files.len() >= FILES
            && let Some(oldest) = files.iter().min_by_key(|(_, waiting)| waiting.since).map(|(of, _)| *of)
        {
            files.remove(&oldest);
        }
        files.insert(session, Waiting { file: file.into(), name, skip_bad_rows, since: Instant::now() });
    }

    /// The file of a session, if it still waits.
    pub(crate) fn of(&self, session: [u8; 32]) -> Option<Waiting> {
        self.files().get(&session).cloned()
    }

    /// Forgets it.
    pub(crate) fn drop(&self, session: [u8; 32]) {
        self.files().remove(&session);
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<[u8; 32], Waiting>> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|_, waiting| waiting.since.elapsed() < WAIT);
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_waits_for_its_own_session_and_few_wait_at_once() {
        let pending = Pending::default();
        for session in 0..6 {
            pending.put([session; 32], vec![session], String::new(), false);
        }
        assert!(pending.of([0; 32]).is_none() && pending.of([1; 32]).is_none(), "the oldest made room");
        assert_eq!(*pending.of([5; 32]).unwrap().file, [5]);
        pending.drop([5; 32]);
        assert!(pending.of([5; 32]).is_none());
    }
}
