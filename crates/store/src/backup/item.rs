//! What the parts of a backup hold, one after the other: each behind its length (u32, big-endian).

use super::About;
use protocol::{
    DatasetId,
    cbor::{self, CborError},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use zeroize::Zeroizing;

/// Largest item: a value or a chunk, and what goes with it.
pub(super) const ITEM_BYTES: usize = 256 * 1024;
/// Longest text in an item, in bytes: names of keys and trees, and the program's version. An error may quote it.
pub(super) const TEXT_BYTES: usize = 64;

/// One thing in a backup. Order: about, keys, chunks by dataset, column and position, records by tree and key, end.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Item {
    /// What the backup is.
    About(About),
    /// A key that is somebody's.
    Key {
        /// Its name.
        name: String,
        /// 32 bytes.
        key: ByteBuf,
    },
    /// A chunk of a dataset.
    Chunk {
        /// The dataset.
        dataset: DatasetId,
        /// Position of the column.
        column: u16,
        /// Position of the chunk in the column.
        index: u32,
        /// As it was put.
        bytes: ByteBuf,
    },
    /// A record of the control database.
    Record {
        /// Its tree.
        tree: String,
        /// Its key.
        key: ByteBuf,
        /// Its value.
        value: ByteBuf,
    },
    /// The end, and how many there were.
    End(Counts),
}

/// Numbers of things in a backup.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Counts {
    pub(super) keys: u64,
    pub(super) chunks: u64,
    pub(super) records: u64,
}

impl Item {
    /// The item behind its length. Wiped from memory: it may be a key.
    pub(super) fn framed(&self) -> Result<Zeroizing<Vec<u8>>, CborError> {
        let body = Zeroizing::new(cbor::to_vec(self)?);
        let mut framed = Zeroizing::new(Vec::with_capacity(4 + body.len()));
        // bounded by what a store accepts: well below 4 GiB
        framed.extend_from_slice(&(body.len() as u32).to_be_bytes());
        framed.extend_from_slice(&body);
        Ok(framed)
    }
}

impl Counts {
    /// Counts one more.
    pub(super) fn count(&mut self, item: &Item) {
        match item {
            Item::About(_) | Item::End(_) => {}
            Item::Key { .. } => self.keys += 1,
            Item::Chunk { .. } => self.chunks += 1,
            Item::Record { .. } => self.records += 1,
        }
    }
}
