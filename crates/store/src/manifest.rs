//! What a dataset is: its columns, its rows and the hash of every chunk. A dataset exists once this is committed.

use crate::{
    control::Control,
    engine::{Batch, Pair, after, within},
    error::StoreError,
    limits::{ATTRIBUTES_BYTES, CHUNKS},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::{Column, DatasetId, Digest, VersionHash, cbor, limits::COLUMNS};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::Sha256;

/// The tree of the control database that holds manifests: key = id ‖ part (u16, big-endian).
pub(crate) const TREE: &str = "datasets";
/// Bytes of one part: a manifest may exceed what one record holds.
const PART_BYTES: usize = 128 * 1024;
/// Most parts: bounds what is read back before anything is decoded.
pub(crate) const PARTS: usize = 32;
pub(crate) const ID_BYTES: usize = 16;

/// What a dataset is. Sealed in the control database; never sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The pointer.
    pub id: DatasetId,
    /// Random, drawn once per version: without it the version hash, which requesters see, would let them try rows.
    pub salt: [u8; 32],
    /// Rows.
    pub rows: u64,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// For each column, SHA-256 of each chunk as encoded, in order.
    pub chunks: Vec<Vec<Digest>>,
    /// The owner's own notes (tag, description, source …), in a form that is the caller's; not part of the version.
    pub attributes: Vec<u8>,
}

/// How a manifest is stored, and, without salt and attributes, what its version binds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    id: DatasetId,
    rows: u64,
    columns: Vec<Column>,
    /// Hashes of a column, one after the other.
    chunks: Vec<ByteBuf>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    salt: Option<ByteBuf>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    attributes: Option<ByteBuf>,
}

impl Manifest {
    /// The version: HMAC-SHA256 (RFC 2104) under the salt over the deterministic CBOR of
    /// `{id, rows, columns, chunks}`, where `chunks` has the concatenated hashes of each column.
    ///
    /// # Errors
    /// [`StoreError::BadManifest`] when it has no CBOR form.
    pub fn version(&self) -> Result<VersionHash, StoreError> {
        let bytes = self.encode(&self.bound())?;
        let mac = Hmac::<Sha256>::new_from_slice(&self.salt);
        let mut mac = mac.map_err(|_| StoreError::BadManifest { id: self.id, why: "its salt is no key" })?;
        mac.update(&bytes);
        Ok(VersionHash(mac.finalize().into_bytes().into()))
    }

    /// Adds the records of this manifest to a batch: committing that batch brings the dataset into being, together with
    /// whatever else the batch says (the log entry). Its chunks must be durable by then.
    ///
    /// # Errors
    /// [`StoreError::BadManifest`], [`StoreError::TooLarge`].
    pub fn put_into(&self, batch: &mut Batch) -> Result<(), StoreError> {
        self.check()?;
        let mut stored = self.bound();
        stored.salt = Some(ByteBuf::from(self.salt));
        stored.attributes = Some(ByteBuf::from(self.attributes.clone()));
        let bytes = self.encode(&stored)?;
        within("a manifest's number of parts", bytes.len().div_ceil(PART_BYTES), PARTS)?;
        for (part, bytes) in (0u16..).zip(bytes.chunks(PART_BYTES)) {
            batch.put(TREE, &key(self.id, part), bytes);
        }
        Ok(())
    }

    /// Reads the manifest of a dataset.
    pub(crate) fn read(control: &Control, id: DatasetId) -> Result<Option<Self>, StoreError> {
        let parts = control.scan(TREE, id.as_bytes(), None, PARTS)?;
        if parts.is_empty() { Ok(None) } else { Self::from_parts(id, parts).map(Some) }
    }

    /// Adds the removal of a dataset's manifest, even a damaged one, to a batch; false when there is none.
    pub(crate) fn delete_into(control: &Control, id: DatasetId, batch: &mut Batch) -> Result<bool, StoreError> {
        let keys = control.keys(TREE, id.as_bytes(), None, PARTS)?;
        for key in &keys {
            batch.delete(TREE, key);
        }
        Ok(!keys.is_empty())
    }

    /// Ids of the datasets that exist, in order.
    pub(crate) fn ids(control: &Control) -> Result<Vec<DatasetId>, StoreError> {
        let mut ids = Vec::new();
        let mut from: Option<Vec<u8>> = None;
        while let Some(found) = control.keys(TREE, &[], from.as_deref(), 1)?.pop() {
            let id = found.get(..ID_BYTES).and_then(|id| DatasetId::try_from(id).ok());
            let id = id.ok_or_else(|| StoreError::damaged("the list of datasets", "a key that is no id"))?;
            from = Some(after(&key(id, u16::MAX)));
            ids.push(id);
        }
        Ok(ids)
    }

    pub(crate) fn from_parts(id: DatasetId, parts: Vec<Pair>) -> Result<Self, StoreError> {
        let damaged = |why: &str| StoreError::damaged(format!("the manifest of dataset {id}"), why);
        let mut bytes = Vec::new();
        for (part, (found, value)) in (0u16..).zip(parts) {
            if found != key(id, part) {
                return Err(damaged("a part is missing"));
            }
            bytes.extend_from_slice(&value);
        }
        let stored: Stored = cbor::from_slice(&bytes).map_err(|e| damaged(&e.to_string()))?;
        let hashes = |column: ByteBuf| {
            let (hashes, rest) = column.as_chunks::<32>();
            rest.is_empty().then(|| hashes.iter().copied().map(Digest).collect::<Vec<_>>())
        };
        let chunks: Option<Vec<_>> = stored.chunks.into_iter().map(hashes).collect();
        let salt = stored.salt.and_then(|salt| salt.into_vec().try_into().ok());
        let manifest = Self {
            id: stored.id,
            salt: salt.ok_or_else(|| damaged("its salt is missing"))?,
            rows: stored.rows,
            columns: stored.columns,
            chunks: chunks.ok_or_else(|| damaged("a hash is cut short"))?,
            attributes: stored.attributes.unwrap_or_default().into_vec(),
        };
        if manifest.id != id {
            return Err(damaged("it names another dataset"));
        }
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), StoreError> {
        within("a dataset's number of columns", self.columns.len(), COLUMNS)?;
        within("a dataset's number of chunks", self.chunks.iter().map(Vec::len).sum(), CHUNKS)?;
        within("a manifest's attributes in bytes", self.attributes.len(), ATTRIBUTES_BYTES)?;
        if self.chunks.len() != self.columns.len() {
            return Err(StoreError::BadManifest { id: self.id, why: "columns and lists of chunks differ in number" });
        }
        Ok(())
    }

    fn bound(&self) -> Stored {
        let concatenated = |hashes: &Vec<Digest>| ByteBuf::from(hashes.iter().flat_map(|h| h.0).collect::<Vec<_>>());
        Stored {
            id: self.id,
            rows: self.rows,
            columns: self.columns.clone(),
            chunks: self.chunks.iter().map(concatenated).collect(),
            salt: None,
            attributes: None,
        }
    }

    fn encode(&self, stored: &Stored) -> Result<Vec<u8>, StoreError> {
        cbor::to_vec(stored).map_err(|_| StoreError::BadManifest { id: self.id, why: "it cannot be encoded" })
    }
}

fn key(id: DatasetId, part: u16) -> Vec<u8> {
    [id.as_bytes(), &part.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests;
