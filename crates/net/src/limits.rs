//! Every bound of the network, each with its reason.

use std::time::Duration;

/// Commands waiting for the task. A caller waits when it is full; the task answers within a poll.
pub const COMMANDS: usize = 64;
/// Events waiting for the node.
pub const EVENTS: usize = 256;
/// Places among [`EVENTS`] that frames may not take, so that a flood of frames does not hide a lost connection.
pub const EVENTS_RESERVED: usize = 64;
/// Frames under way to one peer, and the most that are handed to the node at once: they share a round trip, and the
/// receiver's write to its disk.
pub const WINDOW: usize = 16;
/// Frames of one peer that the node has not answered; the next are refused, and their sender told so. A peer that
/// connects anew finds room although its last frames are still being answered.
pub const UNANSWERED_PER_PEER: usize = 2 * WINDOW;
/// Frames of all peers that the node has not answered: 16 MiB at their largest. Beside them one connection makes us
/// hold [`WINDOW`] frames that wait for the node, 1 MiB, and no further ones are read.
pub const UNANSWERED: usize = 256;
/// Frames of ours that are not answered: 16 MiB at their largest.
pub const SENDS: usize = 256;
/// Longest time until a stream for frames is agreed on.
pub const OPEN_TIME: Duration = Duration::from_secs(10);
/// Bytes of one QUIC connection, and of one of its streams, that may wait to be read: a stream may carry a circuit.
pub const QUIC_BYTES: u32 = 4 << 20;
/// See [`QUIC_BYTES`].
pub const QUIC_STREAM_BYTES: u32 = 1 << 20;
/// Longest time for a frame and its answer. An answer says "received", so nobody waits for a person.
pub const FRAME_TIME: Duration = Duration::from_secs(30);
/// Connections others opened to us.
pub const CONNECTIONS_INCOMING: u32 = 256;
/// Connections of one peer: relayed and direct, over two transports, while both sides dial at once.
pub const CONNECTIONS_PER_PEER: u32 = 8;
/// Incoming connections that have not authenticated yet.
pub const CONNECTIONS_PENDING: u32 = 32;
/// Share of the machine's memory that the process may hold while further connections are taken. A share, because the
/// process also holds the owner's columns while it computes.
pub const MEMORY_SHARE: f64 = 0.9;
/// Relays in use: those of the owner, and those of the invites it follows.
pub const RELAYS: usize = 16;
/// Peers to stay connected with.
pub const KEPT: usize = 4096;
/// Namespaces to stay registered under, over all relays: one per invite, one per pair and day.
pub const REGISTRATIONS: usize = 4096;
/// Questions to relays in flight; a relay takes 16 per connection.
pub const QUESTIONS: usize = 8;
/// Searches that wait for their relay to be connected.
pub const SEARCHES_WAITING: usize = 256;
/// Questions to mailboxes that wait for their relay: 4 MiB at their largest.
pub const MAILS_WAITING: usize = 256;
/// Longest time until a relay says whether it knows a token.
pub const ACCESS_TIME: Duration = Duration::from_secs(10);
/// Addresses given with one peer.
pub const ADDRESSES: usize = 16;
/// Callers waiting for one peer to be connected.
pub const CONNECT_WAITERS: usize = 64;
/// A peer that connects anew may have lost its older connections without a word: those that give no sign of life for
/// that long are closed.
pub const SIGN_OF_LIFE: Duration = Duration::from_secs(2);
/// A silent QUIC connection is kept awake that often: routers forget a path that is not used, and a peer that was
/// killed and started again on the same port says at once that it knows nothing of the connection.
pub const QUIC_AWAKE: Duration = Duration::from_secs(2);
/// A QUIC connection on which nothing comes for that long, while it is kept awake, is dead.
pub const QUIC_SILENT: Duration = Duration::from_secs(7);
/// The same over TCP, for peers to stay connected with: a direct connection is asked for a sign of life that often,
/// which also opens a router's path again that was forgotten.
pub const TCP_AWAKE: Duration = Duration::from_secs(2);
/// Such a connection that gives no sign of life for that long is dead.
pub const TCP_SILENT: Duration = Duration::from_secs(7);
/// After the machine has moved to another network, a connection that gives no sign of life for that long has not moved
/// along: long enough for a round trip to the other side of the world.
pub const MOVED: Duration = Duration::from_secs(1);
/// A peer that does not answer for that long is gone; libp2p itself never closes a dead connection.
pub const PING: Duration = Duration::from_secs(10);
/// A connection nobody uses and neither side keeps is closed after that.
pub const IDLE: Duration = Duration::from_secs(120);
/// Longest time to connect, waiting for relays included.
pub const CONNECT_TIME: Duration = Duration::from_secs(30);
/// Longest time for a question to a relay, waiting for the relay included.
pub const LOOKUP_TIME: Duration = Duration::from_secs(15);
/// Longest time for a look at every address of every relay: a transport gives up a dial after ten seconds.
pub const EXAMINE_TIME: Duration = Duration::from_secs(15);
