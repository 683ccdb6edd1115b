//! Many small records as few large ones, so that a long history costs little memory.
//!
//! sled keeps some hundred bytes in memory for each of its pages, and a page holds 16 records at most, whatever their
//! size: a history of a million small records would cost a node a hundred megabytes while nobody looks at it. So each
//! tree has a bounded number of *fresh* records, stored one by one. Beyond that, the oldest or the next in line move:
//!
//! ```text
//! TREE      fresh records, which hide packed ones of the same key
//! TREE_b    blocks: the key at which a block begins → keys in order, each with its value or the number of its tile
//! TREE_t    tiles: a number → values too large for a block, in order of their move
//! TREE_g    keys of packed records that were removed, until their block is written the next time
//! ```
//!
//! A move is one batch of its own, atomic like any other: at every instant a record is fresh, or packed, or both with the
//! same meaning. It needs no sync; where it is lost, so is nothing. Blocks are kept apart from values so that a record
//! whose key is a hash, which lands in any block, costs a small write.

mod block;
mod moving;
mod reading;
#[cfg(test)]
mod tests;

use self::{
    block::{Held, find},
    moving::Moved,
    reading::Reading,
};
use super::{Applied, Batch, Engine, Pair, after, start};
use crate::error::StoreError;
use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

/// What is appended to a tree's name for its blocks, tiles and removed keys. No tree of a caller may end so.
const BLOCKS: &str = "_b";
const TILES: &str = "_t";
const GONE: &str = "_g";
/// Records counted at a time.
const PAGE: usize = 512;

/// When records move, and into how much.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Fresh records of a tree, beyond which some move.
    pub fresh: usize,
    /// Records that move together at most.
    pub together: usize,
    /// Bytes of a block in whose middle records are put: little is written for each.
    pub block: usize,
    /// Bytes of a block that grows at its end only.
    pub grown: usize,
    /// Longest value kept within a block, in bytes.
    pub within: usize,
    /// Bytes of a tile, unless one value is larger.
    pub tile: usize,
}

impl Sizes {
    /// Measured: a run of a grant leaves some 30 records, and with these its owner's node grows by less than 0.1 KB, where
    /// it grew by 2.6. Larger blocks make fewer pages, but with each that is looked at its whole leaf comes into memory.
    pub const USUAL: Self =
        Self { fresh: 512, together: 64, block: 2 << 10, grown: 16 << 10, within: 128, tile: 16 << 10 };
    /// So small that records move all the time: in tests, and in programs built with failpoints.
    pub const SMALL: Self = Self { fresh: 6, together: 4, block: 400, grown: 700, within: 60, tile: 900 };

    /// The usual ones, but in a program that the tests kill.
    #[must_use]
    pub fn of_this_program() -> Self {
        if failpoint::ENABLED { Self::SMALL } else { Self::USUAL }
    }
}

/// An engine over another, which sees few large records where the caller has many small ones.
pub struct Packed<E> {
    engine: E,
    sizes: Sizes,
    /// Trees that were written to since opening, or that have packed records. Held for reading by whoever reads, so that
    /// nobody sees half of a move.
    trees: RwLock<BTreeMap<String, Tree>>,
}

/// What is known of a tree.
#[derive(Clone, Debug, Default)]
struct Tree {
    /// Fresh records, once counted.
    fresh: Option<usize>,
    /// Whether it has blocks, and whether keys of packed records were removed.
    packed: bool,
    gone: bool,
    /// Where the next move begins.
    cursor: Option<Vec<u8>>,
    /// A move failed: the records stay where they are until the next opening.
    stuck: bool,
}

impl<E: Engine> Packed<E> {
    /// Packs what an engine holds and will hold.
    ///
    /// # Errors
    /// The engine's, whose trees are looked at.
    pub fn over(engine: E, sizes: Sizes) -> Result<Self, StoreError> {
        let mut trees = BTreeMap::<String, Tree>::new();
        for name in engine.trees()? {
            if let Some(tree) = name.strip_suffix(BLOCKS) {
                trees.entry(tree.to_owned()).or_default().packed = true;
            } else if let Some(tree) = name.strip_suffix(GONE) {
                trees.entry(tree.to_owned()).or_default().gone = true;
            }
        }
        Ok(Self { engine, sizes, trees: RwLock::new(trees) })
    }

    /// The engine beneath, whose records are blocks.
    pub(crate) fn beneath(&self) -> &E {
        &self.engine
    }

    fn known(&self) -> RwLockReadGuard<'_, BTreeMap<String, Tree>> {
        // a panic while it was held for writing leaves what is known of a tree behind what is stored: see `apply`
        self.trees.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// A packed record, removed or not.
    fn packed(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let Some((_, block)) = self.engine.before(&named(tree, BLOCKS), &after(key))? else { return Ok(None) };
        match find(&block, key)? {
            None => Ok(None),
            Some(Held::Here(value)) => Ok(Some(value.to_vec())),
            Some(Held::In(tile)) => self.value_in(tree, tile, key).map(Some),
        }
    }

    fn value_in(&self, tree: &str, tile: u64, key: &[u8]) -> Result<Vec<u8>, StoreError> {
        let missing = || StoreError::damaged(format!("tile {tile} of tree {tree}"), "a value is missing");
        let bytes = self.engine.get(&named(tree, TILES), &tile.to_be_bytes())?.ok_or_else(missing)?;
        match find(&bytes, key)? {
            Some(Held::Here(value)) => Ok(value.to_vec()),
            _ => Err(missing()),
        }
    }

    /// The caller's batch as it is for the engine beneath, and by how much each tree's fresh records grow.
    fn translate(
        &self,
        trees: &mut BTreeMap<String, Tree>,
        batch: &Batch,
    ) -> Result<(Batch, Vec<(String, isize)>), StoreError> {
        let (mut inner, mut growth) = (Batch::new(), Vec::new());
        for (name, changes) in batch.trees() {
            if [BLOCKS, TILES, GONE].iter().any(|suffix| name.ends_with(suffix)) {
                let limit = crate::limits::TREE_BYTES;
                return Err(StoreError::BadName { name: name.to_owned(), what: "a tree of a caller", limit });
            }
            let tree = trees.entry(name.to_owned()).or_default();
            if tree.fresh.is_none() {
                tree.fresh = Some(self.count(name)?);
            }
            let mut by = 0;
            for (key, value) in changes {
                let there = self.engine.get(name, key)?.is_some();
                match value {
                    Some(value) => {
                        by += isize::from(!there);
                        inner.put(name, key, value.as_slice());
                    }
                    None => {
                        by -= isize::from(there);
                        inner.delete(name, key);
                        if tree.packed && self.packed(name, key)?.is_some() {
                            inner.put(&named(name, GONE), key, []);
                            tree.gone = true;
                        }
                    }
                }
            }
            growth.push((name.to_owned(), by));
        }
        Ok((inner, growth))
    }

    fn count(&self, tree: &str) -> Result<usize, StoreError> {
        let (mut count, mut from) = (0, None::<Vec<u8>>);
        loop {
            let page = self.engine.scan(tree, &[], from.as_deref(), PAGE)?;
            count += page.len();
            match page.last() {
                Some((last, _)) if page.len() == PAGE => from = Some(after(last)),
                _ => return Ok(count),
            }
        }
    }

    /// Moves records of a tree that has too many fresh ones; what it was that moved last. A failure is no failure of the
    /// caller's batch, which is applied: it is said, and the records stay as they are.
    fn relieve(&self, name: &str, tree: &mut Tree, added: usize) -> Applied {
        let mut last = Applied::default();
        for _ in 0..=added / self.sizes.together {
            // a name that leaves no room for the suffix is never packed
            let fits = name.len() + BLOCKS.len() <= crate::limits::TREE_BYTES;
            if tree.stuck || !fits || tree.fresh.is_none_or(|fresh| fresh <= self.sizes.fresh) {
                break;
            }
            match moving::some(&self.engine, &self.sizes, name, tree.cursor.as_deref(), tree.gone) {
                Ok(Moved { applied, records, next }) => {
                    last = last.max(applied);
                    tree.packed = true;
                    tree.fresh = tree.fresh.map(|fresh| fresh.saturating_sub(records));
                    tree.cursor = next;
                }
                Err(error) => {
                    tracing::error!(%error, tree = name, "records could not be packed and stay as they are");
                    tree.stuck = true;
                }
            }
        }
        last
    }
}

impl<E: Engine> Engine for Packed<E> {
    fn trees(&self) -> Result<Vec<String>, StoreError> {
        let mut names = self.engine.trees()?;
        names.retain(|name| ![BLOCKS, TILES, GONE].iter().any(|suffix| name.ends_with(suffix)));
        Ok(names)
    }

    fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let trees = self.known();
        if let Some(value) = self.engine.get(tree, key)? {
            return Ok(Some(value));
        }
        match trees.get(tree) {
            Some(known) if known.gone && self.engine.get(&named(tree, GONE), key)?.is_some() => Ok(None),
            Some(known) if known.packed => self.packed(tree, key),
            _ => Ok(None),
        }
    }

    fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError> {
        let trees = self.known();
        let fresh = self.engine.scan(tree, prefix, from, limit)?;
        let Some(known) = trees.get(tree).filter(|known| known.packed) else { return Ok(fresh) };
        let mut found: BTreeMap<Vec<u8>, Vec<u8>> = fresh.into_iter().collect();
        // beyond the last fresh record of a full page, nothing is known of fresh ones: there the answer ends
        let end = (found.len() == limit).then(|| found.last_key_value().map(|(key, _)| key.clone())).flatten();
        let mut reading = Reading::of(self, tree, known.gone);
        reading.merge(&mut found, prefix, start(prefix, from), end.as_deref(), limit)?;
        Ok(found.into_iter().take(limit).collect())
    }

    fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError> {
        // above every key there may be
        self.before(tree, &[u8::MAX; crate::limits::KEY_BYTES + 1])
    }

    fn before(&self, tree: &str, key: &[u8]) -> Result<Option<Pair>, StoreError> {
        let trees = self.known();
        let fresh = self.engine.before(tree, key)?;
        let Some(known) = trees.get(tree).filter(|known| known.packed) else { return Ok(fresh) };
        let mut below = key.to_vec();
        while let Some((key, held)) = moving::last_below(&self.engine, tree, &below)? {
            if fresh.as_ref().is_some_and(|(fresh, _)| *fresh >= key) {
                break;
            }
            if known.gone && self.engine.get(&named(tree, GONE), &key)?.is_some() {
                below = key;
                continue;
            }
            let value = match held {
                moving::Kept::Here(value) => value,
                moving::Kept::In(tile) => self.value_in(tree, tile, &key)?,
            };
            return Ok(Some((key, value)));
        }
        Ok(fresh)
    }

    fn apply(&self, batch: &Batch) -> Result<Applied, StoreError> {
        batch.check()?;
        let mut trees = self.trees.write().unwrap_or_else(PoisonError::into_inner);
        let (inner, growth) = self.translate(&mut trees, batch)?;
        let mut applied = self.engine.apply(&inner)?;
        for (name, by) in growth {
            let Some(tree) = trees.get_mut(&name) else { continue };
            tree.fresh = tree.fresh.map(|fresh| fresh.saturating_add_signed(by));
            applied = applied.max(self.relieve(&name, tree, by.unsigned_abs()));
        }
        Ok(applied)
    }

    fn sync(&self, applied: Applied) -> Result<(), StoreError> {
        self.engine.sync(applied)
    }
}

fn named(tree: &str, suffix: &str) -> String {
    [tree, suffix].concat()
}
