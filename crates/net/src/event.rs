//! What the network tells.

use std::{net::SocketAddr, time::Duration};

use tokio::sync::oneshot;

use crate::peer::Peer;

/// Something the node should know. Which peers and relays are connected is told by state: a slow consumer may miss a
/// peer that came and went, never how things stand.
#[derive(Debug)]
pub enum Event {
    /// A peer is connected, by whichever side.
    Connected {
        /// Who, as authenticated.
        peer: Peer,
        /// How.
        path: Path,
    },
    /// A connected peer is reached another way now.
    PathChanged {
        /// Who.
        peer: Peer,
        /// How.
        path: Path,
    },
    /// The last connection with a peer is gone.
    Disconnected {
        /// Who.
        peer: Peer,
    },
    /// A peer sent frames and waits for the answers. The next of its frames come when these are answered, so that none
    /// overtakes another.
    Frames {
        /// Who, as authenticated.
        peer: Peer,
        /// One or more, [`crate::limits::WINDOW`] at most, in the order they were sent, each of at most
        /// [`protocol::limits::FRAME_BYTES`].
        frames: Vec<Vec<u8>>,
        /// To be answered soon.
        answer: Answer,
    },
    /// A relay's standing, or the number of registrations there, changed.
    RelayChanged(RelayState),
}

/// The place for the answers to frames. Dropping it refuses all of them.
#[derive(Debug)]
pub struct Answer(pub(crate) oneshot::Sender<Vec<Vec<u8>>>);

impl Answer {
    /// Answers the frames in their order, each with at most [`protocol::limits::FRAME_BYTES`]. Where there are fewer
    /// answers the other frames are refused: their sender sends them again. The peer may be gone; then the answers are
    /// lost, and it sends all of them again.
    pub fn send(self, answers: Vec<Vec<u8>>) {
        let _ = self.0.send(answers);
    }
}

/// How a peer is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Not at all.
    Away,
    /// Through a relay, which sees sealed bytes.
    Relayed,
    /// Directly.
    Direct,
}

/// A relay in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelayState {
    /// Who it is.
    pub peer: Peer,
    /// Its full addresses.
    pub addresses: Vec<String>,
    /// How we stand with it.
    pub standing: Standing,
    /// Namespaces under which it lists us.
    pub registered: usize,
    /// Namespaces under which it should.
    pub wanted: usize,
}

/// One address of a relay, and how it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteState {
    /// Whose.
    pub relay: Peer,
    /// In full.
    pub address: String,
    /// QUIC, which is UDP; else TCP.
    pub quic: bool,
    /// IP address or name.
    pub host: String,
    /// Port there.
    pub port: Option<u16>,
    /// Whether the relay answers there.
    pub reached: bool,
    /// Why not, where that is known.
    pub why: Option<String>,
    /// From where it sees us come.
    pub seen_at: Option<SocketAddr>,
    /// How long a ping took last.
    pub round_trip: Option<Duration>,
    /// Whether it is known yet if the relay answers.
    pub tried: bool,
}

/// How we stand with a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Being dialled.
    Connecting,
    /// Connected: peers can be looked up and dialled.
    Connected,
    /// Others reach us through it.
    Reserved,
    /// Neither; it is tried again.
    Failed {
        /// Why.
        why: String,
        /// Longest time until the next attempt, counted from when this was told.
        retry_in: Duration,
    },
}

/// A peer found at a relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub relay: Peer,
    /// Under which namespace.
    pub namespace: String,
    /// Who: the relay cannot make one up, since the record is signed by the peer.
    pub peer: Peer,
    /// Circuit addresses through that relay. The addresses in the record are not used: whoever registers would
    /// choose what we dial.
    pub addresses: Vec<String>,
}
