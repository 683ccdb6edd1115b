//! A signed message: the bytes as received, what they say, and their id.

use crate::{
    IdentityKey, MessageId, Nonce, PartyId, UnixSeconds,
    cbor::{self, CborError},
    cose::{self, EnvelopeError},
    limits::{LIFETIME_SECONDS, SIGNED_TEXT_BYTES, SKEW_SECONDS},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What every message carries around its body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload<B> {
    /// Makes equal messages different.
    pub nonce: Nonce,
    /// Who says it; equals the key of the signature.
    pub sender: PartyId,
    /// Who it is said to; nobody else may act on it.
    pub audience: PartyId,
    /// When it was made, by the sender's clock.
    pub created: UnixSeconds,
    /// After this it is not accepted for the first time. Evidence does not expire.
    pub expires: UnixSeconds,
    /// The message itself.
    pub body: B,
}

/// The body of one type of message.
pub trait Body: Serialize + DeserializeOwned + Clone {
    /// Its word in the content type and in the additional authenticated data.
    const KIND: &'static str;

    /// Limits that the type alone does not express.
    fn validate(&self) -> Result<(), Invalid>;

    /// Limits relative to when the message was made, in seconds since 1970.
    fn validate_when(&self, _created: UnixSeconds) -> Result<(), Invalid> {
        Ok(())
    }
}

/// A field beyond its limit, or fields that contradict each other.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{field}: {why}")]
pub struct Invalid {
    /// Which field.
    pub field: &'static str,
    /// What is wrong with it.
    pub why: &'static str,
}

/// `Ok` when `holds`, otherwise an [`Invalid`] that names the field.
pub fn require(holds: bool, field: &'static str, why: &'static str) -> Result<(), Invalid> {
    if holds { Ok(()) } else { Err(Invalid { field, why }) }
}

/// Whether no item is there twice. For short lists: compares each with each.
pub(crate) fn distinct<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items.iter().take(at).any(|earlier| earlier == item))
}

/// Why bytes are not a message of the expected type.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The signed envelope around it.
    #[error("envelope: {0}")]
    Envelope(#[from] EnvelopeError),
    /// Its payload.
    #[error("payload: {0}")]
    Payload(#[from] CborError),
    /// Signed by one key, said in the name of another.
    #[error("the sender named inside is not the one who signed")]
    Sender,
    /// Not after its creation, or too long after it.
    #[error("its lifetime is empty or longer than {LIFETIME_SECONDS} seconds")]
    Lifetime,
    /// A field beyond its limit.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A type that this version does not know.
    #[error("unknown type of message")]
    UnknownKind,
}

/// Why a well-formed message is not accepted now and here.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum NotAcceptable {
    /// Said to somebody else.
    #[error("addressed to another party")]
    Audience,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// From a clock that runs ahead of ours by more than the tolerated skew.
    #[error("made in the future: one of the two clocks is wrong")]
    Future,
}

/// A verified message. Its bytes are kept as received and are what is verified again later.
#[derive(Clone, Debug)]
pub struct Signed<B> {
    bytes: Vec<u8>,
    payload: Payload<B>,
    id: MessageId,
}

impl<B: Body> Signed<B> {
    /// Signs; refuses what a receiver would refuse.
    pub fn sign(payload: Payload<B>, key: &IdentityKey) -> Result<Self, MessageError> {
        check(&payload, key.party())?;
        let (bytes, id) = cose::sign(B::KIND, key, cbor::to_vec(&payload)?);
        if bytes.len() > crate::limits::FRAME_BYTES {
            return Err(EnvelopeError::TooLarge.into());
        }
        Ok(Self { bytes, payload, id })
    }

    /// Verifies signature, form and limits. Time and audience: [`Signed::acceptable`].
    pub fn open(bytes: &[u8]) -> Result<Self, MessageError> {
        let opened = cose::open(B::KIND, bytes)?;
        let payload: Payload<B> = cbor::from_stranger(opened.payload, SIGNED_TEXT_BYTES)?;
        check(&payload, opened.signer)?;
        Ok(Self { bytes: bytes.to_vec(), payload, id: opened.id })
    }

    /// Reads again what this party verified before, or signed, and has from where nobody else can write: its own sealed
    /// records. Neither signature nor limits are checked again; evidence that is handed on, or came in, goes through
    /// [`Signed::open`].
    ///
    /// # Errors
    /// Bytes that are no such message.
    pub fn reopen(bytes: &[u8]) -> Result<Self, MessageError> {
        let opened = cose::reopen(B::KIND, bytes)?;
        let payload: Payload<B> = cbor::own(opened.payload)?;
        if payload.sender != opened.signer {
            return Err(MessageError::Sender);
        }
        Ok(Self { bytes: bytes.to_vec(), payload, id: opened.id })
    }

    /// Whether `me` may act on it at `now`, for the first time.
    pub fn acceptable(&self, me: &PartyId, now: UnixSeconds) -> Result<(), NotAcceptable> {
        if self.payload.audience != *me {
            return Err(NotAcceptable::Audience);
        }
        if self.payload.created > now.saturating_add(SKEW_SECONDS) {
            return Err(NotAcceptable::Future);
        }
        if self.payload.expires.saturating_add(SKEW_SECONDS) < now {
            return Err(NotAcceptable::Expired);
        }
        Ok(())
    }

    /// The envelope, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// SHA-256 of the signed structure.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.id
    }

    /// Who said it.
    #[must_use]
    pub fn sender(&self) -> PartyId {
        self.payload.sender
    }

    /// Everything around the body.
    #[must_use]
    pub fn payload(&self) -> &Payload<B> {
        &self.payload
    }

    /// What was said.
    #[must_use]
    pub fn body(&self) -> &B {
        &self.payload.body
    }
}

fn check<B: Body>(payload: &Payload<B>, signer: PartyId) -> Result<(), MessageError> {
    if payload.sender != signer {
        return Err(MessageError::Sender);
    }
    let life = payload.expires.checked_sub(payload.created);
    if !life.is_some_and(|life| life > 0 && life <= LIFETIME_SECONDS) {
        return Err(MessageError::Lifetime);
    }
    payload.body.validate()?;
    payload.body.validate_when(payload.created)?;
    Ok(())
}

#[cfg(test)]
mod tests;
