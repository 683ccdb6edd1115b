//! Records on their way from one by one into blocks.

use super::{
    BLOCKS, GONE, Sizes, TILES,
    block::{Held, encode, records, width},
    named,
};
use crate::{
    engine::{Applied, Batch, Engine, after},
    error::StoreError,
};
use std::{
    collections::BTreeMap,
    ops::Bound::{Excluded, Included, Unbounded},
};

/// The lowest key there is: where the first block of a tree begins.
const LOWEST: &[u8] = &[0];
/// Bytes of values that move together at most: with the blocks and tiles they touch, far below those of one batch.
const BYTES: usize = 512 << 10;
/// Records put side by side between others that are a series: of hashes, so many fall between two others by rare chance,
/// and then no harm is done.
const SERIES: usize = 3;

/// What moved.
pub(super) struct Moved {
    pub(super) applied: Applied,
    /// Number of records that are no longer fresh.
    pub(super) records: usize,
    /// Where to go on; the beginning again after the last record.
    pub(super) next: Option<Vec<u8>>,
}

/// What a key stands for, in a block taken apart.
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Here(Vec<u8>),
    In(u64),
}

impl Kept {
    fn held(&self) -> Held<'_> {
        match self {
            Self::Here(value) => Held::Here(value),
            Self::In(tile) => Held::In(*tile),
        }
    }
}

impl From<Held<'_>> for Kept {
    fn from(held: Held<'_>) -> Self {
        match held {
            Held::Here(value) => Self::Here(value.to_vec()),
            Held::In(tile) => Self::In(tile),
        }
    }
}

type Records = BTreeMap<Vec<u8>, Kept>;
type Record<'r> = (&'r Vec<u8>, &'r Kept);

/// The packed record with the highest key below `key`, removed or not.
pub(super) fn last_below(engine: &impl Engine, tree: &str, key: &[u8]) -> Result<Option<(Vec<u8>, Kept)>, StoreError> {
    let blocks = named(tree, BLOCKS);
    let mut below = key.to_vec();
    while let Some((begins, block)) = engine.before(&blocks, &below)? {
        let mut last = None;
        for record in records(&block) {
            let (found, held) = record?;
            if found < key {
                last = Some((found, held));
            }
        }
        if let Some((found, held)) = last {
            return Ok(Some((found.to_vec(), held.into())));
        }
        below = begins;
    }
    Ok(None)
}

/// Moves some fresh records of a tree, and lets go of removed ones between them.
pub(super) fn some(
    engine: &impl Engine,
    sizes: &Sizes,
    tree: &str,
    from: Option<&[u8]>,
    gone: bool,
) -> Result<Moved, StoreError> {
    let page = engine.scan(tree, &[], from, sizes.together)?;
    let whole = page.len() < sizes.together;
    let mut moving = Moving::new(engine, sizes, tree)?;
    let (mut bytes, mut moved, mut last) = (0, 0, None);
    for (key, value) in page {
        bytes += value.len();
        if bytes > BYTES && moved > 0 {
            return moving.finish(moved, last);
        }
        if gone && engine.get(&moving.gone, &key)?.is_some() {
            moving.batch.delete(&moving.gone, &key);
        }
        moving.put(&key, value)?;
        moved += 1;
        last = Some(after(&key));
    }
    if gone {
        let removed = engine.scan(&moving.gone, &[], from, sizes.together)?;
        for (key, _) in removed.into_iter().take_while(|(key, _)| whole || last.as_ref().is_some_and(|last| key < last))
        {
            moving.let_go(&key)?;
        }
    }
    moving.finish(moved, last.filter(|_| !whole))
}

/// A block taken apart.
#[derive(Default)]
struct Apart {
    records: Records,
    /// The first and the last key that was put, and how many were.
    put: Option<(Vec<u8>, Vec<u8>, usize)>,
}

/// Blocks and tiles taken apart, to be written together.
struct Moving<'e, E> {
    engine: &'e E,
    sizes: &'e Sizes,
    tree: &'e str,
    blocks: String,
    tiles: String,
    gone: String,
    /// By the key at which each begins.
    apart: BTreeMap<Vec<u8>, Apart>,
    /// By number.
    open: BTreeMap<u64, Records>,
    /// The tile that values are put into, and its bytes so far.
    filling: (u64, usize),
    batch: Batch,
}

impl<'e, E: Engine> Moving<'e, E> {
    fn new(engine: &'e E, sizes: &'e Sizes, tree: &'e str) -> Result<Self, StoreError> {
        let (blocks, tiles, gone) = (named(tree, BLOCKS), named(tree, TILES), named(tree, GONE));
        let filling = match engine.last(&tiles)? {
            Some((key, tile)) => (number(tree, &key)?, tile.len()),
            None => (0, 0),
        };
        let (apart, open, batch) = (BTreeMap::new(), BTreeMap::new(), Batch::new());
        Ok(Self { engine, sizes, tree, blocks, tiles, gone, apart, open, filling, batch })
    }

    /// A fresh record moves.
    fn put(&mut self, key: &[u8], value: Vec<u8>) -> Result<(), StoreError> {
        let begins = self.take_apart(key)?;
        let kept = if value.len() <= self.sizes.within { Kept::Here(value) } else { self.put_in_tile(key, value)? };
        let into = match &kept {
            Kept::In(tile) => Some(*tile),
            Kept::Here(_) => None,
        };
        let before = self.apart.get_mut(&begins).and_then(|block| block.put(key, kept));
        if let Some(Kept::In(tile)) = before
            && into != Some(tile)
        {
            self.take_from_tile(tile, key)?;
        }
        self.batch.delete(self.tree, key);
        Ok(())
    }

    /// A packed record was removed.
    fn let_go(&mut self, key: &[u8]) -> Result<(), StoreError> {
        // one that became fresh again, and moved just now, stays
        let removed = self.batch.trees().any(|(name, changes)| name == self.tree && changes.contains_key(key));
        if !removed && self.engine.get(self.tree, key)?.is_none() {
            let begins = self.take_apart(key)?;
            let before = self.apart.get_mut(&begins).and_then(|block| block.records.remove(key));
            if let Some(Kept::In(tile)) = before {
                self.take_from_tile(tile, key)?;
            }
        }
        self.batch.delete(&self.gone, key);
        Ok(())
    }

    /// The block in which a key belongs, taken apart; where it begins.
    fn take_apart(&mut self, key: &[u8]) -> Result<Vec<u8>, StoreError> {
        let found = self.engine.before(&self.blocks, &after(key))?;
        let (begins, block) = found.map_or((LOWEST.to_vec(), None), |(begins, block)| (begins, Some(block)));
        if !self.apart.contains_key(&begins) {
            let taken = block.as_deref().map(taken_apart).transpose()?.unwrap_or_default();
            self.apart.insert(begins.clone(), Apart { records: taken, put: None });
        }
        Ok(begins)
    }

    /// Puts a value into the tile that is being filled, or begins another.
    fn put_in_tile(&mut self, key: &[u8], value: Vec<u8>) -> Result<Kept, StoreError> {
        let wide = width(key, &Held::Here(&value));
        if self.filling.1 > 0 && self.filling.1 + wide > self.sizes.tile {
            self.filling = (self.filling.0 + 1, 0);
        }
        let (tile, _) = self.filling;
        self.filling.1 += wide;
        self.opened(tile)?.insert(key.to_vec(), Kept::Here(value));
        Ok(Kept::In(tile))
    }

    fn take_from_tile(&mut self, tile: u64, key: &[u8]) -> Result<(), StoreError> {
        self.opened(tile)?.remove(key);
        Ok(())
    }

    fn opened(&mut self, tile: u64) -> Result<&mut Records, StoreError> {
        if !self.open.contains_key(&tile) {
            let bytes = self.engine.get(&self.tiles, &tile.to_be_bytes())?;
            self.open.insert(tile, bytes.as_deref().map(taken_apart).transpose()?.unwrap_or_default());
        }
        Ok(self.open.entry(tile).or_default())
    }

    /// Writes all of it, as one batch.
    fn finish(mut self, records: usize, next: Option<Vec<u8>>) -> Result<Moved, StoreError> {
        for (tile, held) in &self.open {
            let key = tile.to_be_bytes();
            match held.is_empty() {
                true => self.batch.delete(&self.tiles, &key),
                false => self.batch.put(&self.tiles, &key, encoded(held.iter())),
            };
        }
        for (begins, block) in &self.apart {
            let pieces = block.divided(self.sizes);
            if pieces.is_empty() {
                self.batch.delete(&self.blocks, begins);
            }
            for (number, piece) in pieces.iter().enumerate() {
                let key = match piece.first() {
                    Some((first, _)) if number > 0 => first.as_slice(),
                    _ => begins,
                };
                self.batch.put(&self.blocks, key, encoded(piece.iter().copied()));
            }
        }
        Ok(Moved { applied: self.engine.apply(&self.batch)?, records, next })
    }
}

impl Apart {
    /// A record is put; what was there under its key. Keys come in order.
    fn put(&mut self, key: &[u8], kept: Kept) -> Option<Kept> {
        match &mut self.put {
            Some((_, last, count)) => {
                *last = key.to_vec();
                *count += 1;
            }
            none => *none = Some((key.to_vec(), key.to_vec(), 1)),
        }
        self.records.insert(key.to_vec(), kept)
    }

    /// The blocks that the records become: full ones where some were put at the end of a series, else such that each has
    /// room. A series ends at the block's end, or where as many in a row were put as hashes would hardly be: a tree may
    /// hold several, one after the other, each of which grows at its end.
    fn divided(&self, sizes: &Sizes) -> Vec<Vec<Record<'_>>> {
        let Some((first, last, count)) = &self.put else { return divided(self.records.iter(), sizes.grown) };
        let beyond = || self.records.range::<[u8], _>((Excluded(last.as_slice()), Unbounded));
        if beyond().next().is_none() {
            return divided(self.records.iter(), sizes.grown);
        }
        let together = self.records.range::<[u8], _>((Included(first.as_slice()), Included(last.as_slice()))).count();
        if *count >= SERIES && together == *count {
            let upto = self.records.range::<[u8], _>((Unbounded, Included(last.as_slice())));
            return [divided(upto, sizes.grown), divided(beyond(), sizes.grown)].concat();
        }
        let total: usize = self.records.iter().map(wide).sum();
        let most = match total > sizes.block {
            true => total.div_ceil((total / (sizes.block / 2)).max(1)),
            false => sizes.block,
        };
        divided(self.records.iter(), most)
    }
}

fn wide((key, kept): Record<'_>) -> usize {
    width(key, &kept.held())
}

/// Records in order, in pieces of at most so many bytes, unless one is larger.
fn divided<'r>(records: impl Iterator<Item = Record<'r>>, most: usize) -> Vec<Vec<Record<'r>>> {
    let (mut pieces, mut bytes) = (Vec::<Vec<_>>::new(), 0);
    for record in records {
        bytes += wide(record);
        match pieces.last_mut() {
            Some(piece) if bytes <= most => piece.push(record),
            _ => {
                bytes = wide(record);
                pieces.push(vec![record]);
            }
        }
    }
    pieces
}

fn encoded<'r>(held: impl Iterator<Item = (&'r Vec<u8>, &'r Kept)>) -> Vec<u8> {
    encode(held.map(|(key, kept)| (key.as_slice(), kept.held())))
}

fn taken_apart(block: &[u8]) -> Result<Records, StoreError> {
    records(block).map(|record| record.map(|(key, held)| (key.to_vec(), held.into()))).collect()
}

fn number(tree: &str, key: &[u8]) -> Result<u64, StoreError> {
    let bytes = key.try_into();
    bytes.map(u64::from_be_bytes).map_err(|_| StoreError::damaged(format!("a tile of tree {tree}"), "it has no number"))
}
