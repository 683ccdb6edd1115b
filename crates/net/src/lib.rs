//! The network: one task owns libp2p's swarm, a cloneable [`Handle`] speaks to it, [`Event`]s come out of it.
//!
//! Carries opaque frames between authenticated peers over the best path there is: direct where a hole can be punched,
//! through a relay where not. Knows nothing of consent, and nothing here decides who a peer is to the owner.
//!
//! What a remote can make grow is bounded in [`limits`], each bound with its reason.

mod address;
mod arrivals;
mod backoff;
mod behaviour;
mod codec;
mod config;
mod error;
mod event;
mod frames;
mod handle;
mod lookup;
mod mail;
mod peer;
mod peers;
mod punching;
mod relays;
mod sends;
mod task;

pub mod limits;

pub use address::{BadAddress, listening, split_peer, with_peer};
pub use config::Config;
pub use error::{ConnectError, LookupError, MailError, NetError, RelaysError, SendError, Stopped};
pub use event::{Answer, Event, Found, Path, RelayState, RouteState, Standing};
pub use handle::{Handle, Posted, start};
pub use peer::{BadPeer, Peer, peer_text};
