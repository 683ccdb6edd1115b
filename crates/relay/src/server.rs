//! The relay's one task, which owns the swarm, and the handle on it.

use std::{
    collections::HashSet,
    io,
    net::{IpAddr, TcpListener},
    time::{Duration, Instant},
};

use failpoint::Point;
use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm, TransportError, core::transport::ListenerId, multiaddr::Protocol, noise, ping, relay,
    request_response, swarm::SwarmEvent,
};
use tokio::{
    sync::{broadcast, oneshot},
    task::JoinHandle,
    time,
};
use tracing::{debug, info, warn};

use crate::{
    behaviour::{self, Behaviour, BehaviourEvent},
    config::{self, BadAddress, Config},
    key::TransportKey,
    rendezvous::{Desk, Handled, Registry},
};

/// Expired registrations are forgotten that often.
const SWEEP: Duration = Duration::from_secs(60);
/// Longest wait for the system to name the addresses listened on.
const LISTEN_TIME: Duration = Duration::from_secs(5);
/// Longest wait for connections to close at shutdown.
const CLOSE_TIME: Duration = Duration::from_secs(2);
/// Events kept for a subscriber that is slow; then it misses the oldest.
const EVENTS: usize = 256;

/// Why a relay does not start.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// An address of the configuration.
    #[error(transparent)]
    Address(#[from] BadAddress),
    /// An address cannot be listened on.
    #[error("cannot listen on {address}: is another program using the port?")]
    Listen {
        /// The address.
        address: Multiaddr,
        #[source]
        /// What the transport said.
        source: TransportError<io::Error>,
    },
    /// No address was listened on.
    #[error("not listening on any address: give one that this machine has")]
    Deaf,
    /// The encrypted transport cannot be set up.
    #[error("cannot set up the encrypted transport")]
    Noise(#[from] noise::Error),
}

/// Something that happened at the relay. Names peers, never addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelayEvent {
    /// A node can now be reached through this relay.
    Reserved(PeerId),
    /// A node cannot be reached through this relay any more.
    Unreserved(PeerId),
    /// One node reached another.
    CircuitOpened {
        /// Who dialled.
        from: PeerId,
        /// Whom.
        to: PeerId,
    },
    /// A circuit ended; usually because both found a direct path.
    CircuitClosed {
        /// Who dialled.
        from: PeerId,
        /// Whom.
        to: PeerId,
    },
    /// A node registered under some namespace.
    Registered(PeerId),
}

/// The relay server.
#[derive(Debug, Clone, Copy)]
pub struct Relay;

impl Relay {
    /// Starts a relay on the current tokio runtime; returns when it listens.
    ///
    /// # Errors
    /// Fails on an address that is none or cannot be listened on.
    pub async fn start(config: Config, key: TransportKey) -> Result<RelayHandle, RelayError> {
        let peer_id = key.peer_id();
        let external = config::parse(&config.external)?;
        let mut swarm = behaviour::swarm(key, &config.limits, config.access.clone())?;
        let listeners = listen(&mut swarm, config::parse(&config.listen)?)?;
        for address in &external {
            swarm.add_external_address(address.clone());
        }
        let (stop, stopped) = oneshot::channel();
        let (events, _) = broadcast::channel(EVENTS);
        let registry = Registry::new(Instant::now(), config.limits.rendezvous);
        let mut server = Server {
            desk: Desk::new(registry, config.access),
            swarm,
            announces_own: external.is_empty(),
            events: events.clone(),
        };
        let own = server.listening(listeners).await?;
        if external.is_empty() {
            warn!("no external address given: announcing the addresses listened on, of use on this network only");
        }
        let addresses = if external.is_empty() { own } else { external };
        info!(peer = %peer_id, addresses = addresses.len(), "relay is up");
        let task = tokio::spawn(server.run(stopped));
        Ok(RelayHandle { peer_id, addresses, events, stop, task })
    }
}

/// A running relay. Dropping it stops the relay at once; [`RelayHandle::shutdown`] waits.
#[derive(Debug)]
pub struct RelayHandle {
    peer_id: PeerId,
    addresses: Vec<Multiaddr>,
    events: broadcast::Sender<RelayEvent>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RelayHandle {
    /// Who the relay is.
    pub fn peer_id(&self) -> PeerId {
        self.peer_id
    }

    /// The announced addresses in full, ending in `/p2p/ID`: what a node is given.
    pub fn addresses(&self) -> Vec<String> {
        let full = |address: &Multiaddr| match address.clone().with_p2p(self.peer_id) {
            Ok(address) | Err(address) => address.to_string(),
        };
        self.addresses.iter().map(full).collect()
    }

    /// Events from now on.
    pub fn events(&self) -> broadcast::Receiver<RelayEvent> {
        self.events.subscribe()
    }

    /// Closes every connection and waits until that is done, two seconds at most.
    pub async fn shutdown(self) {
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            warn!(%error, "the relay's task failed");
        }
    }
}

struct Server {
    swarm: Swarm<Behaviour>,
    desk: Desk,
    /// No external address was given: addresses listened on stand in.
    announces_own: bool,
    events: broadcast::Sender<RelayEvent>,
}

impl Server {
    /// Waits until every listener has an address, and returns all of them.
    async fn listening(&mut self, mut waiting: HashSet<ListenerId>) -> Result<Vec<Multiaddr>, RelayError> {
        let deadline = time::sleep(LISTEN_TIME);
        tokio::pin!(deadline);
        let mut addresses = Vec::new();
        // a wildcard names one address per interface, one after the other without pause: take what is there
        while !waiting.is_empty() {
            tokio::select! {
                event = self.swarm.select_next_some() => {
                    if let SwarmEvent::NewListenAddr { listener_id, address } = &event {
                        waiting.remove(listener_id);
                        addresses.push(address.clone());
                    }
                    self.on_event(event);
                }
                () = &mut deadline => break,
            }
        }
        while let Some(event) = futures::FutureExt::now_or_never(self.swarm.select_next_some()) {
            if let SwarmEvent::NewListenAddr { address, .. } = &event {
                addresses.push(address.clone());
            }
            self.on_event(event);
        }
        if addresses.is_empty() { Err(RelayError::Deaf) } else { Ok(addresses) }
    }

    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let mut sweep = time::interval(SWEEP);
        loop {
            tokio::select! {
                event = self.swarm.select_next_some() => self.on_event(event),
                _ = sweep.tick() => self.desk.sweep(Instant::now()),
                _ = &mut stopped => break,
            }
        }
        self.close().await;
    }

    async fn close(&mut self) {
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
        info!("relay is down");
    }

    fn on_event(&mut self, event: SwarmEvent<BehaviourEvent>) {
        match event {
            SwarmEvent::Behaviour(event) => self.on_behaviour(event),
            SwarmEvent::NewListenAddr { address, .. } if self.announces_own => self.swarm.add_external_address(address),
            SwarmEvent::ExpiredListenAddr { address, .. } if self.announces_own => {
                self.swarm.remove_external_address(&address);
            }
            SwarmEvent::ListenerClosed { reason: Err(error), .. } => warn!(%error, "a listener closed"),
            SwarmEvent::ListenerError { error, .. } => warn!(%error, "a listener failed for a moment"),
            _ => {}
        }
    }

    fn on_behaviour(&mut self, event: BehaviourEvent) {
        match event {
            BehaviourEvent::Circuits(event) => self.on_circuits(event),
            BehaviourEvent::Rendezvous(request_response::Event::Message {
                peer,
                message: request_response::Message::Request { request, channel, .. },
                ..
            }) => self.on_question(peer, request, channel),
            BehaviourEvent::Rendezvous(request_response::Event::InboundFailure { peer, error, .. }) => {
                debug!(%peer, %error, "a question could not be read or answered");
            }
            BehaviourEvent::Ping(ping::Event { peer, connection, result: Err(error) }) => match error {
                ping::Failure::Unsupported => {}
                ping::Failure::Timeout | ping::Failure::Other { .. } => {
                    debug!(%peer, "no answer to a ping: closing the connection");
                    self.swarm.close_connection(connection);
                }
            },
            _ => {}
        }
    }

    fn on_question(
        &mut self,
        peer: PeerId,
        question: protocol::rendezvous::Message,
        channel: request_response::ResponseChannel<protocol::rendezvous::Message>,
    ) {
        let answer = match self.desk.handle(Instant::now(), peer, question) {
            Handled::Registered(answer, Ok(())) => {
                debug!(%peer, registrations = self.desk.len(), "registered");
                failpoint::pass(Point::RelayRegistered);
                self.tell(RelayEvent::Registered(peer));
                answer
            }
            Handled::Registered(answer, Err(status)) => {
                debug!(%peer, ?status, "registration refused");
                answer
            }
            Handled::Discovered(answer) => answer,
            // dropping the channel closes the stream
            Handled::Unregistered | Handled::Nonsense => return,
        };
        if self.swarm.behaviour_mut().rendezvous.send_response(channel, answer).is_err() {
            debug!(%peer, "the peer left before its answer");
        }
    }

    fn on_circuits(&mut self, event: relay::Event) {
        match event {
            relay::Event::ReservationReqAccepted { src_peer_id, renewed: false } => {
                debug!(peer = %src_peer_id, "reserved");
                failpoint::pass(Point::RelayReserved);
                self.tell(RelayEvent::Reserved(src_peer_id));
            }
            relay::Event::ReservationReqDenied { src_peer_id, status } => {
                info!(peer = %src_peer_id, ?status, "reservation denied");
            }
            relay::Event::ReservationClosed { src_peer_id } | relay::Event::ReservationTimedOut { src_peer_id } => {
                self.tell(RelayEvent::Unreserved(src_peer_id));
            }
            relay::Event::CircuitReqAccepted { src_peer_id: from, dst_peer_id: to } => {
                debug!(%from, %to, "circuit opened");
                failpoint::pass(Point::RelayCircuit);
                self.tell(RelayEvent::CircuitOpened { from, to });
            }
            relay::Event::CircuitReqDenied { src_peer_id: from, dst_peer_id: to, status } => {
                debug!(%from, %to, ?status, "circuit denied");
            }
            relay::Event::CircuitClosed { src_peer_id: from, dst_peer_id: to, .. } => {
                debug!(%from, %to, "circuit closed");
                self.tell(RelayEvent::CircuitClosed { from, to });
            }
            _ => {}
        }
    }

    fn tell(&self, event: RelayEvent) {
        // nobody listening is no failure
        let _ = self.events.send(event);
    }
}

fn listen(swarm: &mut Swarm<Behaviour>, addresses: Vec<Multiaddr>) -> Result<HashSet<ListenerId>, RelayError> {
    let mut listeners = HashSet::new();
    // all before the first is taken: the system counts our own port on IPv4 as in use on IPv6
    let free: Vec<_> = addresses.iter().map(|address| free(address).map_err(TransportError::Other)).collect();
    for (address, free) in addresses.into_iter().zip(free) {
        match free.and_then(|()| swarm.listen_on(address.clone())) {
            Ok(listener) => {
                listeners.insert(listener);
            }
            Err(error) if behaviour::lacks_ipv6(&address, &error) => debug!(%address, %error, "no IPv6 here"),
            Err(source) => return Err(RelayError::Listen { address, source }),
        }
    }
    if listeners.is_empty() { Err(RelayError::Deaf) } else { Ok(listeners) }
}

/// Whether nobody listens on a TCP address yet. libp2p shares its ports (`SO_REUSEPORT`), so a second relay on the same
/// port would start without complaint and take every other connection.
fn free(address: &Multiaddr) -> io::Result<()> {
    let mut parts = address.iter();
    let ip: IpAddr = match parts.next() {
        Some(Protocol::Ip4(ip)) => ip.into(),
        Some(Protocol::Ip6(ip)) => ip.into(),
        _ => return Ok(()),
    };
    match parts.next() {
        Some(Protocol::Tcp(port)) if port != 0 => TcpListener::bind((ip, port)).map(drop),
        _ => Ok(()),
    }
}
