//! The relay: introduces nodes that sit behind routers, and carries sealed bytes between them until they reach each
//! other directly. It learns IP addresses, transport peer ids and which of them meet, timing and volume; nothing else.
//!
//! Two services on one port: libp2p's circuit relay v2, and [`rendezvous`], which answers exact namespaces only.

mod access;
mod behaviour;
mod config;
mod key;
mod run;
mod server;

pub mod rendezvous;

pub use access::{Access, Asking, Open};
pub use config::{BadAddress, Config, Limits};
pub use key::{KeyError, TransportKey};
pub use libp2p::PeerId;
pub use run::{RunError, run};
pub use server::{Relay, RelayError, RelayEvent, RelayHandle};
