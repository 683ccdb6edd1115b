use super::Record;
use crate::view::Table;
use protocol::{Computation, DatasetId, MessageId, Outcome, PartyId, UnixSeconds, VersionHash, cbor};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

/// Datasets that share rows, now or at any time: what was told of one was told of the others. Named by the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineageRecord {
    /// Pieces that hold who its rows are.
    pub pieces: u32,
    /// Outcomes that were released of it.
    pub releases: u64,
    /// The lineage that this one turned out to share rows with, and became a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<DatasetId>,
}

/// Who some of the rows of a lineage are, by lineage ‖ number of the piece. What is in it is the business of whoever knows
/// rows; here it is bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsPiece(pub ByteBuf);

/// An outcome that was released: what the same question about the same version is answered with again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseRecord {
    /// Who has it.
    pub party: PartyId,
    /// The request it answered first.
    pub request: MessageId,
    /// Of which dataset.
    pub dataset: DatasetId,
    /// Over which version.
    pub version: VersionHash,
    /// What was computed.
    pub computation: Computation,
    /// What left.
    pub outcome: Outcome,
    /// When it was made.
    pub at: UnixSeconds,
    /// Pieces that hold what it tells of which rows.
    pub pieces: u32,
    /// Whether the owner released it despite a rule.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub despite: bool,
}

impl ReleaseRecord {
    /// Its key: lineage ‖ the first half of the party ‖ 24 bytes of SHA-256 of version and computation. A store's key has 64
    /// bytes at most, four of which are a piece's number.
    pub fn key(
        lineage: &DatasetId,
        party: &PartyId,
        version: &VersionHash,
        computation: &Computation,
    ) -> Result<Vec<u8>, cbor::CborError> {
        let asked = Sha256::new().chain_update(version.0).chain_update(cbor::to_vec(computation)?).finalize();
        Ok([Self::of(lineage, party), asked.into_iter().take(24).collect()].concat())
    }

    /// What the keys of all that this party has of a lineage begin with.
    #[must_use]
    pub fn of(lineage: &DatasetId, party: &PartyId) -> Vec<u8> {
        lineage.0.iter().chain(party.0.iter().take(16)).copied().collect()
    }
}

/// What a release tells of which rows, by its key ‖ number of the piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldPiece(pub ByteBuf);

impl Record for LineageRecord {
    const TABLE: Table = Table::Lineages;
}

impl Record for RowsPiece {
    const TABLE: Table = Table::LineageRows;
}

impl Record for ReleaseRecord {
    const TABLE: Table = Table::Releases;
}

impl Record for ToldPiece {
    const TABLE: Table = Table::Told;
}
