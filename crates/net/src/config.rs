//! What the network is started with.

use std::fmt;

use zeroize::Zeroizing;

/// What the network is started with.
#[derive(Clone)]
pub struct Config {
    /// The Ed25519 secret of the transport key.
    pub transport_secret: Zeroizing<[u8; 32]>,
    /// Multiaddresses to listen on. An IPv6 one that the machine cannot offer is skipped, any other is an error.
    pub listen: Vec<String>,
    /// Full addresses of relays, ending in `/p2p/ID`; see [`crate::Handle::set_relays`].
    pub relays: Vec<String>,
}

impl Config {
    /// Listens on every interface, on ports the system chooses, with TCP and QUIC; no relays.
    pub fn new(transport_secret: Zeroizing<[u8; 32]>) -> Self {
        let listen = ["/ip4/0.0.0.0", "/ip6/::"]
            .iter()
            .flat_map(|ip| [format!("{ip}/tcp/0"), format!("{ip}/udp/0/quic-v1")])
            .collect();
        Self { transport_secret, listen, relays: Vec::new() }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transport_secret: _, listen, relays } = self;
        f.debug_struct("Config").field("listen", listen).field("relays", relays).finish_non_exhaustive()
    }
}
