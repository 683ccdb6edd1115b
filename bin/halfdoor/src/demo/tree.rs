//! The root over a log's entries, worked out from their leaves alone (RFC 6962 §2.1): what the nodes say of their logs
//! is checked by other code than theirs.

use crate::error::CliError;
use data_encoding::HEXLOWER;
use node::views::EntryView;
use sha2::{Digest as _, Sha256};

/// The root over these entries, in hex.
pub(super) fn root_of(entries: &[EntryView]) -> Result<String, CliError> {
    let item = |entry: &EntryView| HEXLOWER.decode(entry.leaf.as_bytes());
    let items: Result<Vec<_>, _> = entries.iter().map(item).collect();
    let items = items.map_err(|e| CliError::failed("a leaf of the log is no hash").because(e))?;
    Ok(HEXLOWER.encode(&root(&items)))
}

/// `MTH(D[n])`.
fn root(items: &[Vec<u8>]) -> [u8; 32] {
    match items {
        [] => Sha256::digest(b"").into(),
        [item] => Sha256::new().chain_update([0]).chain_update(item).finalize().into(),
        several => {
            // The largest power of two smaller than their number.
            let (left, right) = several.split_at(several.len().next_power_of_two() / 2);
            Sha256::new().chain_update([1]).chain_update(root(left)).chain_update(root(right)).finalize().into()
        }
    }
}

#[cfg(test)]
mod tests;
