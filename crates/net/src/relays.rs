//! The relays in use: connected over every address they have, reserved at once.
//!
//! Every address is kept connected, not just one, because punching a hole needs the address at which a relay sees us,
//! and that differs by transport.

mod route;
mod token;

use std::{
    collections::{BTreeMap, HashSet},
    time::{Duration, Instant},
};

use libp2p::{
    Multiaddr, PeerId, Swarm,
    core::{ConnectedPoint, transport::ListenerId},
    multiaddr::Protocol,
    request_response::OutboundRequestId,
    swarm::ConnectionId,
};
use protocol::access::Said;
use tracing::{debug, warn};
use zeroize::Zeroizing;

use crate::{
    address,
    backoff::Backoff,
    behaviour::Behaviour,
    event::{RouteState, Standing},
};
use route::{Link, Route};
use token::Token;

/// A relay is dialled when the listener of that transport knows its address: a dial before that leaves from another
/// port, and the address the relay then sees is worthless. Where the system names no address, not longer than this.
const LISTEN_TIME: Duration = Duration::from_secs(3);
/// A relay that has not identified itself by then is none.
const IDENTIFY_TIME: Duration = Duration::from_secs(15);
/// A reservation that is not granted by then will not be.
const RESERVE_TIME: Duration = Duration::from_secs(20);
/// Peers are dialled once every relay address was tried, so that both sides know their own addresses when they punch;
/// or that long after the first worked.
const SETTLE_TIME: Duration = Duration::from_secs(2);

/// The relays in use.
pub(crate) struct Relays {
    started: Instant,
    /// Transports whose listeners know an address: QUIC or not, loopback or not.
    listening: HashSet<(bool, bool)>,
    relays: BTreeMap<PeerId, Relay>,
    /// Tokens of relays, whether these are in use or not yet.
    tokens: BTreeMap<PeerId, Zeroizing<Vec<u8>>>,
}

struct Relay {
    routes: Vec<Route>,
    token: Token,
    reservation: Reservation,
    backoff: Backoff,
    why: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Reservation {
    None { next: Instant },
    Asked { listener: ListenerId, since: Instant },
    Held { listener: ListenerId },
}

impl Relays {
    pub(crate) fn new(now: Instant) -> Self {
        Self { started: now, listening: HashSet::new(), relays: BTreeMap::new(), tokens: BTreeMap::new() }
    }

    /// From now on these relays, each with its full addresses. Connections to addresses that stay are untouched.
    pub(crate) fn set(&mut self, swarm: &mut Swarm<Behaviour>, now: Instant, wanted: BTreeMap<PeerId, Vec<Multiaddr>>) {
        let gone: Vec<PeerId> = self.relays.keys().filter(|peer| !wanted.contains_key(peer)).copied().collect();
        for peer in gone {
            if let Some(relay) = self.relays.remove(&peer) {
                relay.reservation.end(swarm);
            }
            swarm.behaviour_mut().keep.set(peer, false);
            let _ = swarm.disconnect_peer_id(peer);
        }
        for (peer, addresses) in wanted {
            swarm.behaviour_mut().keep.set(peer, true);
            let relay = self.relays.entry(peer).or_insert_with(|| Relay {
                routes: Vec::new(),
                token: Token::default(),
                reservation: Reservation::None { next: now },
                backoff: Backoff::default(),
                why: None,
            });
            relay.token.set(self.tokens.get(&peer).map_or(&[], |token| token.as_slice()));
            for dropped in relay.routes.extract_if(.., |route| !addresses.contains(&route.address)) {
                if let Link::Up { connection, .. } = dropped.link {
                    swarm.close_connection(connection);
                }
            }
            for address in addresses {
                if !relay.routes.iter().any(|route| route.address == address) {
                    relay.routes.push(Route::new(address, now));
                }
            }
        }
    }

    /// From now on these tokens, by relay; those of relays in use are shown when [`Relays::set`] follows.
    pub(crate) fn set_tokens(&mut self, tokens: BTreeMap<PeerId, Zeroizing<Vec<u8>>>) {
        self.tokens = tokens;
    }

    /// A relay said whether it knows our token, or nothing. Returns whether we are served now.
    pub(crate) fn on_said(&mut self, id: OutboundRequestId, said: Option<Said>, now: Instant) -> bool {
        let Some(relay) = self.relays.values_mut().find(|relay| relay.token.asked(id)) else { return false };
        match said {
            Some(Said::Admitted) => {
                relay.token.admitted();
                return true;
            }
            Some(Said::Refused) => {
                relay.fail("the relay does not know its token: ask its operator for another one".to_owned(), now);
            }
            None => relay.fail("the relay does not say whether it knows its token".to_owned(), now),
        }
        false
    }

    /// Dials, reserves and gives up as time has come.
    pub(crate) fn tick(&mut self, swarm: &mut Swarm<Behaviour>, now: Instant) {
        let ready_anyway = now.saturating_duration_since(self.started) > LISTEN_TIME;
        for (peer, relay) in &mut self.relays {
            for route in &mut relay.routes {
                let transport = (address::is_quic(&route.address), address::is_loopback(&route.address));
                match route.link {
                    Link::Down { next } if next <= now && (ready_anyway || self.listening.contains(&transport)) => {
                        route.dial(swarm, *peer, now);
                    }
                    Link::Up { connection, since, identified: false }
                        if now.saturating_duration_since(since) > IDENTIFY_TIME =>
                    {
                        debug!(relay = %peer, "the relay does not identify itself");
                        swarm.close_connection(connection);
                    }
                    _ => {}
                }
            }
            relay.reserve(swarm, *peer, now);
        }
    }

    /// A listener of ours knows an address of its own. Returns whether it knew one before.
    pub(crate) fn on_listening(&mut self, address: &Multiaddr) -> bool {
        !address::is_relayed(address)
            && !self.listening.insert((address::is_quic(address), address::is_loopback(address)))
    }

    /// This machine has moved to another network: what failed before may work now.
    pub(crate) fn on_moved(&mut self, now: Instant) {
        for relay in self.relays.values_mut() {
            relay.routes.iter_mut().for_each(|route| route.hurry(now));
            relay.backoff.reset();
            if let Reservation::None { next } = &mut relay.reservation {
                *next = now;
            }
        }
    }

    /// A connection with a relay is up.
    pub(crate) fn on_connected(
        &mut self,
        peer: PeerId,
        connection: ConnectionId,
        endpoint: &ConnectedPoint,
        now: Instant,
    ) {
        let Some(relay) = self.relays.get_mut(&peer) else { return };
        let dialled = relay.routes.iter().position(|route| route.is_dialling(connection));
        // the circuit transport dials on its own when the connection was lost a moment before
        let same = || {
            let remote = without_peer(endpoint.get_remote_address());
            relay.routes.iter().position(|route| !route.is_up() && without_peer(&route.address) == remote)
        };
        if let Some(route) = dialled.or_else(same).and_then(|at| relay.routes.get_mut(at)) {
            route.link = Link::Up { connection, since: now, identified: false };
        }
    }

    /// A connection is gone.
    pub(crate) fn on_disconnected(&mut self, peer: PeerId, connection: ConnectionId, why: String, now: Instant) {
        let Some(relay) = self.relays.get_mut(&peer) else { return };
        if let Some(route) = relay.routes.iter_mut().find(|route| route.is_over(connection)) {
            route.down(why.clone(), now);
            relay.why = Some(why);
            if !relay.routes.iter().any(Route::is_up) {
                relay.token.forget();
            }
        }
    }

    /// A dial failed.
    pub(crate) fn on_dial_failed(&mut self, connection: ConnectionId, why: &str, now: Instant) {
        for relay in self.relays.values_mut() {
            if let Some(route) = relay.routes.iter_mut().find(|route| route.is_dialling(connection)) {
                route.down(why.to_owned(), now);
                relay.why = Some(why.to_owned());
            }
        }
    }

    /// A relay told who it is and where it sees us. Returns whether it is one of ours.
    pub(crate) fn on_identified(&mut self, peer: PeerId, connection: ConnectionId, observed: &Multiaddr) -> bool {
        let Some(relay) = self.relays.get_mut(&peer) else { return false };
        if let Some(route) = relay.routes.iter_mut().find(|route| route.is_over(connection)) {
            route.identified(observed.clone());
        }
        true
    }

    /// A relay answered a ping.
    pub(crate) fn on_ping(&mut self, peer: PeerId, connection: ConnectionId, round_trip: Duration) {
        let routes = self.relays.get_mut(&peer).map(|relay| relay.routes.iter_mut());
        if let Some(route) = routes.into_iter().flatten().find(|route| route.is_over(connection)) {
            route.answered(round_trip);
        }
    }

    /// Every address of every relay, and how it does.
    pub(crate) fn routes(&self) -> Vec<RouteState> {
        let of_relay =
            |(peer, relay): (&PeerId, &Relay)| relay.routes.iter().map(|route| route.state(*peer)).collect::<Vec<_>>();
        self.relays.iter().flat_map(of_relay).collect()
    }

    /// A relay granted a reservation. Returns whether it is a new one.
    pub(crate) fn on_reserved(&mut self, peer: PeerId) -> bool {
        let Some(relay) = self.relays.get_mut(&peer) else { return false };
        let Reservation::Asked { listener, .. } = relay.reservation else { return false };
        relay.reservation = Reservation::Held { listener };
        relay.backoff.reset();
        relay.why = None;
        true
    }

    /// A reservation ended, was refused or was lost with its connection.
    pub(crate) fn on_listener_closed(&mut self, closed: ListenerId, why: Option<String>, now: Instant) {
        for (peer, relay) in &mut self.relays {
            if relay.reservation.listener() == Some(closed) {
                debug!(relay = %peer, why, "no reservation any more");
                relay.fail(why.clone().unwrap_or_else(|| "the reservation was lost".into()), now);
            }
        }
    }

    /// Whether the peer is one of the relays.
    pub(crate) fn contains(&self, peer: &PeerId) -> bool {
        self.relays.contains_key(peer)
    }

    /// The relays in use, in a lasting order.
    pub(crate) fn peers(&self) -> Vec<PeerId> {
        self.relays.keys().copied().collect()
    }

    /// Whether the relay can be asked something.
    pub(crate) fn is_connected(&self, peer: &PeerId) -> bool {
        self.relays
            .get(peer)
            .is_some_and(|relay| relay.token.is_settled() && relay.routes.iter().any(Route::is_identified))
    }

    /// Whether others reach us through the relay.
    pub(crate) fn is_reserved(&self, peer: &PeerId) -> bool {
        self.relays.get(peer).is_some_and(|relay| matches!(relay.reservation, Reservation::Held { .. }))
    }

    /// Whether peers may be dialled: our own addresses are as well known as they will be soon.
    pub(crate) fn is_settled(&self, now: Instant) -> bool {
        let mut routes = self.relays.values().filter(|relay| relay.token.is_settled()).flat_map(|relay| &relay.routes);
        let long_up = |route: &Route| match route.link {
            Link::Up { since, identified: true, .. } => now.saturating_duration_since(since) >= SETTLE_TIME,
            _ => false,
        };
        routes.clone().any(long_up) || routes.all(Route::was_tried)
    }

    /// How we stand with a relay.
    pub(crate) fn standing(&self, peer: &PeerId, now: Instant) -> Option<Standing> {
        let relay = self.relays.get(peer)?;
        let connected = relay.routes.iter().any(Route::is_identified);
        Some(match (&relay.reservation, &relay.why) {
            (Reservation::Held { .. }, _) => Standing::Reserved,
            (Reservation::None { next }, Some(why)) if connected => Standing::failed(why, *next, now),
            _ if connected => Standing::Connected,
            (_, Some(why)) => {
                let next = relay.routes.iter().filter_map(Route::next_dial).min().unwrap_or(now);
                Standing::failed(why, next, now)
            }
            (_, None) => Standing::Connecting,
        })
    }

    /// The full addresses of a relay.
    pub(crate) fn addresses(&self, peer: &PeerId) -> Vec<Multiaddr> {
        let routes = self.relays.get(peer).map(|relay| relay.routes.as_slice()).unwrap_or_default();
        routes.iter().map(|route| route.address.clone()).collect()
    }

    /// Addresses of `peer` through one relay. Those of connected routes first: the circuit then uses that connection.
    pub(crate) fn circuits_through(&self, relay: &PeerId, peer: PeerId) -> Vec<Multiaddr> {
        let mut routes: Vec<&Route> = self.relays.get(relay).into_iter().flat_map(|relay| &relay.routes).collect();
        routes.sort_by_key(|route| !route.is_identified());
        routes.into_iter().map(|route| address::circuit(&route.address, peer)).collect()
    }

    /// One address of `peer` through each relay, for when nothing is known but who it is.
    pub(crate) fn circuits_to(&self, peer: PeerId) -> Vec<Multiaddr> {
        let first = |relay: &PeerId| self.circuits_through(relay, peer).into_iter().next();
        self.relays.keys().filter_map(first).collect()
    }
}

impl Relay {
    /// Asks for a reservation, or gives up one that is not granted.
    fn reserve(&mut self, swarm: &mut Swarm<Behaviour>, peer: PeerId, now: Instant) {
        match self.reservation {
            Reservation::None { next } if next <= now => {
                let Some(route) = self.routes.iter().find(|route| route.is_identified()) else { return };
                if !self.token.is_settled() {
                    return self.token.show(swarm, peer);
                }
                match swarm.listen_on(route.address.clone().with(Protocol::P2pCircuit)) {
                    Ok(listener) => self.reservation = Reservation::Asked { listener, since: now },
                    Err(error) => {
                        warn!(relay = %peer, %error, "a reservation cannot be asked for");
                        self.fail(error.to_string(), now);
                    }
                }
            }
            Reservation::Asked { since, .. } if now.saturating_duration_since(since) > RESERVE_TIME => {
                self.reservation.end(swarm);
                self.fail("no answer to the wish for a reservation".into(), now);
            }
            _ => {}
        }
    }

    fn fail(&mut self, why: String, now: Instant) {
        self.reservation = Reservation::None { next: now + self.backoff.next() };
        self.token.forget();
        self.why = Some(why);
    }
}

impl Reservation {
    fn listener(&self) -> Option<ListenerId> {
        match self {
            Self::None { .. } => None,
            Self::Asked { listener, .. } | Self::Held { listener } => Some(*listener),
        }
    }

    fn end(&self, swarm: &mut Swarm<Behaviour>) {
        if let Some(listener) = self.listener() {
            swarm.remove_listener(listener);
        }
    }
}

impl Standing {
    fn failed(why: &str, next: Instant, now: Instant) -> Self {
        // whole seconds, so that the passing of time alone is no change
        let retry_in = Duration::from_secs(next.saturating_duration_since(now).as_secs() + 1);
        Self::Failed { why: why.to_owned(), retry_in }
    }
}

fn without_peer(address: &Multiaddr) -> Multiaddr {
    address.iter().filter(|part| !matches!(part, Protocol::P2p(_))).collect()
}
