//! The use cases, as the actor carries them out: one file per noun.

mod calls;
mod datasets;
mod decisions;
mod erasing;
mod letters;
mod log;
mod mailbox_keys;
mod mocks;
mod offers;
mod outcomes;
mod people;
mod pouring;
mod reading;
mod relays;
mod requests;
mod tokens;
mod verify;
mod vouching;
mod whole;

pub(crate) use calls::{CallRecord, Ring};
pub(crate) use decisions::Opening;
pub(crate) use letters::{Hole, Letters, Outgoing, Taken};
pub(crate) use log::entry as log_entry;
pub(crate) use mailbox_keys::Introduction;
pub(crate) use mocks::made_up;
pub(crate) use people::{addresses_of, joinable};
pub(crate) use pouring::Poured;
pub(crate) use reading::{content_of, looked_at, parse};
pub(crate) use relays::{Meeting, Surroundings, invite_meetings, relay_address};
pub(crate) use tokens::TREE as TOKENS_TREE;
pub use verify::{Source, verify_file, verify_files};
pub(crate) use vouching::hashed;
pub use whole::LogExport;
pub(crate) use whole::check_log;
