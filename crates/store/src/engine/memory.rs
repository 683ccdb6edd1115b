//! The contract in memory: for tests of what stands on a store. Nothing outlives it.

use super::{Applied, Batch, Engine, Pair, start};
use crate::error::StoreError;
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

type Trees = BTreeMap<String, BTreeMap<Vec<u8>, Vec<u8>>>;

/// A database in memory.
#[derive(Debug, Default)]
pub struct MemoryEngine(Mutex<Trees>);

impl MemoryEngine {
    fn trees_now(&self) -> MutexGuard<'_, Trees> {
        // a poisoned lock cannot hold half a batch: nothing in `apply` panics between the first change and the last
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine for MemoryEngine {
    fn trees(&self) -> Result<Vec<String>, StoreError> {
        Ok(self.trees_now().keys().cloned().collect())
    }

    fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.trees_now().get(tree).and_then(|t| t.get(key).cloned()))
    }

    fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError> {
        let trees = self.trees_now();
        let Some(records) = trees.get(tree) else { return Ok(Vec::new()) };
        let found = records.range(start(prefix, from).to_owned()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError> {
        let trees = self.trees_now();
        let last = trees.get(tree).and_then(BTreeMap::last_key_value);
        Ok(last.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn before(&self, tree: &str, key: &[u8]) -> Result<Option<Pair>, StoreError> {
        let trees = self.trees_now();
        let before = trees.get(tree).and_then(|records| records.range(..key.to_owned()).next_back());
        Ok(before.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn apply(&self, batch: &Batch) -> Result<Applied, StoreError> {
        batch.check()?;
        let mut trees = self.trees_now();
        for (tree, changes) in batch.trees() {
            let records = trees.entry(tree.to_owned()).or_default();
            for (key, value) in changes {
                match value {
                    Some(value) => records.insert(key.clone(), value.clone()),
                    None => records.remove(key),
                };
            }
        }
        Ok(Applied::default())
    }

    fn sync(&self, _: Applied) -> Result<(), StoreError> {
        // nothing outlives it: what is applied is as durable as it gets
        Ok(())
    }
}
