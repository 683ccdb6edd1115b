use crate::{
    ExchangeKey, UnixSeconds,
    envelope::{Body, Invalid, require},
    limits::{PEER_ID_BYTES, PRESENCE_SECONDS},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Binds an identity to the place where it can be reached now.
///
/// The highest serial wins, durably; the peer id must equal the one the transport authenticated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Presence {
    /// libp2p peer id, its multihash bytes.
    pub peer: ByteBuf,
    /// X25519 key to which messages left in a relay's mailbox are sealed.
    pub mailbox: ExchangeKey,
    /// Grows with every presence of this identity.
    pub serial: u64,
    /// Not believed after this; at most seven days after the message was made.
    pub not_after: UnixSeconds,
}

impl Body for Presence {
    const KIND: &'static str = "presence";
    fn validate(&self) -> Result<(), Invalid> {
        require((1..=PEER_ID_BYTES).contains(&self.peer.len()), "peer", "empty or too long")
    }
    fn validate_when(&self, created: UnixSeconds) -> Result<(), Invalid> {
        let life = self.not_after.checked_sub(created);
        let bounded = life.is_some_and(|life| (1..=PRESENCE_SECONDS).contains(&life));
        require(bounded, "not_after", "not after its making, or more than seven days after it")
    }
}
