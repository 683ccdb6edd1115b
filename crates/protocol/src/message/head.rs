use crate::{
    Digest, Entry, Event, Salt, UnixSeconds,
    cbor::CborError,
    envelope::{Body, Invalid, require},
    limits::{CHECKPOINT_BYTES, PROOF_HASHES},
    text,
};
use serde::{Deserialize, Serialize};

/// Size and root of a log: RFC 6962's tree head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// Number of entries.
    pub size: u64,
    /// Merkle tree hash over them.
    pub root: Digest,
    /// Which epoch of the log: the item of the entry by which it began anew. None in the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Digest>,
}

/// Show me your log's head, and that it continues the one I know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadAsk {
    /// The size I know; 0 if none.
    pub since: u64,
    /// Show the head of this size, or the newest where the log is shorter.
    pub size: u64,
}

/// A log's head, with the proof that it continues an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogHead {
    /// The head.
    pub head: TreeHead,
    /// The earlier size; 0 if there is none.
    pub since: u64,
    /// RFC 6962 consistency proof between the two; empty when `since` is 0.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::PROOF_HASHES }, _, _>")]
    pub consistency: Vec<Digest>,
    /// The head as a C2SP tlog-checkpoint, signed as a C2SP signed note.
    pub checkpoint: String,
    /// Entries in the log when this was said, where that is more than the head shown has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<u64>,
    /// How the head's epoch began; there unless it is the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restored: Option<Restoration>,
}

/// The entry by which an epoch began, opened: the log went on from a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Restoration {
    /// The log as the backup had it: the entry stands behind it, at the position that is its size.
    pub head: TreeHead,
    /// The entry's salt.
    pub salt: Salt,
    /// The entry's time.
    pub time: UnixSeconds,
    /// RFC 6962 inclusion proof of the entry in the head shown.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::PROOF_HASHES }, _, _>")]
    pub inclusion: Vec<Digest>,
}

impl Restoration {
    /// The entry made again. Its leaf is the id of the epoch that it begins.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry { salt: self.salt, time: self.time, what: Event::Restored { head: self.head } }
    }

    /// The id of the epoch that it begins.
    pub fn epoch(&self) -> Result<Digest, CborError> {
        self.entry().leaf()
    }
}

impl LogHead {
    /// Entries that the log is said to have, now that this is said.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.now.unwrap_or(self.head.size)
    }
}

/// I have seen that head and checked that it continues what I saw before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cosign {
    /// The head seen.
    pub head: TreeHead,
}

impl Body for HeadAsk {
    const KIND: &'static str = "head-ask";
    fn validate(&self) -> Result<(), Invalid> {
        require(self.since <= self.size, "since", "beyond the size asked for")
    }
}

impl Body for LogHead {
    const KIND: &'static str = "log-head";
    fn validate(&self) -> Result<(), Invalid> {
        require(self.head.size >= 1, "head", "of a log without its first entry")?;
        require(self.since <= self.head.size, "since", "beyond the head")?;
        require(self.consistency.len() <= PROOF_HASHES, "consistency", "more hashes than any log needs")?;
        let proven = self.since != 0 && self.since != self.head.size;
        require(proven || self.consistency.is_empty(), "consistency", "there is nothing to prove")?;
        require(self.checkpoint.len() <= CHECKPOINT_BYTES, "checkpoint", "longer than 512 bytes")?;
        require(self.now.is_none_or(|now| now > self.head.size), "now", "not beyond the head")?;
        require(self.restored.is_some() == self.head.epoch.is_some(), "restored", "not with the epoch it tells of")?;
        if let Some(restored) = &self.restored {
            require(restored.head.size < self.head.size, "restored", "behind the head")?;
            require(restored.inclusion.len() <= PROOF_HASHES, "restored", "more hashes than any log needs")?;
        }
        let lines = self.checkpoint.split('\n').all(|line| text::check(line, CHECKPOINT_BYTES).is_ok());
        require(lines, "checkpoint", "holds a character that could hide or reorder what is shown")
    }
}

impl Body for Cosign {
    const KIND: &'static str = "cosign";
    fn validate(&self) -> Result<(), Invalid> {
        require(self.head.size >= 1, "head", "of a log without its first entry")
    }
}
