//! A count of commits beside the database: what tells lost records from records that never were.
//!
//! sled takes damage in its log for the torn end of an interrupted write and silently drops what follows (measured:
//! 5,000 altered bytes in the middle of the file, and it opens with fewer records and no word). So every commit counts
//! itself inside the database, and, once that is durable, in this file. Needs no fsync of its own: after a power cut the
//! file may be behind the database, which is nothing, but never ahead of it, unless acknowledged commits are lost.

use crate::error::StoreError;
use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

/// The file's name within the database's directory.
const FILE: &str = "commits";

/// The file with the count: eight bytes, big-endian, and their complement, which a torn write does not have.
pub(super) struct Witness {
    file: File,
    path: PathBuf,
}

impl Witness {
    /// Opens the file beside the database, or creates it.
    pub(super) fn open(database: &Path) -> Result<Self, StoreError> {
        let path = database.join(FILE);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(StoreError::io("open", &path))?;
        Ok(Self { file, path })
    }

    /// Commits that were acknowledged at least; 0 when the file is new or torn.
    pub(super) fn count(&self) -> Result<u64, StoreError> {
        let mut bytes = Vec::new();
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).map_err(StoreError::io("read", &self.path))?;
        file.take(17).read_to_end(&mut bytes).map_err(StoreError::io("read", &self.path))?;
        let Ok(bytes) = <[u8; 16]>::try_from(bytes) else { return Ok(0) };
        let both = u128::from_be_bytes(bytes);
        let (count, complement) = ((both >> 64) as u64, both as u64);
        Ok(if complement == !count { count } else { 0 })
    }

    /// Notes that so many commits are durable.
    pub(super) fn note(&self, count: u64) {
        let both = (u128::from(count) << 64) | u128::from(!count);
        let mut file = &self.file;
        let noted = file.seek(SeekFrom::Start(0)).and_then(|_| file.write_all(&both.to_be_bytes()));
        if let Err(error) = noted {
            // the commit itself is durable: only the notice of a later loss is weakened
            tracing::warn!(%error, path = %self.path.display(), "the count of commits could not be written");
        }
    }
}
