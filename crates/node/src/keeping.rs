//! What is done to a home while its node does not run: backed up, restored, checked, salvaged. Each takes the home's lock.

mod backup;
mod check;
mod remains;
mod restore;
mod rows;
mod salvage;

pub use backup::{BackupView, back_up};
pub use check::{Fault, StoreReport, check};
pub use restore::{Restore, RestoreView, VoidedGrant};
pub use salvage::{SalvageView, SavedDataset, salvage};

use crate::error::NodeError;
use protocol::DatasetId;
use std::collections::BTreeSet;
use store::{Remaining, Remains, after};

/// Datasets of which anything is left: a manifest, files or a key.
fn datasets(remains: &Remains, control: Option<&Remaining>) -> Result<BTreeSet<DatasetId>, NodeError> {
    let mut all = remains.datasets()?;
    let Some(control) = control else { return Ok(all) };
    let mut from: Option<Vec<u8>> = None;
    // an unreadable rest of the list is told where all records are looked at
    while let Ok(page) = control.page("datasets", &[], from.as_deref(), remains::PAGE) {
        let Some((last, _)) = page.last() else { break };
        from = Some(after(last));
        all.extend(page.iter().filter_map(|(key, _)| DatasetId::try_from(key.get(..16)?).ok()));
    }
    Ok(all)
}
