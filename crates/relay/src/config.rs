//! What a relay is started with.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use libp2p::{Multiaddr, PeerId, multiaddr, relay};

use crate::{
    access::{Access, Asking, Open},
    mailbox::{MailboxLimits, Shelf},
    quota::{Ledger, Place, Quotas},
    rendezvous::RegistryLimits,
};

/// Port a relay listens on unless told otherwise.
const PORT: u16 = 4010;

/// What a relay is started with.
#[derive(Clone)]
pub struct Config {
    /// Multiaddresses to listen on. An IPv6 one that the machine cannot offer is skipped, any other is an error.
    pub listen: Vec<String>,
    /// Multiaddresses under which others reach this relay. Reservations name them: without any, no reservation works,
    /// so the relay then announces the addresses it listens on, which serves one machine or one network only.
    pub external: Vec<String>,
    /// Bounds on what the relay gives away.
    pub limits: Limits,
    /// Whom it serves.
    pub access: Arc<dyn Access>,
    /// Where the mailbox's items lie; without it in memory, where a restart loses them.
    pub shelf: Option<Arc<dyn Shelf>>,
}

impl Default for Config {
    fn default() -> Self {
        let listen = ["/ip4/0.0.0.0", "/ip6/::"]
            .iter()
            .flat_map(|ip| [format!("{ip}/tcp/{PORT}"), format!("{ip}/udp/{PORT}/quic-v1")])
            .collect();
        Self { listen, external: Vec::new(), limits: Limits::default(), access: Arc::new(Open), shelf: None }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { listen, external, limits, access: _, shelf: _ } = self;
        f.debug_struct("Config")
            .field("listen", listen)
            .field("external", external)
            .field("limits", limits)
            .finish_non_exhaustive()
    }
}

/// Bounds on what the relay gives away. Sized for a virtual machine with one core and 1 GiB.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Established incoming connections.
    pub connections: u32,
    /// Connections of one peer: two transports, doubled while it moves between networks.
    pub connections_per_peer: u32,
    /// Incoming connections that have not authenticated yet.
    pub pending_connections: u32,
    /// Memory of the process in bytes above which no further connection is taken.
    pub memory_bytes: usize,
    /// Reservations: nodes that can be reached through this relay.
    pub reservations: usize,
    /// Circuits open at once.
    pub circuits: usize,
    /// Circuits open at once from or to one peer.
    pub circuits_per_peer: usize,
    /// Bytes after which a circuit is closed. libp2p's default, 128 KiB, cuts off an outcome in mid-air.
    pub circuit_bytes: u64,
    /// Time after which a circuit is closed. libp2p's default is two minutes.
    pub circuit_duration: Duration,
    /// Time after which a reservation must be renewed.
    pub reservation_duration: Duration,
    /// How long circuits that are open when the relay is to stop may still end by themselves.
    pub drain: Duration,
    /// Bounds on registrations.
    pub rendezvous: RegistryLimits,
    /// What one peer and one place may take in a while.
    pub quotas: Quotas,
    /// Bounds on the mailbox.
    pub mailbox: MailboxLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2000,
            connections_per_peer: 4,
            pending_connections: 128,
            memory_bytes: 512 << 20,
            reservations: 1000,
            circuits: 1000,
            circuits_per_peer: 64,
            circuit_bytes: 4 << 30,
            circuit_duration: Duration::from_secs(24 * 3600),
            reservation_duration: Duration::from_secs(3600),
            drain: Duration::from_secs(10),
            rendezvous: RegistryLimits::default(),
            quotas: Quotas::default(),
            mailbox: MailboxLimits::default(),
        }
    }
}

impl Limits {
    /// The circuit relay's settings. Its own limiters give way to the ledger's, which know IPv6 networks.
    pub(crate) fn circuit_relay(&self, ledger: &Arc<Ledger>, access: &Arc<dyn Access>) -> relay::Config {
        let reserving = ledger.clone();
        let circuits = ledger.clone();
        let (may_reserve, may_dial) = (access.clone(), access.clone());
        let reserve = move |peer: PeerId, from: &Multiaddr, _: Instant| {
            !reserving.draining()
                && may_reserve.admits(&peer, Asking::Reservation)
                && reserving.reserving.take(&peer, &Place::of(from))
        };
        let dial = move |peer: PeerId, from: &Multiaddr, _: Instant| {
            !circuits.draining()
                && may_dial.admits(&peer, Asking::Circuit)
                && circuits.circuits.take(&peer, &Place::of(from))
        };
        relay::Config {
            max_reservations: self.reservations,
            max_reservations_per_peer: self.connections_per_peer as usize,
            reservation_duration: self.reservation_duration,
            reservation_rate_limiters: vec![Box::new(reserve)],
            max_circuits: self.circuits,
            max_circuits_per_peer: self.circuits_per_peer,
            // the library's limit travels as seconds in 32 bits
            max_circuit_duration: self.circuit_duration.min(Duration::from_secs(u32::MAX.into())),
            max_circuit_bytes: self.circuit_bytes,
            circuit_src_rate_limiters: vec![Box::new(dial)],
        }
    }
}

/// An address that is none.
#[derive(Debug, thiserror::Error)]
#[error("{address:?} is not a multiaddress such as /ip4/0.0.0.0/tcp/4010")]
pub struct BadAddress {
    /// As it was given.
    pub address: String,
    #[source]
    source: multiaddr::Error,
}

/// Whether the text is a multiaddress.
///
/// # Errors
/// Fails if it is none.
pub fn checked_address(address: &str) -> Result<(), BadAddress> {
    checked(address).map(|_| ())
}

fn checked(address: &str) -> Result<Multiaddr, BadAddress> {
    address.parse().map_err(|source| BadAddress { address: address.chars().take(200).collect(), source })
}

/// Reads multiaddresses.
///
/// # Errors
/// Fails at the first that is none.
pub(crate) fn parse(addresses: &[String]) -> Result<Vec<Multiaddr>, BadAddress> {
    addresses.iter().map(|address| checked(address)).collect()
}
