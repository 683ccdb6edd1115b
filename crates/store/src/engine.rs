//! One database with named trees, whatever keeps it: the contract, and the batch that is its only write.

mod group;
mod memory;
mod packed;
mod sled;
#[cfg(test)]
mod tests;
mod witness;

pub use self::{
    memory::MemoryEngine,
    packed::{Packed, Sizes},
    sled::SledEngine,
};

use crate::{
    error::StoreError,
    limits::{BATCH_BYTES, BATCH_CHANGES, KEY_BYTES, RAW_VALUE_BYTES, TREE_BYTES},
};
use std::collections::BTreeMap;

/// A record: key and value.
pub type Pair = (Vec<u8>, Vec<u8>);

/// The place of a batch that was applied, in the order of all; what [`Engine::sync`] is told to wait for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[must_use = "what was applied is durable only after a sync"]
pub struct Applied(pub(crate) u64);

/// One database with named trees of records in key order. `engine/tests.rs` holds what every engine must pass.
///
/// A tree exists once something was committed to it; reading one that does not exist finds nothing.
/// Names of trees: 1 to 32 of `a-z 0-9 _ -`, beginning with a letter. Keys: 1 to 64 bytes, and no personal text in them.
pub trait Engine: Send + Sync {
    /// Names of the trees, in order.
    fn trees(&self) -> Result<Vec<String>, StoreError>;

    /// The value under a key.
    fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError>;

    /// At most `limit` records whose keys begin with `prefix` and are not below `from`, in key order.
    /// The next page begins at [`after`] the last key.
    fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError>;

    /// The record with the highest key.
    fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError>;

    /// The record with the highest key below `key`.
    fn before(&self, tree: &str, key: &[u8]) -> Result<Option<Pair>, StoreError>;

    /// Applies a batch: all of it or nothing, over all its trees. Every reader sees it when this returns; it is on the
    /// disk, with all that was applied before it, only after [`Engine::sync`]. Until then nobody may be told of it.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] and [`StoreError::BadName`] leave the database as it was. After any other error it is
    /// unknown what was applied: every later change and sync answers [`StoreError::Stopped`] until the database is
    /// opened anew.
    fn apply(&self, batch: &Batch) -> Result<Applied, StoreError>;

    /// Returns once everything up to `applied` is on the disk. Callers that wait at the same time share one sync.
    ///
    /// # Errors
    /// [`StoreError::Io`] for the caller whose sync failed, [`StoreError::Stopped`] for everybody else, then and later:
    /// it is unknown what reached the disk.
    fn sync(&self, applied: Applied) -> Result<(), StoreError>;

    /// Applies a batch and waits until it is on the disk.
    ///
    /// # Errors
    /// As [`Engine::apply`] and [`Engine::sync`].
    fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.sync(self.apply(batch)?)
    }
}

/// Changes that happen together or not at all. A later change to the same key replaces an earlier one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    trees: BTreeMap<String, BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl Batch {
    /// No changes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a record. Bounds are checked when the batch is committed.
    pub fn put(&mut self, tree: &str, key: &[u8], value: impl Into<Vec<u8>>) -> &mut Self {
        self.change(tree, key, Some(value.into()))
    }

    /// Removes a record, whether or not it exists.
    pub fn delete(&mut self, tree: &str, key: &[u8]) -> &mut Self {
        self.change(tree, key, None)
    }

    /// Adds every change of `later`, which wins where both touch a key.
    pub fn extend(&mut self, later: Batch) -> &mut Self {
        for (tree, changes) in later.trees {
            self.trees.entry(tree).or_default().extend(changes);
        }
        self
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }

    /// The changes by tree and key; `None` removes.
    pub fn trees(&self) -> impl Iterator<Item = (&str, &BTreeMap<Vec<u8>, Option<Vec<u8>>>)> {
        self.trees.iter().map(|(tree, changes)| (tree.as_str(), changes))
    }

    /// Refuses what exceeds a bound, before anything is written.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], [`StoreError::BadName`].
    pub fn check(&self) -> Result<(), StoreError> {
        let (mut changes, mut bytes) = (0, 0);
        for (tree, records) in &self.trees {
            check_tree(tree)?;
            for (key, value) in records {
                within("a key's length in bytes", key.len(), KEY_BYTES)?;
                if key.is_empty() {
                    return Err(StoreError::BadName { name: String::new(), what: "a record", limit: KEY_BYTES });
                }
                let length = value.as_ref().map_or(0, Vec::len);
                within("a value's length in bytes", length, RAW_VALUE_BYTES)?;
                changes += 1;
                bytes += key.len() + length;
            }
        }
        within("a batch's number of changes", changes, BATCH_CHANGES)?;
        within("a batch's length in bytes", bytes, BATCH_BYTES)
    }

    fn change(&mut self, tree: &str, key: &[u8], value: Option<Vec<u8>>) -> &mut Self {
        self.trees.entry(tree.to_owned()).or_default().insert(key.to_owned(), value);
        self
    }
}

/// The lowest key above `key`: where the page after it begins.
#[must_use]
pub fn after(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_owned();
    next.push(0);
    next
}

/// Refuses a size above its bound.
pub(crate) fn within(what: &'static str, size: usize, limit: usize) -> Result<(), StoreError> {
    if size > limit { Err(StoreError::TooLarge { what, size, limit }) } else { Ok(()) }
}

fn check_tree(name: &str) -> Result<(), StoreError> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    // the first letter keeps clear of sled's own `__sled__default`
    let good = name.len() <= TREE_BYTES
        && name.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && name.bytes().all(allowed);
    if good { Ok(()) } else { Err(StoreError::BadName { name: name.to_owned(), what: "a tree", limit: TREE_BYTES }) }
}

/// Where a scan begins: the higher of prefix and `from`.
fn start<'a>(prefix: &'a [u8], from: Option<&'a [u8]>) -> &'a [u8] {
    from.filter(|from| *from > prefix).unwrap_or(prefix)
}
