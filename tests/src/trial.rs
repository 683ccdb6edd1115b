//! The long trial: walkers who keep two nodes busy, each of which may be gone at any moment, and a ledger of what the
//! nodes said was done.

mod arena;
mod ledger;
mod walker;

pub use arena::{Arena, Death, Side};
pub use ledger::Ledger;
pub use walker::Walkers;
