//! sled 0.34.7 made durable. The only file that knows sled.
//!
//! Measured, and the reason for every line here that looks like too much: `flush()` calls only `sync_file_range` on
//! Linux (in a power-cut harness 11 of 20 rounds lost acknowledged records, 2 of 20 could not be opened; with our own
//! `fsync` 0 of 25); values above a quarter of a segment go to files in `blobs/` that are never synced; opening or
//! reading a damaged database can panic, or silently lose records (see `witness.rs`); after a drop, sled's threads hold
//! its lock for a moment longer.

mod eviction;

use self::eviction::Eviction;
use super::{
    Applied, Batch, Engine, Pair,
    group::{Group, Undurable},
    start,
    witness::Witness,
};
use crate::{error::StoreError, files};
use ::sled::{
    Config, Db, Error as SledError, Transactional as _, Tree,
    transaction::{ConflictableTransactionError, TransactionError},
};
use failpoint::Point;
use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// sled's largest segment: a quarter of it bounds what stays out of `blobs/`.
const SEGMENT_BYTES: usize = 16 << 20;
/// sled caches decoded pages, several times larger in memory than on the disk, and the system caches the file anyway:
/// small, so that a node stays small.
const CACHE_BYTES: u64 = 1 << 20;
/// How often, and how far apart, a lock is tried that a database just dropped may still hold.
const LOCK_TRIES: u32 = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);
/// sled's own tree, which is always there: it holds the count of commits, and no record of a caller.
const DEFAULT_TREE: &[u8] = b"__sled__default";
const COMMITS: &[u8] = b"commits";

/// A sled database in a directory of its own.
pub struct SledEngine {
    trees: Mutex<BTreeMap<String, Tree>>,
    db: Db,
    /// Our own handle on sled's file: its `fsync` is what makes a commit durable.
    file: File,
    path: PathBuf,
    /// Noted by whoever syncs, one at a time: never ahead of what is durable.
    witness: Witness,
    /// Commits applied so far; held while one is applied, so that they are counted in their order.
    commits: Mutex<u64>,
    group: Group,
    eviction: Eviction,
}

impl SledEngine {
    /// Opens the database in `path`, or creates it there, durably.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when sled cannot make sense of it (or panics), or when commits that were acknowledged are
    /// missing; [`StoreError::Locked`] when another process has it open; [`StoreError::Io`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let engine = Self::open_as_it_is(path)?;
        let commits = *engine.commits();
        match engine.missing()? {
            0 => Ok(Self { group: Group::new(commits), ..engine }),
            lost => {
                let what = format!("the database at {}", path.display());
                Err(StoreError::damaged(what, format!("{lost} acknowledged commits are missing")))
            }
        }
    }

    /// Opens what is there for reading alone, with acknowledged commits missing or not.
    ///
    /// # Errors
    /// As [`SledEngine::open`], but for missing commits.
    pub fn open_as_it_is(path: &Path) -> Result<Self, StoreError> {
        files::create_private_directory(path)?;
        let db = open_patiently(path)?;
        let db_file = path.join("db");
        // Windows syncs only what may be written
        let file =
            OpenOptions::new().read(true).write(true).open(&db_file).map_err(StoreError::io("open", &db_file))?;
        let commits = guarded(path, || Ok(db.get(COMMITS)?))?.and_then(|n| n.as_ref().try_into().ok());
        let engine = Self {
            trees: Mutex::default(),
            db,
            file,
            path: path.to_owned(),
            witness: Witness::open(path)?,
            commits: Mutex::new(commits.map_or(0, u64::from_be_bytes)),
            group: Group::stopped(),
            eviction: Eviction::default(),
        };
        engine.make_durable()?;
        let conf = path.join("conf");
        OpenOptions::new().write(true).open(&conf).and_then(|f| f.sync_all()).map_err(StoreError::io("sync", &conf))?;
        files::sync_directory(path)?;
        Ok(engine)
    }

    /// Acknowledged commits that the database no longer has; 0 for a whole one.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn missing(&self) -> Result<u64, StoreError> {
        let here = *self.commits();
        Ok(self.witness.count()?.saturating_sub(here))
    }

    fn commits(&self) -> MutexGuard<'_, u64> {
        // poisoned or not, the number is whole: it changes in one assignment
        self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self) -> StoreError {
        StoreError::Stopped { path: self.path.clone() }
    }

    /// Makes durable what was applied before it began; the number of the last of these.
    fn sync_applied(&self) -> Result<u64, StoreError> {
        // waits for a batch that is just being applied, and for none after it
        let applied = *self.commits();
        self.make_durable()?;
        failpoint::pass(Point::FileSynced);
        self.witness.note(applied);
        failpoint::pass(Point::CountNoted);
        Ok(applied)
    }

    fn make_durable(&self) -> Result<(), StoreError> {
        self.guarded(|| self.db.flush().map_err(Failure::Sled))?;
        self.file.sync_all().map_err(StoreError::io("sync", &self.path.join("db")))
    }

    /// The tree of that name if it exists, or if it is wanted for writing.
    fn tree(&self, name: &str, create: bool) -> Result<Option<Tree>, Failure> {
        let mut open = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = open.get(name) {
            return Ok(Some(tree.clone()));
        }
        if !create && !self.db.tree_names().iter().any(|n| n.as_ref() == name.as_bytes()) {
            return Ok(None);
        }
        let tree = self.db.open_tree(name)?;
        open.insert(name.to_owned(), tree.clone());
        Ok(Some(tree))
    }

    /// One transaction over all trees of the batch and the count.
    fn transact(&self, batch: &Batch, commit: u64) -> Result<(), Failure> {
        let count: &Tree = &self.db;
        let mut trees = vec![count.clone()];
        let mut changes = Vec::new();
        for (name, records) in batch.trees() {
            trees.extend(self.tree(name, true)?);
            changes.push(records);
        }
        let applied = trees.as_slice().transaction(|views| {
            let Some((count, views)) = views.split_first() else { return Ok(()) };
            count.insert(COMMITS, &commit.to_be_bytes())?;
            for (view, records) in views.iter().zip(&changes) {
                for (key, value) in *records {
                    match value {
                        Some(value) => view.insert(key.as_slice(), value.as_slice())?,
                        None => view.remove(key.as_slice())?,
                    };
                }
            }
            Ok::<(), ConflictableTransactionError<()>>(())
        });
        match applied {
            Ok(()) => {
                for value in changes.iter().flat_map(|records| records.values()) {
                    self.eviction.wrote(&self.db, value.as_ref().map_or(0, Vec::len))?;
                }
                Ok(())
            }
            Err(TransactionError::Storage(e)) => Err(Failure::Sled(e)),
            Err(TransactionError::Abort(())) => Err(Failure::Panic("a transaction was aborted".to_owned())),
        }
    }

    fn guarded<T>(&self, run: impl FnOnce() -> Result<T, Failure>) -> Result<T, StoreError> {
        guarded(&self.path, run)
    }
}

impl Engine for SledEngine {
    fn trees(&self) -> Result<Vec<String>, StoreError> {
        self.guarded(|| {
            let names = self.db.tree_names();
            let ours = names.iter().filter(|n| n.as_ref() != DEFAULT_TREE && n.as_ref() != eviction::TREE);
            let mut names: Vec<_> = ours.map(|n| String::from_utf8_lossy(n).into_owned()).collect();
            names.sort();
            Ok(names)
        })
    }

    fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.guarded(|| {
            let Some(tree) = self.tree(tree, false)? else { return Ok(None) };
            let value = tree.get(key)?.map(|value| value.to_vec());
            self.eviction.read(value.as_ref().map_or(0, Vec::len))?;
            Ok(value)
        })
    }

    fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.guarded(|| {
            let Some(tree) = self.tree(tree, false)? else { return Ok(Vec::new()) };
            let mut found = Vec::new();
            for record in tree.range(start(prefix, from)..).take(limit) {
                let (key, value) = record?;
                if !key.starts_with(prefix) {
                    break;
                }
                self.eviction.read(value.len())?;
                found.push((key.to_vec(), value.to_vec()));
            }
            Ok(found)
        })
    }

    fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError> {
        self.guarded(|| {
            let Some(tree) = self.tree(tree, false)? else { return Ok(None) };
            Ok(tree.last()?.map(|(key, value)| (key.to_vec(), value.to_vec())))
        })
    }

    fn before(&self, tree: &str, key: &[u8]) -> Result<Option<Pair>, StoreError> {
        self.guarded(|| {
            let Some(tree) = self.tree(tree, false)? else { return Ok(None) };
            let found = tree.get_lt(key)?.map(|(key, value)| (key.to_vec(), value.to_vec()));
            self.eviction.read(found.as_ref().map_or(0, |(_, value)| value.len()))?;
            Ok(found)
        })
    }

    fn apply(&self, batch: &Batch) -> Result<Applied, StoreError> {
        batch.check()?;
        let mut commits = self.commits();
        if self.group.failed() {
            return Err(self.stopped());
        }
        if batch.is_empty() {
            return Ok(Applied::default());
        }
        let next = commits.saturating_add(1);
        match self.guarded(|| self.transact(batch, next)) {
            Ok(()) => *commits = next,
            Err(error) => {
                self.group.fail();
                return Err(error);
            }
        }
        failpoint::pass(Point::BatchApplied);
        Ok(Applied(next))
    }

    fn sync(&self, applied: Applied) -> Result<(), StoreError> {
        // a failed fsync drops the pages it could not write: a second one would succeed and lie, so there is none
        self.group.wait(applied.0, || self.sync_applied()).map_err(|undurable| match undurable {
            Undurable::Failed(error) => error,
            Undurable::Stopped => self.stopped(),
        })
    }
}

/// What sled answered, or how it fell.
enum Failure {
    Sled(SledError),
    Panic(String),
}

impl From<SledError> for Failure {
    fn from(error: SledError) -> Self {
        Self::Sled(error)
    }
}

/// Runs a sled operation; a panic inside is a report of damage, not the end of the node.
fn guarded<T>(path: &Path, run: impl FnOnce() -> Result<T, Failure>) -> Result<T, StoreError> {
    // unwind safety: after a panic the engine is only read from, or stopped (see `apply` and `sync`)
    let outcome = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Err(Failure::Panic(words_of(&*panic))));
    outcome.map_err(|failure| match failure {
        Failure::Sled(SledError::Io(source)) => StoreError::io("use the database at", path)(source),
        Failure::Sled(error) => StoreError::damaged(format!("the database at {}", path.display()), error),
        Failure::Panic(words) => StoreError::damaged(format!("the database at {}", path.display()), words),
    })
}

fn open_patiently(path: &Path) -> Result<Db, StoreError> {
    let config = || {
        // no flusher of sled's own: what is durable, and when, is decided in `sync` alone
        Config::new().path(path).segment_size(SEGMENT_BYTES).cache_capacity(CACHE_BYTES).flush_every_ms(None)
    };
    for _ in 0..LOCK_TRIES {
        match guarded(path, || Ok(config().open()?)) {
            Err(StoreError::Io { source, .. }) if source.to_string().contains("could not acquire lock") => {
                thread::sleep(LOCK_PAUSE);
            }
            other => return other,
        }
    }
    Err(StoreError::Locked { home: path.to_owned() })
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the engine panicked").to_owned()
}

#[cfg(test)]
mod tests;
