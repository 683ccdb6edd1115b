//! The relay's one task, which owns the swarm, and the handle on it.

use std::{
    collections::{HashMap, HashSet},
    io,
    net::{IpAddr, TcpListener},
    sync::Arc,
    time::{Duration, Instant},
};

use failpoint::Point;
use futures::StreamExt;
use libp2p::{
    Multiaddr, PeerId, Swarm, TransportError, core::transport::ListenerId, multiaddr::Protocol, noise, ping, relay,
    request_response, swarm::SwarmEvent,
};
use protocol::{
    access::{Said, Show},
    mailbox::{Answer, Question, Refused},
};
use tokio::{
    sync::{broadcast, oneshot},
    task::JoinHandle,
    time,
};
use tracing::{debug, info, warn};

use crate::{
    access::{Access, Asking},
    behaviour::{self, Behaviour, BehaviourEvent},
    config::{self, BadAddress, Config},
    key::TransportKey,
    mailbox::{Answered, Clerk, Depositor, MemoryShelf, Pile, ShelfError, UnderWay, Way},
    quota::Ledger,
    rendezvous::{Desk, Handled, Registry},
    status::{self, Observer, Questions, Status},
};

/// Expired registrations are forgotten that often.
const SWEEP: Duration = Duration::from_secs(60);
/// Longest wait for the system to name the addresses listened on.
const LISTEN_TIME: Duration = Duration::from_secs(5);
/// Longest wait for connections to close at shutdown.
const CLOSE_TIME: Duration = Duration::from_secs(2);
/// Questions beyond the quota, between two sweeps, after which a peer is shown out.
const EXCESS: u32 = 100;
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
    /// The folder of the mailbox cannot be read.
    #[error("the folder of the mailbox cannot be read")]
    Mailbox(#[source] ShelfError),
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
    /// The relay takes on nothing new, and waits for open circuits to end.
    Draining,
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
        let ledger = Ledger::new(config.limits.quotas);
        let mut swarm = behaviour::swarm(key, &config.limits, config.access.clone(), &ledger)?;
        let listeners = listen(&mut swarm, config::parse(&config.listen)?)?;
        for address in &external {
            swarm.add_external_address(address.clone());
        }
        let (stop, stopped) = oneshot::channel();
        let (events, _) = broadcast::channel(EVENTS);
        let (observer, questions) = status::observed();
        let mail = open_mailbox(&config)?;
        let registry = Registry::new(Instant::now(), config.limits.rendezvous);
        let mut server = Server {
            desk: Desk::new(registry, config.access.clone()),
            access: config.access,
            mail,
            unread: UnderWay::default(),
            swarm,
            ledger,
            questions,
            reservations: 0,
            circuits: 0,
            excess: HashMap::new(),
            refused: [0; 4],
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
        Ok(RelayHandle { peer_id, addresses, events, observer, stop, task })
    }
}

/// A running relay. Dropping it stops the relay at once; [`RelayHandle::shutdown`] waits.
#[derive(Debug)]
pub struct RelayHandle {
    peer_id: PeerId,
    addresses: Vec<Multiaddr>,
    events: broadcast::Sender<RelayEvent>,
    observer: Observer,
    stop: oneshot::Sender<Duration>,
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

    /// Who asks it for its numbers, also while it stops.
    pub fn observer(&self) -> Observer {
        self.observer.clone()
    }

    /// Closes every connection and waits until that is done, two seconds at most.
    pub async fn shutdown(self) {
        self.drain(Duration::ZERO).await;
    }

    /// Takes on nothing new, lets open circuits end by themselves for `limit` at most, then shuts down.
    pub async fn drain(self, limit: Duration) {
        let _ = self.stop.send(limit);
        if let Err(error) = self.task.await {
            warn!(%error, "the relay's task failed");
        }
    }
}

struct Server {
    swarm: Swarm<Behaviour>,
    desk: Desk,
    ledger: Arc<Ledger>,
    questions: Questions,
    /// Nodes that can be reached now.
    reservations: usize,
    /// Circuits open now.
    circuits: usize,
    /// Questions beyond the quota that a connected peer asked since the last sweep.
    excess: HashMap<PeerId, u32>,
    /// What quotas had refused at the last sweep, so that a quiet relay logs nothing.
    refused: [u64; 4],
    access: Arc<dyn Access>,
    mail: Clerk,
    /// The mailbox's answers that have not been read.
    unread: UnderWay,
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

    async fn run(mut self, mut stopped: oneshot::Receiver<Duration>) {
        let mut sweep = time::interval(SWEEP);
        let limit = loop {
            tokio::select! {
                event = self.swarm.select_next_some() => self.on_event(event),
                answered = self.mail.answered() => self.answer_mail(answered),
                Some(asked) = self.questions.recv() => drop(asked.send(self.status())),
                _ = sweep.tick() => self.sweep(Instant::now()),
                // a handle that was dropped waits for nothing
                limit = &mut stopped => break limit.unwrap_or_default(),
            }
        };
        self.drain(limit).await;
        self.close().await;
    }

    /// Waits until no circuit is open, for `limit` at most; nothing new is taken on meanwhile.
    async fn drain(&mut self, limit: Duration) {
        self.ledger.drain();
        self.tell(RelayEvent::Draining);
        if self.circuits > 0 && !limit.is_zero() {
            info!(circuits = self.circuits, seconds = limit.as_secs(), "stopping: waiting for circuits to end");
        }
        let deadline = time::sleep(limit);
        tokio::pin!(deadline);
        while self.circuits > 0 {
            tokio::select! {
                () = &mut deadline => break,
                event = self.swarm.select_next_some() => self.on_event(event),
                answered = self.mail.answered() => self.answer_mail(answered),
                Some(asked) = self.questions.recv() => drop(asked.send(self.status())),
            }
        }
        info!(circuits = self.circuits, "stopping: closing what is left");
    }

    fn sweep(&mut self, now: Instant) {
        self.desk.sweep(now);
        self.mail.sweep();
        self.ledger.sweep();
        let refused = self.ledger.refused();
        if refused != self.refused {
            let [connections, reservations, circuits, lookups] = refused;
            info!(connections, reservations, circuits, lookups, "refused by quota since the start");
            self.refused = refused;
        }
        debug!(
            bytes = self.ledger.carried(),
            connected = self.swarm.network_info().num_peers(),
            "carried since the start"
        );
        self.swarm.behaviour_mut().gate.sweep(now);
        self.excess.clear();
    }

    fn status(&self) -> Status {
        let (mailbox_items, mailbox_bytes) = self.mail.size();
        Status {
            peers: self.swarm.network_info().num_peers() as u64,
            reservations: self.reservations as u64,
            circuits: self.circuits as u64,
            registrations: self.desk.len() as u64,
            mailbox_items,
            mailbox_bytes,
            carried_bytes: self.ledger.carried(),
            refused: self.ledger.refused(),
            draining: self.ledger.draining(),
        }
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
            BehaviourEvent::Access(request_response::Event::Message {
                peer,
                message: request_response::Message::Request { request, channel, .. },
                ..
            }) => self.on_shown(peer, &request, channel),
            BehaviourEvent::Mailbox(event) => self.on_mailbox(event),
            BehaviourEvent::Rendezvous(request_response::Event::InboundFailure { peer, error, .. }) => {
                debug!(peer = %brief(&peer), %error, "a question could not be read or answered");
            }
            BehaviourEvent::Ping(ping::Event { peer, connection, result: Err(error) }) => match error {
                ping::Failure::Unsupported => {}
                ping::Failure::Timeout | ping::Failure::Other { .. } => {
                    debug!(peer = %brief(&peer), "no answer to a ping: closing the connection");
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
        let place = self.swarm.behaviour().gate.place(&peer);
        if !self.ledger.lookups.take(&peer, &place) {
            // dropping the channel closes the stream: an answer would cost more than the question did
            return self.on_excess(peer);
        }
        let answer = match self.desk.handle(Instant::now(), peer, question) {
            Handled::Registered(answer, Ok(())) => {
                debug!(peer = %brief(&peer), registrations = self.desk.len(), "registered");
                failpoint::pass(Point::RelayRegistered);
                self.tell(RelayEvent::Registered(peer));
                answer
            }
            Handled::Registered(answer, Err(status)) => {
                debug!(peer = %brief(&peer), ?status, "registration refused");
                answer
            }
            Handled::Discovered(answer) => answer,
            // dropping the channel closes the stream
            Handled::Unregistered | Handled::Nonsense => return,
        };
        if self.swarm.behaviour_mut().rendezvous.send_response(channel, answer).is_err() {
            debug!(peer = %brief(&peer), "the peer left before its answer");
        }
    }

    /// A peer asked more than its quota. Whoever goes on is shown out, because even refusing costs.
    fn on_excess(&mut self, peer: PeerId) {
        let excess = self.excess.entry(peer).or_default();
        *excess += 1;
        if *excess < EXCESS {
            return;
        }
        info!(excess = *excess, "a peer floods the lookup: closing its connections");
        self.excess.remove(&peer);
        self.swarm.behaviour_mut().gate.show_out(peer, Instant::now());
        let _ = self.swarm.disconnect_peer_id(peer);
    }

    fn on_shown(&mut self, peer: PeerId, shown: &Show, channel: request_response::ResponseChannel<Said>) {
        let place = self.swarm.behaviour().gate.place(&peer);
        if !self.ledger.lookups.take(&peer, &place) {
            return self.on_excess(peer);
        }
        let me = *self.swarm.local_peer_id();
        let said = if self.access.shows(&me, &peer, &shown.proof) { Said::Admitted } else { Said::Refused };
        debug!(peer = %brief(&peer), ?said, "a token was shown");
        if self.swarm.behaviour_mut().access.send_response(channel, said).is_err() {
            debug!(peer = %brief(&peer), "the peer left before its answer");
        }
    }

    fn on_mailbox(&mut self, event: request_response::Event<Question, Answer>) {
        match event {
            request_response::Event::Message {
                peer,
                message: request_response::Message::Request { request, channel, request_id },
                ..
            } => self.on_mail(peer, request, (request_id, channel)),
            request_response::Event::ResponseSent { request_id, .. } => self.unread.over(request_id),
            request_response::Event::InboundFailure { peer, error, request_id, .. } => {
                self.unread.over(request_id);
                debug!(peer = %brief(&peer), %error, "a question to the mailbox could not be read or answered");
            }
            _ => {}
        }
    }

    fn on_mail(&mut self, peer: PeerId, question: Question, way: Way) {
        let place = self.swarm.behaviour().gate.place(&peer);
        if !self.ledger.lookups.take(&peer, &place) {
            // as with lookups, of whose quota these questions are part
            return self.on_excess(peer);
        }
        let answered = if self.access.admits(&peer, Asking::Mailbox) {
            self.mail.ask(Depositor { peer, place }, question, way)
        } else {
            Some((way, Answer::Refused(Refused::NotServed)))
        };
        if let Some(answered) = answered {
            self.answer_mail(answered);
        }
    }

    fn answer_mail(&mut self, ((id, channel), answer): Answered) {
        let answer = if self.unread.takes(id, &answer) { answer } else { Answer::Refused(Refused::Later) };
        if self.swarm.behaviour_mut().mailbox.send_response(channel, answer).is_err() {
            self.unread.over(id);
            debug!("a peer left before the mailbox's answer; it asks again");
        }
    }

    fn on_circuits(&mut self, event: relay::Event) {
        match event {
            relay::Event::ReservationReqAccepted { src_peer_id, renewed: false } => {
                debug!(peer = %brief(&src_peer_id), "reserved");
                self.reservations += 1;
                failpoint::pass(Point::RelayReserved);
                self.tell(RelayEvent::Reserved(src_peer_id));
            }
            relay::Event::ReservationReqDenied { src_peer_id, status } => {
                info!(peer = %brief(&src_peer_id), ?status, "reservation denied");
            }
            relay::Event::ReservationClosed { src_peer_id } | relay::Event::ReservationTimedOut { src_peer_id } => {
                self.reservations = self.reservations.saturating_sub(1);
                self.tell(RelayEvent::Unreserved(src_peer_id));
            }
            relay::Event::CircuitReqAccepted { src_peer_id: from, dst_peer_id: to } => {
                debug!(from = %brief(&from), to = %brief(&to), "circuit opened");
                self.circuits += 1;
                failpoint::pass(Point::RelayCircuit);
                self.tell(RelayEvent::CircuitOpened { from, to });
            }
            relay::Event::CircuitReqDenied { src_peer_id: from, dst_peer_id: to, status } => {
                debug!(from = %brief(&from), to = %brief(&to), ?status, "circuit denied");
            }
            relay::Event::CircuitClosed { src_peer_id: from, dst_peer_id: to, .. } => {
                debug!(from = %brief(&from), to = %brief(&to), "circuit closed");
                self.circuits = self.circuits.saturating_sub(1);
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

/// The end of a peer id: enough to follow one through a log, too little to look it up.
fn brief(peer: &PeerId) -> String {
    let text = peer.to_string();
    text.chars().skip(text.chars().count().saturating_sub(6)).collect()
}

/// The mailbox's thread, with what lies in its folder.
fn open_mailbox(config: &Config) -> Result<Clerk, RelayError> {
    let shelf = config.shelf.clone().unwrap_or_else(|| Arc::new(MemoryShelf::default()));
    if !shelf.is_lasting() {
        warn!("the mailbox has no folder: what waits in it is lost when this relay restarts, and senders are told so");
    }
    let run = protocol::Nonce(rand::random());
    let pile = Pile::open(shelf, config.limits.mailbox.clone(), run).map_err(RelayError::Mailbox)?;
    let (items, bytes) = pile.size();
    info!(items, bytes, "the mailbox is open");
    Clerk::start(pile).map_err(|error| RelayError::Mailbox(error.into()))
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
