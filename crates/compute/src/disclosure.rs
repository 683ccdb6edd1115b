//! What may leave, before it leaves: rules on one outcome, and the ledger of what all outcomes add up to.

mod course;
mod cuts;
mod field;
mod known;
mod ledger;
mod rows;
mod rules;
mod told;

pub use course::{Course, course, only};
pub use ledger::{Few, Judgement, Ledger, Measure};
pub use rows::{Lineage, RowId, RowKey, identities};
pub use rules::{DOMINANCE, FEW_ROWS, Facts, MOST_ROWS, Note, Refusal, Rules, Verdict, check};
pub use told::{About, Fact, Other, Rows, Told, Unknowns};
