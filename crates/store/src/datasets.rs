//! Column chunks: one database and one key per dataset, so that removing a dataset removes all of it.

#[cfg(test)]
mod tests;
mod writer;

pub use writer::DatasetWriter;

use crate::{
    engine::SledEngine,
    error::StoreError,
    files,
    home::{Home, HomeLock},
    keys::KeyRing,
    manifest::Manifest,
    seal::Sealed,
};
use protocol::{DatasetId, Digest};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
};

/// The only tree of a dataset: key = column (u16) ‖ chunk (u32), both big-endian, so that a scan goes column by column.
pub(crate) const TREE: &str = "chunks";
pub(crate) const KEY_PREFIX: &str = "dataset-";
/// Datasets that stay open after their last reader: opening a database costs several syncs, far more than a run.
const KEPT_OPEN: usize = 4;

/// One version of one dataset, for reading. Cheap to clone; may be used from any thread and outlive the `Store`.
///
/// While one exists the home stays locked, and after the dataset's removal it answers [`StoreError::NoSuchDataset`].
#[derive(Clone)]
pub struct DatasetReader {
    opened: Arc<Opened>,
    manifest: Arc<Manifest>,
}

impl DatasetReader {
    /// What the dataset is.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Whether the dataset was removed since: what was read of it must not be kept either.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.opened.removed.load(SeqCst)
    }

    /// The bytes of a chunk, exactly as they were put. When a chunk is read first in this process it is compared with the
    /// manifest's hash. Later its seal says the same at a third of the time: what opens under the dataset's key at a place
    /// is what was put there, once, and was compared.
    ///
    /// # Errors
    /// [`StoreError::NoSuchChunk`]; [`StoreError::NoSuchDataset`] once it was removed; [`StoreError::Damaged`] when the
    /// stored bytes are missing or are not those that were put.
    pub fn chunk(&self, column: u16, index: u32) -> Result<Vec<u8>, StoreError> {
        let id = self.manifest.id;
        if self.is_removed() {
            return Err(StoreError::NoSuchDataset { id });
        }
        let hashes = self.manifest.chunks.get(usize::from(column));
        let expected = hashes.and_then(|hashes| hashes.get(index as usize));
        let expected = expected.ok_or(StoreError::NoSuchChunk { id, column, index })?;
        let damaged = |why| StoreError::damaged(format!("chunk {index} of column {column} of dataset {id}"), why);
        let bytes = self.opened.sealed.get(TREE, &chunk_key(column, index))?.ok_or_else(|| damaged("it is missing"))?;
        let key = chunk_key(column, index);
        if !self.opened.compared().contains(&key) {
            if hash(&bytes) != *expected {
                return Err(damaged("its hash is not the manifest's"));
            }
            self.opened.compared().insert(key);
        }
        Ok(bytes)
    }
}

/// A dataset's open database, shared by its readers: sled opens a directory once per process.
struct Opened {
    sealed: Sealed<SledEngine>,
    removed: AtomicBool,
    /// Chunks, by their keys, that were compared with the manifest's hashes: at most all of the dataset's.
    compared: Mutex<BTreeSet<[u8; 6]>>,
    #[expect(dead_code, reason = "keeps the home locked while its files are in use")]
    lock: Arc<HomeLock>,
}

impl Opened {
    fn compared(&self) -> MutexGuard<'_, BTreeSet<[u8; 6]>> {
        self.compared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The datasets of a home.
pub(crate) struct Datasets {
    home: Home,
    lock: Arc<HomeLock>,
    open: Mutex<Open>,
}

/// What is open: all that have readers, and the last few that were read.
#[derive(Default)]
struct Open {
    all: BTreeMap<DatasetId, Weak<Opened>>,
    recent: VecDeque<Arc<Opened>>,
}

impl Open {
    fn get(&self, id: DatasetId) -> Option<Arc<Opened>> {
        self.all.get(&id).and_then(Weak::upgrade)
    }

    /// Keeps it open for the next reader, and lets go of the one that was not read for longest.
    fn keep(&mut self, id: DatasetId, opened: &Arc<Opened>) {
        self.recent.retain(|kept| !Arc::ptr_eq(kept, opened));
        self.recent.push_back(Arc::clone(opened));
        if self.recent.len() > KEPT_OPEN {
            self.recent.pop_front();
        }
        self.all.retain(|_, opened| opened.strong_count() > 0);
        self.all.insert(id, Arc::downgrade(opened));
    }

    fn take(&mut self, id: DatasetId) -> Option<Arc<Opened>> {
        let taken = self.all.remove(&id).and_then(|opened| opened.upgrade())?;
        self.recent.retain(|kept| !Arc::ptr_eq(kept, &taken));
        Some(taken)
    }
}

impl Datasets {
    pub(crate) fn new(home: Home, lock: Arc<HomeLock>) -> Self {
        Self { home, lock, open: Mutex::default() }
    }

    /// A reader of a dataset that exists.
    pub(crate) fn read(&self, keys: &KeyRing, manifest: Manifest) -> Result<DatasetReader, StoreError> {
        let id = manifest.id;
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match open.get(id) {
            Some(opened) => opened,
            None => {
                let sealed = open_dataset(&self.home, keys, id)?;
                Arc::new(Opened {
                    sealed,
                    removed: AtomicBool::new(false),
                    compared: Mutex::default(),
                    lock: Arc::clone(&self.lock),
                })
            }
        };
        open.keep(id, &opened);
        Ok(DatasetReader { opened, manifest: Arc::new(manifest) })
    }

    /// Begins a dataset that does not exist.
    pub(crate) fn begin(&self, keys: &KeyRing, id: DatasetId) -> Result<DatasetWriter, StoreError> {
        if self.home.dataset(id).exists() {
            return Err(StoreError::DatasetExists { id });
        }
        let key = keys.create_random(&key_name(id)).map_err(|e| match e {
            StoreError::KeyExists { .. } => StoreError::DatasetExists { id },
            other => other,
        })?;
        let sealed = SledEngine::open(&self.home.dataset(id)).map(|e| Sealed::new(e, &key, id.as_bytes()));
        if sealed.is_err() {
            self.discard(keys, id)?;
        }
        Ok(DatasetWriter::new(id, self.home.clone(), sealed?, Arc::clone(&self.lock)))
    }

    /// Destroys the key, then the chunks. Readers that are still there answer no more.
    pub(crate) fn discard(&self, keys: &KeyRing, id: DatasetId) -> Result<(), StoreError> {
        if let Some(opened) = self.open.lock().unwrap_or_else(PoisonError::into_inner).take(id) {
            opened.removed.store(true, SeqCst);
        }
        keys.destroy(&key_name(id))?;
        files::remove_directory(&self.home.dataset(id))
    }

    /// Discards every dataset, whole or half-written, that is not among those that exist.
    pub(crate) fn sweep(&self, keys: &KeyRing, existing: &[DatasetId]) -> Result<(), StoreError> {
        let directories = files::names_in(&self.home.datasets())?;
        let keyed = keys.names()?;
        let names = directories.iter().map(String::as_str);
        let names = names.chain(keyed.iter().filter_map(|n| n.strip_prefix(KEY_PREFIX)));
        let found: BTreeSet<DatasetId> = names.filter_map(|n| n.parse().ok()).collect();
        for id in found.into_iter().filter(|id| !existing.contains(id)) {
            tracing::debug!(dataset = %id, "sweeping a dataset without a manifest");
            self.discard(keys, id)?;
        }
        Ok(())
    }
}

/// Opens a dataset's database.
fn open_dataset(home: &Home, keys: &KeyRing, id: DatasetId) -> Result<Sealed<SledEngine>, StoreError> {
    let path = home.dataset(id);
    if !path.is_dir() {
        return Err(StoreError::damaged(format!("dataset {id}"), "its directory is missing"));
    }
    let key = keys.get(&key_name(id))?;
    Ok(Sealed::new(SledEngine::open(&path)?, &key, id.as_bytes()))
}

pub(crate) fn hash(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

pub(crate) fn key_name(id: DatasetId) -> String {
    format!("{KEY_PREFIX}{id}")
}

pub(crate) fn chunk_key(column: u16, index: u32) -> [u8; 6] {
    let ([a, b], [c, d, e, f]) = (column.to_be_bytes(), index.to_be_bytes());
    [a, b, c, d, e, f]
}
