//! The mailbox's items on the disk: a sled database in a folder of its own. Items are sealed before they come here.

use std::path::Path;

use relay::mailbox::{Change, Shelf, ShelfError};
use store::{Batch, Engine as _, StoreError, after, engine::SledEngine};

const TREE: &str = "items";
/// Records read at a time when the relay starts.
const PAGE: usize = 256;

/// A folder that outlives the relay.
pub(crate) struct Folder(SledEngine);

impl Folder {
    /// Opens the folder, or makes it.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        SledEngine::open(path).map(Self)
    }
}

impl Shelf for Folder {
    fn is_lasting(&self) -> bool {
        true
    }

    fn each(&self, pass: &mut dyn FnMut(&[u8], &[u8])) -> Result<(), ShelfError> {
        let mut from: Option<Vec<u8>> = None;
        loop {
            let page = self.0.scan(TREE, &[], from.as_deref(), PAGE)?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            from = Some(after(last));
            page.iter().for_each(|(key, value)| pass(key, value));
        }
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, ShelfError> {
        Ok(self.0.get(TREE, key)?)
    }

    fn write(&self, changes: Vec<Change>) -> Result<(), ShelfError> {
        let mut batch = Batch::new();
        for (key, value) in changes {
            match value {
                Some(value) => batch.put(TREE, &key, value),
                None => batch.delete(TREE, &key),
            };
        }
        Ok(self.0.sync(self.0.apply(&batch)?)?)
    }
}

#[cfg(test)]
mod tests;
