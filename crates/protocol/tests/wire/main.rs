//! The wire, compared with docs/protocol: vectors, the CDDL, every refusal, and what random damage does.

mod damage;
mod forge;
mod refused;
mod samples;
mod schema;
mod signing;
mod vectors;
