//! From an invite to a pair: proofs of the invite's secret, the pairing secret, the names to meet under.
//!
//! Composition of HMAC-SHA256 (RFC 2104), X25519 (RFC 7748) and HKDF-SHA256 (RFC 5869); see docs/protocol.

use crate::{
    Digest, ExchangeKey, Nonce, PartyId, UnixSeconds,
    cbor::{self, CborError},
};
use data_encoding::BASE32_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use serde_bytes::Bytes;
use sha2::{Digest as _, Sha256};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

/// Seconds in the day by which meeting names rotate.
const DAY: u64 = 24 * 3600;

/// What both sides know when the joiner speaks first.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Transport peer ids, as Noise authenticated them.
    pub inviter_peer: &'a [u8],
    /// See `inviter_peer`.
    pub joiner_peer: &'a [u8],
    /// Identities.
    pub inviter: PartyId,
    /// See `inviter`.
    pub joiner: PartyId,
    /// The joiner's fresh exchange key.
    pub joiner_key: ExchangeKey,
    /// Nonce of the join message.
    pub joiner_nonce: Nonce,
}

/// What the inviter adds.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// The inviter's fresh exchange key.
    pub inviter_key: ExchangeKey,
    /// Nonce of the welcome message.
    pub inviter_nonce: Nonce,
}

#[derive(Serialize)]
struct Transcript<'a>(
    &'static str,
    &'a Bytes,
    &'a Bytes,
    PartyId,
    PartyId,
    ExchangeKey,
    Nonce,
    Option<(ExchangeKey, Nonce)>,
);

impl Opening<'_> {
    fn transcript(&self, role: &'static str, reply: Option<&Reply>) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(&Transcript(
            role,
            Bytes::new(self.inviter_peer),
            Bytes::new(self.joiner_peer),
            self.inviter,
            self.joiner,
            self.joiner_key,
            self.joiner_nonce,
            reply.map(|reply| (reply.inviter_key, reply.inviter_nonce)),
        ))
    }

    /// The joiner's proof that it holds the invite.
    pub fn join_proof(&self, secret: &[u8; 32]) -> Result<Digest, CborError> {
        Ok(mac(secret, &self.transcript("joiner", None)?))
    }

    /// The inviter's proof, over everything said.
    pub fn welcome_proof(&self, secret: &[u8; 32], reply: &Reply) -> Result<Digest, CborError> {
        Ok(mac(secret, &self.transcript("inviter", Some(reply))?))
    }

    /// HKDF-SHA256(ikm = X25519 agreement ‖ invite secret, salt = "halfdoor/pairing/1", info = SHA-256(transcript)).
    ///
    /// `None` when the other side's key contributes nothing (a point of small order).
    pub fn pairing_secret(
        &self,
        reply: &Reply,
        mine: &ExchangeSecret,
        theirs: ExchangeKey,
        secret: &[u8; 32],
    ) -> Result<Option<Zeroizing<[u8; 32]>>, CborError> {
        let shared = mine.0.diffie_hellman(&PublicKey::from(theirs.0));
        if !shared.was_contributory() {
            return Ok(None);
        }
        let mut material = Zeroizing::new([0u8; 64]);
        material[..32].copy_from_slice(shared.as_bytes());
        material[32..].copy_from_slice(secret);
        let info = Sha256::digest(self.transcript("pair", Some(reply))?);
        Ok(Some(expand(b"halfdoor/pairing/1", &material[..], &info)))
    }
}

/// Compares two proofs without telling where they differ.
#[must_use]
pub fn same_proof(a: &Digest, b: &Digest) -> bool {
    use subtle::ConstantTimeEq as _;
    a.0.ct_eq(&b.0).into()
}

/// The secret half of a fresh exchange key. Wiped from memory when dropped.
pub struct ExchangeSecret(StaticSecret);

impl ExchangeSecret {
    /// From 32 secret random bytes.
    #[must_use]
    pub fn from_secret(secret: [u8; 32]) -> Self {
        Self(StaticSecret::from(secret))
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> ExchangeKey {
        ExchangeKey(PublicKey::from(&self.0).to_bytes())
    }

    /// The secret half itself, for another scheme over the same curve.
    pub(crate) fn bytes(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }
}

/// The rendezvous namespace of a secret at one relay on one day: 52 lower-case base32 characters.
///
/// The secret is an invite's or a pair's; whoever does not know it cannot tell two days' names apart from others'.
pub fn namespace(secret: &[u8; 32], relay_peer: &[u8], day: u64) -> Result<String, CborError> {
    let info = cbor::to_vec(&(Bytes::new(relay_peer), day))?;
    let name = expand(b"halfdoor/namespace/1", secret, &info);
    Ok(BASE32_NOPAD.encode(&name[..]).to_lowercase())
}

/// The day a time falls in, by which namespaces rotate.
#[must_use]
pub fn day(now: UnixSeconds) -> u64 {
    now / DAY
}

/// HMAC-SHA256. A key shorter than a block is padded with zeros, which is what RFC 2104 does with it.
fn mac(key: &[u8; 32], bytes: &[u8]) -> Digest {
    let mut block = Zeroizing::new([0u8; 64]);
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&(*block).into());
    mac.update(bytes);
    Digest(mac.finalize().into_bytes().into())
}

/// HKDF-SHA256 (RFC 5869) for 32 bytes: the first block of its expansion, HMAC(PRK, info ‖ 1), which cannot fail.
pub(crate) fn expand(salt: &[u8], material: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let (extracted, _) = Hkdf::<Sha256>::extract(Some(salt), material);
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(extracted.into());
    Zeroizing::new(mac(&key, &[info, &[1]].concat()).0)
}

#[cfg(test)]
mod tests;
