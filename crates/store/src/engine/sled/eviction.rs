//! Making sled let go of the pages that it has read or written.
//!
//! sled's cache has 256 shards by the number of a page, and looks at what a shard holds only after 64 accesses to pages
//! of that shard. A leaf of large values is accessed some sixteen times and then, perhaps, never again: measured, and the
//! reason for this file, up to four such leaves stay in each shard whatever the cache's capacity is, hundreds of megabytes
//! in all. So the database has a tree of small leaves, enough for most shards to have one, each of which is read 64 times
//! in its turn, as often as the amount of data that went through calls for.

use ::sled::{Batch, Db, Tree};
use std::sync::{
    OnceLock,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// Its name: no caller's tree begins so.
pub(super) const TREE: &[u8] = b"__eviction";
/// Leaves, and records in each: sled splits a leaf of 17 in half, of which only the upper one is written to further. They
/// are numbered one after the other, so that few more than the shards there are reach nearly all of them.
const LEAVES: u32 = 288;
const RECORDS: u32 = 8;
/// Accesses after which sled looks at a shard.
const ACCESSES: u32 = 64;
/// What an access counts for at least, in bytes: the page that it brings in is larger than the value.
const ACCESS_BYTES: u64 = 4 << 10;
/// With a value its leaf is brought in, up to sixteen like it.
const LIKE_IT: u64 = 4;
/// Bytes between two leaves' turns; all have theirs within 9 MiB, or some two thousand small accesses.
const TURN_BYTES: u64 = 32 << 10;
/// Turns after one value at most.
const TURNS: usize = 4;
/// Bytes that go through a database before it gets such a tree: most never do.
const BEGIN_BYTES: u64 = 32 << 20;

/// What went through a database, and whose turn it is.
#[derive(Default)]
pub(super) struct Eviction {
    bytes: AtomicU64,
    tree: OnceLock<Tree>,
}

impl Eviction {
    /// That value was read.
    pub(super) fn read(&self, bytes: usize) -> ::sled::Result<()> {
        let (before, now) = self.count(bytes);
        let Some(tree) = self.tree.get() else { return Ok(()) };
        (before / TURN_BYTES..now / TURN_BYTES).take(TURNS).try_for_each(|number| turn(tree, number))
    }

    /// That value was written. Makes the tree once there is reason to.
    pub(super) fn wrote(&self, db: &Db, bytes: usize) -> ::sled::Result<()> {
        if self.tree.get().is_none() && self.bytes.load(Relaxed) > BEGIN_BYTES {
            let tree = planted(db)?;
            // another thread may have been quicker
            let _ = self.tree.set(tree);
        }
        self.read(bytes)
    }

    fn count(&self, bytes: usize) -> (u64, u64) {
        let bytes = ACCESS_BYTES.max(bytes as u64 * LIKE_IT);
        let before = self.bytes.fetch_add(bytes, Relaxed);
        (before, before + bytes)
    }
}

/// The tree, with all of its records.
fn planted(db: &Db) -> ::sled::Result<Tree> {
    let tree = db.open_tree(TREE)?;
    let last = LEAVES * RECORDS - 1;
    if !tree.contains_key(last.to_be_bytes())? {
        let mut batch = Batch::default();
        for number in 0..=last {
            batch.insert(&number.to_be_bytes(), &[]);
        }
        tree.apply_batch(batch)?;
    }
    Ok(tree)
}

fn turn(tree: &Tree, number: u64) -> ::sled::Result<()> {
    let key = (number % u64::from(LEAVES)) as u32 * RECORDS;
    for _ in 0..ACCESSES {
        tree.contains_key(key.to_be_bytes())?;
    }
    Ok(())
}
