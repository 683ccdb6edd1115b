//! One file per verb: what may be typed after it, and what it does. Thin: ask the node, print the answer.

pub(crate) mod accept;
pub(crate) mod approve;
pub(crate) mod attributes;
pub(crate) mod backup;
pub(crate) mod catalog;
pub(crate) mod completions;
pub(crate) mod connect;
pub(crate) mod counter;
pub(crate) mod data;
pub(crate) mod demo;
pub(crate) mod deny;
pub(crate) mod erase;
pub(crate) mod grants;
pub(crate) mod init;
pub(crate) mod invite;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod outcomes;
pub(crate) mod pause;
pub(crate) mod people;
pub(crate) mod relay;
pub(crate) mod relays;
pub(crate) mod request;
pub(crate) mod requests;
pub(crate) mod restore;
pub(crate) mod revoke;
pub(crate) mod run;
pub(crate) mod show;
pub(crate) mod store;
pub(crate) mod tokens;
pub(crate) mod up;
pub(crate) mod verify;

mod lifeline;
mod passphrase;
mod question;
