//! What a lender commits to before anybody is asked.

use super::{Binning, LenderModel};
use protocol::cbor::{CborError, to_vec};
use serde::Serialize;
use serde_bytes::Bytes;
use sha2::{Digest, Sha256};

/// The bins of a feature exactly: numbers as their bits.
#[derive(Serialize)]
enum Exact {
    Linear(u64, i64, i64, u8),
    Cuts(Vec<u64>, bool),
    Given(u8),
}

impl Exact {
    fn of(binning: &Binning) -> Self {
        match binning {
            Binning::Linear(quantiser) => {
                let (scale, zero, offset, bits) = quantiser.exact();
                Self::Linear(scale, zero, offset, bits)
            }
            Binning::Cuts(cut) => {
                let (thresholds, single) = cut.exact();
                Self::Cuts(thresholds, single)
            }
            Binning::Given(bins) => Self::Given(*bins),
        }
    }
}

/// A leaf: the feature and the first and last bin of each condition, and its number.
type Leaf = (Vec<(usize, u8, u8)>, i32);

impl LenderModel {
    /// The commitment to this model: SHA-256 over a fresh secret salt and every part of it in deterministic CBOR. Parts
    /// are hashed one by one, each with its length before it, so that a large ensemble is no single item.
    ///
    /// # Errors
    /// A part of the model does not encode.
    pub fn commitment(&self, salt: &[u8; 32]) -> Result<[u8; 32], CborError> {
        let Self::Tree(model) = self else { return self.of_sum(salt) };
        model.commitment(salt)
    }

    fn of_sum(&self, salt: &[u8; 32]) -> Result<[u8; 32], CborError> {
        let mut hash = Sha256::new_with_prefix(b"halfdoor/joint/sum/1");
        let mut part = |bytes: Vec<u8>| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        part(to_vec(&(Bytes::new(salt), self.kind(), self.holders(), self.explained()))?);
        for feature in self.features() {
            part(to_vec(&(&feature.name, feature.holder, Exact::of(&feature.binning)))?);
        }
        match self {
            Self::Tree(_) => {}
            Self::Scorecard(file) => {
                for points in file.card.points() {
                    part(to_vec(points)?);
                }
                part(to_vec(&file.threshold)?);
            }
            Self::Ensemble(file) => {
                for tree in file.ensemble.trees() {
                    part(to_vec(&tree.len())?);
                    for (path, number) in tree {
                        let leaf: Leaf = (path.conditions().collect(), *number);
                        part(to_vec(&leaf)?);
                    }
                }
                part(to_vec(&(file.lowest, file.unit.to_bits()))?);
            }
        }
        Ok(hash.finalize().into())
    }
}
