//! From a passphrase to a key: Argon2id (RFC 9106), its salt and cost kept beside the keys.

use super::Secret;
use crate::{error::StoreError, files, limits::PASSPHRASE_BYTES, seal::Sealer};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use std::path::Path;
use zeroize::Zeroizing;

/// Format of `kdf.cbor`.
const FORMAT: u8 = 1;
/// A `kdf.cbor` has some 150 bytes.
const FILE_BYTES: usize = 1024;
/// What the check value seals: opening it tells a wrong passphrase from a damaged key.
const CHECK: &[u8] = b"halfdoor passphrase";
/// What a file may ask for at most: a hostile one must not exhaust the machine.
const MOST: KdfCost = KdfCost { memory_kib: 1 << 20, passes: 16, lanes: 4 };

/// What a person types to open her keys; wiped from memory when dropped.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes a passphrase as typed. It is used byte for byte: no case folding, no Unicode normalisation.
    ///
    /// # Errors
    /// [`StoreError::PassphraseLength`] when it is empty or longer than [`PASSPHRASE_BYTES`].
    pub fn new(text: String) -> Result<Self, StoreError> {
        let text = Zeroizing::new(text);
        if text.is_empty() || text.len() > PASSPHRASE_BYTES {
            return Err(StoreError::PassphraseLength);
        }
        Ok(Self(text))
    }
}

/// What one try of a passphrase costs. The default is RFC 9106's second recommendation with one lane: 64 MiB, 3 passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KdfCost {
    /// Memory in KiB; at least 8 per lane.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for KdfCost {
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 }
    }
}

/// The content of `kdf.cbor`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kdf {
    format: u8,
    cost: KdfCost,
    #[serde(with = "serde_bytes")]
    salt: Vec<u8>,
    #[serde(with = "serde_bytes")]
    check: Vec<u8>,
}

impl Kdf {
    /// A fresh salt, and the key of the passphrase under it.
    pub(crate) fn create(passphrase: &Passphrase, cost: KdfCost) -> Result<(Self, Secret), StoreError> {
        let salt = files::random::<16>()?.to_vec();
        let key = derive(passphrase, &salt, cost)?;
        let check = Sealer::new(&key).seal(&[CHECK], CHECK)?;
        Ok((Self { format: FORMAT, cost, salt, check }, key))
    }

    /// Reads the file; `None` when there is none, that is, no passphrase.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let Some(bytes) = files::read_bounded(path, FILE_BYTES)? else { return Ok(None) };
        let what = path.display().to_string();
        let kdf: Self = protocol::cbor::from_slice(&bytes).map_err(|e| StoreError::damaged(&what, e))?;
        kdf.check(&what)?;
        Ok(Some(kdf))
    }

    /// Refuses what this program never writes, before anything is computed; `what` says where it stands.
    pub(crate) fn check(&self, what: &str) -> Result<(), StoreError> {
        let KdfCost { memory_kib, passes, lanes } = self.cost;
        if self.format != FORMAT {
            return Err(StoreError::newer(what, self.format.into(), FORMAT.into(), None));
        }
        if memory_kib > MOST.memory_kib || passes > MOST.passes || lanes > MOST.lanes || self.salt.len() != 16 {
            return Err(StoreError::damaged(what, "it asks for a cost or a salt that this program never writes"));
        }
        Ok(())
    }

    /// The key of the passphrase, if it is the right one.
    pub(crate) fn open(&self, passphrase: &Passphrase) -> Result<Secret, StoreError> {
        let key = derive(passphrase, &self.salt, self.cost)?;
        match Sealer::new(&key).open(&[CHECK], &self.check) {
            Some(check) if check == CHECK => Ok(key),
            _ => Err(StoreError::PassphraseWrong),
        }
    }

    #[cfg(test)]
    pub(super) fn ask_for(&mut self, cost: KdfCost) {
        self.cost = cost;
    }

    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        protocol::cbor::to_vec(self).map_err(|e| StoreError::damaged(super::KDF_FILE, e))
    }
}

fn derive(passphrase: &Passphrase, salt: &[u8], cost: KdfCost) -> Result<Secret, StoreError> {
    // `argon2::Error` is no std error without one of its features: its words are kept instead
    let damaged = |e: argon2::Error| StoreError::damaged("the cost of the passphrase's key", e.to_string());
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(damaged)?;
    let mut key = Zeroizing::new([0u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.0.as_bytes(), salt, &mut *key)
        .map_err(damaged)?;
    Ok(key)
}
