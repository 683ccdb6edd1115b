//! What an auditor is given of one applicant: the public messages up to the evaluation, and the commitments.
//!
//! No blinding, no share and no opening is in it, so whoever has the file learns nothing of the applicant. The salt and
//! the seed, which the lender reveals to the auditor alone, are another file.

use crate::{
    evaluation::{Bins, Inputs},
    model::{HOLDERS, MOST_FEATURES},
    scheme::{Draws, JointKey, OneHot, Refused, Reveal},
};
use protocol::cbor::{CborError, from_slice, to_vec};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// Longest record that is read, in bytes: a thousand features of 64 bins and the largest evaluation.
pub const LONGEST_RECORD: usize = 16 << 20;
/// The form of a record.
const FORMAT: u8 = 1;

/// Why bytes are no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// Longer than [`LONGEST_RECORD`].
    #[error("the record has {0} bytes, at most {LONGEST_RECORD} are read")]
    TooLong(usize),
    /// Not CBOR of this form.
    #[error("the file is not the record of a joint score")]
    Form(#[from] CborError),
    /// A part that cannot be.
    #[error("the record's {0}")]
    Part(&'static str),
}

/// One encrypted feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its position in the model.
    pub feature: usize,
    /// Its holder, counted from 0.
    pub holder: usize,
    /// The bin with which each encrypted one begins, the first being 0.
    pub starts: ByteBuf,
    /// How many bins the feature has.
    pub end: u8,
    /// The encryption and its proof, as the holder sent it.
    pub sent: ByteBuf,
}

/// The messages of one applicant that an evaluation stands on, and it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub(crate) format: u8,
    /// Names the request.
    pub request: ByteBuf,
    /// Each holder's commitment to its key share, 32 bytes.
    pub commitments: Vec<ByteBuf>,
    /// Each holder's key share with its proof.
    pub reveals: Vec<ByteBuf>,
    /// The encrypted features.
    pub inputs: Vec<Input>,
    /// The commitment to the model, 32 bytes.
    pub model: ByteBuf,
    /// The commitment to the seed, 32 bytes.
    pub seed: ByteBuf,
    /// What the lender sent.
    pub evaluation: ByteBuf,
    /// What it sent to explain a denial; empty where it did not.
    pub explanation: ByteBuf,
}

impl Record {
    /// An empty record of this form.
    #[must_use]
    pub fn new() -> Self {
        Self { format: FORMAT, ..Self::default() }
    }

    /// Its bytes.
    ///
    /// # Errors
    /// It does not encode.
    pub fn to_bytes(&self) -> Result<Vec<u8>, CborError> {
        to_vec(self)
    }

    /// Reads a record and checks its form; its proofs are checked when it is audited.
    ///
    /// # Errors
    /// The first thing that does not fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RecordError> {
        if bytes.len() > LONGEST_RECORD {
            return Err(RecordError::TooLong(bytes.len()));
        }
        let record: Self = from_slice(bytes)?;
        let holders = record.commitments.len();
        let hashes = [&record.request, &record.model, &record.seed].into_iter().chain(&record.commitments);
        let fits = [
            (record.format == FORMAT, "format is not one that this program knows: update it"),
            (
                HOLDERS.contains(&holders) && record.reveals.len() == holders,
                "holders are not two to five with a key each",
            ),
            (hashes.into_iter().all(|hash| hash.len() == 32), "hashes do not have 32 bytes each"),
            (record.inputs.len() <= MOST_FEATURES, "features are too many"),
            (record.inputs.iter().all(|one| one.holder < holders), "features name a holder who takes no part"),
            (record.inputs.iter().all(|one| one.bins().is_some()), "bins are not in order"),
        ];
        match fits.into_iter().find(|(fits, _)| !fits) {
            Some((_, what)) => Err(RecordError::Part(what)),
            None => Ok(record),
        }
    }

    /// The joint key, its shares verified.
    ///
    /// # Errors
    /// A key share is not the committed or not a proven one.
    pub fn key(&self) -> Result<JointKey, Refused> {
        let commitments = self.commitments.iter().map(|one| hash(one)).collect::<Result<Vec<_>, _>>()?;
        let reveals = self.reveals.iter().map(|one| Reveal::from_bytes(one)).collect::<Result<Vec<_>, _>>()?;
        JointKey::combine(hash(&self.request)?, &commitments, &reveals)
    }

    /// The encrypted features, their proofs verified.
    ///
    /// # Errors
    /// One is malformed, not proven, or there twice.
    pub fn verified(&self, key: &JointKey, draws: &mut Draws) -> Result<Inputs, Refused> {
        let mut read = Vec::with_capacity(self.inputs.len());
        for one in &self.inputs {
            let bins = one.bins().ok_or(Refused::Malformed)?;
            let sent = OneHot::from_bytes(&one.sent, bins.count())?;
            read.push((one, bins, sent));
        }
        let named: Vec<_> = read.iter().map(|(one, _, sent)| (one.holder, one.feature, sent)).collect();
        OneHot::verify_all(key, &named, draws)?;
        let mut seen = BTreeSet::new();
        if !read.iter().all(|(one, ..)| seen.insert(one.feature)) {
            return Err(Refused::Copied);
        }
        Ok(Inputs::merged(read.iter().map(|(one, bins, sent)| (one.feature, bins.clone(), sent))))
    }
}

impl Input {
    /// The bins as they were encrypted; `None` where they are not in order.
    #[must_use]
    pub fn bins(&self) -> Option<Bins> {
        let rest = self.starts.strip_prefix(&[0])?;
        let ordered = self.starts.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
        let inside = self.starts.last().is_some_and(|last| *last < self.end);
        (ordered && inside && self.end <= 64).then(|| Bins::merged(self.end, &rest.iter().copied().collect()))
    }
}

/// 32 bytes as a hash.
pub(crate) fn hash(bytes: &[u8]) -> Result<[u8; 32], Refused> {
    bytes.try_into().map_err(|_| Refused::Malformed)
}
