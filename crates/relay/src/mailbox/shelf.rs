//! Where items lie: in memory, or wherever the relay's program puts them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Why a shelf failed.
pub type ShelfError = Box<dyn std::error::Error + Send + Sync>;

/// A record's key, and its new value; `None` removes it.
pub type Change = (Vec<u8>, Option<Vec<u8>>);

/// Records by key, at most 64 bytes of key and 17 KiB of value. Used on a thread of its own, which may block.
pub trait Shelf: Send + Sync {
    /// Whether what is written outlives the process.
    fn is_lasting(&self) -> bool;

    /// Passes every record, in the order of keys.
    ///
    /// # Errors
    /// The disk's.
    fn each(&self, pass: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ShelfError>;

    /// The value of a record.
    ///
    /// # Errors
    /// The disk's.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ShelfError>;

    /// Makes changes, all or none; those of a lasting shelf are on the disk on return.
    ///
    /// # Errors
    /// The disk's.
    fn write(&self, changes: Vec<Change>) -> Result<(), ShelfError>;
}

/// A shelf that is empty after a restart.
#[derive(Debug, Default)]
pub struct MemoryShelf(Mutex<BTreeMap<Vec<u8>, Vec<u8>>>);

impl MemoryShelf {
    fn records(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Vec<u8>>> {
        // poisoned or not, each record is whole
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf for MemoryShelf {
    fn is_lasting(&self) -> bool {
        false
    }

    fn each(&self, pass: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ShelfError> {
        self.records().iter().for_each(|(key, value)| pass(key, value));
        Ok(())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ShelfError> {
        Ok(self.records().get(key).cloned())
    }

    fn write(&self, changes: Vec<Change>) -> Result<(), ShelfError> {
        let mut records = self.records();
        for (key, value) in changes {
            match value {
                Some(value) => records.insert(key, value),
                None => records.remove(&key),
            };
        }
        Ok(())
    }
}
