//! What can go wrong at rest, each with its cause and the next step.

use protocol::DatasetId;
use std::{
    io,
    path::{Path, PathBuf},
};

/// The error beneath an error, of whatever engine or library.
pub(crate) type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process (or another [`crate::Store`] of this one) holds the home.
    #[error("a node is already running here ({}); stop it, or choose another home", home.display())]
    Locked {
        /// The home that is held.
        home: PathBuf,
    },
    /// The directory holds no node.
    #[error("{} is not a home; create one with `halfdoor init`", path.display())]
    NotAHome {
        /// The directory that was looked at.
        path: PathBuf,
    },
    /// The directory already holds a node, whose keys a second `create` would orphan.
    #[error("{} already holds a node; open it, or choose another home", path.display())]
    AlreadyAHome {
        /// The directory that was looked at.
        path: PathBuf,
    },
    /// Bytes at rest are not what was written.
    #[error("{what} is damaged; save what is readable with `halfdoor store export`, then restore a backup")]
    Damaged {
        /// Which record, file or database.
        what: String,
        /// How it showed.
        #[source]
        source: Cause,
    },
    /// A write failed earlier, so what reached the disk is unknown until the database is read anew.
    #[error("the database at {} stopped after a failed write; restart the node", path.display())]
    Stopped {
        /// The database that stopped.
        path: PathBuf,
    },
    /// Something exceeds its bound in [`crate::limits`].
    #[error("{what} is {size}, at most {limit} is allowed; store it in smaller pieces")]
    TooLarge {
        /// What was measured, with its unit.
        what: &'static str,
        /// Its size.
        size: usize,
        /// The bound.
        limit: usize,
    },
    /// A name of a tree or key file, or the key of a record, has a form that is not allowed.
    #[error("{name:?} cannot name {what}; use 1 to {limit} of the characters allowed there")]
    BadName {
        /// The refused name.
        name: String,
        /// What it should have named.
        what: &'static str,
        /// Longest name allowed, in bytes.
        limit: usize,
    },
    /// A file could not be read, written, synced, moved or removed.
    #[error("cannot {action} {}; check the disk's free space and the permissions", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system answered.
        #[source]
        source: io::Error,
    },
    /// The keys are sealed and no passphrase was given.
    #[error("the keys are sealed with a passphrase; give it")]
    PassphraseNeeded,
    /// The passphrase does not open the keys.
    #[error("the passphrase is wrong; try again")]
    PassphraseWrong,
    /// A passphrase was given for keys that have none: accepting any would pretend a protection.
    #[error("the keys have no passphrase; open them without one, then set one")]
    PassphraseNotSet,
    /// A passphrase that is empty or longer than [`crate::limits::PASSPHRASE_BYTES`].
    #[error("a passphrase has 1 to {} bytes; choose another", crate::limits::PASSPHRASE_BYTES)]
    PassphraseLength,
    /// Something was written by a newer program. It is left as it is.
    #[error("{what} was made by a newer program: version {found}, this one knows {supported}; use {by}")]
    Newer {
        /// A home, a backup or a file.
        what: String,
        /// Version of its form.
        found: u64,
        /// Newest version that this program knows.
        supported: u64,
        /// The program that reads it.
        by: String,
    },
    /// The home was written by an earlier program, and nobody said how to bring it to the present form.
    #[error(
        "{what} is of version {found}, this program works with {needed}; start the node, which brings it up to date"
    )]
    Older {
        /// A home or a backup.
        what: String,
        /// Version of its form.
        found: u64,
        /// The version needed.
        needed: u64,
    },
    /// A step from one version of the home to the next failed. It is taken up again at the next start.
    #[error("this home could not be brought from version {from} to {}; start again, or restore a backup", from + 1)]
    Migration {
        /// The version that is left.
        from: u64,
        /// What stood in the way.
        #[source]
        source: Cause,
    },
    /// A file or directory that must not be there is.
    #[error("{} exists already; name another", path.display())]
    InTheWay {
        /// Where.
        path: PathBuf,
    },
    /// A file is no backup, or not the one that was written.
    #[error("{} is not a backup as it was written: {why}; use another copy of it", path.display())]
    BadBackup {
        /// The file.
        path: PathBuf,
        /// Where it fails, and how.
        why: String,
    },
    /// A key file that should be there is not.
    #[error("there is no key {name:?}; what it sealed cannot be read: restore a backup")]
    NoSuchKey {
        /// Name of the key.
        name: String,
    },
    /// A random key was to be made where one exists.
    #[error("a key {name:?} exists; destroy it first")]
    KeyExists {
        /// Name of the key.
        name: String,
    },
    /// No dataset with that id, or it was removed.
    #[error("there is no dataset {id}; see `halfdoor data list`")]
    NoSuchDataset {
        /// The id asked for.
        id: DatasetId,
    },
    /// A dataset with that id exists or is being written.
    #[error("a dataset {id} exists or is being written; use another id")]
    DatasetExists {
        /// The id asked for.
        id: DatasetId,
    },
    /// A chunk that the dataset does not have, or that is written out of its order.
    #[error("dataset {id} has no place for chunk {index} of column {column}; chunks of a column come in order, from 0")]
    NoSuchChunk {
        /// The dataset.
        id: DatasetId,
        /// Position of the column.
        column: u16,
        /// Position of the chunk in the column.
        index: u32,
    },
    /// A manifest that contradicts itself or does not fit its bounds.
    #[error("the manifest of dataset {id} is refused: {why}; write the dataset anew")]
    BadManifest {
        /// The dataset.
        id: DatasetId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// The operating system gave no randomness.
    #[error("the operating system gave no randomness; try again")]
    NoRandomness(#[source] Cause),
}

impl StoreError {
    /// For `map_err` on a file operation.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// Written by a newer program: by `by`, where that is known.
    pub(crate) fn newer(what: impl Into<String>, found: u64, supported: u64, by: Option<&str>) -> Self {
        let by = by.map_or_else(|| "a newer halfdoor".to_owned(), |version| format!("halfdoor {version} or later"));
        Self::Newer { what: what.into(), found, supported, by }
    }

    /// Something at rest is not as it was written.
    pub(crate) fn damaged(what: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Damaged { what: what.into(), source: cause.into() }
    }
}
