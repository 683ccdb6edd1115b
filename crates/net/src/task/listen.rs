//! Listening.

use std::{error::Error, io};

use libp2p::{Multiaddr, Swarm, TransportError, multiaddr::Protocol};
use tracing::debug;

use crate::{address, behaviour::Behaviour, error::NetError};

/// Listens on every address; one of IPv6 that the machine cannot offer is skipped.
pub(super) fn listen(swarm: &mut Swarm<Behaviour>, addresses: &[String]) -> Result<(), NetError> {
    let mut listening = false;
    for text in addresses {
        let address = address::parse(text)?;
        match swarm.listen_on(address.clone()) {
            Ok(_) => listening = true,
            Err(error) if is_v6(&address) && !is_taken(&error) => debug!(%address, %error, "no IPv6 here"),
            Err(source) => return Err(NetError::Listen { address: text.clone(), source }),
        }
    }
    if listening { Ok(()) } else { Err(NetError::Deaf) }
}

fn is_v6(address: &Multiaddr) -> bool {
    matches!(address.iter().next(), Some(Protocol::Ip6(_)))
}

/// Whether the port is in use. The transports wrap the system's error, and [`io::Error::source`] skips what it wraps.
fn is_taken(error: &TransportError<io::Error>) -> bool {
    let TransportError::Other(error) = error else { return false };
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<io::Error>();
        if io.is_some_and(|error| error.kind() == io::ErrorKind::AddrInUse) {
            return true;
        }
        next = match io.and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}
