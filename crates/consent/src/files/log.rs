//! The exported log: a CBOR sequence (RFC 8742), written in pages, so that a log of any length is never in memory.

use crate::{
    ConsentError,
    draft::Draft,
    log::{self, checkpoint, heads},
};
use protocol::{Digest, Entry, IdentityKey, PartyId, cbor, message::TreeHead};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Key of the first item.
pub(super) const LOG_TAG: &str = "halfdoor-log-1";
/// Largest item: a cosignature, the largest there is, has a fortieth of it.
pub const ITEM_BYTES: usize = 16 * 1024;
/// Most cosignatures in a file: one for everybody a party may be connected with, and room for more.
pub const COSIGNATURES: u64 = 65_536;

/// One item of the sequence: the beginning, then cosignatures, then the entries in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// Whose log, and what it is signed to come to.
    #[serde(rename = "halfdoor-log-1")]
    Beginning(Beginning),
    /// A signed cosignature of one of its heads.
    Cosigned(ByteBuf),
    /// An entry.
    Entry(Entry),
    /// What is left of an entry whose words were dropped: the item of its leaf.
    Pruned(Digest),
}

/// What an exported log begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// Whose log.
    pub party: PartyId,
    /// Its head.
    pub head: TreeHead,
    /// The signed checkpoint of the head.
    pub checkpoint: String,
}

/// The first item of an export of the log as it is now: the head to pass to [`entries`], and the bytes.
pub fn opening(draft: &Draft<'_>, key: &IdentityKey) -> Result<(TreeHead, Vec<u8>), ConsentError> {
    let head = log::head(draft)?;
    let beginning = Beginning { party: key.party(), head, checkpoint: checkpoint::sign(&head, key) };
    Ok((head, cbor::to_vec(&Item::Beginning(beginning))?))
}

/// The items that follow it: what others cosigned, up to that head.
pub fn cosigned(draft: &Draft<'_>, head: &TreeHead) -> Result<Vec<u8>, ConsentError> {
    let mut bytes = Vec::new();
    for (_, record) in heads::cosignatures(draft)? {
        if let Some(cosign) = record.cosign.filter(|_| record.head.size <= head.size) {
            bytes.extend(cbor::to_vec(&Item::Cosigned(cosign))?);
        }
    }
    Ok(bytes)
}

/// The items of up to `limit` entries from an index on; empty when there are none left.
pub fn entries(draft: &Draft<'_>, head: &TreeHead, from: u64, limit: u64) -> Result<Vec<u8>, ConsentError> {
    let mut bytes = Vec::new();
    for index in from..head.size.min(from.saturating_add(limit)) {
        bytes.extend(cbor::to_vec(&Item::Entry(log::entry(draft, index)?))?);
    }
    Ok(bytes)
}
