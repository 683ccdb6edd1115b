//! A home read as it is, damaged or not.
//!
//! Opening a damaged sled database drops what is damaged in it. So each database is copied first, into `HOME/remains`,
//! and the copy is what is opened: the home keeps whatever another attempt, or another program, may still find. Costs the
//! free space of the largest database.

use crate::{
    control,
    datasets::{self, chunk_key, key_name},
    engine::{Engine as _, Packed, Sizes, SledEngine},
    error::StoreError,
    files,
    home::{Home, HomeLock},
    keys::{KeyRing, Passphrase},
    manifest::{self, Manifest},
    seal::Sealed,
};
use protocol::DatasetId;
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// Where copies are made.
const COPIES: &str = "remains";

/// What is left of a home. Holds its lock; changes nothing in it.
pub struct Remains {
    home: Home,
    keys: KeyRing,
    copies: Copies,
    #[expect(dead_code, reason = "keeps the home locked while it is read")]
    lock: HomeLock,
}

/// What is left of one database: a copy, opened.
pub struct Remaining {
    /// `None` only while it is dropped: closed before its files are removed.
    sealed: Option<Sealed<Packed<SledEngine>>>,
    path: PathBuf,
    set_aside: bool,
}

/// A record's key, and its value or why it cannot be read.
pub type Found = (Vec<u8>, Result<Vec<u8>, StoreError>);

impl Remains {
    /// Opens a home with its keys alone.
    ///
    /// # Errors
    /// [`StoreError::NotAHome`], [`StoreError::Locked`], [`StoreError::Newer`], the passphrase's, [`StoreError::Io`].
    pub fn open(home: &Home, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        if !KeyRing::exists(&home.keys()) {
            return Err(match home.control().is_dir() {
                true => StoreError::NoSuchKey { name: "identity".to_owned() },
                false => StoreError::NotAHome { path: home.root().to_owned() },
            });
        }
        let lock = home.lock()?;
        match crate::migrate::check_format_file(home) {
            // a format file that names no version is one more fault of the home
            Ok(()) | Err(StoreError::Damaged { .. }) => {}
            Err(other) => return Err(other),
        }
        let keys = KeyRing::open(&home.keys(), passphrase)?;
        let copies = Copies::beside(home)?;
        Ok(Self { home: home.clone(), keys, copies, lock })
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// What is left of the control database. Where the file that names the living generation is damaged, the latest
    /// generation whose key is there.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::NoSuchKey`], [`StoreError::Io`].
    pub fn control(&self) -> Result<Remaining, StoreError> {
        let generation = match control::current(&self.home) {
            Ok(generation) if self.home.generation(generation).is_dir() => generation,
            Ok(generation) => {
                let what = format!("the control database {}", self.home.generation(generation).display());
                return Err(StoreError::damaged(what, "it is missing"));
            }
            Err(why) => self.latest_generation()?.ok_or(why)?,
        };
        let key = self.keys.get(&control::key_name(generation))?;
        self.copies.open(&self.home.generation(generation), |engine| Sealed::new(engine, &key, control::CONTEXT))
    }

    /// Whether the file that names the living generation, and the one that states the version, can be read.
    ///
    /// # Errors
    /// Why not.
    pub fn files(&self) -> Result<(), StoreError> {
        control::current(&self.home)?;
        crate::migrate::check_format_file(&self.home)
    }

    /// Ids of datasets of which there are files or a key.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn datasets(&self) -> Result<BTreeSet<DatasetId>, StoreError> {
        let directories = files::names_in(&self.home.datasets())?;
        let keyed = self.keys.names()?;
        let names = directories.iter().map(String::as_str);
        let names = names.chain(keyed.iter().filter_map(|name| name.strip_prefix(datasets::KEY_PREFIX)));
        Ok(names.filter_map(|name| name.parse().ok()).collect())
    }

    /// What is left of a dataset.
    ///
    /// # Errors
    /// As [`Remains::control`].
    pub fn dataset(&self, id: DatasetId) -> Result<Remaining, StoreError> {
        let path = self.home.dataset(id);
        if !path.is_dir() {
            return Err(StoreError::damaged(format!("dataset {id}"), "its directory is missing"));
        }
        let key = self.keys.get(&key_name(id))?;
        self.copies.open(&path, |engine| Sealed::new(engine, &key, id.as_bytes()))
    }

    fn latest_generation(&self) -> Result<Option<u64>, StoreError> {
        let keyed = self.keys.names()?;
        let numbers = keyed.iter().filter_map(|name| name.strip_prefix(control::KEY_PREFIX)?.parse().ok());
        Ok(numbers.filter(|number| self.home.generation(*number).is_dir()).max())
    }
}

impl Remaining {
    /// Acknowledged commits that are not there any more.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn lost_commits(&self) -> Result<u64, StoreError> {
        self.sealed()?.engine().beneath().missing()
    }

    /// Whether it opened only without the engine's snapshot: a node would not start with it.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.set_aside
    }

    /// Names of the trees, in order.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn trees(&self) -> Result<Vec<String>, StoreError> {
        self.sealed()?.trees()
    }

    /// At most `limit` records of a tree whose keys begin with `prefix` and are not below `from`, readable or not.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when not even the keys can be read.
    pub fn page(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Found>, StoreError> {
        let sealed = self.sealed()?;
        let raw = sealed.engine().scan(tree, prefix, from, limit)?;
        let open = |(key, value): (Vec<u8>, Vec<u8>)| {
            let value = sealed.open(tree, &key, &value);
            (key, value)
        };
        Ok(raw.into_iter().map(open).collect())
    }

    /// The value under a key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.sealed()?.get(tree, key)
    }

    /// A chunk of a dataset; whether it is the right one only its manifest says.
    ///
    /// # Errors
    /// [`StoreError::Damaged`]; also when it is missing.
    pub fn chunk(&self, column: u16, index: u32) -> Result<Vec<u8>, StoreError> {
        let found = self.get(datasets::TREE, &chunk_key(column, index))?;
        found.ok_or_else(|| StoreError::damaged(format!("chunk {index} of column {column}"), "it is missing"))
    }

    /// The manifest of a dataset, if this is what is left of the control database.
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn manifest(&self, id: DatasetId) -> Result<Option<Manifest>, StoreError> {
        let parts = self.page(manifest::TREE, id.as_bytes(), None, manifest::PARTS)?;
        if parts.is_empty() {
            return Ok(None);
        }
        let parts = parts.into_iter().map(|(key, value)| Ok((key, value?))).collect::<Result<_, StoreError>>()?;
        Manifest::from_parts(id, parts).map(Some)
    }

    fn sealed(&self) -> Result<&Sealed<Packed<SledEngine>>, StoreError> {
        self.sealed.as_ref().ok_or_else(|| StoreError::Stopped { path: self.path.clone() })
    }
}

impl Drop for Remaining {
    fn drop(&mut self) {
        self.sealed = None;
        if let Err(error) = files::remove_directory(&self.path) {
            tracing::warn!(%error, "a copy of a database stays; it holds sealed values only and can be removed");
        }
    }
}

/// The folder in which copies are made; removed when dropped.
struct Copies(PathBuf);

impl Copies {
    fn beside(home: &Home) -> Result<Self, StoreError> {
        let path = home.root().join(COPIES);
        files::remove_directory(&path)?;
        files::create_private_directory(&path)?;
        Ok(Self(path))
    }

    fn open(
        &self,
        database: &Path,
        seal: impl FnOnce(Packed<SledEngine>) -> Sealed<Packed<SledEngine>>,
    ) -> Result<Remaining, StoreError> {
        let path = self.0.join(database.file_name().unwrap_or_default());
        let first = match Self::opened(database, &path, false) {
            Ok(engine) => return Ok(Remaining { sealed: Some(seal(engine)), path, set_aside: false }),
            Err(why) => why,
        };
        // a snapshot that is ahead of what can be read refuses all of it; without one, sled reads up to the damage
        match Self::opened(database, &path, true) {
            Ok(engine) => Ok(Remaining { sealed: Some(seal(engine)), path, set_aside: true }),
            Err(_) => {
                files::remove_directory(&path)?;
                Err(match first {
                    StoreError::Damaged { source, .. } => {
                        StoreError::damaged(format!("the database at {}", database.display()), source)
                    }
                    other => other,
                })
            }
        }
    }

    /// A fresh copy, opened with sled's snapshot or without.
    fn opened(database: &Path, path: &Path, without_snapshot: bool) -> Result<Packed<SledEngine>, StoreError> {
        files::remove_directory(path)?;
        copy(database, path)?;
        if without_snapshot {
            for name in files::names_in(path)?.iter().filter(|name| name.starts_with("snap.")) {
                files::remove_if_there(&path.join(name))?;
            }
        }
        Packed::over(SledEngine::open_as_it_is(path)?, Sizes::of_this_program())
    }
}

impl Drop for Copies {
    fn drop(&mut self) {
        if let Err(error) = files::remove_directory(&self.0) {
            tracing::warn!(%error, "a folder of copies stays; it can be removed");
        }
    }
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    files::create_private_directory(to)?;
    for name in files::names_in(from)? {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy(&from, &to)?;
        } else {
            fs::copy(&from, &to).map_err(StoreError::io("copy", &from))?;
        }
    }
    Ok(())
}
