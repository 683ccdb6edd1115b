//! The rows of a dataset put together again from the chunks of its columns, some of which may be lost.

use super::check::right_chunk;
use compute::text::{field, texts};
use protocol::ColumnType;
use std::{
    io::{self, Write},
    ops::Range,
};
use store::{Manifest, Remaining, StoreError};

/// Where the chunks of a column belong.
struct Column<'m> {
    position: u16,
    of: ColumnType,
    name: &'m str,
    /// First row, number of rows and index of each chunk whose place is known, in order.
    placed: Vec<(u64, u64, u32)>,
    /// The chunk that is open, its first row and its values.
    open: Option<(u64, Vec<Option<String>>)>,
    next: usize,
}

/// What became of a dataset's rows.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Rows of which at least one cell was written.
    pub(super) rows: u64,
    /// What is missing, in words.
    pub(super) missing: Vec<String>,
}

/// Writes the rows as CSV, cells that are lost empty, rows of which nothing is left out. Memory: one chunk per column.
pub(super) fn write(chunks: &Remaining, manifest: &Manifest, to: &mut impl Write) -> io::Result<Written> {
    let mut written = Written::default();
    let mut columns = Vec::new();
    for (position, (column, hashes)) in (0u16..).zip(manifest.columns.iter().zip(&manifest.chunks)) {
        let lengths: Vec<Option<u64>> = (0u32..)
            .zip(hashes)
            .map(|(index, hash)| {
                let bytes = right_chunk(chunks, position, index, hash).ok()?;
                Some(compute::chunk::decode(&bytes, column.of).ok()?.len() as u64)
            })
            .collect();
        let placed = place(&lengths, manifest.rows, column.of);
        let name = column.name.as_str();
        written.missing.extend(gaps(&placed, manifest.rows).into_iter().map(|gap| missing(name, gap)));
        columns.push(Column { position, of: column.of, name, placed, open: None, next: 0 });
    }
    let names: Vec<_> = columns.iter().map(|column| field(Some(column.name))).collect();
    writeln!(to, "{}", names.join(","))?;
    for row in 0..manifest.rows {
        let mut cells = Vec::with_capacity(columns.len());
        let mut known = false;
        for column in &mut columns {
            let cell = column.cell(chunks, manifest, row);
            known |= cell.is_some();
            cells.push(field(cell.flatten().as_deref()));
        }
        if known {
            written.rows += 1;
            writeln!(to, "{}", cells.join(","))?;
        }
    }
    Ok(written)
}

impl Column<'_> {
    /// The cell of a row, rows asked for in order; `None` where it is lost.
    fn cell(&mut self, chunks: &Remaining, manifest: &Manifest, row: u64) -> Option<Option<String>> {
        while let Some((from, length, index)) = self.placed.get(self.next).copied() {
            if row < from {
                break;
            }
            if row >= from + length {
                self.next += 1;
                self.open = None;
                continue;
            }
            if self.open.is_none() {
                self.open = self.read(chunks, manifest, index).ok().map(|values| (from, values));
            }
            break;
        }
        let (from, values) = self.open.as_mut()?;
        let at = usize::try_from(row.checked_sub(*from)?).ok()?;
        values.get_mut(at).map(Option::take)
    }

    fn read(&self, chunks: &Remaining, manifest: &Manifest, index: u32) -> Result<Vec<Option<String>>, StoreError> {
        let hashes = manifest.chunks.get(usize::from(self.position));
        let no_chunk = || StoreError::NoSuchChunk { id: manifest.id, column: self.position, index };
        let expected = hashes.and_then(|hashes| hashes.get(index as usize)).ok_or_else(no_chunk)?;
        let bytes = right_chunk(chunks, self.position, index, expected)?;
        Ok(texts(&compute::chunk::decode(&bytes, self.of).map_err(|_| no_chunk())?))
    }
}

/// Finds the first row of each chunk from the lengths of those that can be read.
///
/// Counted from the beginning up to the first lost one, and from the end back to the last. Between two that are lost the
/// rows are known where all chunks but the last are of one length, which those of any type but text are.
fn place(lengths: &[Option<u64>], rows: u64, of: ColumnType) -> Vec<(u64, u64, u32)> {
    let full = match of {
        ColumnType::Text => None,
        _ => lengths.split_last().and_then(|(_, first)| first.iter().flatten().next().copied()),
    };
    let length_of = |at: usize| lengths.get(at).copied().flatten().or(full.filter(|_| at + 1 < lengths.len()));
    let readable = |at: usize| lengths.get(at).is_some_and(Option::is_some);
    let (mut placed, mut end, mut reached) = (Vec::new(), 0, 0);
    while let Some(length) = length_of(reached) {
        if readable(reached) {
            placed.push((end, length, reached as u32));
        }
        end += length;
        reached += 1;
    }
    let (mut backward, mut begin) = (Vec::new(), rows);
    for at in (reached..lengths.len()).rev() {
        let Some(length) = length_of(at).filter(|length| *length <= begin) else { break };
        begin -= length;
        if readable(at) {
            backward.push((begin, length, at as u32));
        }
    }
    placed.extend(backward.into_iter().rev());
    placed.retain(|(from, length, _)| from + length <= rows);
    placed
}

/// Rows that no chunk covers.
fn gaps(placed: &[(u64, u64, u32)], rows: u64) -> Vec<Range<u64>> {
    let (mut gaps, mut end) = (Vec::new(), 0);
    for (from, length, _) in placed {
        if *from > end {
            gaps.push(end..*from);
        }
        end = from + length;
    }
    if end < rows {
        gaps.push(end..rows);
    }
    gaps
}

fn missing(column: &str, gap: Range<u64>) -> String {
    format!("column “{column}”: rows {} to {}", gap.start + 1, gap.end)
}

#[cfg(test)]
mod tests;
