//! One printer per view: what a person reads of it.

mod attributes;
mod datasets;
mod doctor;
mod files;
mod keeping;
mod log;
mod offers;
mod outcomes;
mod people;
mod requests;
mod tokens;

pub(crate) use attributes::{attribute, attributes};
pub(crate) use datasets::{catalog, dataset, datasets, voucher};
pub(crate) use doctor::{doctor, pings};
pub(crate) use files::files;
pub(crate) use keeping::{backup, restored, salvaged, store_report};
pub(crate) use log::{entries, log_report};
pub(crate) use offers::{offer, offers};
pub(crate) use outcomes::{mock, outcome, outcomes};
pub(crate) use people::{people, person, relays};
pub(crate) use requests::{grants, request, requests, standing};
pub(crate) use tokens::{calls, made_token, tokens};

#[cfg(test)]
mod tests;
