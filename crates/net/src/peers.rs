//! Peers: their connections, which of several stays, and who is dialled again.

mod connections;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use libp2p::{
    Multiaddr, PeerId, Swarm,
    core::ConnectedPoint,
    swarm::{
        ConnectionId, DialError,
        dial_opts::{DialOpts, PeerCondition},
    },
};
use tokio::sync::oneshot;
use tracing::debug;

use crate::{
    address, backoff::Backoff, behaviour::Behaviour, error::ConnectError, event::Path, limits, punching::Punching,
    relays::Relays,
};
use connections::Connections;

/// A connection that lasted that long was a success; one that did not counts as a failed attempt, so that a peer that
/// lets us in and shows us out at once is not dialled every second.
const LASTING: Duration = Duration::from_secs(10);
/// When a connection is lost both sides would dial at once; the one with the larger id lets the other begin.
const COURTESY: Duration = Duration::from_secs(3);

/// An attempt at a direct path that has not led to one by then will not: three dials of ten seconds each at most.
const PUNCH_TIME: Duration = Duration::from_secs(35);

/// Connections lost that soon after a move were lost by it.
const JUST_MOVED: Duration = Duration::from_secs(10);

/// Who hears the outcome of a connection.
pub(crate) type Waiter = oneshot::Sender<Result<Path, ConnectError>>;

/// Who hears how long a round trip takes.
pub(crate) type Pinger = oneshot::Sender<(Path, Duration)>;

/// Peers that are connected, dialled or to be kept.
pub(crate) struct Peers {
    me: PeerId,
    peers: HashMap<PeerId, Known>,
    kept: usize,
    /// When this machine moved to another network, if it has.
    moved: Option<Instant>,
}

#[derive(Default)]
struct Known {
    connections: Connections,
    dial: Option<Dial>,
    kept: Option<Kept>,
    punching: Punching,
    /// Who waits for a sign of life over that connection.
    pinged: Vec<(ConnectionId, Pinger)>,
    /// What the node was told last.
    told: Option<Path>,
}

struct Dial {
    /// Addresses beyond those through our relays.
    addresses: Vec<Multiaddr>,
    /// Once the relays have settled.
    connection: Option<ConnectionId>,
    deadline: Instant,
    waiters: Vec<Waiter>,
}

struct Kept {
    addresses: Vec<Multiaddr>,
    backoff: Backoff,
    next: Instant,
}

impl Peers {
    pub(crate) fn new(me: PeerId) -> Self {
        Self { me, peers: HashMap::new(), kept: 0, moved: None }
    }

    /// Tells `waiter` the path once there is one.
    pub(crate) fn connect(&mut self, peer: PeerId, addresses: Vec<Multiaddr>, waiter: Waiter, now: Instant) {
        if peer == self.me {
            let _ = waiter.send(Err(ConnectError::Address("this is the node's own peer id".into())));
            return;
        }
        let waiting = |known: &Known| known.dial.as_ref().map_or(0, |dial| dial.waiters.len());
        if self.peers.values().map(waiting).sum::<usize>() >= limits::CONNECT_WAITERS {
            let _ = waiter.send(Err(ConnectError::Busy));
            return;
        }
        let known = self.peers.entry(peer).or_default();
        match (known.connections.path(), &mut known.dial) {
            (Path::Away, Some(dial)) => dial.waiters.push(waiter),
            (Path::Away, none) => *none = Some(Dial::new(addresses, vec![waiter], now)),
            (path, _) => {
                let _ = waiter.send(Ok(path));
            }
        }
    }

    /// Stays connected with `peer` from now on, or not. Returns false if too many are kept.
    pub(crate) fn keep(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        peer: PeerId,
        addresses: Option<Vec<Multiaddr>>,
        now: Instant,
    ) -> bool {
        if peer == self.me {
            return true;
        }
        let known = self.peers.entry(peer).or_default();
        match (addresses, &mut known.kept) {
            (Some(addresses), Some(kept)) => kept.addresses = addresses,
            (Some(_), None) if self.kept >= limits::KEPT => return false,
            (Some(addresses), none) => {
                *none = Some(Kept { addresses, backoff: Backoff::default(), next: now });
                self.kept += 1;
            }
            (None, kept) => self.kept -= usize::from(kept.take().is_some()),
        }
        let keep = known.kept.is_some();
        swarm.behaviour_mut().keep.set(peer, keep);
        true
    }

    /// Dials, gives up and closes superfluous connections as time has come. `busy` tells which peers have frames under
    /// way, whose connections are left alone a little longer.
    pub(crate) fn tick(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        relays: &Relays,
        now: Instant,
        busy: impl Fn(&PeerId) -> bool,
    ) {
        let settled = relays.is_settled(now);
        for (peer, known) in &mut self.peers {
            for superfluous in known.connections.superfluous(self.me < *peer, now, busy(peer)) {
                debug!(%peer, "closing a connection that a better one replaces");
                swarm.close_connection(superfluous);
            }
            if known.kept.is_some() {
                // one side tries, so that the two do not keep each other from it
                let decides = self.me < *peer;
                if known.punching.is_due(decides && known.connections.path() == Path::Relayed, now) {
                    known.punch(swarm, relays, *peer, now);
                }
                for connection in known.connections.sleepy(now) {
                    swarm.behaviour_mut().probe.ask(*peer, connection, limits::TCP_SILENT);
                }
            }
            let away = known.connections.path() == Path::Away;
            if let (true, None, Some(kept)) = (away, &known.dial, &known.kept)
                && kept.next <= now
            {
                known.dial = Some(Dial::new(kept.addresses.clone(), Vec::new(), now));
            }
            if known.dial.as_ref().is_some_and(|dial| dial.deadline <= now) {
                known.fail(ConnectError::Timeout, now);
            } else if let Some(dial) = known.dial.as_mut().filter(|dial| dial.connection.is_none() && settled)
                && let Err(error) = dial.begin(swarm, relays, *peer)
            {
                known.fail(error, now);
            }
        }
        self.peers.retain(|_, known| known.matters());
    }

    /// A connection is up.
    pub(crate) fn on_connected(&mut self, peer: PeerId, id: ConnectionId, endpoint: &ConnectedPoint, now: Instant) {
        let known = self.peers.entry(peer).or_default();
        known.connections.add(id, endpoint, now);
        let path = known.connections.path();
        for waiter in known.dial.take().into_iter().flat_map(|dial| dial.waiters) {
            let _ = waiter.send(Ok(path));
        }
    }

    /// This machine has moved to another network: what failed before may work now.
    pub(crate) fn on_moved(&mut self, now: Instant) {
        self.moved = Some(now);
        for known in self.peers.values_mut() {
            known.punching.on_moved(now);
            if let Some(kept) = &mut known.kept {
                kept.backoff.reset();
                kept.next = now;
            }
        }
    }

    /// A connection is gone.
    pub(crate) fn on_disconnected(&mut self, peer: PeerId, id: ConnectionId, now: Instant) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        let lasted = known.connections.remove(id, now);
        known.pinged.retain(|(over, _)| *over != id);
        if let (Path::Away, Some(kept)) = (known.connections.path(), &mut known.kept) {
            if lasted.is_some_and(|lasted| lasted >= LASTING) {
                kept.backoff.reset();
            }
            // who has moved knows it first, and nobody else may know the way
            let moved = self.moved.is_some_and(|moved| now.saturating_duration_since(moved) < JUST_MOVED);
            let courtesy = if self.me > peer && !moved { COURTESY } else { Duration::ZERO };
            kept.next = now + kept.backoff.next() + courtesy;
        }
    }

    /// A connection that was in doubt gave a sign of life.
    pub(crate) fn on_alive(&mut self, peer: PeerId, id: ConnectionId, took: Duration) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        known.connections.alive(id);
        if let Some(path) = known.connections.path_of(id) {
            for (_, pinger) in known.pinged.extract_if(.., |(over, _)| *over == id) {
                let _ = pinger.send((path, took));
            }
        }
    }

    /// Tells how long a round trip to `peer` takes, over the connection that frames go over; nothing where there is none.
    pub(crate) fn ping(&mut self, swarm: &mut Swarm<Behaviour>, peer: PeerId, pinger: Pinger) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        known.pinged.retain(|(_, pinger)| !pinger.is_closed());
        if let Some(best) = known.connections.best().filter(|_| known.pinged.len() < limits::CONNECT_WAITERS) {
            known.pinged.push((best, pinger));
            swarm.behaviour_mut().probe.ask(peer, best, limits::TCP_SILENT);
        }
    }

    /// A dial failed; perhaps one of ours, perhaps hole punching's.
    pub(crate) fn on_dial_failed(&mut self, peer: PeerId, id: ConnectionId, error: &DialError, now: Instant) {
        let Some(known) = self.peers.get_mut(&peer) else { return };
        if known.dial.as_ref().is_some_and(|dial| dial.connection == Some(id)) {
            let why = match error {
                DialError::Denied { cause } if is_block(cause) => ConnectError::Blocked,
                error => ConnectError::Failed(causes(error)),
            };
            known.fail(why, now);
        }
    }

    /// How `peer` is reached.
    pub(crate) fn path(&self, peer: &PeerId) -> Path {
        self.peers.get(peer).map_or(Path::Away, |known| known.connections.path())
    }

    /// The connection that frames go over.
    pub(crate) fn best(&self, peer: &PeerId) -> Option<ConnectionId> {
        self.peers.get(peer)?.connections.best()
    }

    /// Whether the connection is there, and its peer has not left it as far as is known.
    pub(crate) fn relies_on(&self, peer: &PeerId, connection: ConnectionId) -> bool {
        self.peers.get(peer).is_some_and(|known| known.connections.relies_on(connection))
    }

    /// Whether `peer` is being dialled.
    pub(crate) fn is_dialling(&self, peer: &PeerId) -> bool {
        self.peers.get(peer).is_some_and(|known| known.dial.is_some())
    }

    /// Peers whose path differs from what the node was told: who, what it was told, what is.
    pub(crate) fn untold(&self) -> Vec<(PeerId, Path, Path)> {
        let change = |(peer, known): (&PeerId, &Known)| {
            let (told, path) = (known.told.unwrap_or(Path::Away), known.connections.path());
            (told != path).then_some((*peer, told, path))
        };
        self.peers.iter().filter_map(change).collect()
    }

    /// The node was told how `peer` is reached.
    pub(crate) fn told(&mut self, peer: &PeerId, path: Path) {
        if let Some(known) = self.peers.get_mut(peer) {
            known.told = Some(path);
        }
    }
}

impl Known {
    /// Whether there is a reason to remember the peer.
    fn matters(&self) -> bool {
        self.connections.path() != Path::Away
            || self.dial.is_some()
            || self.kept.is_some()
            || self.told.is_some_and(|told| told != Path::Away)
    }

    /// Tries once more to reach the peer directly: over a further relayed connection, which is what hole punching begins
    /// with, and which goes when that has had its time.
    fn punch(&mut self, swarm: &mut Swarm<Behaviour>, relays: &Relays, peer: PeerId, now: Instant) {
        let addresses = relays.circuits_to(peer);
        if addresses.is_empty() {
            return;
        }
        debug!(%peer, "trying once more to reach the peer directly");
        let options = DialOpts::peer_id(peer).addresses(addresses).condition(PeerCondition::Always).build();
        self.connections.spare(options.connection_id(), now + PUNCH_TIME);
        if let Err(error) = swarm.dial(options) {
            debug!(%peer, %error, "not dialled");
        }
    }

    fn fail(&mut self, error: ConnectError, now: Instant) {
        for waiter in self.dial.take().into_iter().flat_map(|dial| dial.waiters) {
            let _ = waiter.send(Err(error.clone()));
        }
        if let Some(kept) = &mut self.kept {
            kept.next = now + kept.backoff.next();
        }
    }
}

impl Dial {
    fn new(addresses: Vec<Multiaddr>, waiters: Vec<Waiter>, now: Instant) -> Self {
        Self { addresses, connection: None, deadline: now + limits::CONNECT_TIME, waiters }
    }

    /// Dials the given addresses, as far as they are direct or through relays of ours; through every relay of ours
    /// where none is given.
    fn begin(&mut self, swarm: &mut Swarm<Behaviour>, relays: &Relays, peer: PeerId) -> Result<(), ConnectError> {
        let known = |relay: PeerId| relays.contains(&relay);
        let mut addresses = self.addresses.clone();
        addresses.retain(|address| !address::is_relayed(address) || address::relay_of(address).is_some_and(known));
        if addresses.is_empty() {
            addresses = relays.circuits_to(peer);
        }
        if addresses.is_empty() {
            return Err(ConnectError::NoPath);
        }
        let options = DialOpts::peer_id(peer).addresses(addresses).condition(PeerCondition::Disconnected).build();
        self.connection = Some(options.connection_id());
        swarm.dial(options).map_err(|error| match &error {
            DialError::Denied { cause } if is_block(cause) => ConnectError::Blocked,
            error => ConnectError::Failed(causes(error)),
        })
    }
}

fn is_block(cause: &libp2p::swarm::ConnectionDenied) -> bool {
    cause.downcast_ref::<libp2p::allow_block_list::Blocked>().is_some()
}

/// The last cause of each address that was tried: libp2p's own text names the first only.
fn causes(error: &DialError) -> String {
    let DialError::Transport(errors) = error else { return error.to_string() };
    let causes = errors.iter().map(|(_, error)| {
        let mut deepest: &dyn std::error::Error = error;
        while let Some(source) = deepest.source() {
            deepest = source;
        }
        deepest.to_string()
    });
    let mut causes: Vec<String> = causes.collect();
    causes.sort();
    causes.dedup();
    causes.join("; ")
}
