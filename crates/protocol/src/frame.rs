//! What travels on a stream: one signed message with its personal texts beside it, answered at once by an ack.

use crate::{
    Commitment, MessageId, Text,
    cbor::{self, CborError},
    limits::{FRAME_BYTES, TEXT_BYTES, TEXTS_PER_FRAME},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// One message on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// The signed envelope.
    pub message: ByteBuf,
    /// Texts it commits to.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::TEXTS_PER_FRAME }, _, _>")]
    pub texts: Vec<Text>,
}

impl Frame {
    /// Envelope and texts.
    #[must_use]
    pub fn new(message: &[u8], texts: Vec<Text>) -> Self {
        Self { message: ByteBuf::from(message), texts }
    }

    /// Deterministic bytes; refused when larger than a frame.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        let bytes = cbor::to_vec(self)?;
        if bytes.len() > FRAME_BYTES || self.texts.len() > TEXTS_PER_FRAME {
            return Err(CborError::Unencodable(format!("larger than {FRAME_BYTES} bytes or {TEXTS_PER_FRAME} texts")));
        }
        Ok(bytes)
    }

    /// Decodes a frame within its limits.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        if bytes.len() > FRAME_BYTES {
            return Err(CborError::TooMany);
        }
        cbor::from_stranger(bytes, TEXT_BYTES)
    }

    /// The text a message commits to, if it came along.
    #[must_use]
    pub fn text(&self, commitment: &Commitment) -> Option<&Text> {
        self.texts.iter().find(|text| text.commitment() == *commitment)
    }
}

/// The receiver's immediate answer. `Accepted` means: durably kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ack {
    /// Kept; need not be sent again.
    Accepted(MessageId),
    /// Not kept and never will be; need not be sent again.
    Refused(Refusal),
    /// Not kept now; send again later.
    Later,
}

/// Why a message is refused for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Not a message that verifies.
    Malformed,
    /// Addressed to another party.
    WrongAudience,
    /// Expired, or from the future.
    Expired,
    /// Not from somebody this party is connected with.
    Stranger,
    /// The invite is spent, expired or another's.
    Invite,
    /// Names something this party does not have.
    Unknown,
    /// Contradicts what was agreed.
    Conflict,
    /// The grant was revoked.
    Revoked,
    /// The grant's uses are spent.
    Spent,
    /// A type this version does not handle.
    Unsupported,
    /// Too many wait already.
    TooMany,
    /// The owner has paused the grant.
    Paused,
}

impl Ack {
    /// Its bytes.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(self)
    }

    /// Decodes an ack.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::from_stranger(bytes, TEXT_BYTES)
    }
}

#[cfg(test)]
mod tests;
