//! Sizes a file states, checked before its reader believes them: it sets memory aside for as many as it is told.

use super::{MAGIC, ParquetProblem, damaged, thrift::Walk};
use crate::formats::Excerpt;
use parquet::{basic::Compression, file::metadata::ParquetMetaData};

/// Largest footer, in bytes: a thousand row groups of 64 columns.
const FOOTER_BYTES: usize = 4 << 20;
/// Largest page once it is unpacked, in bytes; writers make pages of about 1 MiB.
const PAGE_BYTES: i64 = 64 << 20;
/// All pages once they are unpacked, in bytes.
const UNPACKED_BYTES: i64 = 1 << 30;
/// The fields of a page's header that are looked at (parquet.thrift, `PageHeader`).
const UNPACKED_SIZE: i16 = 2;
const PACKED_SIZE: i16 = 3;

/// Walks through the footer: every list and text in it must have room in it.
pub(super) fn check_footer(bytes: &[u8]) -> Result<(), ParquetProblem> {
    let end = bytes.len().checked_sub(8).ok_or_else(|| damaged("it is too short"))?;
    let (body, tail) = bytes.split_at(end);
    let (length, magic) = tail.split_at(4);
    if magic != MAGIC {
        return Err(damaged("its end is missing"));
    }
    let length: [u8; 4] = length.try_into().map_err(|_| damaged("it is too short"))?;
    let length = usize::try_from(u32::from_le_bytes(length)).map_err(|_| damaged("its footer is too long"))?;
    if length > FOOTER_BYTES {
        return Err(ParquetProblem::TooLarge { what: "its footer is" });
    }
    let start = body.len().checked_sub(length).ok_or_else(|| damaged("its footer is longer than the file"))?;
    let footer = body.get(start..).unwrap_or_default();
    Walk::over(footer).structure(&mut |_, _| {}).ok_or_else(|| damaged("its footer cannot be read"))
}

/// Walks from page to page: each must lie within the file, and none become too large.
pub(super) fn check_pages(bytes: &[u8], metadata: &ParquetMetaData) -> Result<(), ParquetProblem> {
    let mut unpacked = 0_i64;
    for column in metadata.row_groups().iter().flat_map(|group| group.columns()) {
        let packing = column.compression();
        if !matches!(packing, Compression::UNCOMPRESSED | Compression::SNAPPY | Compression::ZSTD(_)) {
            let (column, with) = (column.column_path().string(), packing.to_string());
            return Err(ParquetProblem::Packing { column: Excerpt::of(&column), with: Excerpt::of(&with) });
        }
        // where the reader begins too
        let first = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
        let range = usize::try_from(first).ok().zip(usize::try_from(column.compressed_size()).ok());
        let chunk = range.and_then(|(start, length)| bytes.get(start..start.checked_add(length)?));
        unpacked = unpacked.saturating_add(pages(chunk.ok_or_else(|| damaged("a column lies outside of it"))?)?);
        if unpacked > UNPACKED_BYTES {
            return Err(ParquetProblem::TooLarge { what: "once unpacked, it is" });
        }
    }
    Ok(())
}

/// What the pages of one column become together, in bytes.
fn pages(chunk: &[u8]) -> Result<i64, ParquetProblem> {
    let (mut at, mut unpacked) = (0, 0_i64);
    while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
        let mut walk = Walk::over(rest);
        let (mut packed, mut becomes) = (None, None);
        let read = walk.structure(&mut |id, value| match id {
            UNPACKED_SIZE => becomes = Some(value),
            PACKED_SIZE => packed = Some(value),
            _ => {}
        });
        let sizes = read.and(packed.zip(becomes)).filter(|(packed, becomes)| *packed >= 0 && *becomes >= 0);
        let (packed, becomes) = sizes.ok_or_else(|| damaged("a page's header cannot be read"))?;
        if becomes > PAGE_BYTES {
            return Err(ParquetProblem::TooLarge { what: "a page of it is" });
        }
        unpacked = unpacked.saturating_add(becomes);
        at = usize::try_from(packed)
            .ok()
            .and_then(|packed| at.checked_add(walk.passed())?.checked_add(packed))
            .filter(|at| *at <= chunk.len())
            .ok_or_else(|| damaged("a page is cut off"))?;
    }
    Ok(unpacked)
}
