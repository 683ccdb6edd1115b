//! One printer per view: what a person reads of it.

mod datasets;
mod log;
mod outcomes;
mod people;
mod requests;

pub(crate) use datasets::{catalog, dataset, datasets};
pub(crate) use log::{entries, log_report};
pub(crate) use outcomes::{outcome, outcomes};
pub(crate) use people::{people, person, relays};
pub(crate) use requests::{grants, request, requests, standing};

#[cfg(test)]
mod tests;
