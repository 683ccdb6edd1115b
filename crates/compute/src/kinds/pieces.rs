//! Several columns read side by side: each is cut into chunks of its own, and here they come in stretches of rows.

use super::{Limits, RunError};
use crate::{
    chunk::{self, ChunkError},
    view::{Chunks, View, ViewError},
};
use arrow::array::{Array, ArrayRef};
use protocol::Column;

/// One column while it is read.
struct Stream<'a> {
    column: &'a Column,
    chunks: Chunks<'a>,
    /// Chunks and rows taken so far.
    taken: (u64, u64),
    /// What is left of the chunk taken last.
    rest: Option<ArrayRef>,
}

/// Hands every row of these columns to `each`, in row order and within the bounds: the position of the first of a
/// stretch, and one array per column, all of the same length and of the columns' types.
///
/// Of a single column the stretches are its chunks, uncopied.
///
/// # Errors
/// What `each` fails with; a column that cannot be read, or has not as many rows as the view says; the limits.
pub(super) fn for_each(
    view: &dyn View,
    columns: &[&Column],
    limits: &Limits<'_>,
    mut each: impl FnMut(u64, &[ArrayRef]) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let open = |column: &&'_ Column| -> Result<_, ViewError> { view.chunks(&column.name) };
    let chunks = columns.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let mut streams: Vec<_> = columns
        .iter()
        .zip(chunks)
        .map(|(column, chunks)| Stream { column, chunks, taken: (0, 0), rest: None })
        .collect();
    let mut first = 0;
    loop {
        for stream in &mut streams {
            stream.fill(limits)?;
        }
        let length = streams.iter().map(Stream::left).min().unwrap_or_default();
        if length == 0 {
            break;
        }
        let arrays: Vec<_> = streams.iter_mut().filter_map(|stream| stream.cut(length)).collect();
        each(first, &arrays)?;
        first += length as u64;
    }
    let expected = view.rows();
    match streams.iter().find(|stream| stream.taken.1 != expected) {
        Some(stream) => {
            let (column, found) = (stream.column.name.clone(), stream.taken.1);
            Err(ViewError::Rows { column, found, expected }.into())
        }
        None => Ok(()),
    }
}

impl Stream<'_> {
    /// Takes the next chunk that is not empty, unless something of the last one is left.
    fn fill(&mut self, limits: &Limits<'_>) -> Result<(), RunError> {
        while self.left() == 0 {
            if (limits.cancelled)() {
                return Err(RunError::Cancelled);
            }
            let Some(chunk) = self.chunks.next() else { return Ok(()) };
            let chunk = chunk?;
            if !chunk::is_of(chunk.data_type(), self.column.of) {
                let source = ChunkError::OtherType { expected: self.column.of };
                let column = self.column.name.clone();
                return Err(ViewError::Damaged { column, chunk: self.taken.0, source }.into());
            }
            let rows = self.taken.1.saturating_add(chunk.len() as u64);
            if rows > limits.max_rows {
                return Err(RunError::TooManyRows { rows, limit: limits.max_rows });
            }
            self.taken = (self.taken.0 + 1, rows);
            self.rest = Some(chunk);
        }
        Ok(())
    }

    fn left(&self) -> usize {
        self.rest.as_ref().map_or(0, |rest| rest.len())
    }

    /// The next rows, which are there.
    fn cut(&mut self, length: usize) -> Option<ArrayRef> {
        let rest = self.rest.take()?;
        if rest.len() == length {
            return Some(rest);
        }
        self.rest = Some(rest.slice(length, rest.len() - length));
        Some(rest.slice(0, length))
    }
}
