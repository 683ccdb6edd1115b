//! The use cases, as the actor carries them out: one file per noun.

mod datasets;
mod decisions;
mod erasing;
mod log;
mod outcomes;
mod people;
mod relays;
mod requests;

pub(crate) use datasets::parse;
pub(crate) use decisions::Opening;
pub(crate) use outcomes::verify_bundle;
pub(crate) use people::{addresses_of, joinable};
pub(crate) use relays::{Meeting, Surroundings, invite_meetings, relay_address};
