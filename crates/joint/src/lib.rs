//! Joint encrypted scores: what a lender's model needs of the holders, before anything is encrypted.
//!
//! Pure: the bytes of files come in, randomness comes in; no clock, no input or output. A [`model::Model`] is read
//! from a lender's file and checked; a [`plan::Plan`] says which of its leaves are opened and what each one asks.

pub mod model;
pub mod plan;
pub mod scheme;
