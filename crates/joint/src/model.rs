//! A decision tree over quantised features, as its file gives it, checked once.

use protocol::cbor::{CborError, to_vec};
use serde::Serialize;
use serde_bytes::Bytes;
use sha2::{Digest, Sha256};

pub(crate) mod file;
mod quantiser;
#[cfg(test)]
pub(crate) mod tests;

pub use file::ModelError;
pub(crate) use file::slices;
pub use quantiser::{Quantiser, Unquantisable};

/// Longest model file that is read, in bytes: thirty times the longest known one.
pub const LONGEST_FILE: usize = 4 << 20;
/// Most features a model may name.
pub const MOST_FEATURES: usize = 1_024;
/// Most nodes of a tree: 1,024 leaves are 2,047 nodes.
pub const MOST_NODES: usize = 8_191;
/// Deepest tree, in conditions from the root to a leaf.
pub const DEEPEST: usize = 32;
/// Most bits of a quantised feature: 64 bins.
pub const MOST_BITS: u8 = 6;
/// Fewest and most holders of one score.
pub const HOLDERS: std::ops::RangeInclusive<usize> = 2..=5;

/// One feature of a model: how its values become bins and which holder has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// Its name in the model's file.
    pub name: String,
    /// How a value becomes a bin.
    pub quantiser: Quantiser,
    /// The holder, counted from 0 in the order of the file's slices.
    pub holder: usize,
}

/// A node of the tree; children are positions in [`Model::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Node {
    /// Goes left where the feature's bin is at most the threshold.
    Split {
        /// The feature's position.
        feature: usize,
        /// The last bin that goes left.
        threshold: u8,
        /// The node for bins up to the threshold.
        left: usize,
        /// The node for bins above it.
        right: usize,
    },
    /// Answers one of two classes.
    Leaf {
        /// 0 or 1.
        class: u8,
    },
}

/// A checked model: every node is reached exactly once from node 0, every feature and threshold exists.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    features: Vec<Feature>,
    nodes: Vec<Node>,
    explained: Option<usize>,
    holders: usize,
}

impl Model {
    /// Reads a `tree.json`.
    ///
    /// # Errors
    /// The first thing in the file that does not fit, by its place.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ModelError> {
        file::read(bytes)
    }

    /// Its features, in the file's order.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// Its nodes; the root is the first.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The feature that a denial may be explained by, where the file names one.
    #[must_use]
    pub fn explained(&self) -> Option<usize> {
        self.explained
    }

    /// How many holders its features belong to.
    #[must_use]
    pub fn holders(&self) -> usize {
        self.holders
    }

    /// What the tree answers in the clear; `None` where `bins` has too few values.
    #[must_use]
    pub fn class_of(&self, bins: &[u8]) -> Option<u8> {
        let mut at = 0;
        for _ in 0..=DEEPEST {
            match *self.nodes.get(at)? {
                Node::Leaf { class } => return Some(class),
                Node::Split { feature, threshold, left, right } => {
                    at = if *bins.get(feature)? <= threshold { left } else { right };
                }
            }
        }
        None
    }

    /// The commitment to this model: SHA-256 over a fresh secret salt, without which a small model could be found by
    /// trying, and every part of it in deterministic CBOR, each with its length before it.
    ///
    /// # Errors
    /// A part of the model does not encode.
    pub fn commitment(&self, salt: &[u8; 32]) -> Result<[u8; 32], CborError> {
        let mut hash = Sha256::new_with_prefix(b"halfdoor/joint/model/1");
        // one by one: a large tree is more than one item of CBOR may hold
        let mut part = |bytes: Vec<u8>| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        part(to_vec(&(Bytes::new(salt), self.holders, self.explained))?);
        part(to_vec(&(self.features.len(), self.nodes.len()))?);
        for feature in &self.features {
            part(to_vec(&(&feature.name, feature.quantiser.exact(), feature.holder))?);
        }
        for node in &self.nodes {
            part(to_vec(node)?);
        }
        Ok(hash.finalize().into())
    }
}
