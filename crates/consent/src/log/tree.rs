//! RFC 6962's tree, kept as the hashes of complete subtrees: an append writes two of them on average, never rewrites one.
//!
//! Which nodes a proof needs, and whether a proof holds, is `ct-merkle`'s to say; its node numbering is RFC 9420's.

use super::epoch;
use crate::{ConsentError, draft::Draft, record::Node};
use ct_merkle::{
    ConsistencyProof, InclusionProof, RootHash, indices_for_consistency_proof, indices_for_inclusion_proof,
};
use protocol::{Digest, message::TreeHead};
use sha2::{Digest as _, Sha256};

/// Key of a complete subtree's hash: level (0 = leaves) ‖ position in its level.
pub(super) fn key(level: u8, index: u64) -> Vec<u8> {
    [&[level][..], &index.to_be_bytes()].concat()
}

/// H(0x00 ‖ item).
pub(super) fn leaf_hash(item: &Digest) -> Digest {
    Digest(Sha256::new().chain_update([0]).chain_update(item.0).finalize().into())
}

/// H(0x01 ‖ left ‖ right).
pub(super) fn parent_hash(left: &Digest, right: &Digest) -> Digest {
    Digest(Sha256::new().chain_update([1]).chain_update(left.0).chain_update(right.0).finalize().into())
}

/// Adds the leaf of an item at `index` and every subtree that it completes.
pub(super) fn append(draft: &mut Draft<'_>, index: u64, item: Digest) -> Result<(), ConsentError> {
    append_hash(draft, index, leaf_hash(&item))
}

fn append_hash(draft: &mut Draft<'_>, index: u64, leaf: Digest) -> Result<(), ConsentError> {
    let (mut hash, mut level, mut index) = (leaf, 0u8, index);
    draft.put(&key(level, index), &Node(hash))?;
    while index % 2 == 1 {
        let left: Node = draft.need(&key(level, index - 1))?;
        hash = parent_hash(&left.0, &hash);
        level += 1;
        index /= 2;
        draft.put(&key(level, index), &Node(hash))?;
    }
    Ok(())
}

/// The head when the log had `size` entries. The empty tree's root is the hash of nothing (RFC 6962 §2.1).
pub fn head_at(draft: &Draft<'_>, size: u64) -> Result<TreeHead, ConsentError> {
    if size == 0 {
        return Ok(TreeHead { size, root: Digest(Sha256::digest(b"").into()), epoch: None });
    }
    let epoch = epoch::of(draft, size)?.map(|epoch| epoch.id);
    Ok(TreeHead { size, root: subtree(draft, height(size), 0, size)?, epoch })
}

/// Proof that entry `index` is in the log of `size` entries.
pub fn inclusion(draft: &Draft<'_>, index: u64, size: u64) -> Result<Vec<Digest>, ConsentError> {
    if index >= size {
        return Err(ConsentError::NotFound("entry"));
    }
    indices_for_inclusion_proof(size, index).into_iter().map(|node| numbered(draft, node, size)).collect()
}

/// Proof that the log of `size` entries continues the one of `since`; empty when `since` is 0.
pub fn consistency(draft: &Draft<'_>, since: u64, size: u64) -> Result<Vec<Digest>, ConsentError> {
    if since > size {
        return Err(ConsentError::NotFound("log of that size"));
    }
    if since == 0 {
        return Ok(Vec::new());
    }
    indices_for_consistency_proof(since, size - since).into_iter().map(|node| numbered(draft, node, size)).collect()
}

/// Whether `item` stands at `index` of the log with that head.
#[must_use]
pub fn proves_inclusion(head: &TreeHead, index: u64, item: &Digest, proof: &[Digest]) -> bool {
    let proof = InclusionProof::<Sha256>::from_bytes(flat(proof));
    head.size <= MOST && index < head.size && root(head).verify_inclusion(&item.0, index, &proof).is_ok()
}

/// Whether the log with head `new` continues the one with head `old`.
#[must_use]
pub fn proves_consistency(old: &TreeHead, new: &TreeHead, proof: &[Digest]) -> bool {
    if old.size == new.size {
        return old.root == new.root && proof.is_empty();
    }
    let Ok(proof) = ConsistencyProof::<Sha256>::try_from_bytes(flat(proof)) else { return false };
    new.size <= MOST && root(new).verify_consistency(&root(old), &proof).is_ok()
}

/// Largest size whose node numbers fit 64 bits.
const MOST: u64 = 1 << 62;

fn root(head: &TreeHead) -> RootHash<Sha256> {
    RootHash::new(head.root.0.into(), head.size)
}

fn flat(proof: &[Digest]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// Levels above the leaves of a tree of `size` leaves: the ceiling of its binary logarithm.
fn height(size: u64) -> u8 {
    u8::try_from(size.next_power_of_two().trailing_zeros()).unwrap_or(u8::MAX)
}

/// The node of RFC 9420's array numbering: leaves are even, a parent has as many trailing ones as its level.
fn numbered(draft: &Draft<'_>, node: u64, size: u64) -> Result<Digest, ConsentError> {
    let level = node.trailing_ones();
    let index = node.checked_shr(level + 1).unwrap_or(0);
    subtree(draft, u8::try_from(level).unwrap_or(u8::MAX), index, size)
}

/// Hash over the leaves of a subtree that exist in a log of `size` entries.
fn subtree(draft: &Draft<'_>, level: u8, index: u64, size: u64) -> Result<Digest, ConsentError> {
    let complete = (index + 1).checked_shl(level.into()).is_some_and(|end| end <= size);
    if complete || level == 0 {
        return Ok(draft.need::<Node>(&key(level, index))?.0);
    }
    let left = subtree(draft, level - 1, 2 * index, size)?;
    let right_begins = (2 * index + 1) << (level - 1);
    if right_begins >= size {
        return Ok(left);
    }
    Ok(parent_hash(&left, &subtree(draft, level - 1, 2 * index + 1, size)?))
}

#[cfg(test)]
mod tests;
