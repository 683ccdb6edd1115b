//! Files that one party hands to another, verified without a node: receipts, logs, evidence, and several together.

mod compare;
mod evidence;
mod kind;
mod log;
mod read;

pub use compare::{Files, Fork};
pub use evidence::{BadEvidence, EVIDENCE_BYTES, Evidence};
pub use kind::{Kind, kind};
pub use log::{Beginning, COSIGNATURES, ITEM_BYTES, Item, cosigned, entries, opening};
pub use read::{BadLog, LogFile, verify};
