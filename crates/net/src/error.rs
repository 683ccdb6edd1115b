//! Why something did not work: one enum per thing one can ask of the network.

use std::io;

use protocol::{limits::FRAME_BYTES, rendezvous::Status};

use crate::{address::BadAddress, limits};

/// The network has been shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the network has been shut down")]
pub struct Stopped;

/// Why the network does not start.
#[derive(Debug, thiserror::Error)]
pub enum NetError {
    /// The secret is no Ed25519 key.
    #[error("the transport key is damaged")]
    Key,
    /// An address of the configuration.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// The relays of the configuration.
    #[error(transparent)]
    Relays(#[from] RelaysError),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: is another program using the port?")]
    Listen {
        /// The address.
        address: String,
        #[source]
        /// What the transport said.
        source: libp2p::TransportError<io::Error>,
    },
    /// No address was listened on.
    #[error("not listening on any address: give one that this machine has")]
    Deaf,
    /// The encrypted transport cannot be set up.
    #[error("cannot set up the encrypted transport")]
    Noise(#[from] libp2p::noise::Error),
}

/// Why relays were not taken.
#[derive(Debug, thiserror::Error)]
pub enum RelaysError {
    /// One of the addresses.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// Too many.
    #[error("more than {} relays: remove one first", limits::RELAYS)]
    TooMany,
    /// See [`Stopped`].
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why a peer was not connected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// An address, or too many of them.
    #[error("{0}")]
    Address(String),
    /// There is nothing to dial.
    #[error("no address and no relay to reach the peer by: add a relay that both use")]
    NoPath,
    /// Every address failed.
    #[error("the peer was not reached: {0}")]
    Failed(String),
    /// Not in time.
    #[error("the peer was not reached within {} s", limits::CONNECT_TIME.as_secs())]
    Timeout,
    /// The peer is blocked here.
    #[error("the peer is blocked: unblock it first")]
    Blocked,
    /// Too many callers wait.
    #[error("too many are waiting for peers: try again later")]
    Busy,
    /// See [`Stopped`].
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why a frame has no answer. Unless said otherwise the peer may have received it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not sent: too large.
    #[error("a frame of {0} bytes, where {FRAME_BYTES} are the most")]
    TooLarge(usize),
    /// Not sent: there is no connection.
    #[error("the peer is not connected")]
    NotConnected,
    /// No answer in time.
    #[error("the peer did not answer in time")]
    Timeout,
    /// Not received: the peer speaks another version.
    #[error("the peer does not speak this version of the protocol")]
    Unsupported,
    /// The connection broke, and so did the next one.
    #[error("the connection was lost")]
    ConnectionLost,
    /// The stream ended without an answer: the peer is busy, or took offence.
    #[error("the peer took the frame and gave no answer: {0}")]
    Refused(String),
    /// Not sent: too many frames of ours wait for answers.
    #[error("{} frames wait for answers already: try again later", limits::SENDS)]
    Busy,
    /// See [`Stopped`].
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why a relay's mailbox gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Not one of ours.
    #[error("not one of the relays in use: add it first")]
    UnknownRelay,
    /// It cannot be asked.
    #[error("the relay is not reachable")]
    Unreachable,
    /// It has none.
    #[error("the relay has no mailbox")]
    Unsupported,
    /// It answered nonsense.
    #[error("the relay's answer makes no sense")]
    Garbled,
    /// Too many questions.
    #[error("too many questions at once: try again later")]
    Busy,
    /// See [`Stopped`].
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

/// Why a relay did not list us, or did not tell who is listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookupError {
    /// Not one of ours.
    #[error("not one of the relays in use: add it first")]
    UnknownRelay,
    /// It cannot be asked.
    #[error("the relay is not reachable")]
    Unreachable,
    /// It said no.
    #[error("the relay refused: {0:?}")]
    Refused(Status),
    /// It answered nonsense.
    #[error("the relay's answer makes no sense")]
    Garbled,
    /// The namespace is empty or too long.
    #[error("a namespace has 1 to 255 bytes")]
    Namespace,
    /// Too many registrations or searches.
    #[error("too many registrations or searches at once: try again later")]
    Busy,
    /// See [`Stopped`].
    #[error(transparent)]
    Stopped(#[from] Stopped),
}
