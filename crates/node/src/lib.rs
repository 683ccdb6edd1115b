//! The node: one handle, whose methods are the use cases, and one actor behind it.
//!
//! ```text
//! Node (handle) ──jobs──▶ Actor (thread: store, consent) ──wakes──▶ couriers (one per person) ──▶ net
//!                              ▲                                        
//! net ──frames, paths──▶ reach ┘        computations (blocking threads, few at a time)
//! ```
//!
//! Invariants, each of which names what is absent: nothing is answered before it is durable; nothing leaves before it
//! is logged; no lock is held across an await; no queue is without a bound.

pub mod access;
mod actor;
mod asking;
pub mod attributes;
mod cases;
pub mod columns;
mod courier;
mod doctor;
mod error;
mod handle;
mod home;
pub mod keeping;
mod ledger;
mod letters;
pub mod loading;
mod prompt;
mod reach;
mod records;
mod release;
mod resolve;
mod rules;
mod running;
mod show;
mod start;
pub mod views;
pub mod wishes;
mod working_out;

pub use cases::{LogExport, Source, verify_file, verify_files};
pub use error::NodeError;
pub use handle::Node;
pub use home::{create_home, is_sealed, opens};
pub use store::Passphrase;
