//! Sizes a file states, checked before its reader believes them: it sets memory aside for as many as it is told.

use super::{MAGIC, ParquetProblem, damaged, thrift::Walk};
use crate::formats::{
    Excerpt, ReadError, Source,
    source::{self, Behind},
};
use parquet::{basic::Compression, file::metadata::ParquetMetaData};

/// Largest footer, in bytes: a thousand row groups of 64 columns.
const FOOTER_BYTES: usize = 4 << 20;
/// Largest page once it is unpacked, in bytes; writers make pages of about 1 MiB.
const PAGE_BYTES: i64 = 64 << 20;
/// All pages once they are unpacked, in bytes.
const UNPACKED_BYTES: i64 = 1 << 30;
/// The length of the footer and the last bytes of the file.
const TAIL_BYTES: u64 = 8;
/// Most pages' headers are shorter than this, in bytes.
const SHORT_HEADER_BYTES: usize = 1024;
/// The longest header of a page, in bytes: it may tell the smallest and the largest of a page's texts, twice.
const HEADER_BYTES: usize = 1 << 20;
/// The fields of a page's header that are looked at (parquet.thrift, `PageHeader`).
const UNPACKED_SIZE: i16 = 2;
const PACKED_SIZE: i16 = 3;

/// Walks through the footer: every list and text in it must have room in it.
pub(super) fn check_footer(file: &dyn Source) -> Result<(), ReadError> {
    let end = file.length().checked_sub(TAIL_BYTES).ok_or_else(|| damaged("it is too short"))?;
    let tail = source::part(file, end, TAIL_BYTES as usize)?;
    let (length, magic) = tail.split_at_checked(4).ok_or_else(|| damaged("it is too short"))?;
    if magic != MAGIC {
        return Err(damaged("its end is missing").into());
    }
    let length: [u8; 4] = length.try_into().map_err(|_| damaged("it is too short"))?;
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(|_| damaged("its footer is too long"))?;
    if length > FOOTER_BYTES {
        return Err(ParquetProblem::TooLarge { what: "its footer is" }.into());
    }
    let start = end.checked_sub(length as u64).ok_or_else(|| damaged("its footer is longer than the file"))?;
    let footer = source::part(file, start, length)?;
    Ok(Walk::over(&footer).structure(&mut |_, _| {}).ok_or_else(|| damaged("its footer cannot be read"))?)
}

/// Walks from page to page: each must lie within the file, and none become too large.
pub(super) fn check_pages(file: &dyn Source, metadata: &ParquetMetaData) -> Result<(), ReadError> {
    let mut unpacked = 0_i64;
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let packing = column.compression();
        if !matches!(packing, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_)) {
            let (column, with) = (column.column_path().string(), packing.to_string());
            return Err(ParquetProblem::Packing { column: Excerpt::of(&column), with: Excerpt::of(&with) }.into());
        }
        // where the reader begins too
        let first = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let range = u64::try_from(first).ok().zip(u64::try_from(column.compressed_size()).ok());
        let range = range.filter(|(start, length)| start.checked_add(*length).is_some_and(|end| end <= file.length()));
        let (start, length) = range.ok_or_else(|| damaged("a column lies outside of it"))?;
        unpacked = unpacked.saturating_add(pages(&Behind(file, start), length)?);
        if unpacked > UNPACKED_BYTES {
            return Err(ParquetProblem::TooLarge { what: "once unpacked, it is" }.into());
        }
    }
    Ok(())
}

/// What the pages of one column become together, in bytes.
fn pages(chunk: &dyn Source, length: u64) -> Result<i64, ReadError> {
    let (mut at, mut unpacked) = (0_u64, 0_i64);
    while at < length {
        let (header, packed, becomes) = header(chunk, at, length - at)?;
        if becomes > PAGE_BYTES {
            return Err(ParquetProblem::TooLarge { what: "a page of it is" }.into());
        }
        unpacked = unpacked.saturating_add(becomes);
        at = at
            .checked_add(header)
            .and_then(|at| at.checked_add(packed))
            .filter(|at| *at <= length)
            .ok_or_else(|| damaged("a page is cut off"))?;
    }
    Ok(unpacked)
}

/// The length of a page's header, and how long the page is packed and unpacked. Headers are short, unless they tell the
/// smallest and largest of long texts.
fn header(chunk: &dyn Source, at: u64, left: u64) -> Result<(u64, u64, i64), ReadError> {
    let most = usize::try_from(left).unwrap_or(HEADER_BYTES).min(HEADER_BYTES);
    for length in [most.min(SHORT_HEADER_BYTES), most] {
        let bytes = source::part(chunk, at, length)?;
        let mut walk = Walk::over(&bytes);
        let (mut packed, mut becomes) = (None, None);
        let read = walk.structure(&mut |id, value| match id {
            UNPACKED_SIZE => becomes = Some(value),
            PACKED_SIZE => packed = Some(value),
            _ => {}
        });
        if read.is_none() {
            continue;
        }
        let sizes = packed.and_then(|packed| u64::try_from(packed).ok()).zip(becomes.filter(|becomes| *becomes >= 0));
        let (packed, becomes) = sizes.ok_or_else(|| damaged("a page's header cannot be read"))?;
        return Ok((walk.passed() as u64, packed, becomes));
    }
    Err(damaged("a page's header cannot be read").into())
}
