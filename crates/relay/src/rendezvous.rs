//! Rendezvous: peers register under a namespace, and whoever names that namespace exactly learns of them.
//!
//! Speaks libp2p's wire protocol, so its stock client works. One answer differs from the stock server on purpose: a
//! question without a namespace, which there lists everybody, is refused. A namespace is 256 bits that only two
//! parties can compute, so nobody is found by a stranger.

mod codec;
mod desk;
mod registry;

pub use registry::{Listing, Registration, Registry, RegistryLimits};

pub(crate) use codec::Codec;
pub(crate) use desk::{Desk, Handled};
