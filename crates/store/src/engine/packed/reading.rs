//! Packed records in the order of their keys, among fresh ones.

use super::{
    BLOCKS, GONE, Packed, TILES,
    block::{self, Held, find},
    named,
};
use crate::{
    engine::{Engine, after},
    error::StoreError,
};
use std::collections::BTreeMap;

/// A scan over packed records.
pub(super) struct Reading<'p, E> {
    packed: &'p Packed<E>,
    tree: &'p str,
    gone: bool,
    /// The tile read last: neighbours often lie in one.
    tile: Option<(u64, Vec<u8>)>,
}

impl<'p, E: Engine> Reading<'p, E> {
    /// Of a tree, of which keys may have been removed.
    pub(super) fn of(packed: &'p Packed<E>, tree: &'p str, gone: bool) -> Self {
        Self { packed, tree, gone, tile: None }
    }

    /// Adds packed records that are not hidden, from `from` and up to `end`, until there are `limit` in all below some key.
    pub(super) fn merge(
        &mut self,
        found: &mut BTreeMap<Vec<u8>, Vec<u8>>,
        prefix: &[u8],
        from: &[u8],
        end: Option<&[u8]>,
        limit: usize,
    ) -> Result<(), StoreError> {
        let (engine, blocks) = (&self.packed.engine, named(self.tree, BLOCKS));
        let mut next = engine.before(&blocks, &after(from))?;
        if next.is_none() {
            next = engine.scan(&blocks, &[], Some(from), 1)?.pop();
        }
        let mut added = 0;
        while let Some((begins, block)) = next {
            for record in block::records(&block) {
                let (key, held) = record?;
                if key < from {
                    continue;
                }
                let beyond = end.is_some_and(|end| key > end) || !key.starts_with(prefix);
                if beyond || added == limit {
                    return Ok(());
                }
                if found.contains_key(key) || (self.gone && engine.get(&named(self.tree, GONE), key)?.is_some()) {
                    continue;
                }
                found.insert(key.to_vec(), self.value(key, held)?);
                added += 1;
            }
            next = engine.scan(&blocks, &[], Some(&after(&begins)), 1)?.pop();
        }
        Ok(())
    }

    fn value(&mut self, key: &[u8], held: Held<'_>) -> Result<Vec<u8>, StoreError> {
        let tile = match held {
            Held::Here(value) => return Ok(value.to_vec()),
            Held::In(tile) => tile,
        };
        if let Some((number, bytes)) = &self.tile
            && *number == tile
            && let Some(Held::Here(value)) = find(bytes, key)?
        {
            return Ok(value.to_vec());
        }
        let value = self.packed.value_in(self.tree, tile, key)?;
        let bytes = self.packed.engine.get(&named(self.tree, TILES), &tile.to_be_bytes())?;
        self.tile = bytes.map(|bytes| (tile, bytes));
        Ok(value)
    }
}
