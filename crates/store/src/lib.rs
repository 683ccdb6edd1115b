//! Where a node keeps what it must not lose and must not show: sled made durable, every value sealed.
//!
//! A [`Home`] is one directory:
//!
//! ```text
//! lock                    held while a node, or a tool, is at work here
//! keys/NAME.key           identity, transport, control-G, dataset-HEX: mode 0600, sealed under the passphrase if there is one
//! keys/kdf.cbor           how the passphrase becomes a key (absent without a passphrase)
//! control/CURRENT         the number G of the living generation
//! control/FORMAT          the version of the home's form, and of the program that wrote it
//! control/G/              people, requests, grants, log, outbox, manifests
//! datasets/HEX/           the column chunks of one dataset
//! remains/                copies of databases, only while a damaged home is read
//! ```
//!
//! Invariants, each of which names what is absent: no plain value in a database; no key in a database; no file in sled's
//! `blobs/`; no commit acknowledged before its `fsync`; no dataset without a committed [`Manifest`]; no personal text in
//! a record's *key*, which is not sealed (ids only).
//!
//! Everything is synchronous and blocks on the disk: call it from a place that may block.

pub mod backup;
mod control;
mod datasets;
pub mod engine;
mod error;
mod export;
mod files;
mod home;
mod keys;
mod manifest;
mod migrate;
mod remains;
mod seal;
mod spool;
mod store;

pub use backup::{Backup, BackupSummary, Restoring};
pub use control::Control;
pub use datasets::{DatasetReader, DatasetWriter};
pub use engine::{Applied, Batch, Engine, Pair, after};
pub use error::StoreError;
pub use export::{ExportSummary, Piece};
pub use home::{Home, HomeLock};
pub use keys::{KdfCost, KeyRing, Passphrase, Secret};
pub use manifest::Manifest;
pub use migrate::{Page, Pages, SCHEMA};
pub use remains::{Found, Remaining, Remains};
pub use seal::Sealed;
pub use spool::{Spool, Spooled};
pub use store::Store;

/// Bounds of this crate, each with its reason.
pub mod limits {
    /// Largest value as a database holds it, sealing included, in bytes. sled moves what exceeds a quarter of its 16 MiB
    /// segment into files that it never syncs; a leaf of at most 20 such values stays below that.
    pub const RAW_VALUE_BYTES: usize = 200 * 1024;
    /// Largest value a caller may store, in bytes: [`RAW_VALUE_BYTES`] less version, nonce and tag.
    pub const VALUE_BYTES: usize = RAW_VALUE_BYTES - crate::seal::OVERHEAD;
    /// Longest key of a record, in bytes: two 32-byte ids.
    pub const KEY_BYTES: usize = 64;
    /// Longest name of a tree, in bytes.
    pub const TREE_BYTES: usize = 32;
    /// Largest batch, keys and values together, in bytes: half a segment, so that one commit never spans three.
    pub const BATCH_BYTES: usize = 8 << 20;
    /// Most changes in one batch.
    pub const BATCH_CHANGES: usize = 16_384;
    /// Largest encoded column chunk, in bytes.
    pub const CHUNK_BYTES: usize = 128 * 1024;
    /// Most chunks of one dataset: 64 Ki × 128 KiB = 8 GiB; the manifest that lists them stays near 2 MiB.
    pub const CHUNKS: usize = 64 * 1024;
    /// Largest attributes a caller may attach to a manifest, in bytes.
    pub const ATTRIBUTES_BYTES: usize = 64 * 1024;
    /// Longest passphrase, in bytes of UTF-8.
    pub const PASSPHRASE_BYTES: usize = 1024;
}
