//! The chapters of the story, in the order they are told.

pub(super) mod ask;
pub(super) mod counter;
pub(super) mod deny;
pub(super) mod logs;
pub(super) mod pair;
pub(super) mod power_cut;
pub(super) mod remove;
pub(super) mod revoke;
pub(super) mod standing;
pub(super) mod start;
pub(super) mod statement;
pub(super) mod store;
