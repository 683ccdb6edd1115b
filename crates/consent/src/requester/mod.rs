//! The requester's side: what I ask, what I am granted, what I receive.

mod ask;
mod checks;
mod decided;
mod receipt;

pub use ask::{accept, delivered, request, run, turned_away};
pub(crate) use checks::later_checks;
pub use checks::{Check, binding_checks};
pub use decided::{decided, revoked};
pub use receipt::received;
