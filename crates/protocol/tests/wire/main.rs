//! The wire, compared with docs/protocol: vectors, the CDDL, every refusal, and what random damage does.
#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, in its own functions too")]

mod damage;
mod forge;
mod refused;
mod samples;
mod schema;
mod signing;
mod vectors;
