//! Consent: the owner's and the requester's machines, grants, and the verifiable log.
//!
//! Pure: a handler reads records through a [`view::View`] and writes a [`draft::Draft`]; time and randomness come in
//! a [`context::Context`]. Somebody else makes the draft's changes durable, all at once, and only then carries its
//! effects out. So a crash loses at most a message, which is sent again, never the record of something done.

pub mod bundle;
pub mod context;
pub mod datasets;
pub mod draft;
pub mod erase;
pub mod files;
pub mod ledger;
pub mod log;
pub mod migrate;
pub mod mocks;
pub mod offers;
pub mod outbox;
pub mod owner;
pub mod people;
pub mod record;
pub mod requester;
pub mod restore;
pub mod search;
pub mod sound;
pub mod time;
pub mod view;
pub mod vouching;

mod error;
mod notice;
mod receive;

pub use context::Context;
pub use draft::{Draft, Effect, Outline};
pub use error::ConsentError;
pub use notice::Notice;
pub use receive::{Path, receive, was_accepted};

// `testing.rs` names this crate as the simulation, which includes it, does
#[cfg(test)]
extern crate self as consent;
#[cfg(test)]
mod testing;
