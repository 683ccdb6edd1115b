//! A backup file that is read.

use super::{About, Progress, item::Item, items::Items};
use crate::{error::StoreError, keys::Passphrase};
use std::{fs::File, io::BufReader, path::Path};

/// A backup file, its passphrase found right and its first item read.
pub struct Backup {
    items: Items<BufReader<File>>,
    length: u64,
    about: About,
}

impl Backup {
    /// Opens a backup.
    ///
    /// # Errors
    /// [`StoreError::BadBackup`] for a file that is none or is damaged at its beginning, [`StoreError::PassphraseWrong`],
    /// [`StoreError::Newer`], [`StoreError::Io`].
    pub fn open(path: &Path, passphrase: &Passphrase) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        let length = file.metadata().map_err(StoreError::io("measure", path))?.len();
        let (about, items) = Items::begin(BufReader::new(file), path, passphrase)?;
        Ok(Self { items, length, about })
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Length of the file in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Hands every item after the first to `take`, then makes sure that the end is the end.
    pub(super) fn each(
        &mut self,
        progress: &mut Progress<'_>,
        take: &mut dyn FnMut(Item) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.items.each(progress, take)
    }

    /// What is wrong with this file.
    pub(super) fn bad(&self, why: impl Into<String>) -> StoreError {
        self.items.bad(why)
    }
}
