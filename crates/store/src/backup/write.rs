//! Writing a backup: the whole file or none.

use super::{
    About, Progress,
    item::{Counts, Item},
    stream::{Broken, Sealing},
};
use crate::{
    Store,
    engine::after,
    error::StoreError,
    files,
    keys::{KdfCost, Passphrase},
    migrate,
};
use failpoint::Point;
use protocol::DatasetId;
use serde_bytes::ByteBuf;
use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

/// Records read at once, of at most 200 KiB each.
const PAGE: usize = 32;

/// What a backup holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupSummary {
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Datasets in it.
    pub datasets: u64,
    /// Records of the control database in it.
    pub records: u64,
}

impl Store {
    /// Writes all of this home that is not made anew by restoring it into one file, sealed under a passphrase of its own;
    /// mode 0600 on Unix, durable on return, absent after any failure. `made`: seconds since 1970.
    ///
    /// Memory: one page of records or one chunk, and one part.
    ///
    /// # Errors
    /// [`StoreError::InTheWay`], [`StoreError::Io`], [`StoreError::Damaged`] (a damaged home is no backup).
    pub fn back_up(
        &self,
        to: &Path,
        passphrase: &Passphrase,
        made: u64,
        progress: &mut Progress<'_>,
    ) -> Result<BackupSummary, StoreError> {
        self.back_up_costing(to, passphrase, KdfCost::default(), made, progress)
    }

    /// As [`Store::back_up`], with a chosen cost of trying a passphrase.
    ///
    /// # Errors
    /// As [`Store::back_up`].
    pub fn back_up_costing(
        &self,
        to: &Path,
        passphrase: &Passphrase,
        cost: KdfCost,
        made: u64,
        progress: &mut Progress<'_>,
    ) -> Result<BackupSummary, StoreError> {
        let unfinished = Unfinished::beside(to)?;
        let file = files::private_file(&unfinished.path).map_err(StoreError::io("create", &unfinished.path))?;
        let named = |broken| named(broken, &unfinished.path);
        let sealing = Sealing::begin(BufWriter::new(file), passphrase, cost).map_err(named)?;
        let mut writing = Writing { sealing, counts: Counts::default(), progress, path: &unfinished.path };
        let schema = migrate::version(&self.home, &self.control)?;
        writing.put(&Item::About(About { schema, program: env!("CARGO_PKG_VERSION").to_owned(), made }))?;
        writing.keys(self)?;
        let datasets = self.dataset_ids()?;
        for id in &datasets {
            writing.dataset(self, *id)?;
        }
        writing.records(self)?;
        let counts = writing.counts;
        writing.put(&Item::End(counts))?;
        let (file, bytes) = writing.sealing.finish().map_err(named)?;
        unfinished.put_in_place(file, to)?;
        Ok(BackupSummary { bytes, datasets: datasets.len() as u64, records: counts.records })
    }
}

struct Writing<'w> {
    sealing: Sealing<BufWriter<File>>,
    counts: Counts,
    progress: &'w mut Progress<'w>,
    path: &'w Path,
}

impl Writing<'_> {
    /// Every key but those that seal a database.
    fn keys(&mut self, store: &Store) -> Result<(), StoreError> {
        for name in store.keys.names()?.into_iter().filter(|name| !super::only_seals(name)) {
            let key = ByteBuf::from(store.keys.get(&name)?.to_vec());
            self.put(&Item::Key { name, key })?;
        }
        Ok(())
    }

    fn dataset(&mut self, store: &Store, id: DatasetId) -> Result<(), StoreError> {
        let reader = store.read_dataset(id)?;
        for (column, hashes) in (0u16..).zip(&reader.manifest().chunks) {
            for (index, _) in (0u32..).zip(hashes) {
                let bytes = ByteBuf::from(reader.chunk(column, index)?);
                self.put(&Item::Chunk { dataset: id, column, index, bytes })?;
            }
        }
        Ok(())
    }

    fn records(&mut self, store: &Store) -> Result<(), StoreError> {
        let living = store.control.living()?;
        for tree in living.trees()?.into_iter().filter(|tree| tree != migrate::TREE) {
            let mut from: Option<Vec<u8>> = None;
            loop {
                let page = living.scan(&tree, &[], from.as_deref(), PAGE)?;
                let Some((last, _)) = page.last() else { break };
                from = Some(after(last));
                for (key, value) in page {
                    let (tree, key, value) = (tree.clone(), ByteBuf::from(key), ByteBuf::from(value));
                    self.put(&Item::Record { tree, key, value })?;
                }
            }
        }
        Ok(())
    }

    fn put(&mut self, item: &Item) -> Result<(), StoreError> {
        self.counts.count(item);
        let framed = item.framed().map_err(|e| StoreError::damaged("what is to be backed up", e))?;
        self.sealing.write(&framed).map_err(|broken| named(broken, self.path))?;
        (self.progress)(self.sealing.written());
        Ok(())
    }
}

/// A file that is being written; gone again unless it is put in place.
struct Unfinished {
    path: PathBuf,
    done: bool,
}

impl Unfinished {
    /// Beside a file that does not exist yet. What an earlier attempt left there is replaced.
    fn beside(to: &Path) -> Result<Self, StoreError> {
        if fs::symlink_metadata(to).is_ok() {
            return Err(StoreError::InTheWay { path: to.to_owned() });
        }
        let path = to.with_added_extension(files::UNFINISHED);
        files::remove_if_there(&path)?;
        Ok(Self { path, done: false })
    }

    fn put_in_place(mut self, file: BufWriter<File>, to: &Path) -> Result<(), StoreError> {
        let mut file = file;
        file.flush().map_err(StoreError::io("write", &self.path))?;
        file.get_ref().sync_all().map_err(StoreError::io("sync", &self.path))?;
        drop(file);
        if fs::symlink_metadata(to).is_ok() {
            return Err(StoreError::InTheWay { path: to.to_owned() });
        }
        failpoint::pass(Point::BackupUnplaced);
        fs::rename(&self.path, to).map_err(StoreError::io("put in place", to))?;
        self.done = true;
        let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        files::sync_directory(parent)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.done
            && let Err(error) = files::remove_if_there(&self.path)
        {
            tracing::warn!(%error, "an unfinished backup stays; it can be removed");
        }
    }
}

/// What went wrong while the file was written.
fn named(broken: Broken, path: &Path) -> StoreError {
    match broken {
        Broken::Io(source) => StoreError::io("write", path)(source),
        Broken::Store(error) => error,
        Broken::Form(why) => StoreError::damaged("what is to be backed up", why),
    }
}
