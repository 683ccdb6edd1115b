//! A home, opened: keys, control database and datasets, and the operations that touch more than one of them.

use crate::{
    control::Control,
    datasets::{DatasetReader, DatasetWriter, Datasets},
    engine::Batch,
    error::StoreError,
    export::{self, ExportSummary, Piece},
    home::Home,
    keys::{KeyRing, Passphrase},
    manifest::Manifest,
    migrate::{self, Pages, SCHEMA, SCHEMA_KEY, TREE},
};
use failpoint::Point;
use protocol::DatasetId;
use std::sync::Arc;

/// Present while a deletion is committed and not yet made real.
const REWRITE_KEY: &[u8] = b"rewrite";

/// A home, opened and locked for this process. The lock ends with the last of the store, its readers and its writers.
pub struct Store {
    pub(crate) home: Home,
    pub(crate) keys: KeyRing,
    pub(crate) control: Control,
    pub(crate) datasets: Datasets,
}

impl Store {
    /// Makes a home: directories, keys, an empty control database. The identity and transport keys are the caller's to
    /// put ([`KeyRing::put`]).
    ///
    /// # Errors
    /// [`StoreError::AlreadyAHome`], [`StoreError::Locked`], [`StoreError::Io`].
    pub fn create(home: &Home, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        Self::create_of_version(home, passphrase, SCHEMA)
    }

    /// As [`Store::create`], for records of an earlier version that are brought to the present one next.
    pub(crate) fn create_of_version(
        home: &Home,
        passphrase: Option<&Passphrase>,
        version: u64,
    ) -> Result<Self, StoreError> {
        crate::files::create_private_directory(home.root())?;
        let lock = Arc::new(home.lock()?);
        // whatever else may be missing: where there is an identity, nothing is overwritten
        if home.exists() || home.keys().join("identity.key").exists() {
            return Err(StoreError::AlreadyAHome { path: home.root().to_owned() });
        }
        home.lay_out()?;
        migrate::write_format_file(home)?;
        // what a `create` cut short has left seals nothing
        KeyRing::clear(&home.keys())?;
        let keys = KeyRing::create(&home.keys(), passphrase)?;
        let mut first = Batch::new();
        first.put(TREE, SCHEMA_KEY, version.to_be_bytes());
        let control = Control::create(home, &keys, &first)?;
        Ok(Self { home: home.clone(), keys, control, datasets: Datasets::new(home.clone(), lock) })
    }

    /// Opens a home of the present version: finishes a deletion that was interrupted, sweeps what has no manifest.
    ///
    /// # Errors
    /// [`StoreError::NotAHome`], [`StoreError::Locked`], the passphrase's, [`StoreError::Newer`] (nothing is touched),
    /// [`StoreError::Older`], [`StoreError::Damaged`] (then [`Store::export_readable`] still serves).
    pub fn open(home: &Home, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        Self::open_with(home, passphrase, None)
    }

    /// As [`Store::open`], bringing an older home to the present version first: `pages` knows the callers' records.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::Migration`] when a page cannot be made. The next call goes on from there.
    pub fn open_bringing_up(
        home: &Home,
        passphrase: Option<&Passphrase>,
        pages: &mut Pages<'_>,
    ) -> Result<Self, StoreError> {
        Self::open_with(home, passphrase, Some(pages))
    }

    fn open_with(
        home: &Home,
        passphrase: Option<&Passphrase>,
        pages: Option<&mut Pages<'_>>,
    ) -> Result<Self, StoreError> {
        if !home.exists() {
            return Err(StoreError::NotAHome { path: home.root().to_owned() });
        }
        let lock = Arc::new(home.lock()?);
        migrate::check_format_file(home)?;
        let keys = KeyRing::open(&home.keys(), passphrase)?;
        let control = Control::open(home, &keys)?;
        migrate::bring_up(home, &control, pages)?;
        let datasets = Datasets::new(home.clone(), lock);
        let mut store = Self { home: home.clone(), keys, control, datasets };
        store.datasets.sweep(&store.keys, &Manifest::ids(&store.control)?)?;
        if store.control.get(TREE, REWRITE_KEY)?.is_some() {
            store.make_deletions_real()?;
        }
        Ok(store)
    }

    /// Walks a home, damaged or not, and hands everything that can still be decrypted to `sink`, and a report of each
    /// thing that cannot. Changes nothing but what opening a sled database changes. Takes the lock itself.
    ///
    /// This is also the place from which to salvage: a sink that commits each [`Piece::Record`] to a new home's control
    /// database, and puts each [`Piece::Chunk`], rebuilds what is left.
    ///
    /// # Errors
    /// [`StoreError::NotAHome`], [`StoreError::Locked`], the passphrase's; whatever `sink` answers ends the walk.
    pub fn export_readable(
        home: &Home,
        passphrase: Option<&Passphrase>,
        sink: &mut dyn FnMut(Piece<'_>) -> Result<(), StoreError>,
    ) -> Result<ExportSummary, StoreError> {
        export::walk(home, passphrase, sink)
    }

    /// Where this is.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.home
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// The control database. Trees `store` and `datasets` are the store's own.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// Puts every key under another passphrase, or under none.
    ///
    /// # Errors
    /// As [`KeyRing::change_passphrase`].
    pub fn change_passphrase(&mut self, passphrase: Option<&Passphrase>) -> Result<(), StoreError> {
        self.keys.change_passphrase(passphrase)
    }

    /// Begins a dataset. The way into being: this, [`DatasetWriter::put_chunk`], [`DatasetWriter::finish`], then
    /// [`Manifest::put_into`] a batch that also holds the caller's records, and [`Control::commit`].
    ///
    /// # Errors
    /// [`StoreError::DatasetExists`], [`StoreError::Io`].
    pub fn begin_dataset(&self, id: DatasetId) -> Result<DatasetWriter, StoreError> {
        self.datasets.begin(&self.keys, id)
    }

    /// Takes back a dataset whose chunks were finished but whose manifest will not be committed.
    ///
    /// # Errors
    /// [`StoreError::DatasetExists`] when it has a manifest: then [`Store::remove_dataset`] is the way.
    pub fn discard_dataset(&self, id: DatasetId) -> Result<(), StoreError> {
        if Manifest::read(&self.control, id)?.is_some() {
            return Err(StoreError::DatasetExists { id });
        }
        self.datasets.discard(&self.keys, id)
    }

    /// Ids of the datasets, in order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn dataset_ids(&self) -> Result<Vec<DatasetId>, StoreError> {
        Manifest::ids(&self.control)
    }

    /// The manifest of a dataset; `None` when there is no such dataset.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn manifest(&self, id: DatasetId) -> Result<Option<Manifest>, StoreError> {
        Manifest::read(&self.control, id)
    }

    /// A reader of a dataset.
    ///
    /// # Errors
    /// [`StoreError::NoSuchDataset`], [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn read_dataset(&self, id: DatasetId) -> Result<DatasetReader, StoreError> {
        let manifest = Manifest::read(&self.control, id)?.ok_or(StoreError::NoSuchDataset { id })?;
        self.datasets.read(&self.keys, manifest)
    }

    /// Removes a dataset and applies `batch` in the same commit; then destroys its key, its files and every trace of its
    /// manifest. Interrupted after the commit, the rest happens at the next [`Store::open`].
    ///
    /// # Errors
    /// [`StoreError::NoSuchDataset`], [`StoreError::Io`], [`StoreError::Damaged`].
    pub fn remove_dataset(&mut self, id: DatasetId, mut batch: Batch) -> Result<(), StoreError> {
        if !Manifest::delete_into(&self.control, id, &mut batch)? {
            return Err(StoreError::NoSuchDataset { id });
        }
        self.commit_deletions(batch)?;
        // Windows keeps the directory while a reader is open; its key is gone, and the next start sweeps it
        let discarded = self.datasets.discard(&self.keys, id);
        failpoint::pass(Point::DatasetDiscarded);
        self.make_deletions_real()?;
        discarded
    }

    /// Applies a batch of deletions (and the records that say so) and makes them real: no remaining key opens what was
    /// deleted or replaced. Interrupted after the commit, the rest happens at the next [`Store::open`].
    ///
    /// # Errors
    /// As [`Control::commit`] and [`Control::rewrite`].
    pub fn erase(&mut self, batch: Batch) -> Result<(), StoreError> {
        self.commit_deletions(batch)?;
        self.make_deletions_real()
    }

    fn commit_deletions(&self, mut batch: Batch) -> Result<(), StoreError> {
        batch.put(TREE, REWRITE_KEY, []);
        self.control.commit(&batch)?;
        failpoint::pass(Point::DeletionCommitted);
        Ok(())
    }

    fn make_deletions_real(&mut self) -> Result<(), StoreError> {
        self.control.rewrite(&self.keys)?;
        failpoint::pass(Point::DeletionReal);
        // only now: a crash before this repeats the rewrite, which does no harm
        let mut done = Batch::new();
        done.delete(TREE, REWRITE_KEY);
        self.control.commit(&done)
    }
}

#[cfg(test)]
mod tests;
