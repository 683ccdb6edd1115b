//! For `fuzz/`, and in no other build: what a stranger wrote into a backup, past its seal and without a home to fill.

use super::{
    item::{Counts, Item},
    items::Items,
    stream::{Head, Sealing, head},
};
use crate::{
    Batch, KdfCost, Manifest, Passphrase, StoreError,
    manifest::{ID_BYTES, TREE},
};
use protocol::DatasetId;
use std::path::Path;

const PASSPHRASE: &str = "fuzz";
/// The least that Argon2 takes.
const COST: KdfCost = KdfCost { memory_kib: 8, passes: 1, lanes: 1 };

/// Reads a file as it is, up to where a passphrase is needed; true when the header is one.
#[must_use]
pub fn file(bytes: &[u8]) -> bool {
    Head::read(&mut &*bytes).is_ok()
}

/// Reads a header behind the hash that belongs to it; true when it is one.
#[must_use]
pub fn header(bytes: &[u8]) -> bool {
    file(&head(bytes).0)
}

/// Reads `plain` as what the parts of a backup hold; what was read is given back as this program writes it.
///
/// # Errors
/// As [`super::Backup::open`] and, past its first item, as [`super::Backup::restore`] before anything is written.
pub fn items(plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let sealed = sealed(plain)?;
    let (about, mut items) = Items::begin(&*sealed, Path::new("backup"), &passphrase()?)?;
    let (mut again, mut counts) = (Vec::new(), Counts::default());
    let mut write = |item: &Item| {
        counts.count(item);
        let framed = item.framed().map_err(|e| StoreError::damaged("what was read", e))?;
        again.extend_from_slice(&framed);
        Ok(())
    };
    write(&Item::About(about))?;
    items.each(&mut |_| {}, &mut |item| {
        if let Item::Record { tree, key, value } = &item
            && tree == TREE
        {
            manifest(key, value);
        }
        write(&item)
    })?;
    let end = Item::End(counts).framed().map_err(|e| StoreError::damaged("what was read", e))?;
    again.extend_from_slice(&end);
    Ok(again)
}

/// Reads `plain` from a file of which the bits in `how` of a byte were turned over, or which was cut off there.
///
/// # Errors
/// Always, if the seal holds.
pub fn altered(plain: &[u8], at: usize, how: Option<u8>) -> Result<(), StoreError> {
    let mut sealed = sealed(plain)?;
    let at = at % sealed.len();
    match (sealed.get_mut(at), how) {
        (Some(byte), Some(how)) => *byte ^= how,
        _ => sealed.truncate(at),
    }
    // a cost that was altered is refused by its hash, before it is paid
    let (_, mut items) = Items::begin(&*sealed, Path::new("backup"), &passphrase()?)?;
    items.each(&mut |_| {}, &mut |_| Ok(()))
}

/// A record as the manifest that restoring makes of it.
fn manifest(key: &[u8], value: &[u8]) {
    let Some(id) = key.get(..ID_BYTES).and_then(|id| DatasetId::try_from(id).ok()) else { return };
    if let Ok(manifest) = Manifest::from_parts(id, vec![(key.to_vec(), value.to_vec())]) {
        let mut batch = Batch::new();
        let put = manifest.put_into(&mut batch).and_then(|()| manifest.version());
        assert!(put.is_ok(), "a manifest that was read cannot be written: {put:?}");
    }
}

fn sealed(plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let failed = |e| StoreError::damaged("what is to be read", e);
    let mut sealing = Sealing::begin(Vec::new(), &passphrase()?, COST).map_err(failed)?;
    sealing.write(plain).map_err(failed)?;
    Ok(sealing.finish().map_err(failed)?.0)
}

fn passphrase() -> Result<Passphrase, StoreError> {
    Passphrase::new(PASSPHRASE.to_owned())
}
