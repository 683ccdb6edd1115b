use protocol::{Commitment, ExchangeKey, MessageId, Name, PartyId, RelayHint, UnixSeconds, message::TreeHead};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Somebody this party is connected with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name I gave; at first the one they told.
    pub name: Name,
    /// Commitment to the name they told.
    pub claims: Commitment,
    /// When the session was opened.
    pub paired: UnixSeconds,
    /// Whether the safety code was compared.
    pub verified: bool,
    /// Whether they are blocked.
    pub blocked: bool,
    /// Their transport peer id, as last known.
    pub peer: ByteBuf,
    /// Serial of their presence; a lower one is old.
    pub serial: u64,
    /// Their mailbox key; none until their first presence.
    pub mailbox: Option<ExchangeKey>,
    /// From which the names rotate under which we meet.
    #[serde(with = "serde_bytes")]
    pub secret: [u8; 32],
    /// Relays at which we met.
    pub relays: Vec<Relay>,
    /// My log's head that they cosigned last.
    pub shown: Option<TreeHead>,
    /// Their log's head that I checked last.
    pub seen: Option<TreeHead>,
    /// The first statement about their log that contradicts another one of theirs, as they signed it.
    pub fork: Option<ByteBuf>,
    /// The statement that it contradicts, as they signed it, where that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<ByteBuf>,
    /// Requests between us so far, by direction: received, sent.
    pub requests: (u64, u64),
    /// My log's head that I said to them last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<TreeHead>,
    /// Epochs of their log that are over, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<Ended>,
}

/// An epoch of somebody's log that is over: they went on from a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What I had checked of it.
    pub seen: TreeHead,
    /// How many of its entries the log went on from; those beyond are lost.
    pub kept: u64,
    /// When they restored the backup, by their clock.
    pub restored: UnixSeconds,
}

/// A relay as records keep it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relay {
    /// Peer id, multihash bytes.
    pub peer: ByteBuf,
    /// Multiaddr texts without the peer id.
    pub addresses: Vec<String>,
    /// Token.
    pub token: ByteBuf,
}

impl From<&RelayHint> for Relay {
    fn from(hint: &RelayHint) -> Self {
        Self { peer: hint.peer.clone(), addresses: hint.addresses.clone(), token: hint.token.clone() }
    }
}

/// An invite I made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteRecord {
    /// Its text.
    pub text: String,
    /// Its secret.
    #[serde(with = "serde_bytes")]
    pub secret: [u8; 32],
    /// Not accepted after this.
    pub expires: UnixSeconds,
    /// How many may join.
    pub uses: u32,
    /// Who did.
    pub joined: Vec<Welcomed>,
}

/// Somebody who joined by an invite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcomed {
    /// Who.
    pub party: PartyId,
    /// By which message: the same one again is answered the same.
    pub join: MessageId,
}

/// An invite I am joining by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoiningRecord {
    /// Its text.
    pub text: String,
    /// Secret half of my fresh exchange key.
    #[serde(with = "serde_bytes")]
    pub exchange: [u8; 32],
    /// My join message, as sent.
    pub join: ByteBuf,
    /// My transport peer id in it.
    pub my_peer: ByteBuf,
    /// The inviter's transport peer id in it.
    pub their_peer: ByteBuf,
    /// When begun.
    pub begun: UnixSeconds,
    /// Whom it led to.
    pub paired: Option<PartyId>,
}
