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
use std::collections::BTreeMap;

/// The lowest key there is: where the first block of a tree begins.
const LOWEST: &[u8] = &[0];
/// Bytes of values that move together at most: with the blocks and tiles they touch, far below those of one batch.
const BYTES: usize = 512 << 10;

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

/// Blocks and tiles taken apart, to be written together.
struct Moving<'e, E> {
    engine: &'e E,
    sizes: &'e Sizes,
    tree: &'e str,
    blocks: String,
    tiles: String,
    gone: String,
    /// By the key at which each begins; whether records were put before others in it.
    apart: BTreeMap<Vec<u8>, (Records, bool)>,
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
        let before = match self.apart.get_mut(&begins) {
            Some((records, between)) => {
                *between |= records.last_key_value().is_some_and(|(last, _)| key < last.as_slice());
                records.insert(key.to_vec(), kept)
            }
            None => None,
        };
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
            let before = self.apart.get_mut(&begins).and_then(|(records, _)| records.remove(key));
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
            self.apart.insert(begins.clone(), (taken, false));
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
        for (begins, (held, between)) in &self.apart {
            let pieces = divided(held, self.sizes, *between);
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

/// The blocks that records become: full ones where they were put at the end, else such that each has room.
fn divided<'r>(held: &'r Records, sizes: &Sizes, between: bool) -> Vec<Vec<(&'r Vec<u8>, &'r Kept)>> {
    let wide = |(key, kept): &(&Vec<u8>, &Kept)| width(key, &kept.held());
    let total: usize = held.iter().map(|record| wide(&record)).sum();
    let most = match between {
        true if total > sizes.block => total.div_ceil((total / (sizes.block / 2)).max(1)),
        true => sizes.block,
        false => sizes.grown,
    };
    let (mut pieces, mut bytes) = (Vec::<Vec<_>>::new(), 0);
    for record in held {
        bytes += wide(&record);
        match pieces.last_mut() {
            Some(piece) if bytes <= most => piece.push(record),
            _ => {
                bytes = wide(&record);
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
