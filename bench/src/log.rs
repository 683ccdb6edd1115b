//! A long log in a real store: how fast it opens, and how fast and small its proofs are.

use crate::table::Table;
use anyhow::{Context as _, ensure};
use consent::{
    Context, Draft, log,
    view::{Change, Pair, Table as Records, View, ViewError},
};
use protocol::{Digest, Event, IdentityKey, MessageId, message::TreeHead};
use std::time::Instant;
use store::{Applied, Batch, Control, Home, Store, after};

/// Entries of one batch, and batches between two syncs.
const BATCH: u64 = 2_000;
const UNSYNCED: u64 = 25;
/// Proofs of each kind that are timed, spread over the log.
const PROOFS: u64 = 200;
/// When every entry was made, in seconds since 1970.
const TIME: u64 = 1_800_000_000;

/// Builds a log of `entries`, closes it, opens it anew, and asks it what a counterparty would.
pub(crate) fn measure(entries: u64, table: &mut Table) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let home = Home::new(folder.path().join("home"));
    let key = IdentityKey::from_secret(&[7; 32]);
    build(&home, entries, &key)?;

    let begun = Instant::now();
    let store = Store::open(&home, None)?;
    let opened = begun.elapsed();
    let view = Kept(store.control());
    let draft = Draft::over(&view);
    let begun = Instant::now();
    let head = log::head(&draft)?;
    let checkpoint = log::checkpoint::sign(&head, &key);
    let checkpointed = begun.elapsed();
    ensure!(
        head.size == entries && log::checkpoint::states(&checkpoint, &key.party(), &head),
        "not the log that was built"
    );
    table.add(&format!("store with a log of {entries}, open"), format!("{:.0} ms", opened.as_secs_f64() * 1e3), "");
    let took = checkpointed.as_secs_f64() * 1e3;
    table.accept("  head and signed checkpoint at start", format!("{took:.2} ms"), "< 1 s", took < 1000.0);
    proofs(&draft, &head, table)
}

/// The slowest and the longest proofs of entries all over the log.
fn proofs(draft: &Draft<'_>, head: &TreeHead, table: &mut Table) -> anyhow::Result<()> {
    let (mut slowest, mut longest) = ([0f64; 2], [0usize; 2]);
    for number in 0..PROOFS {
        let index = number * (head.size - 1) / PROOFS;
        let begun = Instant::now();
        let inclusion = log::inclusion(draft, index, head.size)?;
        slowest[0] = slowest[0].max(begun.elapsed().as_secs_f64() * 1e3);
        let leaf = log::entry(draft, index)?.leaf()?;
        ensure!(log::proves_inclusion(head, index, &leaf, &inclusion), "entry {index} is not proved");

        let since = log::head_at(draft, index + 1)?;
        let begun = Instant::now();
        let consistency = log::consistency(draft, since.size, head.size)?;
        slowest[1] = slowest[1].max(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(log::proves_consistency(&since, head, &consistency), "the log of {} is not continued", since.size);
        longest = [longest[0].max(bytes(&inclusion)), longest[1].max(bytes(&consistency))];
    }
    for (what, slow, long) in [("inclusion", slowest[0], longest[0]), ("consistency", slowest[1], longest[1])] {
        table.accept(&format!("  slowest proof of {what}"), format!("{slow:.2} ms"), "< 10 ms", slow < 10.0);
        table.accept(&format!("  longest proof of {what}"), format!("{long} B"), "≤ 1 KiB", long <= 1024);
    }
    Ok(())
}

fn bytes(proof: &[Digest]) -> usize {
    proof.iter().map(|hash| hash.0.len()).sum()
}

fn build(home: &Home, entries: u64, key: &IdentityKey) -> anyhow::Result<()> {
    let store = Store::create(home, None)?;
    let (mut done, mut batches, mut last) = (0, 0, None::<Applied>);
    while done < entries {
        let changes = {
            let view = Kept(store.control());
            let (mut draft, mut context) = (Draft::over(&view), Context::new(TIME, key, rand::random()));
            for index in done..(done + BATCH).min(entries) {
                let mut id = [0; 32];
                id[..8].copy_from_slice(&index.to_be_bytes());
                log::append(&mut draft, &mut context, Event::Requested { request: MessageId(id) })?;
            }
            draft.finish().changes
        };
        last = Some(store.control().apply(&batch(changes))?);
        (done, batches) = (done + BATCH, batches + 1);
        if batches % UNSYNCED == 0 {
            store.control().sync(last.context("nothing was applied")?)?;
        }
    }
    last.map_or(Ok(()), |last| Ok(store.control().sync(last)?))
}

/// The records of a store.
struct Kept<'s>(&'s Control);

impl View for Kept<'_> {
    fn get(&self, table: Records, key: &[u8]) -> Result<Option<Vec<u8>>, ViewError> {
        Ok(self.0.get(table.name(), key)?)
    }

    fn scan(&self, table: Records, prefix: &[u8], last: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, ViewError> {
        Ok(self.0.scan(table.name(), prefix, last.map(after).as_deref(), limit)?)
    }
}

fn batch(changes: Vec<Change>) -> Batch {
    let mut batch = Batch::new();
    for Change { table, key, value } in changes {
        match value {
            Some(value) => batch.put(table.name(), &key, value),
            None => batch.delete(table.name(), &key),
        };
    }
    batch
}
