//! A tree read from its first leaf to its last, of which only the peaks are kept: a log of any length in small memory.

use super::tree::{leaf_hash, parent_hash};
use protocol::Digest;
use sha2::{Digest as _, Sha256};

/// The complete subtrees that a log of some size consists of, largest first.
#[derive(Clone, Debug, Default)]
pub struct Range {
    size: u64,
    peaks: Vec<Digest>,
}

impl Range {
    /// Leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the leaf of an item.
    pub fn push(&mut self, item: &Digest) {
        self.push_hash(leaf_hash(item), |_, made| made);
    }

    /// Adds a leaf's hash. `completed` is told the level and hash of every subtree that this completes, lowest first,
    /// and says which hash to go on with.
    pub(super) fn push_hash(&mut self, leaf: Digest, mut completed: impl FnMut(u8, Digest) -> Digest) {
        let mut hash = leaf;
        for level in (1u8..).take(self.size.trailing_ones() as usize) {
            let Some(left) = self.peaks.pop() else { break };
            hash = completed(level, parent_hash(&left, &hash));
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root over the leaves so far (RFC 6962 §2.1).
    #[must_use]
    pub fn root(&self) -> Digest {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else { return Digest(Sha256::digest(b"").into()) };
        peaks.fold(*last, |right, left| parent_hash(left, &right))
    }
}
