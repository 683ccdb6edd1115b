//! One version of one dataset of the store, as computations see it.

use super::{
    Columns, Place,
    ahead::{Ahead, Source},
};
use compute::{
    View, ViewError,
    chunk::Decoded,
    view::{Chunks, Resident},
};
use protocol::{Column, Name};
use std::{thread::available_parallelism, time::Duration};
use store::{DatasetReader, StoreError};

/// Threads that compute over one dataset: a laptop has better things to do.
const THREADS: usize = 2;

/// A version of a dataset. Columns that were read whole stay in memory for a while.
pub struct StoredView {
    reader: DatasetReader,
    columns: Columns,
    threads: usize,
}

impl StoredView {
    /// What a reader reads.
    #[must_use]
    pub fn new(reader: DatasetReader, columns: Columns) -> Self {
        let threads = available_parallelism().map_or(1, |threads| threads.get().min(THREADS));
        Self { reader, columns, threads }
    }

    /// The same for a look that keeps nothing in memory.
    #[must_use]
    pub fn passing(reader: DatasetReader) -> Self {
        Self::new(reader, Columns::new(0, Duration::ZERO))
    }

    /// The same with so many threads that compute over columns in memory.
    #[must_use]
    pub fn with_threads(self, threads: usize) -> Self {
        Self { threads, ..self }
    }

    fn place(&self, column: &Name) -> Option<Place> {
        let manifest = self.reader.manifest();
        let at = manifest.columns.iter().position(|candidate| candidate.name == *column)?;
        Some(Place { dataset: manifest.id, salt: manifest.salt, column: u16::try_from(at).ok()? })
    }

    fn removed(&self) -> Option<StoreError> {
        self.reader.is_removed().then(|| StoreError::NoSuchDataset { id: self.reader.manifest().id })
    }
}

impl View for StoredView {
    fn columns(&self) -> &[Column] {
        &self.reader.manifest().columns
    }

    fn rows(&self) -> u64 {
        self.reader.manifest().rows
    }

    fn chunks(&self, column: &Name) -> Result<Chunks<'_>, ViewError> {
        if let Some(removed) = self.removed() {
            return Err(ViewError::Storage(Box::new(removed)));
        }
        let manifest = self.reader.manifest();
        let found = self.place(column).and_then(|place| {
            let at = usize::from(place.column);
            let chunks = u32::try_from(manifest.chunks.get(at)?.len()).ok()?;
            Some((place, manifest.columns.get(at)?.clone(), chunks))
        });
        let (place, column, chunks) = found.ok_or_else(|| ViewError::NoColumn { column: column.clone() })?;
        if let Some(values) = self.columns.get(&place) {
            return Ok(Box::new((0..values.len()).filter_map(move |at| values.get(at).cloned().map(Ok))));
        }
        let source = Source { reader: self.reader.clone(), position: place.column, column, chunks };
        let (opened, room) = (Vec::new(), self.columns.0.limit);
        Ok(Box::new(Opening { view: self, place, chunks: Ahead::new(source), opened: Some(opened), room }))
    }

    fn held(&self, column: &Name) -> Option<Resident> {
        if self.reader.is_removed() { None } else { self.columns.get(&self.place(column)?) }
    }

    fn threads(&self) -> usize {
        self.threads
    }
}

/// The chunks of a column while it is read, to be kept once it was read whole.
struct Opening<'v> {
    view: &'v StoredView,
    place: Place,
    chunks: Ahead,
    /// Those read so far, as long as there is room for them.
    opened: Option<Vec<Decoded>>,
    room: usize,
}

impl Iterator for Opening<'_> {
    type Item = <Chunks<'static> as Iterator>::Item;

    fn next(&mut self) -> Option<Self::Item> {
        match self.chunks.next() {
            Some(Ok(chunk)) => {
                let values = chunk.values().cloned();
                self.remember(chunk);
                values.map(Ok)
            }
            Some(Err(error)) => {
                self.opened = None;
                Some(Err(error))
            }
            None => {
                if let Some(chunks) = self.opened.take() {
                    let removed = || self.view.reader.is_removed();
                    self.view.columns.keep(self.place.clone(), chunks, removed);
                }
                None
            }
        }
    }
}

impl Opening<'_> {
    fn remember(&mut self, chunk: Decoded) {
        let Some(room) = self.room.checked_sub(chunk.bytes()) else {
            self.opened = None;
            return;
        };
        self.room = room;
        if let Some(opened) = &mut self.opened {
            opened.push(chunk);
        }
    }
}
