//! Chunks opened ahead of whoever computes: on two threads, a few at a time, handed over in order.

use compute::{ViewError, chunk::Decoded};
use protocol::Column;
use std::{
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};
use store::DatasetReader;

/// Threads that open the chunks of one column.
const THREADS: u32 = 2;
/// Chunks that a thread is ahead: bounds what lies open.
const AHEAD: usize = 2;
/// Chunks below which starting threads takes longer than it saves.
const FEW: u32 = 8;

type Opened = Result<Decoded, ViewError>;

/// The chunks of one column of a dataset.
pub(super) struct Source {
    pub(super) reader: DatasetReader,
    pub(super) position: u16,
    pub(super) column: Column,
    pub(super) chunks: u32,
}

/// Those chunks opened, in order.
pub(super) struct Ahead {
    source: Arc<Source>,
    next: u32,
    /// The thread of a chunk is that of its number, in turns; with none chunks are opened when they are asked for.
    threads: Vec<(Receiver<Opened>, JoinHandle<()>)>,
}

impl Ahead {
    pub(super) fn new(source: Source) -> Self {
        let source = Arc::new(source);
        let wanted = if source.chunks < FEW { 0 } else { THREADS };
        let threads: Option<Vec<_>> = (0..wanted).map(|first| begin(&source, first)).collect();
        // without all of them chunks would be missing: then none works
        Self { source, next: 0, threads: threads.unwrap_or_default() }
    }
}

/// A thread that opens every chunk whose turn it is, from `first`; none if the system has no more.
fn begin(source: &Arc<Source>, first: u32) -> Option<(Receiver<Opened>, JoinHandle<()>)> {
    let (sender, receiver): (SyncSender<Opened>, _) = sync_channel(AHEAD);
    let source = Arc::clone(source);
    let work = move || {
        for index in (first..source.chunks).step_by(THREADS as usize) {
            // nobody waits any more
            if sender.send(source.open(index)).is_err() {
                return;
            }
        }
    };
    let thread = thread::Builder::new().name("halfdoor-open".to_owned()).spawn(work).ok()?;
    Some((receiver, thread))
}

impl Source {
    fn open(&self, index: u32) -> Opened {
        let bytes = self.reader.chunk(self.position, index);
        let bytes = bytes.map_err(|error| ViewError::Storage(Box::new(error)))?;
        Decoded::new(bytes, self.column.of).map_err(|source| ViewError::Damaged {
            column: self.column.name.clone(),
            chunk: index.into(),
            source,
        })
    }
}

impl Iterator for Ahead {
    type Item = Opened;

    fn next(&mut self) -> Option<Opened> {
        let index = self.next;
        if index == self.source.chunks {
            return None;
        }
        self.next += 1;
        let turn = self.threads.get((index % THREADS) as usize);
        // a thread that ended before its time has panicked: opened here, the chunk says why
        let opened = turn.and_then(|(receiver, _)| receiver.recv().ok());
        Some(opened.unwrap_or_else(|| self.source.open(index)))
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        for (receiver, thread) in self.threads.drain(..) {
            drop(receiver);
            // so that nothing reads the dataset any more when this is gone; a panic was met as a missing chunk
            let _ = thread.join();
        }
    }
}
