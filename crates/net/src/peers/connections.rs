//! The connections of one peer, and which of them stays.

use std::{
    cmp::Reverse,
    time::{Duration, Instant},
};

use libp2p::{core::ConnectedPoint, swarm::ConnectionId};

use crate::{address, event::Path, limits};

/// A new connection is not relied upon before: the other side may not have finished its handshake.
const GRACE: Duration = Duration::from_secs(1);
/// Frames under way hold a superfluous connection that long at most.
const BUSY_GRACE: Duration = Duration::from_secs(10);
/// The side that does not decide closes relayed connections itself if the other has not by then.
const FOLLOWER_GRACE: Duration = Duration::from_secs(15);

/// The connections of one peer.
#[derive(Debug, Default)]
pub(super) struct Connections {
    all: Vec<Connection>,
    /// The relayed connection over which a direct path is tried again, and until when it is not superfluous.
    spared: Option<(ConnectionId, Instant)>,
}

#[derive(Debug, Clone, Copy)]
struct Connection {
    id: ConnectionId,
    path: Path,
    quic: bool,
    since: Instant,
    /// When it was asked last for a sign of life to keep it awake.
    asked: Instant,
    /// The peer has connected anew since, and not answered over this one.
    doubted: bool,
}

impl Connections {
    pub(super) fn add(&mut self, id: ConnectionId, endpoint: &ConnectedPoint, now: Instant) {
        for older in &mut self.all {
            older.doubted = true;
        }
        let path = if endpoint.is_relayed() { Path::Relayed } else { Path::Direct };
        let quic = address::is_quic(endpoint.get_remote_address());
        self.all.push(Connection { id, path, quic, since: now, asked: now, doubted: false });
    }

    /// Leaves one more relayed connection alone until then, unless a direct one is there.
    pub(super) fn spare(&mut self, id: ConnectionId, until: Instant) {
        self.spared = Some((id, until));
    }

    /// A connection gave a sign of life.
    pub(super) fn alive(&mut self, id: ConnectionId) {
        for connection in self.all.iter_mut().filter(|connection| connection.id == id) {
            connection.doubted = false;
        }
    }

    /// Whether the connection is there and not in doubt.
    pub(super) fn relies_on(&self, id: ConnectionId) -> bool {
        self.all.iter().any(|connection| connection.id == id && !connection.doubted)
    }

    /// The connection to use: one that is not in doubt, then as in [`Connections::superfluous`].
    pub(super) fn best(&self) -> Option<ConnectionId> {
        self.all.iter().max_by_key(|connection| (!connection.doubted, connection.rank())).map(|best| best.id)
    }

    /// Direct connections that nothing else keeps awake, and whose turn it is.
    pub(super) fn sleepy(&mut self, now: Instant) -> Vec<ConnectionId> {
        let awake = |connection: &&mut Connection| {
            let resting = now.saturating_duration_since(connection.asked) < limits::TCP_AWAKE;
            connection.path == Path::Direct && !connection.quic && !resting
        };
        let turn = |connection: &mut Connection| {
            connection.asked = now;
            connection.id
        };
        self.all.iter_mut().filter(awake).map(turn).collect()
    }

    /// The path that a connection takes, if it is there.
    pub(super) fn path_of(&self, id: ConnectionId) -> Option<Path> {
        self.all.iter().find(|connection| connection.id == id).map(|connection| connection.path)
    }

    /// Returns how long the connection lasted.
    pub(super) fn remove(&mut self, id: ConnectionId, now: Instant) -> Option<Duration> {
        let at = self.all.iter().position(|connection| connection.id == id)?;
        Some(now.saturating_duration_since(self.all.remove(at).since))
    }

    /// The best path there is.
    pub(super) fn path(&self) -> Path {
        self.all.iter().map(|connection| connection.path).max().unwrap_or(Path::Away)
    }

    /// The connections to close, of several. One side decides, so that the two never close each other's choice: it
    /// keeps a direct connection over a relayed one, QUIC over TCP, the oldest of its kind. The other side only ends
    /// relayed connections beside a direct one, and later. While one is in doubt none is closed.
    pub(super) fn superfluous(&self, decides: bool, now: Instant, busy: bool) -> Vec<ConnectionId> {
        let Some(newest) = self.all.iter().map(|connection| connection.since).max().filter(|_| self.all.len() > 1)
        else {
            return Vec::new();
        };
        let age = now.saturating_duration_since(newest);
        let grace = match (decides, busy) {
            (false, _) => FOLLOWER_GRACE,
            (true, true) => BUSY_GRACE,
            (true, false) => GRACE,
        };
        if age < grace || self.all.iter().any(|connection| connection.doubted) {
            return Vec::new();
        }
        let best = self.all.iter().max_by_key(|connection| connection.rank());
        let Some(best) = best else { return Vec::new() };
        let spared = self.spared.filter(|(_, until)| *until > now && best.path == Path::Relayed).map(|(id, _)| id);
        let close = |connection: &&Connection| {
            connection.id != best.id && Some(connection.id) != spared && (decides || connection.path < best.path)
        };
        self.all.iter().filter(close).map(|connection| connection.id).collect()
    }
}

impl Connection {
    fn rank(&self) -> impl Ord + use<> {
        (self.path, self.quic, Reverse(self.since))
    }
}

#[cfg(test)]
mod tests;
