//! What one peer, and one place on the network, may take of the relay in a while: token buckets.
//!
//! A place is an IPv4 address or an IPv6 network of 64 bits, because whoever has one address of such a network has all.
//! Buckets are the GCRA of the crate `governor`.

use std::{
    hash::Hash,
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};
use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};

/// Buckets of one kind that are kept; when so many were used lately, whoever is new waits.
const KEYS: usize = 65_536;

/// A bucket: so much at once, then so much in a second or a minute, as the quota's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// At once.
    pub burst: NonZeroU32,
    /// Per second or minute from then on.
    pub refill: NonZeroU32,
}

impl Rate {
    /// `burst` at once, then `refill`; zero counts as one.
    #[must_use]
    pub fn new(burst: u32, refill: u32) -> Self {
        let one = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { burst: one(burst), refill: one(refill) }
    }
}

/// What one peer and one place may take. Rates are per minute, those of bytes per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Connections of one place at once: it may be a whole office.
    pub connections_per_ip: u32,
    /// Connections of one place at once that have not said yet who they are. All places together have
    /// [`crate::Limits::pending_connections`], which one of them cannot fill.
    pub strangers_per_ip: u32,
    /// Connections begun by one place.
    pub connecting_per_ip: Rate,
    /// Reservations asked for by one peer.
    pub reserving_per_peer: Rate,
    /// By one place.
    pub reserving_per_ip: Rate,
    /// Circuits asked for by one peer.
    pub circuits_per_peer: Rate,
    /// By one place.
    pub circuits_per_ip: Rate,
    /// Registrations and lookups of one peer.
    pub lookups_per_peer: Rate,
    /// Of one place.
    pub lookups_per_ip: Rate,
    /// Bytes that one peer sends.
    pub bytes_per_peer: Rate,
    /// That one place sends.
    pub bytes_per_ip: Rate,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            connections_per_ip: 512,
            strangers_per_ip: 32,
            connecting_per_ip: Rate::new(512, 600),
            reserving_per_peer: Rate::new(30, 6),
            reserving_per_ip: Rate::new(300, 60),
            circuits_per_peer: Rate::new(120, 120),
            circuits_per_ip: Rate::new(600, 600),
            lookups_per_peer: Rate::new(2_000, 600),
            lookups_per_ip: Rate::new(10_000, 6_000),
            bytes_per_peer: Rate::new(64 << 20, 16 << 20),
            bytes_per_ip: Rate::new(256 << 20, 64 << 20),
        }
    }
}

/// A place on the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    V4([u8; 4]),
    V6([u8; 8]),
    /// No IP address in the multiaddress: all such share a bucket.
    Nowhere,
}

impl Place {
    pub(crate) fn of(address: &Multiaddr) -> Self {
        let ip = address.iter().find_map(|part| match part {
            Protocol::Ip4(ip) => Some(IpAddr::from(ip)),
            // a listener on `::` sees IPv4 mapped
            Protocol::Ip6(ip) => Some(IpAddr::from(ip).to_canonical()),
            _ => None,
        });
        match ip {
            Some(IpAddr::V4(ip)) => Self::V4(ip.octets()),
            Some(IpAddr::V6(ip)) => ip.octets().first_chunk().map_or(Self::Nowhere, |network| Self::V6(*network)),
            None => Self::Nowhere,
        }
    }
}

/// One bucket per key.
pub(crate) struct Buckets<K: Hash + Eq + Clone> {
    buckets: RateLimiter<K, HashMapStateStore<K>, DefaultClock>,
    burst: NonZeroU32,
    refused: AtomicU64,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    fn per_minute(rate: Rate) -> Self {
        Self::new(Quota::per_minute(rate.refill), rate)
    }

    fn per_second(rate: Rate) -> Self {
        Self::new(Quota::per_second(rate.refill), rate)
    }

    fn new(quota: Quota, rate: Rate) -> Self {
        let buckets = RateLimiter::hashmap(quota.allow_burst(rate.burst));
        Self { buckets, burst: rate.burst, refused: AtomicU64::new(0) }
    }

    /// Takes one; whether it was there.
    pub(crate) fn take(&self, key: &K) -> bool {
        let taken = self.has_room() && self.buckets.check_key(key).is_ok();
        if !taken {
            self.refuse();
        }
        taken
    }

    /// Takes so many more for what was done already, or all there are: nobody is refused by this, and nothing is counted.
    pub(crate) fn charge(&self, key: &K, many: u32) {
        for _ in 0..many {
            if !self.has_room() || self.buckets.check_key(key).is_err() {
                break;
            }
        }
    }

    /// Counts what was refused for another reason than an empty bucket.
    pub(crate) fn refuse(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    /// Pays a debt, a bucket at a time, or says how long to wait before paying on.
    fn pay(&self, key: &K, debt: &mut u32) -> Option<Duration> {
        while let Some(owed) = NonZeroU32::new(*debt) {
            let part = owed.min(self.burst);
            if let Ok(Err(until)) = self.buckets.check_key_n(key, part) {
                return Some(until.wait_time_from(self.buckets.clock().now()));
            }
            *debt -= part.get();
        }
        None
    }

    /// How many were refused since the start.
    pub(crate) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    fn has_room(&self) -> bool {
        if self.buckets.len() >= KEYS {
            self.sweep();
        }
        self.buckets.len() < KEYS
    }

    /// Forgets buckets that are full again.
    fn sweep(&self) {
        self.buckets.retain_recent();
        self.buckets.shrink_to_fit();
    }
}

/// Buckets of one kind for peers and for places.
pub(crate) struct Both {
    pub(crate) peers: Buckets<PeerId>,
    pub(crate) places: Buckets<Place>,
}

impl Both {
    fn per_minute(peer: Rate, place: Rate) -> Self {
        Self { peers: Buckets::per_minute(peer), places: Buckets::per_minute(place) }
    }

    /// Takes one from the peer's bucket and one from the place's. A peer that is over its own takes nothing of what
    /// its neighbours have.
    pub(crate) fn take(&self, peer: &PeerId, place: &Place) -> bool {
        self.peers.take(peer) && self.places.take(place)
    }

    pub(crate) fn refused(&self) -> u64 {
        self.peers.refused() + self.places.refused()
    }

    fn sweep(&self) {
        self.peers.sweep();
        self.places.sweep();
    }
}

/// Every bucket of the relay.
pub(crate) struct Ledger {
    pub(crate) quotas: Quotas,
    pub(crate) connecting: Buckets<Place>,
    pub(crate) reserving: Both,
    pub(crate) circuits: Both,
    pub(crate) lookups: Both,
    pub(crate) bytes: Both,
    carried: AtomicU64,
    draining: AtomicBool,
}

impl Ledger {
    pub(crate) fn new(quotas: Quotas) -> Arc<Self> {
        Arc::new(Self {
            connecting: Buckets::per_minute(quotas.connecting_per_ip),
            reserving: Both::per_minute(quotas.reserving_per_peer, quotas.reserving_per_ip),
            circuits: Both::per_minute(quotas.circuits_per_peer, quotas.circuits_per_ip),
            lookups: Both::per_minute(quotas.lookups_per_peer, quotas.lookups_per_ip),
            bytes: Both {
                peers: Buckets::per_second(quotas.bytes_per_peer),
                places: Buckets::per_second(quotas.bytes_per_ip),
            },
            quotas,
            carried: AtomicU64::new(0),
            draining: AtomicBool::new(false),
        })
    }

    /// From now on nothing new is taken on: no connection, no reservation, no circuit.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Whether the relay is about to stop.
    pub(crate) fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Forgets buckets that are full again.
    pub(crate) fn sweep(&self) {
        self.connecting.sweep();
        for both in [&self.reserving, &self.circuits, &self.lookups, &self.bytes] {
            both.sweep();
        }
    }

    /// Bytes that peers sent since the start.
    pub(crate) fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }

    /// What was refused since the start: connections, reservations, circuits, lookups.
    pub(crate) fn refused(&self) -> [u64; 4] {
        [self.connecting.refused(), self.reserving.refused(), self.circuits.refused(), self.lookups.refused()]
    }
}

/// What one connection owes for what it sent. Clones share the debt: while it is not paid, no stream of the connection
/// is read, and a fresh stream is no way around it.
#[derive(Clone)]
pub(crate) struct Meter {
    ledger: Arc<Ledger>,
    peer: PeerId,
    place: Place,
    debt: Arc<Mutex<Debt>>,
}

/// Bytes that are read and not yet paid for.
#[derive(Default)]
struct Debt {
    peer: u32,
    place: u32,
}

impl Meter {
    pub(crate) fn new(ledger: Arc<Ledger>, peer: PeerId, place: Place) -> Self {
        Self { ledger, peer, place, debt: Arc::default() }
    }

    /// So many bytes were read.
    pub(crate) fn owe(&self, bytes: u32) {
        let mut debt = self.debt.lock().unwrap_or_else(PoisonError::into_inner);
        self.ledger.carried.fetch_add(bytes.into(), Ordering::Relaxed);
        debt.peer = debt.peer.saturating_add(bytes);
        debt.place = debt.place.saturating_add(bytes);
    }

    /// Pays, or says how long to wait before paying again; nothing is read until then.
    pub(crate) fn pay(&self) -> Option<Duration> {
        let mut debt = self.debt.lock().unwrap_or_else(PoisonError::into_inner);
        let Both { peers, places } = &self.ledger.bytes;
        peers.pay(&self.peer, &mut debt.peer).or_else(|| places.pay(&self.place, &mut debt.place))
    }
}

#[cfg(test)]
mod tests;
