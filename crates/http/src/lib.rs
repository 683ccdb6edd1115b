//! The doors of a node on this machine: `/v1` for its own people, and Duo's nine endpoints for programs written for Duo.
//!
//! A request passes, in this order: which host name it was sent to (`guard`), which page sent it, who sent it
//! (`asker`) and whether that may (`scope`), and only then a handler; how it ends is recorded (`record`). Handlers are thin: one file per noun under `v1`, one call of the node each.
//! What went wrong becomes HTTP in one place, `problem`.

mod asker;
mod connection;
mod duo;
mod error;
mod events;
mod extract;
mod files;
mod gate;
mod guard;
mod headers;
mod limits;
mod openapi;
mod problem;
mod record;
mod scope;
mod screens;
mod serve;
mod token;
mod v1;

pub use error::HttpError;
pub use serve::{Announce, DuoOptions, Options, Running, serve};
