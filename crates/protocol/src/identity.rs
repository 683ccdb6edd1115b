//! Identity keys: who a party is (Ed25519, RFC 8032), strictly verified.

use crate::PartyId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha512};
use std::fmt;

/// Why a signature or a key does not count.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadSignature {
    /// Not a point, or a weak one: under such a key almost any signature verifies.
    #[error("the identity key is not a valid Ed25519 key, or a weak one")]
    Key,
    /// The signature is not one by that key over these bytes.
    #[error("the signature does not match the bytes and the key")]
    Mismatch,
}

/// The secret half. Wiped from memory when dropped.
pub struct IdentityKey(SigningKey);

impl IdentityKey {
    /// From 32 secret random bytes.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The party this key speaks for.
    #[must_use]
    pub fn party(&self) -> PartyId {
        PartyId(self.0.verifying_key().to_bytes())
    }

    /// Deterministic signature (RFC 8032): no randomness is needed.
    #[must_use]
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityKey({:?})", self.party())
    }
}

impl PartyId {
    /// Refuses what is no key, and weak keys.
    pub fn check(&self) -> Result<(), BadSignature> {
        self.key().map(|_| ())
    }

    /// `verify_strict`: the one signature per message and key that RFC 8032 means; weak keys refused.
    pub fn verify(&self, bytes: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        self.key()?.verify_strict(bytes, &Signature::from_bytes(signature)).map_err(|_| BadSignature::Mismatch)
    }

    fn key(&self) -> Result<VerifyingKey, BadSignature> {
        let key = VerifyingKey::from_bytes(&self.0).map_err(|_| BadSignature::Key)?;
        // from_bytes accepts encodings that are not canonical; re-encoding shows them
        if key.is_weak() || key.to_edwards().compress().to_bytes() != self.0 {
            return Err(BadSignature::Key);
        }
        Ok(key)
    }
}

/// Sixty digits, the same on both sides, for two people to compare by voice: twelve groups of five.
///
/// SHA-512("halfdoor/safety/1" ‖ smaller key ‖ larger key), five bytes modulo 100,000 per group.
#[must_use]
pub fn safety_code(a: &PartyId, b: &PartyId) -> String {
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    let hash = Sha512::new().chain_update(b"halfdoor/safety/1").chain_update(first.0).chain_update(second.0).finalize();
    let groups: Vec<String> = hash
        .chunks_exact(5)
        .take(12)
        .map(|five| {
            let number = five.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
            format!("{:05}", number % 100_000)
        })
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests;
