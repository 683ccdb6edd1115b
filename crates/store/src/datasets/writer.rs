//! Writing the chunks of a dataset that does not exist yet.

use super::{TREE, chunk_key, hash, key_name};
use crate::{
    engine::{Batch, SledEngine, within},
    error::StoreError,
    files,
    home::{Home, HomeLock},
    keys::KeyRing,
    limits::{BATCH_BYTES, CHUNK_BYTES, CHUNKS},
    seal::Sealed,
};
use failpoint::Point;
use protocol::{DatasetId, Digest, limits::COLUMNS};
use std::sync::Arc;

/// Chunks are committed when this many bytes wait: one fsync for several.
const PENDING_BYTES: usize = BATCH_BYTES / 2;

/// Writes the chunks of one dataset. Dropped before [`DatasetWriter::finish`], it takes back all that it wrote.
pub struct DatasetWriter {
    id: DatasetId,
    home: Home,
    /// `None` once the database was handed back or taken back.
    sealed: Option<Sealed<SledEngine>>,
    pending: Batch,
    pending_bytes: usize,
    hashes: Vec<Vec<Digest>>,
    #[expect(dead_code, reason = "keeps the home locked while its files are in use")]
    lock: Arc<HomeLock>,
}

impl DatasetWriter {
    pub(super) fn new(id: DatasetId, home: Home, sealed: Sealed<SledEngine>, lock: Arc<HomeLock>) -> Self {
        let (pending, hashes) = (Batch::new(), Vec::new());
        Self { id, home, sealed: Some(sealed), pending, pending_bytes: 0, hashes, lock }
    }

    /// The dataset's id.
    #[must_use]
    pub fn id(&self) -> DatasetId {
        self.id
    }

    /// Adds a chunk of at most [`CHUNK_BYTES`]. Within a column chunks come in order, from 0; columns in any order.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], [`StoreError::NoSuchChunk`] out of order, [`StoreError::Io`].
    pub fn put_chunk(&mut self, column: u16, index: u32, bytes: &[u8]) -> Result<(), StoreError> {
        within("a chunk's length in bytes", bytes.len(), CHUNK_BYTES)?;
        within("a column's position", usize::from(column), COLUMNS - 1)?;
        within("a dataset's number of chunks", self.hashes.iter().map(Vec::len).sum::<usize>() + 1, CHUNKS)?;
        let columns = self.hashes.len().max(usize::from(column) + 1);
        let misplaced = StoreError::NoSuchChunk { id: self.id, column, index };
        if self.hashes.get(usize::from(column)).map_or(0, Vec::len) != index as usize {
            return Err(misplaced);
        }
        self.hashes.resize_with(columns, Vec::new);
        self.hashes.get_mut(usize::from(column)).ok_or(misplaced)?.push(hash(bytes));
        self.pending.put(TREE, &chunk_key(column, index), bytes);
        self.pending_bytes += bytes.len();
        if self.pending_bytes >= PENDING_BYTES { self.commit_pending() } else { Ok(()) }
    }

    /// Makes all chunks durable and returns their hashes, by column: the `chunks` of the manifest, which the caller
    /// commits next. Until then the dataset does not exist.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was written is taken back then.
    pub fn finish(mut self) -> Result<Vec<Vec<Digest>>, StoreError> {
        self.commit_pending()?;
        failpoint::pass(Point::ChunksFinished);
        self.sealed = None;
        Ok(std::mem::take(&mut self.hashes))
    }

    fn commit_pending(&mut self) -> Result<(), StoreError> {
        self.pending_bytes = 0;
        let pending = std::mem::take(&mut self.pending);
        match &self.sealed {
            Some(sealed) => sealed.commit(&pending),
            None => Err(StoreError::Stopped { path: self.home.dataset(self.id) }),
        }
    }
}

impl Drop for DatasetWriter {
    fn drop(&mut self) {
        if self.sealed.take().is_none() {
            return;
        }
        let taken_back = KeyRing::destroy_in(&self.home.keys(), &key_name(self.id))
            .and_then(|()| files::remove_directory(&self.home.dataset(self.id)));
        if let Err(error) = taken_back {
            tracing::warn!(dataset = %self.id, %error, "an unfinished dataset stays until the next start sweeps it");
        }
    }
}
