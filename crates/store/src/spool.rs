//! A file on its way in: it lies in the home without a name, sealed under a key that only this process ever has.
//!
//! A file that is larger than memory should hold has to lie somewhere while it is understood. It has no name (on Unix; on
//! Windows the system deletes it when it is closed), so that it is gone when it is let go of or the process dies, and
//! whatever its blocks leave behind on the disk cannot be opened by anybody.

#[cfg(test)]
mod tests;

use crate::{error::StoreError, files, home::Home, seal};
use seal::{OVERHEAD, Sealer};
use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom, Write as _},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};
use zeroize::Zeroizing;

/// Plain bytes that are sealed together.
const BLOCK_BYTES: usize = 64 * 1024;
/// The same with what sealing adds.
const SEALED_BYTES: usize = BLOCK_BYTES + OVERHEAD;

/// A file that still comes.
pub struct Spool {
    file: File,
    sealer: Sealer,
    /// Where it lies, for errors.
    folder: PathBuf,
    blocks: u64,
    /// The beginning of the next block.
    pending: Vec<u8>,
}

/// A file that has come. It may be read from any thread, at any place.
pub struct Spooled {
    sealer: Sealer,
    folder: PathBuf,
    length: u64,
    place: Mutex<Place>,
}

/// Where the file was read last.
struct Place {
    file: File,
    /// The number of the block that was opened last, and what is in it.
    opened: Option<(u64, Vec<u8>)>,
}

impl Spool {
    /// An empty one, in that home.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::NoRandomness`].
    pub fn begin(home: &Home) -> Result<Self, StoreError> {
        let folder = home.root().to_owned();
        // private to its owner, as that crate makes them
        let file = tempfile::tempfile_in(&folder).map_err(StoreError::io("create a file in", &folder))?;
        let key = Zeroizing::new(files::random::<32>()?);
        Ok(Self { file, sealer: Sealer::new(&key), folder, blocks: 0, pending: Vec::with_capacity(BLOCK_BYTES) })
    }

    /// Adds bytes at its end.
    ///
    /// # Errors
    /// [`StoreError::Io`], a full disk among it.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            let room = (BLOCK_BYTES - self.pending.len()).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            self.pending.extend_from_slice(now);
            bytes = later;
            if self.pending.len() == BLOCK_BYTES {
                self.seal()?;
            }
        }
        Ok(())
    }

    /// The file, whole.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn finish(mut self) -> Result<Spooled, StoreError> {
        let length = self.blocks * BLOCK_BYTES as u64 + self.pending.len() as u64;
        self.seal()?;
        let Self { file, sealer, folder, .. } = self;
        Ok(Spooled { sealer, folder, length, place: Mutex::new(Place { file, opened: None }) })
    }

    fn seal(&mut self) -> Result<(), StoreError> {
        let sealed = self.sealer.seal(&[&self.blocks.to_be_bytes()], &self.pending)?;
        self.file.write_all(&sealed).map_err(StoreError::io("write a file in", &self.folder))?;
        self.blocks += 1;
        self.pending.clear();
        Ok(())
    }
}

impl Spooled {
    /// Its length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads from a place on, as far as one block goes; 0 only at the end.
    ///
    /// # Errors
    /// [`StoreError::Io`]; [`StoreError::Damaged`] when it is not what was written.
    pub fn read_at(&self, at: u64, into: &mut [u8]) -> Result<usize, StoreError> {
        if at >= self.length {
            return Ok(0);
        }
        let (number, within) = (at / BLOCK_BYTES as u64, (at % BLOCK_BYTES as u64) as usize);
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match place.opened.take() {
            Some((there, block)) if there == number => block,
            _ => self.open(&mut place.file, number)?,
        };
        let rest = opened.get(within..).unwrap_or_default();
        let read = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        place.opened = Some((number, opened));
        Ok(read)
    }

    fn open(&self, file: &mut File, number: u64) -> Result<Vec<u8>, StoreError> {
        let failed = || StoreError::io("read a file in", &self.folder);
        file.seek(SeekFrom::Start(number * SEALED_BYTES as u64)).map_err(failed())?;
        let mut sealed = Vec::with_capacity(SEALED_BYTES);
        file.take(SEALED_BYTES as u64).read_to_end(&mut sealed).map_err(failed())?;
        let opened = self.sealer.open_in_place(&[&number.to_be_bytes()], sealed);
        opened.ok_or_else(|| StoreError::damaged("a file on its way in".to_owned(), "it is not what was written"))
    }
}
