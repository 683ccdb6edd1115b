//! Chunks on their way from a file into the store.

use crate::{actor::Mailbox, error::NodeError};
use compute::{Chunk, Sink, SinkError};
use store::DatasetWriter;

/// Bytes of chunks that wait in memory until the file is known to be good; of a larger file they are written, and taken
/// back if it is refused after all.
const WAITING_BYTES: usize = 16 << 20;

/// The chunks of one file.
pub(crate) struct Poured {
    mailbox: Mailbox,
    runtime: tokio::runtime::Handle,
    /// Chunks in memory, with the positions of their columns.
    waiting: Vec<(usize, Chunk)>,
    waiting_bytes: usize,
    writing: Option<Writing>,
}

/// A dataset that was begun, and how many chunks each of its columns has.
struct Writing {
    writer: DatasetWriter,
    chunks: Vec<u32>,
}

impl Poured {
    /// None yet. To be called on the runtime; chunks are put from one of its blocking threads.
    pub(crate) fn new(mailbox: Mailbox) -> Self {
        let runtime = tokio::runtime::Handle::current();
        Self { mailbox, runtime, waiting: Vec::new(), waiting_bytes: 0, writing: None }
    }

    /// The dataset with all chunks in it; `begin` begins it unless that was done.
    pub(crate) fn finish(
        self,
        begin: impl FnOnce() -> Result<DatasetWriter, NodeError>,
    ) -> Result<DatasetWriter, NodeError> {
        let mut writing = match self.writing {
            Some(writing) => writing,
            None => Writing::new(begin()?),
        };
        writing.put_all(self.waiting)?;
        Ok(writing.writer)
    }
}

impl Sink for Poured {
    fn put(&mut self, column: usize, chunk: Chunk) -> Result<(), SinkError> {
        if let Some(writing) = &mut self.writing {
            return Ok(writing.put(column, &chunk)?);
        }
        self.waiting_bytes += chunk.bytes.len();
        self.waiting.push((column, chunk));
        if self.waiting_bytes > WAITING_BYTES {
            let writer = self.runtime.block_on(self.mailbox.call(|actor| actor.begin_dataset()))?;
            let writing = self.writing.insert(Writing::new(writer));
            writing.put_all(std::mem::take(&mut self.waiting))?;
        }
        Ok(())
    }
}

impl Writing {
    fn new(writer: DatasetWriter) -> Self {
        Self { writer, chunks: Vec::new() }
    }

    fn put_all(&mut self, chunks: Vec<(usize, Chunk)>) -> Result<(), NodeError> {
        chunks.into_iter().try_for_each(|(column, chunk)| self.put(column, &chunk))
    }

    fn put(&mut self, column: usize, chunk: &Chunk) -> Result<(), NodeError> {
        if self.chunks.len() <= column {
            self.chunks.resize(column + 1, 0);
        }
        let Some(index) = self.chunks.get_mut(column) else { return Ok(()) };
        let position = u16::try_from(column).unwrap_or(u16::MAX);
        self.writer.put_chunk(position, *index, &chunk.bytes)?;
        *index += 1;
        Ok(())
    }
}
