//! Fixed-size names: hashes, keys' public halves, nonces. Hex where people read, byte strings in CBOR.

use data_encoding::HEXLOWER_PERMISSIVE as HEX;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A text that is not the hex form of the identifier it should be.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected {expected} hexadecimal characters")]
pub struct BadId {
    /// Characters a well-formed identifier of this kind has.
    pub expected: usize,
}

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident: $len:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// The raw bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8] { &self.0 }
        }
        impl AsRef<[u8]> for $name { fn as_ref(&self) -> &[u8] { &self.0 } }
        impl From<[u8; $len]> for $name { fn from(bytes: [u8; $len]) -> Self { Self(bytes) } }
        impl TryFrom<&[u8]> for $name {
            type Error = BadId;
            fn try_from(bytes: &[u8]) -> Result<Self, BadId> {
                bytes.try_into().map(Self).map_err(|_| BadId { expected: 2 * $len })
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&HEX.encode(&self.0)) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), HEX.encode(&self.0[..4]))
            }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bytes = HEX.decode(text.as_bytes()).map_err(|_| BadId { expected: 2 * $len })?;
                Self::try_from(bytes.as_slice())
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                if to.is_human_readable() { to.collect_str(self) } else { to.serialize_bytes(&self.0) }
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                if from.is_human_readable() {
                    return String::deserialize(from)?.parse().map_err(de::Error::custom);
                }
                let bytes = serde_bytes::ByteBuf::deserialize(from)?;
                Self::try_from(bytes.as_slice()).map_err(de::Error::custom)
            }
        }
    )*};
}

identifiers! {
    /// A SHA-256 hash.
    Digest: 32;
    /// Who a party is: its Ed25519 public identity key. Checked as a key where it is used as one.
    PartyId: 32;
    /// SHA-256 of a message's COSE `Sig_structure`: computed from the bytes, never carried.
    MessageId: 32;
    /// The pointer: names a dataset and reveals nothing of it. Random.
    DatasetId: 16;
    /// One version of one dataset: a salted hash over schema, row count and chunk hashes.
    VersionHash: 32;
    /// Salted SHA-256 commitment to personal text or to an outcome.
    Commitment: 32;
    /// Random salt of a commitment.
    Salt: 16;
    /// Random per message, so that equal messages have different ids.
    Nonce: 16;
    /// An X25519 public key (pairing, mailbox).
    ExchangeKey: 32;
}

impl MessageId {
    /// The first eight hex characters: what people type and read.
    #[must_use]
    pub fn short(&self) -> String {
        HEX.encode(&self.0[..4])
    }
}

#[cfg(test)]
mod tests;
