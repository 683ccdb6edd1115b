//! A home in one sealed file, under a passphrase of its own.
//!
//! ```text
//! "halfdoor-backup\n"                        16 bytes
//! length of the header                       u16, big-endian
//! header                                     deterministic CBOR: format, how the passphrase becomes a key, nonce
//! SHA-256 of all before it                   32 bytes; tells damage from a wrong passphrase, proves nothing
//! parts of 64 KiB, each with its tag         STREAM over XChaCha20-Poly1305; the last one is shorter and marked as last
//! ```
//!
//! The parts hold `item`s: the keys that are somebody's (identity, transport, mailbox), every chunk of every dataset,
//! every record of the control database. Keys that only seal are not among them: a restored home draws its own, so that
//! neither home's key files open anything of the other.
//!
//! STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015, <https://eprint.iacr.org/2015/189>): each part's nonce holds its
//! number and whether it is the last, so that a part can neither be altered, moved, left out nor added. The associated
//! data of each part is the hash of the header.

#[cfg(fuzzing)]
pub mod fuzzing;
mod item;
mod items;
mod read;
mod restore;
mod stream;
#[cfg(test)]
mod tests;
mod write;

pub use read::Backup;
pub use restore::Restoring;
pub use write::BackupSummary;

use serde::{Deserialize, Serialize};

/// Told how many bytes of the backup file were written or read so far.
pub type Progress<'p> = dyn FnMut(u64) + 'p;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Version of the home's form; see [`crate::SCHEMA`].
    pub schema: u64,
    /// The program that made it.
    pub program: String,
    /// When, in seconds since 1970 by that machine's clock.
    pub made: u64,
}

/// Keys that seal a database, and that a restored home draws anew.
fn only_seals(name: &str) -> bool {
    name.starts_with(crate::control::KEY_PREFIX) || name.starts_with(crate::datasets::KEY_PREFIX)
}
