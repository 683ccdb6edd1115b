//! The one task that owns the swarm. It waits for commands, for the swarm, for answers of the node and for time, and
//! passes each to the part it concerns; no part waits for anything itself.

mod commands;
mod events;
mod listen;

use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};

use futures::StreamExt;
use libp2p::{Multiaddr, PeerId, Swarm, identity::Keypair};
use tokio::{
    sync::{mpsc, oneshot},
    time::{self, MissedTickBehavior},
};
use tracing::{debug, info};

use crate::{
    arrivals::Arrivals,
    behaviour::{self, Behaviour},
    error::NetError,
    event::{Event, Path, RelayState, Standing},
    handle::Command,
    lookup::Lookup,
    mail::Mail,
    peer::Peer,
    peers::Peers,
    relays::Relays,
    sends::Sends,
};

/// How often deadlines are looked at; whatever has no deadline is acted on at once.
const TICK: Duration = Duration::from_millis(200);
/// Longest wait for connections to close at shutdown.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// Owns the swarm.
pub(crate) struct Task {
    swarm: Swarm<Behaviour>,
    relays: Relays,
    lookup: Lookup,
    mail: Mail,
    peers: Peers,
    sends: Sends,
    arrivals: Arrivals,
    commands: mpsc::Receiver<Command>,
    events: mpsc::Sender<Event>,
    told_relays: HashMap<PeerId, RelayState>,
    /// Whether a path or a relay's state may have changed since the node was last told: frames come and go by the
    /// thousand without.
    stale: bool,
}

impl Task {
    /// Listens, then returns the task to be run.
    pub(crate) async fn start(
        key: Keypair,
        listen: &[String],
        relays: BTreeMap<PeerId, Vec<Multiaddr>>,
        commands: mpsc::Receiver<Command>,
        events: mpsc::Sender<Event>,
    ) -> Result<Self, NetError> {
        let mut swarm = behaviour::swarm(&key)?;
        listen::listen(&mut swarm, listen)?;
        let now = Instant::now();
        let mut task = Self {
            relays: Relays::new(now),
            peers: Peers::new(key.public().to_peer_id()),
            lookup: Lookup::new(key),
            mail: Mail::default(),
            sends: Sends::default(),
            arrivals: Arrivals::default(),
            swarm,
            commands,
            events,
            told_relays: HashMap::new(),
            stale: true,
        };
        task.relays.set(&mut task.swarm, now, relays);
        info!(peer = %task.swarm.local_peer_id(), "network is up");
        Ok(task)
    }

    /// Runs until it is told to stop, or nobody is left to tell it or to listen.
    pub(crate) async fn run(mut self) {
        let mut tick = time::interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let events = self.events.clone();
        let done = loop {
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(Command::Shutdown(done)) => break Some(done),
                    Some(command) => self.on_command(command, Instant::now()),
                    None => break None,
                },
                event = self.swarm.select_next_some() => self.on_swarm(event, Instant::now()),
                () = self.arrivals.answered() => {}
                _ = tick.tick() => self.on_tick(Instant::now()),
                () = events.closed() => break None,
            }
            if std::mem::take(&mut self.stale) {
                self.tell(Instant::now());
            }
        };
        self.close(done).await;
    }

    fn on_tick(&mut self, now: Instant) {
        let Self { swarm, relays, lookup, mail, peers, sends, arrivals, .. } = self;
        relays.tick(swarm, now);
        lookup.tick(swarm, relays, now);
        mail.tick(swarm, relays, now);
        peers.tick(swarm, relays, now, |peer| sends.is_busy(peer) || arrivals.is_busy(peer));
        sends.tick(swarm, peers, now);
        self.stale = true;
    }

    /// Tells the node how peers and relays stand where that differs from what it was told. When its queue is full it
    /// is told later, and then how things stand by then: the queue needs no room for what is past.
    fn tell(&mut self, now: Instant) {
        for (peer, told, path) in self.peers.untold() {
            let event = match (told, path) {
                _ if self.relays.contains(&peer) => None,
                (Path::Away, path) => Some(Event::Connected { peer: Peer(peer), path }),
                (_, Path::Away) => Some(Event::Disconnected { peer: Peer(peer) }),
                (_, path) => Some(Event::PathChanged { peer: Peer(peer), path }),
            };
            if event.is_none_or(|event| self.events.try_send(event).is_ok()) {
                self.peers.told(&peer, path);
            }
        }
        for state in self.relay_states(now) {
            let relay = state.peer.0;
            if self.told_relays.get(&relay).is_none_or(|told| differs(told, &state))
                && self.events.try_send(Event::RelayChanged(state.clone())).is_ok()
            {
                self.told_relays.insert(relay, state);
            }
        }
        let Self { told_relays, relays, .. } = self;
        told_relays.retain(|relay, _| relays.contains(relay));
    }

    fn relay_states(&self, now: Instant) -> Vec<RelayState> {
        let state = |relay: PeerId| {
            let (registered, wanted) = self.lookup.counts(&relay, now);
            Some(RelayState {
                peer: Peer(relay),
                addresses: self.relays.addresses(&relay).iter().map(ToString::to_string).collect(),
                standing: self.relays.standing(&relay, now)?,
                registered,
                wanted,
            })
        };
        self.relays.peers().into_iter().filter_map(state).collect()
    }

    async fn close(mut self, done: Option<oneshot::Sender<()>>) {
        self.commands.close();
        let peers: Vec<PeerId> = self.swarm.connected_peers().copied().collect();
        for peer in peers {
            let _ = self.swarm.disconnect_peer_id(peer);
        }
        let closed = async {
            while self.swarm.network_info().num_peers() > 0 {
                self.swarm.select_next_some().await;
            }
        };
        if time::timeout(CLOSE_TIME, closed).await.is_err() {
            debug!("some connections did not close in time");
        }
        info!("network is down");
        if let Some(done) = done {
            let _ = done.send(());
        }
    }
}

/// Whether a relay's state differs in more than the time left until it is tried again.
fn differs(told: &RelayState, state: &RelayState) -> bool {
    let failing = |state: &RelayState| matches!(state.standing, Standing::Failed { .. });
    let same_standing = told.standing == state.standing || (failing(told) && failing(state));
    !same_standing
        || (told.registered, told.wanted) != (state.registered, state.wanted)
        || told.addresses != state.addresses
}
