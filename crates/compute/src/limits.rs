//! Bounds of files, tables and chunks, each with its reason.

/// Largest file that is read whole, in bytes: it lies in memory, and a household's lifetime of bank exports fits many times.
pub const FILE_BYTES: usize = 64 << 20;
/// Largest file at all, in bytes: delimited text and Parquet are read where they lie, and the most cells that a dataset may
/// have seldom fill it.
pub const STREAMED_BYTES: u64 = 1 << 30;
/// Longest row of delimited text, in bytes: twice as many texts of full length as there are columns; a longer one is a
/// quote that never closes.
pub const ROW_BYTES: usize = 16 << 20;
/// Most rows of a dataset: the median holds one column of them in memory (160 MB).
pub const ROWS: u64 = 10_000_000;
/// Most cells of a dataset: bounds the memory of a table before it is stored (16 bytes each at most, besides text).
pub const CELLS: u64 = 40_000_000;
/// Longest text in one cell, in UTF-8 bytes: several fit one chunk.
pub const CELL_BYTES: usize = 64 * 1024;
/// Most rows of one chunk.
pub const CHUNK_ROWS: usize = 16_384;
/// Largest encoded chunk, in bytes: sealed, it stays well below what the storage engine keeps in its log (200 KiB).
pub const CHUNK_BYTES: usize = 128 * 1024;
/// Rows skipped by request that are listed one by one; the others are counted.
pub const SKIPPED_LISTED: usize = 1000;
/// Most groups that a run looks at before it leaves out those that are too small: bounds its memory, each has a kernel
/// of its own. Of those that are large enough an outcome tells 64.
pub const GROUP_KEYS: usize = 4096;
