//! The control database: one living generation, and the rewrite that makes deleting real.
//!
//! sled keeps deleted values in old segments for long. So a deletion that must hold copies what lives into a new
//! generation under a new key and destroys the old key with its directory. What is left of the old one, on this disk or
//! in a copy of its files, is noise.

use crate::{
    engine::{Applied, Batch, Packed, Pair, Sizes, SledEngine, after},
    error::StoreError,
    files,
    home::Home,
    keys::KeyRing,
    seal::Sealed,
};
use failpoint::Point;
use std::path::Path;

/// Names the control database in the associated data of its values.
pub(crate) const CONTEXT: &[u8] = b"control";
pub(crate) const KEY_PREFIX: &str = "control-";
/// A u64 in decimal and a line feed.
const CURRENT_BYTES: usize = 21;
/// Records read at once by a rewrite, of at most 200 KiB each: 6.25 MiB, within one batch.
const PAGE: usize = 32;

/// The control database: people, requests, grants, log, outbox, manifests. Values sealed; keys of records are not, and
/// carry ids only, never personal text.
pub struct Control {
    home: Home,
    generation: u64,
    /// `None` after a rewrite that failed at its switch: which generation lives is then read anew at the next start.
    living: Option<Sealed<Packed<SledEngine>>>,
}

impl Control {
    /// The value under a key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`], [`StoreError::Stopped`].
    pub fn get(&self, tree: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.living()?.get(tree, key)
    }

    /// At most `limit` records whose keys begin with `prefix` and are not below `from`, in key order.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub fn scan(&self, tree: &str, prefix: &[u8], from: Option<&[u8]>, limit: usize) -> Result<Vec<Pair>, StoreError> {
        self.living()?.scan(tree, prefix, from, limit)
    }

    /// As [`Control::scan`], the keys alone: a damaged value can still be found and removed.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub fn keys(
        &self,
        tree: &str,
        prefix: &[u8],
        from: Option<&[u8]>,
        limit: usize,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.living()?.keys(tree, prefix, from, limit)
    }

    /// The record with the highest key.
    ///
    /// # Errors
    /// As [`Control::get`].
    pub fn last(&self, tree: &str) -> Result<Option<Pair>, StoreError> {
        self.living()?.last(tree)
    }

    /// Applies a batch: all of it or nothing, over all its trees, and on the disk when this returns.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], [`StoreError::BadName`], [`StoreError::Io`], [`StoreError::Stopped`].
    pub fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.living()?.commit(batch)
    }

    /// Applies a batch: all of it or nothing, over all its trees. Every read sees it when this returns; it is on the disk,
    /// with all that was applied before it, only after [`Control::sync`]. Until then nobody may be told of it.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`] and [`StoreError::BadName`] leave the database as it was. After any other error every
    /// later change and sync answers [`StoreError::Stopped`] until the home is opened anew.
    pub fn apply(&self, batch: &Batch) -> Result<Applied, StoreError> {
        self.living()?.apply(batch)
    }

    /// Returns once everything up to `applied` is on the disk. Callers that wait at the same time share one sync.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Stopped`]: it is unknown what reached the disk.
    pub fn sync(&self, applied: Applied) -> Result<(), StoreError> {
        self.living()?.sync(applied)
    }

    /// Makes every earlier deletion real: after this, no remaining key opens any deleted or replaced value.
    ///
    /// Whatever instant it is interrupted at, opening the home again finds either generation whole, and sweeps the other.
    /// Costs a copy of all that lives.
    ///
    /// # Errors
    /// [`StoreError::Io`] (no space: nothing has changed), [`StoreError::Damaged`], [`StoreError::Stopped`].
    pub fn rewrite(&mut self, keys: &KeyRing) -> Result<(), StoreError> {
        let next = self.generation.checked_add(1).ok_or_else(|| {
            StoreError::damaged(self.home.current_file().display().to_string(), "it names the highest generation")
        })?;
        let copy = self.copy_to(keys, next)?;
        failpoint::pass(Point::GenerationCopied);
        // from here until the switch is known to be durable, neither generation may be written
        self.living = None;
        switch(&self.home, next)?;
        failpoint::pass(Point::GenerationSwitched);
        self.living = Some(copy);
        self.generation = next;
        sweep(&self.home, keys, next)
    }

    /// Makes the first generation of a new home.
    pub(crate) fn create(home: &Home, keys: &KeyRing, first: &Batch) -> Result<Self, StoreError> {
        let generation = 1;
        let living = fresh(home, keys, generation)?;
        living.commit(first)?;
        switch(home, generation)?;
        Ok(Self { home: home.clone(), generation, living: Some(living) })
    }

    /// Opens the living generation and sweeps what an interrupted rewrite left.
    pub(crate) fn open(home: &Home, keys: &KeyRing) -> Result<Self, StoreError> {
        let generation = current(home)?;
        let living = open_generation(home, keys, generation)?;
        sweep(home, keys, generation)?;
        Ok(Self { home: home.clone(), generation, living: Some(living) })
    }

    /// A complete, durable copy of what lives, under a new key; not yet in force.
    fn copy_to(&self, keys: &KeyRing, next: u64) -> Result<Sealed<Packed<SledEngine>>, StoreError> {
        let copy = fresh(&self.home, keys, next)?;
        let living = self.living()?;
        let mut applied = Applied::default();
        for tree in living.trees()? {
            let mut from: Option<Vec<u8>> = None;
            loop {
                let page = living.scan(&tree, &[], from.as_deref(), PAGE)?;
                let Some((last, _)) = page.last() else { break };
                from = Some(after(last));
                let mut batch = Batch::new();
                for (key, value) in page {
                    batch.put(&tree, &key, value);
                }
                applied = copy.apply(&batch)?;
            }
        }
        // not in force before the switch: one sync for all of it
        copy.sync(applied)?;
        Ok(copy)
    }

    pub(crate) fn living(&self) -> Result<&Sealed<Packed<SledEngine>>, StoreError> {
        self.living.as_ref().ok_or_else(|| StoreError::Stopped { path: self.home.control() })
    }
}

/// The generation in force.
pub(crate) fn current(home: &Home) -> Result<u64, StoreError> {
    let path = home.current_file();
    let bytes = files::read_bounded(&path, CURRENT_BYTES)?;
    let bytes = bytes.ok_or_else(|| StoreError::NotAHome { path: home.root().to_owned() })?;
    let text = str::from_utf8(&bytes).ok().and_then(|text| text.strip_suffix('\n'));
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| StoreError::damaged(path.display().to_string(), "it names no generation"))
}

/// Opens a generation that exists.
fn open_generation(home: &Home, keys: &KeyRing, number: u64) -> Result<Sealed<Packed<SledEngine>>, StoreError> {
    let path = home.generation(number);
    if !path.is_dir() {
        return Err(StoreError::damaged(format!("the control database {}", path.display()), "it is missing"));
    }
    let key = keys.get(&key_name(number))?;
    Ok(Sealed::new(opened(&path)?, &key, CONTEXT))
}

/// An empty generation with a new key; leftovers of an earlier attempt are removed first.
fn fresh(home: &Home, keys: &KeyRing, number: u64) -> Result<Sealed<Packed<SledEngine>>, StoreError> {
    retire(home, keys, number)?;
    let key = keys.create_random(&key_name(number))?;
    Ok(Sealed::new(opened(&home.generation(number))?, &key, CONTEXT))
}

fn opened(path: &Path) -> Result<Packed<SledEngine>, StoreError> {
    Packed::over(SledEngine::open(path)?, Sizes::of_this_program())
}

/// The one instant at which another generation is in force.
fn switch(home: &Home, to: u64) -> Result<(), StoreError> {
    files::write_whole(&home.current_file(), format!("{to}\n").as_bytes())
}

/// Destroys the key of a generation, then its directory: in that order, so that no instant leaves a key for garbage.
fn retire(home: &Home, keys: &KeyRing, number: u64) -> Result<(), StoreError> {
    keys.destroy(&key_name(number))?;
    failpoint::pass(Point::GenerationLocked);
    files::remove_directory(&home.generation(number))
}

/// Retires every generation but the living one.
fn sweep(home: &Home, keys: &KeyRing, living: u64) -> Result<(), StoreError> {
    let directories = files::names_in(&home.control())?;
    let keyed = keys.names()?;
    let numbers = directories.iter().map(String::as_str).chain(keyed.iter().filter_map(|n| n.strip_prefix(KEY_PREFIX)));
    for number in numbers.filter_map(|n| n.parse::<u64>().ok()).filter(|n| *n != living) {
        tracing::debug!(generation = number, "retiring a generation of the control database");
        retire(home, keys, number)?;
    }
    Ok(())
}

pub(crate) fn key_name(generation: u64) -> String {
    format!("{KEY_PREFIX}{generation}")
}

#[cfg(test)]
mod tests;
