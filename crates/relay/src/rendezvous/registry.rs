//! Who is registered where, and until when. Pure: time is a parameter.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use libp2p::PeerId;
use protocol::rendezvous::{ANSWER_REGISTRATIONS, DEFAULT_TTL_SECONDS, NAMESPACE_BYTES, RECORD_BYTES, Status};

/// Bounds on registrations.
#[derive(Debug, Clone)]
pub struct RegistryLimits {
    /// Registrations altogether: at most 3 KiB each, about 0.5 KiB usually.
    pub total: usize,
    /// Registrations of one peer: one per invite, and one per pair and day.
    pub per_peer: usize,
    /// Peers under one namespace: an invite has one, a pair two; more is somebody crowding it.
    pub per_namespace: usize,
    /// Shortest time to live granted. A shorter wish is refused, as the protocol has it.
    pub min_ttl: Duration,
    /// Longest time to live granted.
    pub max_ttl: Duration,
}

impl Default for RegistryLimits {
    fn default() -> Self {
        Self {
            total: 65_536,
            per_peer: 1024,
            per_namespace: ANSWER_REGISTRATIONS,
            min_ttl: Duration::from_secs(60),
            max_ttl: Duration::from_secs(72 * 3600),
        }
    }
}

/// A peer that wants to be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Whose it is; the caller has checked that the record is this peer's.
    pub peer: PeerId,
    /// Sequence number of the record: a lower one never replaces a higher.
    pub sequence: u64,
    /// The signed peer record, handed out as it came.
    pub record: Vec<u8>,
}

/// Who is listed under a namespace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The registrations, latest last, each with the seconds it has left.
    pub registrations: Vec<(Registration, u64)>,
    /// For the next question, which then tells only what came since.
    pub cookie: Vec<u8>,
}

/// Who is registered where, and until when.
#[derive(Debug)]
pub struct Registry {
    limits: RegistryLimits,
    since: Instant,
    namespaces: HashMap<String, Namespace>,
    per_peer: HashMap<PeerId, usize>,
    total: usize,
}

#[derive(Debug)]
struct Namespace {
    /// In the order of registration, so a cookie is the serial of the last one seen. Never empty.
    entries: Vec<Entry>,
    /// Starts at the microseconds since the registry began: it grows even if the namespace was gone in between, and
    /// unlike one counter for all it tells nobody how busy the relay is.
    last_serial: u64,
}

#[derive(Debug)]
struct Entry {
    registration: Registration,
    expires: Instant,
    serial: u64,
}

impl Registry {
    /// An empty registry that begins `now`.
    pub fn new(now: Instant, limits: RegistryLimits) -> Self {
        Self { limits, since: now, namespaces: HashMap::new(), per_peer: HashMap::new(), total: 0 }
    }

    /// Lists a peer under `namespace`, or lists it again, for `ttl` seconds (2 hours unless given).
    /// Returns the seconds granted.
    ///
    /// # Errors
    /// Fails with the protocol's status if the namespace, the record or the time is out of bounds, or a limit is met.
    pub fn register(
        &mut self,
        now: Instant,
        namespace: &str,
        registration: Registration,
        ttl: Option<u64>,
    ) -> Result<u64, Status> {
        exact(namespace)?;
        let seconds = ttl.unwrap_or(DEFAULT_TTL_SECONDS);
        let ttl = Duration::from_secs(seconds);
        if ttl < self.limits.min_ttl || ttl > self.limits.max_ttl {
            return Err(Status::InvalidTtl);
        }
        let expires = now.checked_add(ttl).ok_or(Status::InvalidTtl)?;
        if registration.record.len() > RECORD_BYTES {
            return Err(Status::InvalidSignedPeerRecord);
        }
        let peer = registration.peer;
        match self.position(namespace, &peer) {
            Some(earlier) if earlier.sequence > registration.sequence => return Err(Status::InvalidSignedPeerRecord),
            Some(_) => {}
            None => self.has_room(now, namespace, &peer)?,
        }
        let begun = u64::try_from(now.saturating_duration_since(self.since).as_micros()).unwrap_or(u64::MAX);
        let listed = self
            .namespaces
            .entry(namespace.to_owned())
            .or_insert_with(|| Namespace { entries: Vec::new(), last_serial: begun });
        let before = listed.entries.len();
        listed.entries.retain(|entry| entry.registration.peer != peer);
        if listed.entries.len() == before {
            self.total += 1;
            *self.per_peer.entry(peer).or_default() += 1;
        }
        listed.last_serial += 1;
        listed.entries.push(Entry { registration, expires, serial: listed.last_serial });
        Ok(seconds)
    }

    /// Takes a registration back; of no effect if there is none.
    pub fn unregister(&mut self, namespace: &str, peer: &PeerId) {
        let Some(listed) = self.namespaces.get_mut(namespace) else { return };
        let before = listed.entries.len();
        listed.entries.retain(|entry| entry.registration.peer != *peer);
        if listed.entries.len() < before {
            self.total -= 1;
            release(&mut self.per_peer, peer);
        }
        if listed.entries.is_empty() {
            self.namespaces.remove(namespace);
        }
    }

    /// Who is listed under exactly `namespace`, at most `limit`, since the answer that `cookie` came with. Nobody is told whether an empty namespace ever was in use.
    ///
    /// # Errors
    /// Fails if the namespace is empty or too long, or the cookie is another namespace's.
    pub fn discover(
        &self,
        now: Instant,
        namespace: &str,
        limit: Option<u64>,
        cookie: Option<&[u8]>,
    ) -> Result<Listing, Status> {
        exact(namespace)?;
        let listed = self.namespaces.get(namespace);
        let last = listed.map_or(0, |listed| listed.last_serial);
        // a serial that was never given out is from before a restart: then everything is new
        let seen = cookie.map(|cookie| serial(cookie, namespace)).transpose()?.filter(|seen| *seen <= last);
        let limit = limit.map_or(ANSWER_REGISTRATIONS, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX).min(ANSWER_REGISTRATIONS)
        });
        let fresh: Vec<&Entry> = listed
            .into_iter()
            .flat_map(|listed| &listed.entries)
            .filter(|entry| entry.expires > now && entry.serial > seen.unwrap_or(0))
            .take(limit)
            .collect();
        let reached = fresh.last().map_or(seen.unwrap_or(0), |entry| entry.serial);
        let left = |entry: &Entry| (entry.registration.clone(), (entry.expires - now).as_secs());
        let cookie = [&reached.to_be_bytes(), namespace.as_bytes()].concat();
        Ok(Listing { registrations: fresh.into_iter().map(left).collect(), cookie })
    }

    /// Forgets what has expired. To be called from time to time: it visits everything.
    pub fn sweep(&mut self, now: Instant) {
        let Self { namespaces, per_peer, total, .. } = self;
        namespaces.retain(|_, listed| {
            listed.entries.retain(|entry| {
                let keep = entry.expires > now;
                if !keep {
                    *total -= 1;
                    release(per_peer, &entry.registration.peer);
                }
                keep
            });
            !listed.entries.is_empty()
        });
    }

    /// How many registrations there are, expired ones that no sweep has met included.
    pub fn len(&self) -> usize {
        self.total
    }

    /// Whether there is no registration.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    fn position(&self, namespace: &str, peer: &PeerId) -> Option<&Registration> {
        let listed = self.namespaces.get(namespace)?;
        listed.entries.iter().map(|entry| &entry.registration).find(|registration| registration.peer == *peer)
    }

    /// Expired registrations give way first; a live one never does.
    fn has_room(&mut self, now: Instant, namespace: &str, peer: &PeerId) -> Result<(), Status> {
        if self.full(namespace, peer) {
            self.sweep(now);
        }
        if self.full(namespace, peer) { Err(Status::Unavailable) } else { Ok(()) }
    }

    fn full(&self, namespace: &str, peer: &PeerId) -> bool {
        self.total >= self.limits.total
            || self.per_peer.get(peer).is_some_and(|count| *count >= self.limits.per_peer)
            || self.namespaces.get(namespace).is_some_and(|listed| listed.entries.len() >= self.limits.per_namespace)
    }
}

fn exact(namespace: &str) -> Result<(), Status> {
    if (1..=NAMESPACE_BYTES).contains(&namespace.len()) { Ok(()) } else { Err(Status::InvalidNamespace) }
}

/// Reads the cookie of an earlier answer: eight bytes of serial, then the namespace.
fn serial(cookie: &[u8], namespace: &str) -> Result<u64, Status> {
    let (serial, of) = cookie.split_first_chunk::<8>().ok_or(Status::InvalidCookie)?;
    if of == namespace.as_bytes() { Ok(u64::from_be_bytes(*serial)) } else { Err(Status::InvalidCookie) }
}

fn release(per_peer: &mut HashMap<PeerId, usize>, peer: &PeerId) {
    if let Some(count) = per_peer.get_mut(peer) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            per_peer.remove(peer);
        }
    }
}

#[cfg(test)]
mod tests;
