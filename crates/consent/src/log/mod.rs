//! The verifiable log: an append-only Merkle tree (RFC 6962) over salted entries.

mod check;
pub mod checkpoint;
mod epoch;
pub mod heads;
mod range;
pub mod seen;
pub mod statement;
mod tree;

pub use check::Check;
pub use epoch::restart;
pub use range::Range;
pub use tree::{consistency, head_at, inclusion, proves_consistency, proves_inclusion};

use crate::{ConsentError, context::Context, draft::Draft, record::Counter};
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
    draft.need(&index.to_be_bytes())
}

/// What does not agree between the entries, the tree over them and the head, each in words.
///
/// Reads every entry at once: a long log is checked in pages, by [`Check`].
pub fn faults(draft: &Draft<'_>) -> Result<Vec<String>, ConsentError> {
    let mut check = Check::begin(draft)?;
    while check.go_on(draft, u64::MAX)? {}
    Ok(check.faults)
}

/// The leaf of an entry made again from what a receipt tells of it.
pub fn run_leaf(salt: protocol::Salt, time: u64, what: Event) -> Result<Digest, ConsentError> {
    Ok(Entry { salt, time, what }.leaf()?)
}

#[cfg(test)]
mod tests;
