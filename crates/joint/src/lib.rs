//! Joint encrypted scores: holders encrypt, a lender evaluates its model, and nothing opens without every holder.
//!
//! Pure: the bytes of files come in, randomness comes in; no clock, no input or output. A [`model::Model`] is read
//! from a lender's file and checked; a [`plan::Plan`] says which of its leaves are opened and what each one asks;
//! [`scheme`] encrypts, blinds and opens; [`evaluation`] and [`explain`] are the lender's two computations, which
//! [`audit`] repeats; [`sum`] is the same of scorecards and ensembles; [`check`] plays every party over the real messages;
//! [`session`] is one party's side of one score, message by message.

pub mod audit;
pub mod check;
pub mod dump;
pub mod evaluation;
pub mod explain;
pub mod lender;
pub mod model;
pub mod plan;
pub mod record;
pub mod scheme;
pub mod session;
pub mod sum;
