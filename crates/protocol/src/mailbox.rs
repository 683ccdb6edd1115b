//! The mailbox at a relay: where what is owed to somebody who is away waits for them.
//!
//! A [`Place`] names one direction of one pair at one relay on one day. Out of the pair's secret come its
//! [`Capability`], which the reader shows to fetch and to ack, and the [`Tag`] it hashes to, under which the other side
//! deposits: HKDF-SHA256 (RFC 5869) and SHA-256. Items are sealed by HPKE (RFC 9180) in its mode with a pre-shared key:
//! to the reader's weekly mailbox key, under a key that only the pair has, bound to the place.

mod letter;
mod question;

pub use letter::{Answered, BadItem, Carried, Letter};
pub use question::{Answer, Deposit, Fetch, Found, ItemId, Question, Refused, Settle, Settled, Stored, item_id, until};

use crate::{
    Digest, PartyId, UnixSeconds,
    cbor::{self, CborError},
    limits::MAILBOX_DAYS,
    pairing::{day, expand},
};
use serde_bytes::Bytes;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Name of the protocol between a node and its relay.
pub const PROTOCOL: &str = "/halfdoor/mailbox/1";

/// What items lie under: SHA-256("halfdoor/mailbox-tag/1" ‖ capability).
pub type Tag = Digest;

/// Shown to a relay by who reads; the relay knows it by its hash.
pub type Capability = Digest;

/// One direction of one pair at one relay on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Who deposits.
    pub from: PartyId,
    /// Who reads.
    pub to: PartyId,
    /// The relay's peer id, its multihash bytes.
    pub relay: &'a [u8],
    /// Days since 1970 ([`day`]).
    pub day: u64,
}

impl Place<'_> {
    /// HKDF-SHA256(ikm = pairing secret, salt = "halfdoor/mailbox/1", info = CBOR [from, to, relay, day]).
    ///
    /// # Errors
    /// None that can happen: the place is small.
    pub fn capability(&self, secret: &[u8; 32]) -> Result<Capability, CborError> {
        Ok(Digest(*expand(b"halfdoor/mailbox/1", secret, &self.info()?)))
    }

    /// The same with the salt "halfdoor/mailbox-key/1": the pre-shared key of what is sealed here.
    fn key(&self, secret: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, CborError> {
        Ok(expand(b"halfdoor/mailbox-key/1", secret, &self.info()?))
    }

    fn info(&self) -> Result<Vec<u8>, CborError> {
        cbor::to_vec(&(self.from, self.to, Bytes::new(self.relay), self.day))
    }
}

/// What a capability hashes to.
#[must_use]
pub fn tag_of(capability: &Capability) -> Tag {
    Digest(Sha256::new().chain_update(b"halfdoor/mailbox-tag/1").chain_update(capability.0).finalize().into())
}

/// The days under which something may lie that is not over, the oldest first. Clocks may differ: tomorrow is among them.
#[must_use]
pub fn days(now: UnixSeconds) -> std::ops::RangeInclusive<u64> {
    let today = day(now);
    today.saturating_sub(MAILBOX_DAYS)..=today + 1
}

#[cfg(test)]
mod tests;
