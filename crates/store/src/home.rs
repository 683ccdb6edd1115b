//! The directory of one node: its paths, and the lock that keeps a second node out.

use crate::{error::StoreError, files};
use protocol::DatasetId;
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// The directory of one node. Naming one touches nothing on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home(PathBuf);

/// Proof that this process alone works in a home; released when dropped, or by the system when the process ends.
#[derive(Debug)]
pub struct HomeLock(#[expect(dead_code, reason = "held open, which holds the lock")] File);

impl Home {
    /// The home at `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// Where the key files are.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.0.join("keys")
    }

    /// Where the generations of the control database are.
    #[must_use]
    pub fn control(&self) -> PathBuf {
        self.0.join("control")
    }

    /// Where the datasets are, one directory each.
    #[must_use]
    pub fn datasets(&self) -> PathBuf {
        self.0.join("datasets")
    }

    /// The directory of one dataset.
    #[must_use]
    pub fn dataset(&self, id: DatasetId) -> PathBuf {
        self.datasets().join(id.to_string())
    }

    /// Whether a node was created here.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.current_file().exists()
    }

    /// Takes the home for this process.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when somebody holds it; [`StoreError::Io`] when the directory cannot be written.
    pub fn lock(&self) -> Result<HomeLock, StoreError> {
        let path = self.0.join("lock");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(HomeLock(file)),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { home: self.0.clone() }),
            Err(TryLockError::Error(e)) => Err(StoreError::io("lock", &path)(e)),
        }
    }

    /// The file that names the living generation of the control database.
    pub(crate) fn current_file(&self) -> PathBuf {
        self.control().join("CURRENT")
    }

    /// The file that states the version of the home's form.
    pub(crate) fn format_file(&self) -> PathBuf {
        self.control().join("FORMAT")
    }

    /// The directory of one generation of the control database.
    pub(crate) fn generation(&self, generation: u64) -> PathBuf {
        self.control().join(generation.to_string())
    }

    /// Makes the directories, private to their owner.
    pub(crate) fn lay_out(&self) -> Result<(), StoreError> {
        for directory in [self.0.clone(), self.keys(), self.control(), self.datasets()] {
            files::create_private_directory(&directory)?;
        }
        Ok(())
    }
}
