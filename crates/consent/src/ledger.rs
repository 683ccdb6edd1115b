//! The ledger of releases, as records: which datasets share rows, what was released of them to whom, and what it tells.
//!
//! What a release tells of which rows, and whether one more is too much, is computed elsewhere; here those are bytes that
//! are kept in the same durable step as the receipt.

use crate::{
    ConsentError,
    draft::Draft,
    record::{
        DatasetRecord, DecisionRecord, LineageRecord, Record, ReleaseRecord, RequestRecord, RowsPiece, ToldPiece,
    },
};
use protocol::{DatasetId, MessageId, PartyId};
use serde_bytes::ByteBuf;

/// Bytes of one piece: well below what one value of a store may have.
const PIECE_BYTES: usize = 150_000;

/// Something that long bytes are kept in, cut into pieces.
trait Piece: Record {
    fn new(bytes: &[u8]) -> Self;
    fn bytes(&self) -> &[u8];
}

impl Piece for RowsPiece {
    fn new(bytes: &[u8]) -> Self {
        Self(ByteBuf::from(bytes))
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Piece for ToldPiece {
    fn new(bytes: &[u8]) -> Self {
        Self(ByteBuf::from(bytes))
    }

    fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn piece_key(key: &[u8], number: u32) -> Vec<u8> {
    [key, &number.to_be_bytes()].concat()
}

fn put_pieces<P: Piece>(draft: &mut Draft<'_>, key: &[u8], bytes: &[u8]) -> Result<u32, ConsentError> {
    let mut pieces = 0;
    for (number, piece) in (0u32..).zip(bytes.chunks(PIECE_BYTES)) {
        draft.put(&piece_key(key, number), &P::new(piece))?;
        pieces = number + 1;
    }
    Ok(pieces)
}

fn get_pieces<P: Piece>(draft: &Draft<'_>, key: &[u8], pieces: u32) -> Result<Vec<u8>, ConsentError> {
    let mut bytes = Vec::new();
    for number in 0..pieces {
        bytes.extend_from_slice(draft.need::<P>(&piece_key(key, number))?.bytes());
    }
    Ok(bytes)
}

fn drop_pieces<P: Piece>(draft: &mut Draft<'_>, key: &[u8], pieces: u32) {
    for number in 0..pieces {
        draft.delete::<P>(&piece_key(key, number));
    }
}

/// A release and the bytes of what it tells.
#[derive(Clone, Debug)]
pub struct Release {
    /// The release; how many pieces it has is set when it is kept.
    pub record: ReleaseRecord,
    /// What it tells.
    pub told: Vec<u8>,
}

/// The lineage of a dataset, where it has one already; not one that became part of another.
pub fn lineage_of(draft: &Draft<'_>, dataset: &DatasetId) -> Result<Option<DatasetId>, ConsentError> {
    let Some(mut lineage) = draft.get::<DatasetRecord>(&dataset.0)?.and_then(|record| record.lineage) else {
        return Ok(None);
    };
    // each became part of an older one: there is an end
    while let Some(joined) = draft.get::<LineageRecord>(&lineage.0)?.and_then(|record| record.joined) {
        lineage = joined;
    }
    Ok(Some(lineage))
}

/// Every lineage that is no part of another, with who its rows are.
pub fn lineages(draft: &Draft<'_>) -> Result<Vec<(DatasetId, Vec<u8>)>, ConsentError> {
    let mut found = Vec::new();
    for (key, record) in draft.all::<LineageRecord>(&[])? {
        let Ok(id) = DatasetId::try_from(&key[..]) else { continue };
        if record.joined.is_none() {
            found.push((id, get_pieces::<RowsPiece>(draft, &key, record.pieces)?));
        }
    }
    Ok(found)
}

/// The outcomes released of a lineage so far.
pub fn releases(draft: &Draft<'_>, lineage: &DatasetId) -> Result<u64, ConsentError> {
    Ok(draft.get::<LineageRecord>(&lineage.0)?.unwrap_or_default().releases)
}

/// How many outcomes of a dataset's lineage somebody has.
pub fn had(draft: &Draft<'_>, dataset: &DatasetId, party: &PartyId) -> Result<u64, ConsentError> {
    let Some(lineage) = lineage_of(draft, dataset)? else { return Ok(0) };
    Ok(draft.scan::<ReleaseRecord>(&ReleaseRecord::of(&lineage, party), None, usize::MAX >> 1)?.len() as u64)
}

/// Puts a dataset into a lineage whose rows, with its own, these are. `joining`: lineages that become part of it, whose
/// releases are then taken ([`take`]) and kept as its own ([`keep`]).
pub fn place(
    draft: &mut Draft<'_>,
    dataset: &DatasetId,
    lineage: &DatasetId,
    rows: &[u8],
    joining: &[DatasetId],
) -> Result<(), ConsentError> {
    let mut record: LineageRecord = draft.get(&lineage.0)?.unwrap_or_default();
    drop_pieces::<RowsPiece>(draft, &lineage.0, record.pieces);
    record.pieces = put_pieces::<RowsPiece>(draft, &lineage.0, rows)?;
    for other in joining {
        let joined: LineageRecord = draft.get(&other.0)?.unwrap_or_default();
        drop_pieces::<RowsPiece>(draft, &other.0, joined.pieces);
        let joined = LineageRecord { pieces: 0, releases: 0, joined: Some(*lineage) };
        draft.put(&other.0, &joined)?;
    }
    draft.put(&lineage.0, &record)?;
    let mut stored: DatasetRecord = draft.need(&dataset.0)?;
    stored.lineage = Some(*lineage);
    draft.put(&dataset.0, &stored)
}

/// Hands over every release of a lineage.
pub fn each(
    draft: &Draft<'_>,
    lineage: &DatasetId,
    mut look: impl FnMut(Release) -> Result<(), ConsentError>,
) -> Result<(), ConsentError> {
    for (key, record) in draft.all::<ReleaseRecord>(&lineage.0)? {
        let told = get_pieces::<ToldPiece>(draft, &key, record.pieces)?;
        look(Release { record, told })?;
    }
    Ok(())
}

/// Takes every release of a lineage out of it, to be kept as another's.
pub fn take(draft: &mut Draft<'_>, lineage: &DatasetId) -> Result<Vec<Release>, ConsentError> {
    let mut taken = Vec::new();
    for (key, record) in draft.all::<ReleaseRecord>(&lineage.0)? {
        let told = get_pieces::<ToldPiece>(draft, &key, record.pieces)?;
        drop_pieces::<ToldPiece>(draft, &key, record.pieces);
        draft.delete::<ReleaseRecord>(&key);
        taken.push(Release { record, told });
    }
    Ok(taken)
}

/// Keeps a release. One of the same question about the same version to the same party is kept once.
pub fn keep(draft: &mut Draft<'_>, lineage: &DatasetId, release: Release) -> Result<(), ConsentError> {
    let Release { mut record, told } = release;
    let key = ReleaseRecord::key(lineage, &record.party, &record.version, &record.computation)?;
    if draft.get::<ReleaseRecord>(&key)?.is_some() {
        return Ok(());
    }
    record.pieces = put_pieces::<ToldPiece>(draft, &key, &told)?;
    draft.put(&key, &record)?;
    let mut of: LineageRecord = draft.get(&lineage.0)?.unwrap_or_default();
    of.releases += 1;
    draft.put(&lineage.0, &of)
}

/// What the same question about the same version was answered with, if that party asked it before.
pub fn again(
    draft: &Draft<'_>,
    lineage: &DatasetId,
    party: &PartyId,
    version: &protocol::VersionHash,
    computation: &protocol::Computation,
) -> Result<Option<ReleaseRecord>, ConsentError> {
    let found: Option<ReleaseRecord> = draft.get(&ReleaseRecord::key(lineage, party, version, computation)?)?;
    let same =
        |found: &ReleaseRecord| found.party == *party && found.version == *version && found.computation == *computation;
    Ok(found.filter(same))
}

/// Whether the owner looked at the outcome of this request before she allowed it, and whether despite a rule.
pub fn looked_at(draft: &Draft<'_>, request: &MessageId) -> Result<(bool, bool), ConsentError> {
    let record: RequestRecord = draft.need(&request.0)?;
    let Some(decision) = record.decision else { return Ok((false, false)) };
    let decision: DecisionRecord = draft.need(&decision.0)?;
    Ok((decision.seen, decision.despite.is_some()))
}

#[cfg(test)]
mod tests;
