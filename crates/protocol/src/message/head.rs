use crate::{
    Digest,
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
}

/// Show me your log's head, and that it continues the one I know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeadAsk {
    /// The size I know; 0 if none.
    pub since: u64,
    /// Show at least this size.
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
    pub consistency: Vec<Digest>,
    /// The head as a C2SP tlog-checkpoint, signed as a C2SP signed note.
    pub checkpoint: String,
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
