//! Being found, and finding: registrations that are kept up at relays, and searches.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    time::{Duration, Instant},
};

use libp2p::{
    PeerId, Swarm,
    core::{PeerRecord, SignedEnvelope},
    identity::Keypair,
    request_response::{OutboundFailure, OutboundRequestId},
};
use protocol::rendezvous::{
    ANSWER_REGISTRATIONS, DEFAULT_TTL_SECONDS, DiscoverResponse, Kind, Message, NAMESPACE_BYTES, RECORD_ADDRESSES,
    RegisterResponse, Status,
};
use tokio::sync::oneshot;
use tracing::debug;

use crate::{
    backoff::Backoff, behaviour::Behaviour, error::LookupError, event::Found, limits, peer::Peer, relays::Relays,
};

/// A relay may grant a shorter life than asked for; it is not asked more often than this.
const RENEW_AT_LEAST: Duration = Duration::from_secs(30);

/// Who hears the outcome of a search.
pub(crate) type Searcher = oneshot::Sender<Result<Vec<Found>, LookupError>>;

/// Registrations and searches. Libp2p's own client is not used: it panics at a time to live that a hostile relay
/// chooses, remembers without bound what it is told, and names all relays to each.
pub(crate) struct Lookup {
    key: Keypair,
    wanted: BTreeMap<(PeerId, String), Wanted>,
    asked: HashMap<OutboundRequestId, Question>,
    waiting: Vec<Search>,
}

struct Wanted {
    due: Instant,
    backoff: Backoff,
    asked: bool,
    /// Until when the relay lists us, as far as we know.
    until: Option<Instant>,
}

enum Question {
    Register(PeerId, String),
    Unregister,
    Discover(Search),
}

struct Search {
    relay: PeerId,
    namespace: String,
    deadline: Instant,
    searcher: Searcher,
}

impl Lookup {
    pub(crate) fn new(key: Keypair) -> Self {
        Self { key, wanted: BTreeMap::new(), asked: HashMap::new(), waiting: Vec::new() }
    }

    /// Keeps us listed at `relay` under `namespace` from now on, whenever there is a reservation.
    pub(crate) fn register(&mut self, relay: PeerId, namespace: String, now: Instant) -> Result<(), LookupError> {
        check(&namespace)?;
        if self.wanted.len() >= limits::REGISTRATIONS {
            return Err(LookupError::Busy);
        }
        self.wanted.entry((relay, namespace)).or_insert_with(|| Wanted {
            due: now,
            backoff: Backoff::default(),
            asked: false,
            until: None,
        });
        Ok(())
    }

    /// Ends [`Self::register`]. The relay is told if it can be; else the registration ends with its life.
    pub(crate) fn unregister(
        &mut self,
        swarm: &mut Swarm<Behaviour>,
        relays: &Relays,
        relay: PeerId,
        namespace: String,
    ) {
        if self.wanted.remove(&(relay, namespace.clone())).is_some() && relays.is_connected(&relay) {
            let question = Message::unregister(namespace);
            let id = swarm.behaviour_mut().questions.send_request(&relay, question);
            self.asked.insert(id, Question::Unregister);
        }
    }

    /// Asks `relay` who is listed under exactly `namespace`, when it is connected.
    pub(crate) fn discover(&mut self, relay: PeerId, namespace: String, searcher: Searcher, now: Instant) {
        if let Err(error) = check(&namespace) {
            let _ = searcher.send(Err(error));
        } else if self.waiting.len() >= limits::SEARCHES_WAITING {
            let _ = searcher.send(Err(LookupError::Busy));
        } else {
            self.waiting.push(Search { relay, namespace, deadline: now + limits::LOOKUP_TIME, searcher });
        }
    }

    /// Asks what is due. Searches go first: somebody waits for them.
    pub(crate) fn tick(&mut self, swarm: &mut Swarm<Behaviour>, relays: &Relays, now: Instant) {
        for search in std::mem::take(&mut self.waiting) {
            if search.searcher.is_closed() {
                continue;
            } else if !relays.contains(&search.relay) {
                let _ = search.searcher.send(Err(LookupError::UnknownRelay));
            } else if search.deadline <= now {
                let _ = search.searcher.send(Err(LookupError::Unreachable));
            } else if relays.is_connected(&search.relay) && self.asked.len() < limits::QUESTIONS {
                let question = Message::discover(search.namespace.clone());
                let id = swarm.behaviour_mut().questions.send_request(&search.relay, question);
                self.asked.insert(id, Question::Discover(search));
            } else {
                self.waiting.push(search);
            }
        }
        self.wanted.retain(|(relay, _), _| relays.contains(relay));
        let Self { key, wanted, asked, .. } = self;
        for ((relay, namespace), wanted) in wanted {
            if asked.len() >= limits::QUESTIONS {
                return;
            }
            if wanted.due > now || wanted.asked || !relays.is_reserved(relay) {
                continue;
            }
            let Some(record) = record(key, relays, relay) else {
                wanted.due = now + wanted.backoff.next();
                continue;
            };
            let question = Message::register(namespace.clone(), record, DEFAULT_TTL_SECONDS);
            let id = swarm.behaviour_mut().questions.send_request(relay, question);
            wanted.asked = true;
            asked.insert(id, Question::Register(*relay, namespace.clone()));
        }
    }

    /// There is a new reservation: the relay may have restarted and forgotten us.
    pub(crate) fn on_reserved(&mut self, reserved: PeerId, now: Instant) {
        for ((relay, _), wanted) in &mut self.wanted {
            if *relay == reserved {
                wanted.due = now;
                wanted.until = None;
            }
        }
    }

    /// A relay answered.
    pub(crate) fn on_answer(&mut self, id: OutboundRequestId, answer: Message, relays: &Relays, now: Instant) {
        let kind = answer.kind.and_then(|kind| Kind::try_from(kind).ok());
        match self.asked.remove(&id) {
            Some(Question::Register(relay, namespace)) => {
                let granted = match answer.register_response {
                    Some(response) if kind == Some(Kind::RegisterResponse) => granted(&response),
                    _ => Err(LookupError::Garbled),
                };
                self.on_registered(relay, namespace, granted, now);
            }
            Some(Question::Discover(search)) => {
                let found = match answer.discover_response {
                    Some(response) if kind == Some(Kind::DiscoverResponse) => self.found(&search, response, relays),
                    _ => Err(LookupError::Garbled),
                };
                let _ = search.searcher.send(found);
            }
            Some(Question::Unregister) | None => {}
        }
    }

    /// A question failed.
    pub(crate) fn on_failure(&mut self, id: OutboundRequestId, failure: &OutboundFailure, now: Instant) {
        match self.asked.remove(&id) {
            Some(Question::Register(relay, namespace)) => {
                debug!(%relay, %failure, "no answer to a registration");
                self.on_registered(relay, namespace, Err(LookupError::Unreachable), now);
            }
            Some(Question::Discover(search)) => {
                let error = match failure {
                    OutboundFailure::Io(_) | OutboundFailure::UnsupportedProtocols => LookupError::Garbled,
                    _ => LookupError::Unreachable,
                };
                let _ = search.searcher.send(Err(error));
            }
            // has no answer by design
            Some(Question::Unregister) | None => {}
        }
    }

    /// How many namespaces `relay` lists us under, and how many it should.
    pub(crate) fn counts(&self, relay: &PeerId, now: Instant) -> (usize, usize) {
        let of_relay = || self.wanted.iter().filter(|((of, _), _)| of == relay).map(|(_, wanted)| wanted);
        (of_relay().filter(|wanted| wanted.until.is_some_and(|until| until > now)).count(), of_relay().count())
    }

    fn on_registered(
        &mut self,
        relay: PeerId,
        namespace: String,
        granted: Result<Duration, LookupError>,
        now: Instant,
    ) {
        let Some(wanted) = self.wanted.get_mut(&(relay, namespace)) else { return };
        wanted.asked = false;
        match granted {
            Ok(life) => {
                wanted.backoff.reset();
                wanted.until = Some(now + life);
                wanted.due = now + (life / 2).max(RENEW_AT_LEAST);
            }
            Err(error) => {
                debug!(%relay, %error, "not registered");
                wanted.due = now + wanted.backoff.next();
            }
        }
    }

    /// Checks every record: it must be signed by the peer it names.
    fn found(&self, search: &Search, response: DiscoverResponse, relays: &Relays) -> Result<Vec<Found>, LookupError> {
        status(response.status)?;
        let me = self.key.public().to_peer_id();
        let mut peers = HashSet::new();
        for register in response.registrations.into_iter().take(ANSWER_REGISTRATIONS) {
            let record = register.signed_peer_record.ok_or(LookupError::Garbled)?;
            let envelope = SignedEnvelope::from_protobuf_encoding(&record).map_err(|_| LookupError::Garbled)?;
            let record = PeerRecord::from_signed_envelope(envelope).map_err(|_| LookupError::Garbled)?;
            if register.namespace.as_ref() != Some(&search.namespace) {
                return Err(LookupError::Garbled);
            }
            if record.peer_id() != me {
                peers.insert(record.peer_id());
            }
        }
        let found = |peer: PeerId| Found {
            relay: Peer(search.relay),
            namespace: search.namespace.clone(),
            peer: Peer(peer),
            addresses: relays.circuits_through(&search.relay, peer).iter().map(ToString::to_string).collect(),
        };
        Ok(peers.into_iter().map(found).collect())
    }
}

fn check(namespace: &str) -> Result<(), LookupError> {
    if (1..=NAMESPACE_BYTES).contains(&namespace.len()) { Ok(()) } else { Err(LookupError::Namespace) }
}

/// What we let a relay hand out about us: our circuit addresses through that relay, and nothing else.
fn record(key: &Keypair, relays: &Relays, relay: &PeerId) -> Option<Vec<u8>> {
    let mut addresses = relays.circuits_through(relay, key.public().to_peer_id());
    addresses.truncate(RECORD_ADDRESSES);
    let record = PeerRecord::new(key, addresses).ok()?;
    Some(record.into_signed_envelope().into_protobuf_encoding())
}

fn status(status: Option<i32>) -> Result<(), LookupError> {
    match status.and_then(|status| Status::try_from(status).ok()) {
        Some(Status::Ok) => Ok(()),
        Some(refused) => Err(LookupError::Refused(refused)),
        None => Err(LookupError::Garbled),
    }
}

/// The life granted, never longer than asked for: it is the relay's word, and added to the clock.
fn granted(response: &RegisterResponse) -> Result<Duration, LookupError> {
    status(response.status)?;
    let seconds = response.ttl.ok_or(LookupError::Garbled)?;
    Ok(Duration::from_secs(seconds.min(DEFAULT_TTL_SECONDS)))
}
