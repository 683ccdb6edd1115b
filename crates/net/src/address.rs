//! Multiaddresses: reading them, and what can be seen from them.

use std::net::{IpAddr, SocketAddr};

use libp2p::{Multiaddr, PeerId, multiaddr::Protocol};

use crate::peer::Peer;

/// An address that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{address:?} is not {wanted}")]
pub struct BadAddress {
    /// As it was given, cut to 200 characters.
    pub address: String,
    /// What was expected in its place.
    pub wanted: &'static str,
}

/// Longest address that is looked at, in bytes of its text: a circuit address carries two peer ids.
const LONGEST: usize = 512;

impl BadAddress {
    fn new(address: &str, wanted: &'static str) -> Self {
        Self { address: address.chars().take(200).collect(), wanted }
    }
}

/// Splits a full address `…/p2p/ID` into the peer and the rest. A circuit address is refused: it has two peers.
pub fn split_peer(address: &str) -> Option<(Vec<u8>, String)> {
    let (peer, mut full) = relay(address).ok()?;
    full.pop();
    Some((peer.to_bytes(), full.to_string()))
}

/// Joins an address and the bytes of a peer id to a full address.
pub fn with_peer(address: &str, peer: &[u8]) -> Option<String> {
    let peer = Peer::from_bytes(peer).ok()?;
    let address = parse(address).ok().filter(|address| !is_relayed(address))?;
    address.with_p2p(peer.0).ok().map(|full| full.to_string())
}

/// Whether a listening address is QUIC's, and its IP address and port; nothing for one through a relay.
pub fn listening(address: &str) -> Option<(bool, SocketAddr)> {
    let address = parse(address).ok().filter(|address| !is_relayed(address))?;
    Some((is_quic(&address), socket(&address)?))
}

/// Reads an address.
pub(crate) fn parse(address: &str) -> Result<Multiaddr, BadAddress> {
    let wanted = "a multiaddress such as /ip4/192.0.2.1/tcp/4010";
    if address.len() > LONGEST {
        return Err(BadAddress::new(address, wanted));
    }
    address
        .parse()
        .ok()
        .filter(|address: &Multiaddr| !address.is_empty())
        .ok_or_else(|| BadAddress::new(address, wanted))
}

/// Reads the full address of a relay: transport, `/p2p/ID`, and nothing behind.
pub(crate) fn relay(text: &str) -> Result<(PeerId, Multiaddr), BadAddress> {
    let bad = || BadAddress::new(text, "a relay's full address such as /ip4/192.0.2.1/tcp/4010/p2p/12D3Koo…");
    let address = parse(text).map_err(|_| bad())?;
    let peers = address.iter().filter(|part| matches!(part, Protocol::P2p(_))).count();
    match address.iter().last() {
        Some(Protocol::P2p(peer)) if peers == 1 && !is_relayed(&address) && address.iter().count() > 1 => {
            Ok((peer, address))
        }
        _ => Err(bad()),
    }
}

/// The address of `peer` through a relay's full address.
pub(crate) fn circuit(relay: &Multiaddr, peer: PeerId) -> Multiaddr {
    relay.clone().with(Protocol::P2pCircuit).with(Protocol::P2p(peer))
}

/// The relay a circuit address goes through.
pub(crate) fn relay_of(address: &Multiaddr) -> Option<PeerId> {
    let mut last = None;
    for part in address {
        match part {
            Protocol::P2p(peer) => last = Some(peer),
            Protocol::P2pCircuit => return last,
            _ => {}
        }
    }
    None
}

/// Whether the address goes through a relay.
pub(crate) fn is_relayed(address: &Multiaddr) -> bool {
    address.iter().any(|part| part == Protocol::P2pCircuit)
}

/// Whether the address is QUIC's rather than TCP's.
pub(crate) fn is_quic(address: &Multiaddr) -> bool {
    address.iter().any(|part| matches!(part, Protocol::Udp(_)))
}

/// The IP address or name of the machine.
pub(crate) fn host(address: &Multiaddr) -> String {
    let name = address.iter().find_map(|part| match part {
        Protocol::Dns(name) | Protocol::Dns4(name) | Protocol::Dns6(name) | Protocol::Dnsaddr(name) => {
            Some(name.into_owned())
        }
        _ => None,
    });
    name.or_else(|| ip(address).map(|ip| ip.to_string())).unwrap_or_default()
}

/// The port, where there is one.
pub(crate) fn port(address: &Multiaddr) -> Option<u16> {
    address.iter().find_map(|part| match part {
        Protocol::Tcp(port) | Protocol::Udp(port) => Some(port),
        _ => None,
    })
}

/// IP address and port.
pub(crate) fn socket(address: &Multiaddr) -> Option<SocketAddr> {
    Some(SocketAddr::new(ip(address)?, port(address)?))
}

fn ip(address: &Multiaddr) -> Option<IpAddr> {
    address.iter().find_map(|part| match part {
        Protocol::Ip4(ip) => Some(ip.into()),
        Protocol::Ip6(ip) => Some(ip.into()),
        _ => None,
    })
}

/// Whether the address never leaves the machine.
pub(crate) fn is_loopback(address: &Multiaddr) -> bool {
    address.iter().any(|part| match part {
        Protocol::Ip4(ip) => ip.is_loopback(),
        Protocol::Ip6(ip) => ip.is_loopback(),
        _ => false,
    })
}

#[cfg(test)]
mod tests;
