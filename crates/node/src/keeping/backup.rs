//! A home, into one sealed file.

use crate::{actor::now, error::NodeError, home};
use consent::{
    Draft,
    record::{DatasetRecord, Myself},
};
use protocol::IdentityKey;
use serde::Serialize;
use std::path::{Path, PathBuf};
use store::Passphrase;

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BackupView {
    /// The file.
    pub file: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Whose.
    pub name: String,
    /// Their identity key, in hexadecimal digits.
    pub party: String,
    /// When, in seconds since 1970.
    pub made: u64,
    /// Names of the datasets in it.
    pub datasets: Vec<String>,
    /// Records in it: people, requests, grants, log and the rest.
    pub records: u64,
}

/// Writes all of a home into a file under a passphrase of its own. `progress` is told the bytes written so far.
///
/// # Errors
/// The store's: a node that runs there, a passphrase that is wrong, a file that exists, a damaged home.
pub fn back_up(
    root: &Path,
    passphrase: Option<&Passphrase>,
    file: &Path,
    sealed_with: &Passphrase,
    progress: &mut dyn FnMut(u64),
) -> Result<BackupView, NodeError> {
    let store = home::open(root, passphrase)?;
    let party = IdentityKey::from_secret(&*store.keys().get(home::IDENTITY)?).party().to_string();
    let (myself, datasets) = {
        let records = crate::records::Records(store.control());
        let draft = Draft::over(&records);
        (draft.need::<Myself>(Myself::KEY)?, draft.all::<DatasetRecord>(&[])?)
    };
    let made = now();
    let summary = store.back_up(file, sealed_with, made, progress)?;
    Ok(BackupView {
        file: file.to_owned(),
        bytes: summary.bytes,
        name: myself.name.to_string(),
        party,
        made,
        datasets: datasets.into_iter().map(|(_, dataset)| dataset.tag.to_string()).collect(),
        records: summary.records,
    })
}
