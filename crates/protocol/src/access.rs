//! Access to a relay by token: who was given one proves so once a connection is up.
//!
//! The proof is HMAC-SHA256 (RFC 2104) under the token, over both peer ids as Noise or QUIC authenticated them: shown to one
//! relay by one peer, it is of no use to another. A token is given out beforehand: by the relay's operator, or in an invite.

use crate::{
    Digest,
    cbor::{self, CborError},
};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use serde_bytes::Bytes;
use sha2::Sha256;

/// Name of the protocol between a node and its relay.
pub const PROTOCOL: &str = "/halfdoor/access/1";
/// Longest question and answer, in bytes.
pub const BYTES: usize = 128;
/// Shortest and longest token, in bytes.
pub const TOKEN_BYTES: std::ops::RangeInclusive<usize> = 16..=crate::limits::TOKEN_BYTES;

/// A node shows that it was given a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Show {
    /// See [`proof`].
    pub proof: Digest,
}

/// What a relay says to that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// The peer is served for as long as it stays connected.
    Admitted,
    /// No token of the relay's makes this proof.
    Refused,
}

/// HMAC-SHA256(token, "halfdoor/access/1" ‖ CBOR [relay's peer id, node's peer id]); peer ids are their multihash bytes.
///
/// # Errors
/// None that can happen: peer ids are small.
pub fn proof(token: &[u8], relay: &[u8], node: &[u8]) -> Result<Digest, CborError> {
    let said = cbor::to_vec(&(Bytes::new(relay), Bytes::new(node)))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(token).map_err(|_| CborError::TooMany)?;
    mac.update(b"halfdoor/access/1");
    mac.update(&said);
    Ok(Digest(mac.finalize().into_bytes().into()))
}

impl Show {
    /// Its bytes.
    ///
    /// # Errors
    /// None that can happen.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(self)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        read(bytes)
    }
}

impl Said {
    /// Its bytes.
    ///
    /// # Errors
    /// None that can happen.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(self)
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        read(bytes)
    }
}

fn read<T: Serialize + serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    if bytes.len() > BYTES {
        return Err(CborError::TooMany);
    }
    cbor::from_stranger(bytes, 16)
}

#[cfg(test)]
mod tests;
