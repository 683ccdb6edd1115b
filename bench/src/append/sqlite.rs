//! SQLite as somebody would use it who wants every transaction on the disk: WAL, synchronous=FULL.

use super::{Appends, ENTRY, RECORD};
use anyhow::Context as _;
use rusqlite::{Connection, TransactionBehavior};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// How long a connection waits for another one's transaction.
const BUSY: Duration = Duration::from_secs(60);

/// How writers share the database.
pub(super) enum Writers {
    /// A connection each; SQLite lets one after the other in.
    Connections,
    /// One connection, for which writers queue: no busy handler sleeps.
    Queue,
}

/// A database with the two tables.
pub(super) struct Sqlite {
    file: PathBuf,
    /// The one connection, where there is one.
    shared: Option<Mutex<Connection>>,
}

impl Sqlite {
    pub(super) fn create(file: &Path, writers: Writers) -> anyhow::Result<Self> {
        let database = open(file)?;
        database.execute_batch(
            "create table decisions(k blob primary key, v blob) without rowid;
             create table log(k blob primary key, v blob) without rowid;",
        )?;
        let shared = matches!(writers, Writers::Queue).then_some(Mutex::new(database));
        Ok(Self { file: file.to_owned(), shared })
    }
}

impl Appends for Sqlite {
    type Writer = Option<Connection>;

    fn writer(&self) -> anyhow::Result<Option<Connection>> {
        if self.shared.is_some() { Ok(None) } else { open(&self.file).map(Some) }
    }

    fn append(&self, writer: &mut Option<Connection>, number: u64) -> anyhow::Result<()> {
        match (writer, &self.shared) {
            (Some(own), _) => append(own, number),
            (None, Some(shared)) => append(&mut shared.lock().unwrap_or_else(PoisonError::into_inner), number),
            (None, None) => anyhow::bail!("no connection"),
        }
    }
}

fn open(file: &Path) -> anyhow::Result<Connection> {
    let database = Connection::open(file).context("SQLite")?;
    database.busy_timeout(BUSY)?;
    database.execute_batch("pragma journal_mode=wal; pragma synchronous=full;")?;
    Ok(database)
}

fn append(database: &mut Connection, number: u64) -> anyhow::Result<()> {
    let key = number.to_be_bytes();
    // a transaction that begins by reading cannot wait for its turn to write
    let step = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    step.prepare_cached("insert into decisions values(?,?)")?.execute((key, vec![7u8; RECORD]))?;
    step.prepare_cached("insert into log values(?,?)")?.execute((key, vec![9u8; ENTRY]))?;
    Ok(step.commit()?)
}
