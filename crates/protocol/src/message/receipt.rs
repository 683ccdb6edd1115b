use super::TreeHead;
use crate::{
    Commitment, Computation, DatasetId, Digest, MessageId, Outcome, Salt, UnixSeconds, VersionHash, cbor,
    envelope::{Body, Invalid, distinct, require},
    limits::{NAME_BYTES, NOTES, PROOF_HASHES, USES},
    text,
    voucher::SignedVoucher,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

/// The signed outcome of one run, bound to everything it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The grant it was run under: id of the approval.
    pub grant: MessageId,
    /// The request it answers.
    pub request: MessageId,
    /// The run of that grant.
    pub number: u32,
    /// The pointer.
    pub dataset: DatasetId,
    /// The version that was read.
    pub version: VersionHash,
    /// What ran.
    pub computation: Computation,
    /// What came of it.
    pub answer: Answer,
    /// Program and version that computed it.
    pub engine: String,
    /// When it was computed, by the owner's clock.
    pub computed: UnixSeconds,
    /// The owner's log over the run.
    pub entry: RunEntry,
    /// The voucher of the issuer who signed the rows that were read, by the owner's word; only with an outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<ByteBuf>,
}

/// What leaves the owner's computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The outcome.
    Released {
        /// Exactly this, and nothing else.
        outcome: Outcome,
        /// Opens the commitment of the grant.
        salt: Salt,
        /// What the owner was told about it.
        #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::NOTES }, _, _>")]
        notes: Vec<Note>,
    },
    /// Nothing; the use is spent.
    NotReleased {
        /// As much of the reason as the requester could know from what is public.
        reason: NotReleased,
    },
}

/// Why nothing was released, told only as far as it follows from what the requester may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotReleased {
    /// The dataset is no longer there, or is another version than the one approved.
    DatasetChanged,
    /// Too few rows, by the catalog's own count.
    TooFewRows,
    /// No further reason is given: it could tell something about rows.
    Unspecified,
}

/// What is worth knowing about an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The outcome is the value of one row.
    IsARow,
    /// There are few rows.
    FewRows,
    /// Nobody but the owner vouches for the data.
    SelfAsserted,
}

/// Where the run stands in the owner's log, with the proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunEntry {
    /// Its position, from 0.
    pub index: u64,
    /// Salt of the entry, from which with the receipt's own fields the leaf is made again.
    pub salt: Salt,
    /// Time of the entry, by the owner's clock.
    pub started: UnixSeconds,
    /// The log's head over it.
    pub head: TreeHead,
    /// RFC 6962 inclusion proof, from the leaf up.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::PROOF_HASHES }, _, _>")]
    pub inclusion: Vec<Digest>,
}

impl Outcome {
    /// SHA-256("halfdoor/outcome/1" ‖ salt ‖ deterministic CBOR of the outcome): what a grant binds, what a receipt opens.
    pub fn commitment(&self, salt: &Salt) -> Result<Commitment, cbor::CborError> {
        let hash =
            Sha256::new().chain_update(b"halfdoor/outcome/1").chain_update(salt.0).chain_update(cbor::to_vec(self)?);
        Ok(Commitment(hash.finalize().into()))
    }
}

impl Body for Receipt {
    const KIND: &'static str = "receipt";
    fn validate(&self) -> Result<(), Invalid> {
        require((1..=USES).contains(&self.number), "number", "not between 1 and 10,000")?;
        let engine = !self.engine.is_empty() && text::check(&self.engine, NAME_BYTES).is_ok();
        require(engine, "engine", "empty, longer than 64 bytes, or holds a character that shows nothing")?;
        require(self.entry.inclusion.len() <= PROOF_HASHES, "inclusion", "more hashes than any log needs")?;
        require(self.entry.index < self.entry.head.size, "entry", "outside the log")?;
        self.computation.validate()?;
        let opens = self.voucher.as_ref().is_none_or(|bytes| SignedVoucher::open(bytes).is_ok());
        require(opens, "voucher", "not one that its issuer signed")?;
        match &self.answer {
            Answer::Released { notes, outcome, .. } => {
                outcome.validate()?;
                require(notes.len() <= NOTES, "notes", "more than 16")?;
                let alone = self.voucher.is_none() || !notes.contains(&Note::SelfAsserted);
                require(alone, "notes", "self-asserted, and yet with a voucher")?;
                require(distinct(notes), "notes", "one is there twice")
            }
            Answer::NotReleased { .. } => {
                require(self.voucher.is_none(), "voucher", "there, although nothing was released")
            }
        }
    }
}
