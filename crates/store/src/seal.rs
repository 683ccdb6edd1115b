//! XChaCha20-Poly1305 around every value, bound to its place.

use crate::{
    engine::{Applied, Batch, Engine, Pair, within},
    error::StoreError,
    files,
    limits::VALUE_BYTES,
};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, AeadInOut as _, Payload},
};

/// Version of the sealed form, the first byte of each and part of what is authenticated.
const VERSION: u8 = 1;
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;
/// Bytes that sealing adds: version, nonce and tag.
pub(crate) const OVERHEAD: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// Seals and opens bytes with one key. Sealed form: version ‖ nonce (24, random) ‖ ciphertext ‖ tag (16).
pub(crate) struct Sealer(XChaCha20Poly1305);

impl Sealer {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(XChaCha20Poly1305::new(key.into()))
    }

    /// Seals `plain`, bound to `place`. A random 192-bit nonce may be drawn 2^80 times before a repeat is a concern.
    pub(crate) fn seal(&self, place: &[&[u8]], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let nonce: [u8; NONCE_BYTES] = files::random()?;
        let aad = bound_to(place);
        let sealed = self.0.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad });
        let limit = VALUE_BYTES;
        let sealed = sealed.map_err(|_| StoreError::TooLarge { what: "a value's length", size: plain.len(), limit })?;
        let mut bytes = Vec::with_capacity(OVERHEAD + plain.len());
        bytes.push(VERSION);
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(&sealed);
        Ok(bytes)
    }

    /// Opens what was sealed for `place` with this key; `None` for anything else.
    pub(crate) fn open(&self, place: &[&[u8]], sealed: &[u8]) -> Option<Vec<u8>> {
        self.open_in_place(place, sealed.to_owned())
    }

    /// As [`Sealer::open`], where the sealed bytes lie: the plain ones are nowhere else in memory.
    pub(crate) fn open_in_place(&self, place: &[&[u8]], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        let (&version, rest) = sealed.split_first()?;
        let nonce = XNonce::from(*rest.first_chunk::<NONCE_BYTES>()?);
        if version != VERSION {
            return None;
        }
        sealed.drain(..=NONCE_BYTES);
        self.0.decrypt_in_place(&nonce, &bound_to(place), &mut sealed).ok()?;
        Some(sealed)
    }
}

/// An engine whose callers see plain values and whose disk sees sealed ones.
///
/// Associated data: context ‖ tree ‖ key, each behind its length (u32, big-endian), then the version. The context names
/// the database, so that a value neither moves to another key nor to another database.
pub struct Sealed<E> {
    engine: E,
    sealer: Sealer,
    context: Vec<u8>,
}

impl<E: Engine> Sealed<E> {
    /// Seals `engine` with `key`; `context` names this database.
    pub fn new(engine: E, key: &[u8; 32], context: &[u8]) -> Self {
        Self { engine, sealer: Sealer::new(key), context: context.to_owned() }
    }

    /// Names of the trees, in order.
    ///
    /// # Errors
    /// The engine's.
    pub fn trees(&self) -> Result<Vec<String>, StoreError> {
        self.engine.trees()
    }

    /// The value under a key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the stored bytes are not what was sealed for this key; else the engine's.
    pub fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(sealed) = self.engine.get(tree, key)? else { return Ok(None) };
        let opened = self.sealer.open_in_place(&self.place(tree, key), sealed);
        opened.map(Some).ok_or_else(|| not_sealed_here(tree, key))
    }

    /// As [`Engine::scan`]; one record that does not open fails the whole page.
    ///
    /// # Errors
    /// As [`Sealed::get`].
    pub fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError> {
        let records = self.engine.scan(tree, prefix, from, limit)?;
        records.into_iter().map(|(key, sealed)| self.open(tree, &key, &sealed).map(|value| (key, value))).collect()
    }

    /// As [`Sealed::scan`], the keys alone: nothing is opened, so that a damaged value can still be found and removed.
    ///
    /// # Errors
    /// The engine's.
    pub fn keys(
        &self,
        tree: &str,
        prefix: &[u8],
        from: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self.engine.scan(tree, prefix, from, limit)?.into_iter().map(|(key, _)| key).collect())
    }

    /// The record with the highest key.
    ///
    /// # Errors
    /// As [`Sealed::get`].
    pub fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError> {
        let Some((key, sealed)) = self.engine.last(tree)? else { return Ok(None) };
        let value = self.open(tree, &key, &sealed)?;
        Ok(Some((key, value)))
    }

    /// As [`Engine::commit`], with every value sealed.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a value above [`VALUE_BYTES`]; else the engine's.
    pub fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.sync(self.apply(batch)?)
    }

    /// As [`Engine::apply`], with every value sealed.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] for a value above [`VALUE_BYTES`]; else the engine's.
    pub fn apply(&self, batch: &Batch) -> Result<Applied, StoreError> {
        let mut sealed = Batch::new();
        for (tree, changes) in batch.trees() {
            for (key, value) in changes {
                match value {
                    Some(value) => {
                        within("a value's length in bytes", value.len(), VALUE_BYTES)?;
                        sealed.put(tree, key, self.sealer.seal(&self.place(tree, key), value)?);
                    }
                    None => {
                        sealed.delete(tree, key);
                    }
                }
            }
        }
        self.engine.apply(&sealed)
    }

    /// As [`Engine::sync`].
    ///
    /// # Errors
    /// The engine's.
    pub fn sync(&self, applied: Applied) -> Result<(), StoreError> {
        self.engine.sync(applied)
    }

    /// The engine beneath, whose values are sealed.
    pub(crate) fn engine(&self) -> &E {
        &self.engine
    }

    /// Opens one raw value of the engine.
    pub(crate) fn open(&self, tree: &str, key: &[u8], sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.sealer.open(&self.place(tree, key), sealed).ok_or_else(|| not_sealed_here(tree, key))
    }

    fn place<'a>(&'a self, tree: &'a str, key: &'a [u8]) -> [&'a [u8]; 3] {
        [&self.context, tree.as_bytes(), key]
    }
}

fn not_sealed_here(tree: &str, key: &[u8]) -> StoreError {
    let key: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    StoreError::damaged(format!("record {tree}/{key}"), "it is not what was sealed here")
}

/// Parts behind their lengths, so that no two places have the same bytes; then the version.
fn bound_to(place: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for part in place {
        // parts are names and keys of at most 64 bytes
        bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part);
    }
    bytes.push(VERSION);
    bytes
}

#[cfg(test)]
mod tests;
