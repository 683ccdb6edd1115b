//! A home made from a backup: built beside its place, and moved there when it is whole.

use super::{Backup, Progress, item::Item};
use crate::{
    Batch, DatasetWriter, Manifest, Store,
    error::StoreError,
    files,
    home::Home,
    keys::{KeyRing, Passphrase},
    manifest,
    migrate::{self, Pages},
};
use failpoint::Point;
use protocol::{DatasetId, Digest};
use std::{collections::BTreeMap, fs, path::Path};

/// Records are committed when this many bytes, or so many of them, wait: one fsync for several.
const COMMIT_BYTES: usize = 2 << 20;
const COMMIT_RECORDS: usize = 1024;
/// What the place of the home is called while it is built.
const BESIDE: &str = "restoring";

/// A home that is whole and not yet in its place: the caller's own last changes go into its store. Dropped, all of it is
/// removed again.
pub struct Restoring {
    /// `None` once it is in its place.
    store: Option<Store>,
    aside: Home,
    place: Home,
}

impl Backup {
    /// Builds the home that this backup holds, with keys of its own under `passphrase` (or none), and brings it to the
    /// present version. It is not in its place before [`Restoring::put_in_place`]: until then, a crash leaves a folder
    /// `HOME.restoring`, which the next attempt replaces.
    ///
    /// # Errors
    /// [`StoreError::InTheWay`], [`StoreError::AlreadyAHome`], [`StoreError::BadBackup`], [`StoreError::Io`],
    /// [`StoreError::Migration`]. Nothing is left then.
    pub fn restore(
        mut self,
        place: &Home,
        passphrase: Option<&Passphrase>,
        pages: &mut Pages<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Restoring, StoreError> {
        let place = Home::new(std::path::absolute(place.root()).map_err(StoreError::io("find", place.root()))?);
        check_free(&place)?;
        let aside = Home::new(place.root().with_added_extension(BESIDE));
        clear(&aside)?;
        let store = Store::create_of_version(&aside, passphrase, self.about().schema);
        // from here on, whatever happens, what was built is removed unless it is put in place
        let mut restoring = Restoring { store: None, aside, place };
        let store = restoring.store.insert(store?);
        let mut building = Building::new(store);
        self.each(progress, &mut |item| building.take(item))?;
        building.finish(&self)?;
        migrate::bring_up(&store.home, &store.control, Some(pages))?;
        Ok(restoring)
    }
}

impl Restoring {
    /// The home's store, open.
    ///
    /// # Errors
    /// [`StoreError::Stopped`]: not before it was put in place.
    pub fn store(&mut self) -> Result<&mut Store, StoreError> {
        let path = self.aside.root().to_owned();
        self.store.as_mut().ok_or(StoreError::Stopped { path })
    }

    /// Closes the store and moves the home to its place: from then on it exists.
    ///
    /// # Errors
    /// [`StoreError::InTheWay`] when something came there meanwhile; [`StoreError::Io`]. Nothing is left then.
    pub fn put_in_place(mut self) -> Result<(), StoreError> {
        self.store = None;
        check_free(&self.place)?;
        let (from, to) = (self.aside.root(), self.place.root());
        // an empty folder in the place is no home; elsewhere than on Unix it would be in the way
        if to.is_dir() {
            fs::remove_dir(to).map_err(StoreError::io("replace", to))?;
        }
        failpoint::pass(Point::HomeBuilt);
        files::move_directory(from, to)?;
        failpoint::pass(Point::HomePlaced);
        Ok(())
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        self.store = None;
        if let Err(error) = clear(&self.aside) {
            tracing::warn!(%error, "an unfinished home stays beside its place; the next restore removes it");
        }
    }
}

/// Takes items and makes them part of a home.
struct Building<'s> {
    store: &'s Store,
    records: Batch,
    waiting: (usize, usize),
    /// The dataset whose chunks are coming, and those that came, with the hashes of what came.
    writer: Option<DatasetWriter>,
    datasets: BTreeMap<DatasetId, Vec<Vec<Digest>>>,
}

impl<'s> Building<'s> {
    fn new(store: &'s Store) -> Self {
        Self { store, records: Batch::new(), waiting: (0, 0), writer: None, datasets: BTreeMap::new() }
    }

    fn take(&mut self, item: Item) -> Result<(), StoreError> {
        match item {
            Item::About(_) | Item::End(_) => Ok(()),
            Item::Key { name, key } => {
                let key = zeroize::Zeroizing::new(key.into_vec());
                let key = key.as_slice().try_into().ok().filter(|_| !super::only_seals(&name));
                let key = key.ok_or_else(|| StoreError::damaged("a key in the backup", "it is not one of a person"))?;
                self.store.keys.put(&name, key)
            }
            Item::Chunk { dataset, column, index, bytes } => self.chunk(dataset, column, index, &bytes),
            Item::Record { tree, key, value } => {
                self.waiting = (self.waiting.0 + key.len() + value.len(), self.waiting.1 + 1);
                // the store's own records are made, not copied
                if tree != migrate::TREE {
                    self.records.put(&tree, &key, value.into_vec());
                }
                if self.waiting.0 >= COMMIT_BYTES || self.waiting.1 >= COMMIT_RECORDS { self.commit() } else { Ok(()) }
            }
        }
    }

    fn chunk(&mut self, dataset: DatasetId, column: u16, index: u32, bytes: &[u8]) -> Result<(), StoreError> {
        if self.writer.as_ref().is_none_or(|writer| writer.id() != dataset) {
            self.close_dataset()?;
            self.writer = Some(self.store.begin_dataset(dataset)?);
        }
        match &mut self.writer {
            Some(writer) => writer.put_chunk(column, index, bytes),
            None => Ok(()),
        }
    }

    fn close_dataset(&mut self) -> Result<(), StoreError> {
        if let Some(writer) = self.writer.take() {
            let id = writer.id();
            self.datasets.insert(id, writer.finish()?);
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.waiting = (0, 0);
        self.store.control.commit(&std::mem::take(&mut self.records))
    }

    /// Nothing is missing and nothing is there that no manifest names.
    fn finish(mut self, backup: &Backup) -> Result<(), StoreError> {
        self.close_dataset()?;
        self.commit()?;
        for id in Manifest::ids(&self.store.control)? {
            let manifest = Manifest::read(&self.store.control, id)?.ok_or(StoreError::NoSuchDataset { id })?;
            let chunks = self.datasets.remove(&id).unwrap_or_default();
            let same = (0..manifest.chunks.len().max(chunks.len()))
                .all(|at| manifest.chunks.get(at).unwrap_or(&Vec::new()) == chunks.get(at).unwrap_or(&Vec::new()));
            if !same {
                return Err(backup.bad(format!("the chunks of dataset {id} are not those of its manifest")));
            }
        }
        match self.datasets.keys().next() {
            Some(id) => Err(backup.bad(format!("chunks of dataset {id}, which has no {} record", manifest::TREE))),
            None => Ok(()),
        }
    }
}

/// Whether nothing but an empty folder is where the home is to be.
fn check_free(place: &Home) -> Result<(), StoreError> {
    let path = place.root().to_owned();
    if place.exists() || place.keys().join("identity.key").exists() {
        return Err(StoreError::AlreadyAHome { path });
    }
    match fs::symlink_metadata(&path) {
        Err(_) => Ok(()),
        Ok(of) if of.is_dir() && is_empty(&path)? => Ok(()),
        Ok(_) => Err(StoreError::InTheWay { path }),
    }
}

fn is_empty(directory: &Path) -> Result<bool, StoreError> {
    Ok(fs::read_dir(directory).map_err(StoreError::io("list", directory))?.next().is_none())
}

/// Removes what an attempt left beside the place, its keys first; refuses while one is at work there.
fn clear(aside: &Home) -> Result<(), StoreError> {
    if !aside.root().is_dir() {
        return Ok(());
    }
    drop(aside.lock()?);
    KeyRing::clear(&aside.keys())?;
    files::remove_directory(aside.root())
}
