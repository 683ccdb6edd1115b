//! Who a node is to the transport.

use std::{fmt, str::FromStr};

use libp2p::{PeerId, identity::Keypair};
use zeroize::Zeroizing;

/// A libp2p peer id: who a node is to the transport, as Noise authenticates it. Says nothing about who a party is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Peer(pub(crate) PeerId);

/// Bytes or text that are no peer id.
#[derive(Debug, thiserror::Error)]
#[error("not a libp2p peer id")]
pub struct BadPeer(#[source] libp2p::identity::ParseError);

impl Peer {
    /// The peer that has this transport key.
    pub fn of_secret(secret: &[u8; 32]) -> Option<Self> {
        keypair(secret).map(|key| Self(key.public().to_peer_id()))
    }

    /// Reads its multihash bytes, as they stand in a Presence or an invite.
    ///
    /// # Errors
    /// Fails if `bytes` are no peer id.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, BadPeer> {
        PeerId::from_bytes(bytes).map(Self).map_err(BadPeer)
    }

    /// Its multihash bytes.
    pub fn to_bytes(self) -> Vec<u8> {
        self.0.to_bytes()
    }
}

/// The text form of the peer id that has this transport key, empty if the bytes are no key.
pub fn peer_text(secret: &[u8; 32]) -> String {
    Peer::of_secret(secret).map(|peer| peer.to_string()).unwrap_or_default()
}

/// The transport key in libp2p's form.
pub(crate) fn keypair(secret: &[u8; 32]) -> Option<Keypair> {
    // the library wipes what it is given
    Keypair::ed25519_from_bytes(Zeroizing::new(*secret).as_mut_slice()).ok()
}

impl FromStr for Peer {
    type Err = BadPeer;

    fn from_str(text: &str) -> Result<Self, BadPeer> {
        text.parse().map(Self).map_err(BadPeer)
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
