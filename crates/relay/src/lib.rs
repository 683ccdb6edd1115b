//! The relay: introduces nodes that sit behind routers, and carries sealed bytes between them until they reach each
//! other directly. It learns IP addresses, transport peer ids and which of them meet, timing and volume; nothing else.
//!
//! Three services on one port: libp2p's circuit relay v2; [`rendezvous`], which answers exact namespaces only; and the
//! [`mailbox`], where sealed items wait for who is away.

mod access;
mod asked;
mod behaviour;
mod block;
mod config;
mod gate;
mod key;
mod quota;
mod run;
mod server;
mod status;
mod throttle;

pub mod mailbox;
pub mod rendezvous;

pub use access::{Access, Allowed, Asking, Open, Tokens};
pub use config::{BadAddress, Config, Limits, checked_address};
pub use key::{KeyError, TransportKey};
pub use libp2p::PeerId;
pub use quota::{Quotas, Rate};
pub use run::{RunError, run};
pub use server::{Relay, RelayError, RelayEvent, RelayHandle};
pub use status::{Observer, Status};
