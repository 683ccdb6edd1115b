//! Typed computations over columns, the file formats columns come from, and the rules on what may leave.
//!
//! A computation reads a [`view::View`], never the store: it sees one version of one dataset, column by column,
//! chunk by chunk. Everything is exact: whole numbers and decimals, no floating point anywhere in this crate.
//! Nothing here does network or asks a clock; a deadline is a function the caller passes.

mod column;
mod exact;

pub mod attributes;
pub mod chunk;
pub mod content;
pub mod disclosure;
pub mod formats;
pub mod kinds;
pub mod limits;
pub mod mock;
pub mod table;
pub mod text;
pub mod view;

pub use kinds::{
    Bounds, Described, Disclosure, LinearFact, NotPossible, Ran, RunError, Unknown, date_column, dates, linear_facts,
    phrase, run, run_by, safer, sentence, told,
};
pub use table::{Cell, Chunk, Sink, SinkError, Table};
pub use view::{View, ViewError};

/// Name and version of the engine, as receipts state it.
pub const ENGINE: &str = concat!("halfdoor-compute ", env!("CARGO_PKG_VERSION"));
