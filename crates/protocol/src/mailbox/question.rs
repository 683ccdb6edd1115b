use super::{Capability, Tag};
use crate::{
    Digest, Nonce, UnixSeconds,
    cbor::{self, CborError},
    limits::{MAILBOX_ANSWER_ITEMS, MAILBOX_CAPABILITIES, MAILBOX_ITEM_BYTES, MAILBOX_SECONDS},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};

/// SHA-256 of an item's bytes: its name at the relay.
pub type ItemId = Digest;

/// Longest text in questions and answers: there is none but the names of fields.
const WORD_BYTES: usize = 32;

/// What a node asks a relay's mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Keep this.
    Deposit(Deposit),
    /// What is there?
    Fetch(Fetch),
    /// These need not be kept any longer.
    Ack(Settle),
}

/// Something to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deposit {
    /// Under which tag.
    pub tag: Tag,
    /// The sealed item: 1 to [`MAILBOX_ITEM_BYTES`].
    pub item: ByteBuf,
    /// For how many seconds: 1 to [`MAILBOX_SECONDS`]. It may be kept for less.
    pub seconds: u64,
}

/// A wish to see what lies under some tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetch {
    /// What the tags are the hashes of: 1 to [`MAILBOX_CAPABILITIES`].
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::MAILBOX_CAPABILITIES }, _, _>")]
    pub capabilities: Vec<Capability>,
}

/// Items that were taken over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// What their tag is the hash of.
    pub capability: Capability,
    /// The items: 1 to [`MAILBOX_ANSWER_ITEMS`].
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::MAILBOX_ANSWER_ITEMS }, _, _>")]
    pub items: Vec<ItemId>,
}

/// What a relay's mailbox answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is kept.
    Stored(Stored),
    /// What is there.
    Found(Found),
    /// They are gone.
    Settled(Settled),
    /// No.
    Refused(Refused),
}

/// Something is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// For how many seconds.
    pub seconds: u64,
    /// In memory only: a name for the time until the relay's next restart, when it is lost. Nothing where it is on disk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_restart: Option<Nonce>,
}

/// What lies under some tags, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    /// Which capability of the question, counted from 0, and the item; at most [`MAILBOX_ANSWER_ITEMS`].
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::MAILBOX_ANSWER_ITEMS }, _, _>")]
    pub items: Vec<(u8, ByteBuf)>,
    /// Whether there is more, once these are acked.
    pub more: bool,
    /// See [`Stored::until_restart`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_restart: Option<Nonce>,
}

/// Some items are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// How many of them were there.
    pub items: u64,
}

/// Why a mailbox says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// Not a question within its limits.
    Malformed,
    /// This relay does not serve the peer.
    NotServed,
    /// As much lies under the tag as may.
    TagFull,
    /// The peer has left as much as it may.
    PeerFull,
    /// The mailbox is full.
    Full,
    /// Too many questions wait, or the disk failed: ask again later.
    Later,
}

impl Question {
    /// Longest in bytes: a full item, or a full list of capabilities, and names.
    pub const BYTES: usize = MAILBOX_ITEM_BYTES + 1024;

    /// Its bytes.
    ///
    /// # Errors
    /// None that can happen within the limits.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(self)
    }

    /// Decodes a question within its limits.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        let question = read(bytes, Self::BYTES)?;
        let within = match &question {
            Self::Deposit(deposit) => {
                (1..=MAILBOX_ITEM_BYTES).contains(&deposit.item.len())
                    && (1..=MAILBOX_SECONDS).contains(&deposit.seconds)
            }
            Self::Fetch(fetch) => (1..=MAILBOX_CAPABILITIES).contains(&fetch.capabilities.len()),
            Self::Ack(ack) => (1..=MAILBOX_ANSWER_ITEMS).contains(&ack.items.len()),
        };
        if within { Ok(question) } else { Err(beyond()) }
    }
}

impl Answer {
    /// Longest in bytes: a full list of full items, and names.
    pub const BYTES: usize = MAILBOX_ANSWER_ITEMS * (MAILBOX_ITEM_BYTES + 16) + 1024;

    /// Its bytes.
    ///
    /// # Errors
    /// None that can happen within the limits.
    pub fn to_vec(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(self)
    }

    /// Decodes an answer within its limits.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CborError> {
        let answer = read(bytes, Self::BYTES)?;
        let within = match &answer {
            Self::Stored(stored) => stored.seconds <= MAILBOX_SECONDS,
            Self::Found(found) => found.items.iter().all(|(at, item)| {
                usize::from(*at) < MAILBOX_CAPABILITIES && (1..=MAILBOX_ITEM_BYTES).contains(&item.len())
            }),
            Self::Settled(settled) => settled.items <= MAILBOX_ANSWER_ITEMS as u64,
            Self::Refused(_) => true,
        };
        if within { Ok(answer) } else { Err(beyond()) }
    }
}

/// The name of an item at the relay.
#[must_use]
pub fn item_id(item: &[u8]) -> ItemId {
    Digest(Sha256::digest(item).into())
}

/// When something deposited `now` is over, as a relay counts.
#[must_use]
pub fn until(now: UnixSeconds, seconds: u64) -> UnixSeconds {
    now.saturating_add(seconds.min(MAILBOX_SECONDS))
}

fn read<T: Serialize + serde::de::DeserializeOwned>(bytes: &[u8], most: usize) -> Result<T, CborError> {
    if bytes.len() > most {
        return Err(CborError::TooMany);
    }
    cbor::from_stranger(bytes, WORD_BYTES)
}

fn beyond() -> CborError {
    CborError::Unexpected("a field beyond its limit".to_owned())
}
