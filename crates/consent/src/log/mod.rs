//! The verifiable log: an append-only Merkle tree (RFC 6962) over salted entries.

pub mod checkpoint;
pub mod heads;
mod tree;

pub use tree::{consistency, head_at, inclusion, proves_consistency, proves_inclusion};

use crate::{
    ConsentError,
    context::Context,
    draft::Draft,
    record::{Counter, Node},
};
use protocol::{Digest, Entry, Event, message::TreeHead};

/// Appends one entry; returns its position.
pub fn append(draft: &mut Draft<'_>, context: &mut Context<'_>, what: Event) -> Result<u64, ConsentError> {
    let time = context.now(draft)?;
    let entry = Entry { salt: context.salt(), time, what };
    let index = size(draft)?;
    draft.put(&index.to_be_bytes(), &entry)?;
    tree::append(draft, index, entry.leaf()?)?;
    draft.put(Counter::LOG, &Counter(index + 1))?;
    Ok(index)
}

/// Number of entries.
pub fn size(draft: &Draft<'_>) -> Result<u64, ConsentError> {
    Ok(draft.get::<Counter>(Counter::LOG)?.unwrap_or_default().0)
}

/// Size and root now.
pub fn head(draft: &Draft<'_>) -> Result<TreeHead, ConsentError> {
    head_at(draft, size(draft)?)
}

/// The entry at a position.
pub fn entry(draft: &Draft<'_>, index: u64) -> Result<Entry, ConsentError> {
    draft.expect(&index.to_be_bytes())
}

/// What does not agree between the entries, the tree over them and the head, each in words.
///
/// Reads every entry: for `log verify`, not for every start.
pub fn faults(draft: &Draft<'_>) -> Result<Vec<String>, ConsentError> {
    let size = size(draft)?;
    let mut faults = Vec::new();
    let mut last = 0;
    for index in 0..size {
        let Some(entry) = draft.get::<Entry>(&index.to_be_bytes())? else {
            faults.push(format!("entry {index} is missing"));
            continue;
        };
        let kept: Option<Node> = draft.get(&tree::key(0, index))?;
        if kept.map(|node| node.0) != Some(tree::leaf_hash(&entry.leaf()?)) {
            faults.push(format!("entry {index} is not the one that was logged"));
        }
        if entry.time < last {
            faults.push(format!("entry {index} is earlier than the one before it"));
        }
        last = entry.time;
    }
    let last_key = size.checked_sub(1).map(u64::to_be_bytes);
    if let Some(extra) = draft.scan::<Entry>(&[], last_key.as_ref().map(<[u8; 8]>::as_slice), 1)?.first() {
        faults.push(format!("an entry beyond the log's size: {}", u64_of(&extra.0)));
    }
    faults.extend(tree::faults(draft, size)?);
    Ok(faults)
}

fn u64_of(key: &[u8]) -> u64 {
    key.try_into().map_or(u64::MAX, u64::from_be_bytes)
}

/// The leaf of an entry made again from what a receipt tells of it.
pub fn run_leaf(salt: protocol::Salt, time: u64, what: Event) -> Result<Digest, ConsentError> {
    Ok(Entry { salt, time, what }.leaf()?)
}

#[cfg(test)]
mod tests;
