//! Whether a home is whole: every record, every chunk, the log, and what each names.

use super::remains::{PAGE, Readable, why};
use crate::{
    error::NodeError,
    home::{IDENTITY, MAILBOX, TRANSPORT},
};
use consent::{
    Draft,
    log::Check,
    record::DatasetRecord,
    sound::{self, References},
    view::Table,
};
use protocol::{DatasetId, Digest};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use store::{Home, Manifest, Passphrase, Remaining, Remains, StoreError, after};

/// Faults told one by one; the others are counted.
const FAULTS: usize = 200;
/// Log entries looked at in one go.
const ENTRIES: u64 = 1000;

/// What to do about a fault.
const EXPORT: &str = "save what is readable (halfdoor store export DIR), then restore a backup";
const AGAIN: &str = "add the dataset again from its source, or restore a backup";

/// A home that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoreReport {
    /// Whether nothing is wrong.
    pub whole: bool,
    /// Records of the control database that were read.
    pub records: u64,
    /// Entries of the log among them.
    pub entries: u64,
    /// Datasets.
    pub datasets: u64,
    /// Chunks that are what their manifests say.
    pub chunks: u64,
    /// What is wrong, at most 200 of it.
    pub faults: Vec<Fault>,
    /// What is wrong beyond those.
    pub more: u64,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What, and how it shows.
    pub what: String,
    /// What to do.
    pub next: String,
}

/// Looks at everything in a home and changes nothing. `progress` is told the bytes read so far.
///
/// # Errors
/// The store's, when the home cannot even be looked at: no home, a node that runs, a wrong passphrase, a newer program's.
pub fn check(
    root: &Path,
    passphrase: Option<&Passphrase>,
    progress: &mut dyn FnMut(u64),
) -> Result<StoreReport, NodeError> {
    let remains = Remains::open(&Home::new(root), passphrase)?;
    let mut checking = Checking { report: StoreReport::default(), read: 0, progress };
    if let Err(error) = remains.files() {
        checking.fault(why(&error), EXPORT);
    }
    for name in [IDENTITY, TRANSPORT, MAILBOX] {
        if let Err(error) = remains.keys().get(name) {
            checking.fault(why(&error), "restore a backup: this key cannot be made again");
        }
    }
    let control = match remains.control() {
        Ok(control) => Some(control),
        Err(error) => {
            checking.fault(why(&error), EXPORT);
            None
        }
    };
    if let Some(control) = &control {
        checking.records(control)?;
        checking.log(control)?;
        checking.references(control)?;
    }
    checking.datasets(&remains, control.as_ref())?;
    let mut report = checking.report;
    report.whole = report.faults.is_empty();
    Ok(report)
}

struct Checking<'p> {
    report: StoreReport,
    read: u64,
    progress: &'p mut dyn FnMut(u64),
}

impl Checking<'_> {
    fn fault(&mut self, what: impl Into<String>, next: &str) {
        if self.report.faults.len() < FAULTS {
            self.report.faults.push(Fault { what: what.into(), next: next.to_owned() });
        } else {
            self.report.more += 1;
        }
    }

    fn read(&mut self, bytes: usize) {
        self.read += bytes as u64;
        (self.progress)(self.read);
    }

    /// Every record: opened, and if it is one of consent's, decoded.
    fn records(&mut self, control: &Remaining) -> Result<(), NodeError> {
        self.lost(control, "the control database", EXPORT)?;
        let trees = match control.trees() {
            Ok(trees) => trees,
            Err(error) => {
                self.fault(why(&error), EXPORT);
                return Ok(());
            }
        };
        for tree in trees {
            let mut from: Option<Vec<u8>> = None;
            loop {
                let page = match control.page(&tree, &[], from.as_deref(), PAGE) {
                    Ok(page) => page,
                    Err(error) => {
                        self.fault(format!("the rest of the records in {tree}: {}", why(&error)), EXPORT);
                        break;
                    }
                };
                let Some((last, _)) = page.last() else { break };
                from = Some(after(last));
                for (key, value) in page {
                    match value {
                        Ok(value) => self.record(&tree, &key, &value),
                        Err(error) => self.fault(why(&error), EXPORT),
                    }
                }
            }
        }
        Ok(())
    }

    fn record(&mut self, tree: &str, key: &[u8], value: &[u8]) {
        self.report.records += 1;
        self.read(value.len());
        let Some(table) = Table::named(tree) else { return };
        if table == Table::Log {
            self.report.entries += 1;
        }
        if let Err(words) = sound::record(table, key, value) {
            self.fault(format!("a record in {tree}: {words}"), EXPORT);
        }
    }

    fn log(&mut self, control: &Remaining) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let mut check = Check::begin(&draft)?;
        while check.go_on(&draft, ENTRIES)? {}
        for fault in check.faults {
            self.fault(format!("the log: {fault}"), EXPORT);
        }
        Ok(())
    }

    fn references(&mut self, control: &Remaining) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let mut references = References::default();
        while references.page(&draft)? {}
        for fault in references.faults {
            self.fault(fault, EXPORT);
        }
        for (key, dataset) in draft.all::<DatasetRecord>(&[])? {
            let id = DatasetId::try_from(&key[..]).map_err(|error| NodeError::Internal(error.to_string()))?;
            match control.manifest(id) {
                Ok(Some(manifest)) if manifest.version()? == dataset.version => {}
                Ok(Some(_)) => {
                    self.fault(format!("dataset “{}” is not the version that was stored", dataset.tag), AGAIN)
                }
                Ok(None) => self.fault(format!("dataset “{}” has no manifest", dataset.tag), AGAIN),
                Err(error) => self.fault(why(&error), AGAIN),
            }
        }
        Ok(())
    }

    /// Every chunk against its manifest. Files of a dataset that has none are what a start sweeps away, and no fault.
    fn datasets(&mut self, remains: &Remains, control: Option<&Remaining>) -> Result<(), NodeError> {
        for id in super::datasets(remains, control)? {
            let manifest = match control.map(|control| control.manifest(id)) {
                Some(Ok(Some(manifest))) => manifest,
                Some(Ok(None)) => continue,
                Some(Err(error)) => {
                    self.fault(why(&error), AGAIN);
                    continue;
                }
                None => {
                    self.fault(format!("the chunks of dataset {id} cannot be checked without its manifest"), EXPORT);
                    continue;
                }
            };
            self.report.datasets += 1;
            match remains.dataset(id) {
                Ok(chunks) => {
                    self.lost(&chunks, &format!("dataset {id}"), AGAIN)?;
                    self.chunks(&chunks, &manifest);
                }
                Err(error) => self.fault(why(&error), AGAIN),
            }
        }
        Ok(())
    }

    fn chunks(&mut self, chunks: &Remaining, manifest: &Manifest) {
        for (column, (of, hashes)) in (0u16..).zip(manifest.columns.iter().zip(&manifest.chunks)) {
            for (index, expected) in (0u32..).zip(hashes) {
                match right_chunk(chunks, column, index, expected) {
                    Ok(bytes) => {
                        self.report.chunks += 1;
                        self.read(bytes.len());
                    }
                    Err(error) => {
                        let what = format!("dataset {}, column “{}”: {}", manifest.id, of.name, why(&error));
                        self.fault(what, AGAIN);
                    }
                }
            }
        }
    }

    fn lost(&mut self, database: &Remaining, what: &str, next: &str) -> Result<(), NodeError> {
        match database.lost_commits()? {
            0 if database.is_damaged() => {
                self.fault(format!("{what} is damaged; what can be read of it seems whole"), next)
            }
            0 => {}
            lost => self.fault(format!("{what} has lost its last {lost} changes"), next),
        }
        Ok(())
    }
}

/// A chunk, if it is the one that its manifest names.
pub(super) fn right_chunk(
    chunks: &Remaining,
    column: u16,
    index: u32,
    expected: &Digest,
) -> Result<Vec<u8>, StoreError> {
    let bytes = chunks.chunk(column, index)?;
    if Sha256::digest(&bytes)[..] == expected.0 {
        return Ok(bytes);
    }
    let what = format!("chunk {index} of column {column}");
    Err(StoreError::Damaged { what, source: "its hash is not the manifest's".into() })
}
