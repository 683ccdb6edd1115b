//! Walking a home, whole or damaged, for all that can still be decrypted.

use crate::{
    datasets,
    engine::after,
    error::StoreError,
    home::Home,
    keys::Passphrase,
    remains::{Remaining, Remains},
};
use protocol::DatasetId;

/// Records read at once.
const PAGE: usize = 32;

/// One thing found in a home.
#[derive(Debug)]
#[non_exhaustive]
pub enum Piece<'a> {
    /// A record of the control database (manifests, in their parts, among them).
    Record {
        /// Its tree.
        tree: &'a str,
        /// Its key.
        key: &'a [u8],
        /// Its value, decrypted.
        value: &'a [u8],
    },
    /// A chunk of a dataset. Whether it is the right one only the manifest's hash says.
    Chunk {
        /// The dataset.
        dataset: DatasetId,
        /// Position of the column.
        column: u16,
        /// Position of the chunk in the column.
        index: u32,
        /// Its bytes, decrypted.
        bytes: &'a [u8],
    },
    /// Something that cannot be read.
    Unreadable {
        /// What it is.
        what: &'a str,
        /// Why not.
        why: &'a StoreError,
    },
}

/// How a walk ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportSummary {
    /// Records of the control database that were read.
    pub records: u64,
    /// Chunks that were read.
    pub chunks: u64,
    /// Things that could not be.
    pub unreadable: u64,
}

type Sink<'s> = &'s mut dyn FnMut(Piece<'_>) -> Result<(), StoreError>;

pub(crate) fn walk(home: &Home, passphrase: Option<&Passphrase>, sink: Sink<'_>) -> Result<ExportSummary, StoreError> {
    let remains = Remains::open(home, passphrase)?;
    let mut walk = Walk { sink, summary: ExportSummary::default() };
    match remains.control() {
        Ok(living) => walk.database(&living, &Place::Control)?,
        Err(why) => walk.unreadable("the control database", &why)?,
    }
    for id in remains.datasets()? {
        match remains.dataset(id) {
            Ok(dataset) => walk.database(&dataset, &Place::Dataset(id))?,
            Err(why) => walk.unreadable(&format!("dataset {id}"), &why)?,
        }
    }
    Ok(walk.summary)
}

enum Place {
    Control,
    Dataset(DatasetId),
}

struct Walk<'s> {
    sink: Sink<'s>,
    summary: ExportSummary,
}

impl Walk<'_> {
    fn database(&mut self, database: &Remaining, place: &Place) -> Result<(), StoreError> {
        let lost = database.lost_commits()?;
        if lost > 0 {
            let why = StoreError::damaged("a database", format!("{lost} acknowledged commits are missing"));
            self.unreadable("its newest records", &why)?;
        }
        let trees = match database.trees() {
            Ok(trees) => trees,
            Err(why) => return self.unreadable("a list of trees", &why),
        };
        for tree in trees {
            let mut from: Option<Vec<u8>> = None;
            loop {
                let page = match database.page(&tree, &[], from.as_deref(), PAGE) {
                    Ok(page) => page,
                    Err(why) => {
                        self.unreadable(&format!("the rest of tree {tree}"), &why)?;
                        break;
                    }
                };
                let Some((last, _)) = page.last() else { break };
                from = Some(after(last));
                for (key, value) in page {
                    match value {
                        Ok(value) => self.readable(place, &tree, &key, &value)?,
                        Err(why) => self.unreadable(&format!("a record of tree {tree}"), &why)?,
                    }
                }
            }
        }
        Ok(())
    }

    fn readable(&mut self, place: &Place, tree: &str, key: &[u8], value: &[u8]) -> Result<(), StoreError> {
        match (place, key) {
            (Place::Dataset(dataset), &[a, b, c, d, e, f]) if tree == datasets::TREE => {
                self.summary.chunks += 1;
                let (column, index) = (u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f]));
                (self.sink)(Piece::Chunk { dataset: *dataset, column, index, bytes: value })
            }
            (Place::Dataset(dataset), _) => {
                let why = StoreError::damaged(format!("a record of dataset {dataset}"), "it is no chunk");
                self.unreadable("a record of a dataset", &why)
            }
            (Place::Control, _) => {
                self.summary.records += 1;
                (self.sink)(Piece::Record { tree, key, value })
            }
        }
    }

    fn unreadable(&mut self, what: &str, why: &StoreError) -> Result<(), StoreError> {
        self.summary.unreadable += 1;
        (self.sink)(Piece::Unreadable { what, why })
    }
}

#[cfg(test)]
mod tests;
