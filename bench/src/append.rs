//! A decision made durable: our control database against SQLite with WAL and synchronous=FULL, on the same disk.

use crate::table::{Table, spread};
use anyhow::Context as _;
use std::time::Instant;
use store::{Batch, Home, Store};

/// Bytes of a decision record and of a log entry, about as they are.
const RECORD: usize = 600;
const ENTRY: usize = 120;

/// One writer, one durable decision with its log entry after the other.
pub(crate) fn measure(appends: u32, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let ours = sled_appends(&folder.path().join("home"), appends)?;
    let theirs = sqlite_appends(&folder.path().join("sqlite.db"), appends)?;
    let ((_, our_median, our_late), (_, their_median, their_late)) = (spread(ours), spread(theirs));
    table.add(
        "durable decision, ours",
        format!("{our_median:.3} ms"),
        &format!("p99 {our_late:.3} ms, sealed, two trees, fsync"),
    );
    table.add(
        "durable decision, SQLite",
        format!("{their_median:.3} ms"),
        &format!("p99 {their_late:.3} ms, WAL, synchronous=FULL"),
    );
    table.add("  rate against SQLite", format!("{:.2} ×", their_median / our_median), "more is better");
    Ok(())
}

fn sled_appends(home: &std::path::Path, appends: u32) -> anyhow::Result<Vec<f64>> {
    let store = Store::create(&Home::new(home), None)?;
    let timed = (0..appends).map(|number| {
        let key = u64::from(number).to_be_bytes();
        let mut batch = Batch::new();
        batch.put("decisions", &key, vec![7; RECORD]);
        batch.put("log", &key, vec![9; ENTRY]);
        let begun = Instant::now();
        store.control().commit(&batch)?;
        anyhow::Ok(begun.elapsed().as_secs_f64() * 1e3)
    });
    timed.collect()
}

fn sqlite_appends(file: &std::path::Path, appends: u32) -> anyhow::Result<Vec<f64>> {
    let mut database = rusqlite::Connection::open(file).context("SQLite")?;
    database.execute_batch(
        "pragma journal_mode=wal; pragma synchronous=full;
         create table decisions(k blob primary key, v blob) without rowid;
         create table log(k blob primary key, v blob) without rowid;",
    )?;
    let timed = (0..appends).map(|number| {
        let key = u64::from(number).to_be_bytes();
        let begun = Instant::now();
        let step = database.transaction()?;
        step.prepare_cached("insert into decisions values(?,?)")?.execute((key, vec![7u8; RECORD]))?;
        step.prepare_cached("insert into log values(?,?)")?.execute((key, vec![9u8; ENTRY]))?;
        step.commit()?;
        anyhow::Ok(begun.elapsed().as_secs_f64() * 1e3)
    });
    timed.collect()
}
