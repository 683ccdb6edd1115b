//! Whatever can still be read of a home, in forms that people and other programs can use.

use super::{
    remains::{PAGE, Readable, why},
    rows,
};
use crate::{cases, error::NodeError, home::IDENTITY, show};
use consent::{
    Draft, bundle,
    record::{DatasetRecord, Person, ReceiptRecord, Record, RequestRecord},
    view::Table,
};
use protocol::{DatasetId, Entry, IdentityKey, MessageId, PartyId, cbor};
use serde::Serialize;
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};
use store::{Home, Manifest, Passphrase, Remaining, Remains, StoreError, after};

/// Losses told one by one; the others are counted.
const LOSSES: usize = 200;

/// What was saved of a home.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SalvageView {
    /// The folder it is in.
    pub folder: PathBuf,
    /// Datasets, each a CSV file.
    pub datasets: Vec<SavedDataset>,
    /// Receipts, each a file that `halfdoor verify` reads.
    pub receipts: u64,
    /// Entries of the log: `log.jsonl` to read, `log.cbor` as they were hashed.
    pub entries: u64,
    /// People, in `people.json`.
    pub people: u64,
    /// Requests, in `requests.json`.
    pub requests: u64,
    /// What is lost, at most 200 of it.
    pub lost: Vec<String>,
    /// What is lost beyond those.
    pub more: u64,
}

/// What was saved of a dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SavedDataset {
    /// Its name.
    pub tag: String,
    /// The file.
    pub file: PathBuf,
    /// Rows that were written.
    pub rows: u64,
    /// Rows it had.
    pub of: u64,
    /// Cells that are missing from them.
    pub missing: Vec<String>,
}

/// Writes what can be read of a home into a new folder; changes nothing in the home. `progress` is told the steps done.
///
/// # Errors
/// The store's, when the home cannot even be looked at; the disk's, when the folder cannot be written.
pub fn salvage(
    root: &Path,
    passphrase: Option<&Passphrase>,
    to: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<SalvageView, NodeError> {
    let remains = Remains::open(&Home::new(root), passphrase)?;
    make_folder(to)?;
    let view = SalvageView { folder: to.to_owned(), ..SalvageView::default() };
    let mut saving = Saving { to, view, done: 0, progress };
    let control = match remains.control() {
        Ok(control) => Some(control),
        Err(error) => {
            saving.lost(format!("people, requests, grants, receipts and log: {}", why(&error)));
            None
        }
    };
    if let Some(control) = &control {
        let me = remains.keys().get(IDENTITY).ok().map(|key| IdentityKey::from_secret(&key).party());
        saving.losses(control)?;
        saving.people(control, me.as_ref())?;
        saving.requests(control)?;
        saving.receipts(control)?;
        saving.log(control)?;
    }
    for id in super::datasets(&remains, control.as_ref())? {
        saving.dataset(&remains, control.as_ref(), id)?;
    }
    let summary = serde_json::to_vec_pretty(&saving.view).map_err(|error| NodeError::Internal(error.to_string()))?;
    write(&to.join("summary.json"), &summary)?;
    Ok(saving.view)
}

struct Saving<'s> {
    to: &'s Path,
    view: SalvageView,
    done: u64,
    progress: &'s mut dyn FnMut(u64),
}

impl Saving<'_> {
    fn lost(&mut self, what: impl Into<String>) {
        if self.view.lost.len() < LOSSES {
            self.view.lost.push(what.into());
        } else {
            self.view.more += 1;
        }
    }

    fn step(&mut self) {
        self.done += 1;
        (self.progress)(self.done);
    }

    /// What of the control database cannot be read, whatever it was.
    fn losses(&mut self, control: &Remaining) -> Result<(), NodeError> {
        match control.lost_commits()? {
            0 => {}
            lost => self.lost(format!("the last {lost} changes of the control database")),
        }
        let trees = match control.trees() {
            Ok(trees) => trees,
            Err(error) => {
                self.lost(why(&error));
                return Ok(());
            }
        };
        for tree in trees {
            each(control, &tree, |_, value| {
                if let Err(error) = value {
                    self.lost(why(&error));
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn people(&mut self, control: &Remaining, me: Option<&PartyId>) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let mut people = Vec::new();
        records::<Person>(control, |key, person| {
            let (Ok(party), Some(me)) = (PartyId::try_from(key), me) else { return Ok(()) };
            people.extend(show::person(&draft, me, &party, &person, None, 0).ok());
            Ok(())
        })?;
        self.view.people = people.len() as u64;
        self.json("people.json", &people)
    }

    fn requests(&mut self, control: &Remaining) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let mut requests = Vec::new();
        records::<RequestRecord>(control, |key, request| {
            let Ok(id) = MessageId::try_from(key) else { return Ok(()) };
            match show::request(&draft, &id.to_string(), &request) {
                Ok(view) => requests.push(view),
                Err(error) => self.lost(format!("request {}: {error}", id.short())),
            }
            Ok(())
        })?;
        self.view.requests = requests.len() as u64;
        self.json("requests.json", &requests)
    }

    /// Each receipt with what proves it; alone where that is lost.
    fn receipts(&mut self, control: &Remaining) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let folder = self.to.join("receipts");
        make_folder(&folder)?;
        records::<ReceiptRecord>(control, |key, receipt| {
            let Ok(id) = MessageId::try_from(key) else { return Ok(()) };
            // handing it on would be a release of its own
            if receipt.released.is_none() {
                return Ok(());
            }
            match bundle::export(&draft, &id) {
                Ok(bytes) => {
                    write(&folder.join(format!("{}.receipt", id.short())), &bytes)?;
                    self.view.receipts += 1;
                }
                Err(error) => {
                    write(&folder.join(format!("{}.message", id.short())), &receipt.message)?;
                    self.lost(format!("what proves receipt {} ({error}); the receipt itself is kept", id.short()));
                }
            }
            self.step();
            Ok(())
        })
    }

    fn log(&mut self, control: &Remaining) -> Result<(), NodeError> {
        let view = Readable(control);
        let draft = Draft::over(&view);
        let (read, hashed) = (self.to.join("log.jsonl"), self.to.join("log.cbor"));
        let (mut lines, mut items) = (create(&read)?, create(&hashed)?);
        let mut next = 0;
        each(control, Table::Log.name(), |key, value| {
            let index = key.try_into().map_or(next, u64::from_be_bytes);
            if index > next {
                self.lost(format!("entries {next} to {} of the log", index - 1));
            }
            next = index.saturating_add(1);
            let Ok(value) = value else { return Ok(()) };
            let entry = cbor::from_slice::<Entry>(&value).ok();
            let line = entry.and_then(|entry| cases::log_entry(&draft, index, &entry).ok());
            if let Some(line) = line.and_then(|line| serde_json::to_vec(&line).ok()) {
                lines.write_all(&line).and_then(|()| lines.write_all(b"\n")).map_err(unwritable(&read))?;
                self.view.entries += 1;
            }
            items.write_all(&value).map_err(unwritable(&hashed))?;
            self.step();
            Ok(())
        })?;
        lines.flush().map_err(unwritable(&read))?;
        items.flush().map_err(unwritable(&hashed))?;
        Ok(())
    }

    fn dataset(&mut self, remains: &Remains, control: Option<&Remaining>, id: DatasetId) -> Result<(), NodeError> {
        let manifest = control.and_then(|control| control.manifest(id).ok().flatten());
        let record = control.and_then(|control| {
            let bytes = control.get(Table::Datasets.name(), id.as_bytes()).ok().flatten()?;
            cbor::from_slice::<DatasetRecord>(&bytes).ok()
        });
        let tag = record.map_or_else(|| id.to_string(), |record| record.tag.to_string());
        let chunks = match remains.dataset(id) {
            Ok(chunks) => chunks,
            Err(error) => {
                self.lost(format!("dataset “{tag}”: {}", why(&error)));
                return Ok(());
            }
        };
        self.step();
        match manifest {
            Some(manifest) => self.rows(&chunks, &manifest, tag),
            None => self.chunks(&chunks, id),
        }
    }

    fn rows(&mut self, chunks: &Remaining, manifest: &Manifest, tag: String) -> Result<(), NodeError> {
        let folder = self.to.join("datasets");
        fs::create_dir_all(&folder).map_err(unwritable(&folder))?;
        let id = manifest.id.to_string();
        let file = folder.join(format!("{}-{}.csv", file_name(&tag), id.get(..8).unwrap_or(&id)));
        let mut to = create(&file)?;
        let written = rows::write(chunks, manifest, &mut to).map_err(unwritable(&file))?;
        to.flush().map_err(unwritable(&file))?;
        for missing in &written.missing {
            self.lost(format!("dataset “{tag}”, {missing}"));
        }
        let rows::Written { rows, missing } = written;
        self.view.datasets.push(SavedDataset { tag, file, rows, of: manifest.rows, missing });
        Ok(())
    }

    /// Without a manifest nobody knows which chunk is whose: each is a file that any Arrow program reads.
    fn chunks(&mut self, chunks: &Remaining, id: DatasetId) -> Result<(), NodeError> {
        let folder = self.to.join("datasets").join(id.to_string());
        make_folder(&folder)?;
        let mut saved = 0;
        each(chunks, "chunks", |key, value| {
            let Ok([a, b, c, d, e, f]) = <[u8; 6]>::try_from(key) else { return Ok(()) };
            let (column, index) = (u16::from_be_bytes([a, b]), u32::from_be_bytes([c, d, e, f]));
            if let Ok(bytes) = value {
                write(&folder.join(format!("column-{column}-chunk-{index}.arrow")), &bytes)?;
                saved += 1;
            }
            Ok(())
        })?;
        self.lost(format!("the names of dataset {id} and of its columns; {saved} chunks are kept as Arrow files"));
        Ok(())
    }

    fn json<T: Serialize>(&mut self, name: &str, all: &[T]) -> Result<(), NodeError> {
        self.step();
        let bytes = serde_json::to_vec_pretty(all).map_err(|error| NodeError::Internal(error.to_string()))?;
        write(&self.to.join(name), &bytes)
    }
}

/// Every record of a tree, readable or not. The rest of a tree whose keys cannot be read any more is one loss.
fn each(
    database: &Remaining,
    tree: &str,
    mut take: impl FnMut(&[u8], Result<Vec<u8>, StoreError>) -> Result<(), NodeError>,
) -> Result<(), NodeError> {
    let mut from: Option<Vec<u8>> = None;
    loop {
        let page = match database.page(tree, &[], from.as_deref(), PAGE) {
            Ok(page) => page,
            Err(error) => return take(&[], Err(error)),
        };
        let Some((last, _)) = page.last() else { return Ok(()) };
        from = Some(after(last));
        for (key, value) in page {
            take(&key, value)?;
        }
    }
}

/// Those records of a table that can be read and decoded.
fn records<R: Record>(
    control: &Remaining,
    mut take: impl FnMut(&[u8], R) -> Result<(), NodeError>,
) -> Result<(), NodeError> {
    each(control, R::TABLE.name(), |key, value| match value.ok().and_then(|value| cbor::from_slice(&value).ok()) {
        Some(record) => take(key, record),
        None => Ok(()),
    })
}

/// A folder that is not there yet, or is empty.
fn make_folder(path: &Path) -> Result<(), NodeError> {
    if fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(StoreError::InTheWay { path: path.to_owned() }.into());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // what is written there is not sealed
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(unwritable(path))?;
    Ok(())
}

fn create(path: &Path) -> Result<BufWriter<File>, NodeError> {
    Ok(BufWriter::new(File::create_new(path).map_err(unwritable(path))?))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), NodeError> {
    let mut file = create(path)?;
    file.write_all(bytes).and_then(|()| file.flush()).map_err(unwritable(path))?;
    Ok(())
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> StoreError {
    let path = path.to_owned();
    move |source| StoreError::Io { action: "write", path: path.clone(), source }
}

/// A name that every file system takes.
fn file_name(tag: &str) -> String {
    tag.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' }).collect()
}
