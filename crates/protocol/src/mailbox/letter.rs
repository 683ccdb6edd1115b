use super::{Place, tag_of};
use crate::{
    Ack, ExchangeKey, MessageId,
    cbor::{self, CborError},
    limits::{MAILBOX_ITEM_BYTES, MAILBOX_MESSAGE_BYTES, TEXT_BYTES},
    pairing::{ExchangeSecret, expand},
};
use hpke::{
    Deserializable as _, HpkeError, OpModeR, OpModeS, PskBundle, Serializable as _,
    aead::ChaCha20Poly1305,
    kdf::HkdfSha256,
    kem::{Kem, X25519HkdfSha256},
    rand_core::{TryCryptoRng, TryRng},
    single_shot_open, single_shot_seal_with_rng,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::Digest as _;
use std::convert::Infallible;
use zeroize::Zeroizing;

/// Bytes of the sender's key in front of what is sealed.
const KEY_BYTES: usize = 32;

/// Why an item says nothing.
#[derive(Debug, thiserror::Error)]
pub enum BadItem {
    /// Not sealed by the other side for this place, or to a key that is no more.
    #[error("not sealed by the other side for this place, or to a key that is no more")]
    Sealed,
    /// A key that is none.
    #[error("the mailbox key is none")]
    Key,
    /// Longer than an item may be.
    #[error("longer than {MAILBOX_MESSAGE_BYTES} bytes before sealing")]
    TooLong,
    /// Its content.
    #[error("damaged: {0}")]
    Content(#[from] CborError),
}

/// What one item says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Letter {
    /// A message on its way.
    Frame(Carried),
    /// What became of the reader's own messages.
    Acks(#[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::MAILBOX_ACKS }, _, _>")] Vec<Answered>),
}

/// A message on its way through a mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Carried {
    /// The message after which it was said, if that was still owed: it is taken only behind that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<MessageId>,
    /// The frame, as it would go on a stream; with the rest at most [`MAILBOX_MESSAGE_BYTES`].
    pub frame: ByteBuf,
}

/// What became of a message: what a stream would have carried back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Which message.
    pub message: MessageId,
    /// The answer.
    pub ack: Ack,
}

impl Letter {
    /// Seals for a place, to the reader's mailbox key `to`, in the name of the pair that has this secret. `own`: 32
    /// random bytes that only the sender has. The KEM's randomness is derived from them and from all that is sealed:
    /// HKDF-SHA256(ikm = own, salt = "halfdoor/mailbox-seed/1", info = CBOR of the place ‖ `to` ‖ SHA-256 of the plain
    /// bytes). So the same letter left again is the same item, which a relay keeps once; another letter has another seed.
    ///
    /// HPKE (RFC 9180): `mode_psk`; DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305; info = CBOR of the place,
    /// psk = the place's key, psk_id = its tag, no associated data. Bytes: `enc` ‖ ciphertext.
    ///
    /// # Errors
    /// A letter that is too long, a key that is none.
    pub fn seal(
        &self,
        place: &Place<'_>,
        secret: &[u8; 32],
        to: &ExchangeKey,
        own: &[u8; 32],
    ) -> Result<Vec<u8>, BadItem> {
        let plain = cbor::to_vec(self)?;
        if plain.len() > MAILBOX_MESSAGE_BYTES {
            return Err(BadItem::TooLong);
        }
        let (key, tag) = (place.key(secret)?, tag_of(&place.capability(secret)?));
        let drawn = [&place.info()?[..], &to.0, &sha2::Sha256::digest(&plain)].concat();
        let seed = expand(b"halfdoor/mailbox-seed/1", own, &drawn);
        let to = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.0).map_err(|_| BadItem::Key)?;
        let mode = OpModeS::Psk(PskBundle::new(&*key, &tag.0).map_err(|_| BadItem::Key)?);
        let sealed = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &mode,
            &to,
            &place.info()?,
            &plain,
            &[],
            &mut Drawn::new(seed),
        );
        let (mine, sealed) = sealed.map_err(|_: HpkeError| BadItem::Key)?;
        Ok([&mine.to_bytes()[..], &sealed].concat())
    }

    /// Opens an item that lay at a place, with the reader's mailbox key.
    ///
    /// # Errors
    /// [`BadItem::Sealed`] whatever was altered, moved, or made by somebody else; what is wrong with its content.
    pub fn open(item: &[u8], place: &Place<'_>, secret: &[u8; 32], mine: &ExchangeSecret) -> Result<Self, BadItem> {
        let (theirs, sealed) = item.split_at_checked(KEY_BYTES).ok_or(BadItem::Sealed)?;
        if item.len() > MAILBOX_ITEM_BYTES {
            return Err(BadItem::TooLong);
        }
        let (key, tag) = (place.key(secret)?, tag_of(&place.capability(secret)?));
        let theirs = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(theirs).map_err(|_| BadItem::Sealed)?;
        let mine = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&mine.bytes()[..]).map_err(|_| BadItem::Key)?;
        let mode = OpModeR::Psk(PskBundle::new(&*key, &tag.0).map_err(|_| BadItem::Key)?);
        let plain = single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &mode,
            &mine,
            &theirs,
            &place.info()?,
            sealed,
            &[],
        );
        let plain = Zeroizing::new(plain.map_err(|_| BadItem::Sealed)?);
        Ok(cbor::from_stranger(&plain, TEXT_BYTES)?)
    }
}

/// Randomness that was derived: this room has none of its own. The KEM takes 32 bytes, once; whatever else asked
/// would get the hash of what was drawn and a counter.
struct Drawn {
    seed: Zeroizing<[u8; 32]>,
    taken: u64,
}

impl Drawn {
    fn new(seed: Zeroizing<[u8; 32]>) -> Self {
        Self { seed, taken: 0 }
    }

    fn block(&mut self) -> [u8; 32] {
        let hash = sha2::Sha256::new().chain_update(*self.seed).chain_update(self.taken.to_be_bytes()).finalize();
        self.taken += 1;
        hash.into()
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let [a, b, c, d, ..] = self.block();
        Ok(u32::from_be_bytes([a, b, c, d]))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        Ok(u64::from_be_bytes([a, b, c, d, e, f, g, h]))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for part in to.chunks_mut(32) {
            let block = self.block();
            for (to, from) in part.iter_mut().zip(block) {
                *to = from;
            }
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
