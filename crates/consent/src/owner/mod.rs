//! The owner's side: what is asked of my data, what I decide, what runs, what leaves.

mod decide;
mod pause;
mod request;
mod revoke;
mod run;

pub use decide::{
    Approve, CounterOffer, Deny, StandingChoice, approve, counter, deny, keep_counter_preview, keep_preview,
    preview_code,
};
pub use pause::{hold, pause, resume};
pub(crate) use request::answerable;
pub(crate) use request::next_order as next_request_order;
pub use request::requested;
pub use revoke::revoke;
pub(crate) use revoke::{end_requests, revoke_all_on};
pub use run::{Computed, Finished, asked_to_run, computed, unfinished};
