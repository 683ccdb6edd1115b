//! The invite: a ticket that opens a session, as text for a message or a QR code.

use crate::{
    IdentityKey, MessageId, Name, PartyId, UnixSeconds,
    cbor::{self, CborError},
    cose::{self, EnvelopeError},
    limits::{
        ADDRESS_BYTES, INVITE_CHARACTERS, INVITE_RELAYS, INVITE_SECONDS, PEER_ID_BYTES, RELAY_ADDRESSES,
        SIGNED_TEXT_BYTES, TOKEN_BYTES,
    },
};
use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::fmt;

const PREFIX: &str = "hd1";
const KIND: &str = "invite";

/// Why a text is not an invite.
#[derive(Debug, thiserror::Error)]
pub enum BadInvite {
    /// Does not begin with `hd1`, or has a character that is not base32.
    #[error("not an invite: it begins with hd1 and has only letters and the digits 2 to 7")]
    Text,
    /// Longer than any invite.
    #[error("longer than an invite can be")]
    TooLong,
    /// Damaged, or not signed by the inviter it names.
    #[error("damaged, or not signed by the inviter it names: {0}")]
    Envelope(#[from] EnvelopeError),
    /// Its content.
    #[error("damaged: {0}")]
    Content(#[from] CborError),
    /// A field beyond its limit.
    #[error("damaged: a field beyond its limit")]
    Limits,
}

/// What an invite says, by version: the tag exists from day one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ticket {
    /// The first form.
    #[serde(rename = "1")]
    V1(Invite),
}

/// A ticket that opens a session. Names no address of the inviter, only of relays.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// Who invites; equals the signer.
    pub inviter: PartyId,
    /// Relays at which the inviter waits.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::INVITE_RELAYS }, _, _>")]
    pub relays: Vec<RelayHint>,
    /// Known to whoever holds the invite.
    #[serde(with = "serde_bytes")]
    pub secret: [u8; 32],
    /// Not accepted after this.
    pub expires: UnixSeconds,
    /// How many different parties may join by it.
    pub uses: u32,
    /// What the session is for, in the inviter's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Name>,
}

/// Where to find a relay, and the token it wants.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayHint {
    /// The relay's peer id, its multihash bytes.
    pub peer: ByteBuf,
    /// Its addresses, multiaddr text without the peer id.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::RELAY_ADDRESSES }, _, _>")]
    pub addresses: Vec<String>,
    /// A token made for this invite; empty where the relay is open.
    pub token: ByteBuf,
}

/// A verified invite with its id.
#[derive(Clone)]
pub struct SignedInvite {
    invite: Invite,
    id: MessageId,
    text: String,
}

impl SignedInvite {
    /// Signs; refuses what a joiner would refuse.
    pub fn sign(invite: Invite, key: &IdentityKey, now: UnixSeconds) -> Result<Self, BadInvite> {
        check(&invite)?;
        let life = invite.expires.checked_sub(now);
        if invite.inviter != key.party() || !life.is_some_and(|life| (1..=INVITE_SECONDS).contains(&life)) {
            return Err(BadInvite::Limits);
        }
        let payload = cbor::to_vec(&Ticket::V1(invite.clone()))?;
        let (bytes, id) = cose::sign(KIND, key, payload);
        let text = format!("{PREFIX}{}", BASE32_NOPAD.encode(&bytes).to_lowercase());
        if text.len() > INVITE_CHARACTERS {
            return Err(BadInvite::TooLong);
        }
        Ok(Self { invite, id, text })
    }

    /// Reads the text form; upper and lower case count alike, white space around it is ignored.
    pub fn read(text: &str) -> Result<Self, BadInvite> {
        let text = text.trim();
        if text.len() > INVITE_CHARACTERS {
            return Err(BadInvite::TooLong);
        }
        let lower = text.to_ascii_lowercase();
        let encoded = lower.strip_prefix(PREFIX).ok_or(BadInvite::Text)?.to_ascii_uppercase();
        let bytes = BASE32_NOPAD.decode(encoded.as_bytes()).map_err(|_| BadInvite::Text)?;
        let opened = cose::open(KIND, &bytes)?;
        let Ticket::V1(invite) = cbor::from_stranger(opened.payload, SIGNED_TEXT_BYTES)?;
        check(&invite)?;
        if invite.inviter != opened.signer {
            return Err(BadInvite::Limits);
        }
        Ok(Self { invite, id: opened.id, text: lower })
    }

    /// What it says.
    #[must_use]
    pub fn invite(&self) -> &Invite {
        &self.invite
    }

    /// Which invite it is, without telling its secret.
    #[must_use]
    pub fn id(&self) -> MessageId {
        self.id
    }

    /// The text to hand over.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same in capitals: shorter as a QR code (alphanumeric mode).
    #[must_use]
    pub fn qr_text(&self) -> String {
        self.text.to_ascii_uppercase()
    }
}

fn check(invite: &Invite) -> Result<(), BadInvite> {
    let relay = |hint: &RelayHint| {
        (1..=PEER_ID_BYTES).contains(&hint.peer.len())
            && (1..=RELAY_ADDRESSES).contains(&hint.addresses.len())
            && hint.addresses.iter().all(|address| is_address(address))
            && hint.token.len() <= TOKEN_BYTES
    };
    let relays = (1..=INVITE_RELAYS).contains(&invite.relays.len()) && invite.relays.iter().all(relay);
    if relays && (1..=64).contains(&invite.uses) { Ok(()) } else { Err(BadInvite::Limits) }
}

/// A multiaddr's text is visible ASCII and begins with a slash; the network's own parser judges the rest.
fn is_address(address: &str) -> bool {
    address.len() <= ADDRESS_BYTES && address.starts_with('/') && address.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for SignedInvite {
    /// The secret stays out of log lines.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedInvite({})", self.id.short())
    }
}

#[cfg(test)]
mod tests;
