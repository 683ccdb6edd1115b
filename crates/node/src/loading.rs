//! A file of any size on its way into the store: it is received, understood and stored, and how far it is is told meanwhile.
//!
//! While it comes it lies in the home, sealed and without a name ([`store::Spool`]), so that memory holds a piece of it.
//! Whoever lets go of it, or dies, leaves nothing behind.

mod telling;

pub use telling::{Loading, Stage};

use crate::{cases::Poured, error::NodeError};
use compute::{Chunk, Sink, SinkError, formats::Source};
use std::{
    io,
    sync::{Arc, atomic::Ordering::Relaxed},
};
use store::{Spool, Spooled};
use telling::Telling;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};

/// Largest file that is received, in bytes.
pub const FILE_BYTES: u64 = compute::limits::STREAMED_BYTES;
/// Files that are received or understood at once; others wait for their turn.
const AT_ONCE: usize = 2;
/// Bytes that are written at once.
const WRITTEN_BYTES: usize = 1 << 20;
/// What may be told before a listener that does not listen misses the oldest.
const WAITING: usize = 64;
/// Longest word by which whoever sends a file knows it again.
const WATCH_BYTES: usize = 64;

/// The files on their way into one node.
#[derive(Clone)]
pub(crate) struct Loads {
    told: broadcast::Sender<Loading>,
    places: Arc<Semaphore>,
}

impl Default for Loads {
    fn default() -> Self {
        Self { told: broadcast::channel(WAITING).0, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Loads {
    pub(crate) fn listen(&self) -> broadcast::Receiver<Loading> {
        self.told.subscribe()
    }

    /// A place, once there is one.
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit, NodeError> {
        self.places.clone().acquire_owned().await.map_err(|_| NodeError::Stopping)
    }

    /// A file that begins to come.
    pub(crate) fn begin(
        &self,
        place: OwnedSemaphorePermit,
        spool: Spool,
        watch: Option<&str>,
        of: Option<u64>,
    ) -> Result<Incoming, NodeError> {
        let id = match watch {
            None => String::new(),
            Some(word) if word.len() <= WATCH_BYTES && word.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                word.to_owned()
            }
            Some(_) => {
                let why = format!("at most {WATCH_BYTES} letters and digits");
                return Err(NodeError::Invalid { field: "watch", why });
            }
        };
        let telling = Telling::of(id, of, self.told.clone());
        Ok(Incoming { spool: Some(spool), waiting: Vec::new(), owner: Owner(Arc::new(telling)), place })
    }
}

/// A file that still comes. Dropped, it is gone.
pub struct Incoming {
    /// `None` only after it could not be written.
    spool: Option<Spool>,
    waiting: Vec<u8>,
    owner: Owner,
    place: OwnedSemaphorePermit,
}

impl Incoming {
    /// Adds what has come of it.
    ///
    /// # Errors
    /// [`NodeError::Invalid`] when it becomes larger than [`FILE_BYTES`]; the store's, a full disk among it.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        let come = self.owner.0.add(bytes.len() as u64);
        if come > FILE_BYTES {
            return Err(too_large());
        }
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= WRITTEN_BYTES { self.flush().await } else { Ok(()) }
    }

    /// Writes what waits. It blocks on the disk, so another thread does.
    async fn flush(&mut self) -> Result<(), NodeError> {
        let (mut spool, waiting) = (self.spool.take().ok_or_else(lost)?, std::mem::take(&mut self.waiting));
        let write = move || spool.write(&waiting).map(|()| spool);
        let written = tokio::task::spawn_blocking(write).await.map_err(|_| NodeError::Stopping)?;
        self.spool = Some(written?);
        Ok(())
    }

    /// The file, whole; and who lets it go when nobody waits for it any more.
    pub(crate) async fn finish(mut self) -> Result<(Arc<dyn Source>, Owner, OwnedSemaphorePermit), NodeError> {
        self.flush().await?;
        let spool = self.spool.take().ok_or_else(lost)?;
        let spooled = tokio::task::spawn_blocking(move || spool.finish()).await.map_err(|_| NodeError::Stopping)??;
        let telling = Arc::clone(&self.owner.0);
        telling.stage(Stage::Reading, Some(spooled.length()));
        Ok((Arc::new(Lying { spooled, telling }), self.owner, self.place))
    }
}

fn too_large() -> NodeError {
    let why = compute::formats::ReadError::TooLargeAtAll.to_string();
    NodeError::Invalid { field: "content", why }
}

fn lost() -> NodeError {
    NodeError::Internal("a file on its way in was lost".to_owned())
}

/// Whoever waits for a file. Dropped before it was answered, the file's reading ends too.
pub(crate) struct Owner(Arc<Telling>);

impl Owner {
    /// Rows pass through here on their way into the store.
    pub(crate) fn counting(&self, poured: Poured) -> Counting {
        Counting { poured, telling: Arc::clone(&self.0) }
    }

    /// Tells what became of it.
    pub(crate) fn ended(&self, stored: bool) {
        self.0.stage(if stored { Stage::Stored } else { Stage::Refused }, None);
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        self.0.over.store(true, Relaxed);
    }
}

/// Chunks on their way into the store, counted.
pub(crate) struct Counting {
    poured: Poured,
    telling: Arc<Telling>,
}

impl Counting {
    pub(crate) fn poured(self) -> Poured {
        self.poured
    }
}

impl Sink for Counting {
    fn put(&mut self, column: usize, chunk: Chunk) -> Result<(), SinkError> {
        if column == 0 {
            self.telling.rows(chunk.rows.into());
        }
        self.poured.put(column, chunk)
    }
}

/// A file that lies in the home, and tells how far it was read.
struct Lying {
    spooled: Spooled,
    telling: Arc<Telling>,
}

impl Source for Lying {
    fn length(&self) -> u64 {
        self.spooled.length()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        if self.telling.over.load(Relaxed) {
            return Err(io::Error::other("whoever sent it waits no longer"));
        }
        let read = self.spooled.read_at(at, into).map_err(io::Error::other)?;
        self.telling.add(read as u64);
        Ok(read)
    }

    fn begin(&self, pass: u32, of: u32) {
        self.telling.pass(pass, of);
    }
}

#[cfg(test)]
mod tests;
