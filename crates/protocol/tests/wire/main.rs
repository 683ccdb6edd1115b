//! The wire, compared with docs/protocol: vectors, the CDDL, every refusal, and what random damage does.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking and tells what it tried, in its own functions too"
)]

mod damage;
mod forge;
mod mutations;
mod questions;
mod refused;
mod samples;
mod schema;
mod signing;
mod vectors;
