//! The items of a backup, each only after the part that holds it was found to be what was written.

use super::{
    About, Progress,
    item::{Counts, ITEM_BYTES, Item, TEXT_BYTES},
    stream::{Broken, Opening},
};
use crate::{SCHEMA, error::StoreError, keys::Passphrase};
use protocol::cbor;
use std::{
    io::Read,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// What follows the first item of a backup.
pub(super) struct Items<R> {
    opening: Opening<R>,
    /// The file, for what is wrong with it.
    path: PathBuf,
    /// Plain bytes that belong to the next items, and how many of them are used up.
    plain: Zeroizing<Vec<u8>>,
    used: usize,
    counts: Counts,
}

impl<R: Read> Items<R> {
    /// Tries the passphrase and reads the first item.
    pub(super) fn begin(from: R, path: &Path, passphrase: &Passphrase) -> Result<(About, Self), StoreError> {
        let opening = Opening::begin(from, passphrase).map_err(|broken| named(broken, path))?;
        let (plain, path) = (Zeroizing::default(), path.to_owned());
        let mut items = Self { opening, path, plain, used: 0, counts: Counts::default() };
        let Some(Item::About(about)) = items.next()? else { return Err(items.bad("it does not begin as one")) };
        if about.schema > SCHEMA {
            let what = format!("the backup {}", items.path.display());
            return Err(StoreError::newer(what, about.schema, SCHEMA, Some(&about.program)));
        }
        Ok((about, items))
    }

    /// Hands every item after the first to `take`, then makes sure that the end is the end.
    pub(super) fn each(
        &mut self,
        progress: &mut Progress<'_>,
        take: &mut dyn FnMut(Item) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        loop {
            let counted = self.counts;
            match self.next()? {
                Some(Item::End(told)) if told == counted => break,
                Some(Item::End(_)) => return Err(self.bad("it holds more or less than it says")),
                Some(Item::About(_)) => return Err(self.bad("it begins twice")),
                None => return Err(self.bad("it ends before its end")),
                Some(item) => take(item)?,
            }
            progress(self.opening.read());
        }
        if self.next()?.is_some() { Err(self.bad("something follows its end")) } else { Ok(()) }
    }

    /// What is wrong with this file.
    pub(super) fn bad(&self, why: impl Into<String>) -> StoreError {
        StoreError::BadBackup { path: self.path.clone(), why: why.into() }
    }

    /// The next item; `None` after the last part.
    fn next(&mut self) -> Result<Option<Item>, StoreError> {
        let Some(length) = self.bytes(4)? else { return Ok(None) };
        let length = length.as_slice().try_into().map_or(usize::MAX, |length| u32::from_be_bytes(length) as usize);
        if length > ITEM_BYTES {
            return Err(self.bad("something in it is larger than anything a home holds"));
        }
        let bytes = self.bytes(length)?.ok_or_else(|| self.bad("it ends before its end"))?;
        let item: Item =
            cbor::from_stranger(&bytes, TEXT_BYTES).map_err(|e| self.bad(format!("something in it: {e}")))?;
        self.counts.count(&item);
        Ok(Some(item))
    }

    /// The next so many plain bytes; `None` when not one is left.
    fn bytes(&mut self, wanted: usize) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(wanted));
        while bytes.len() < wanted {
            let rest = self.plain.get(self.used..).unwrap_or_default();
            if rest.is_empty() {
                match self.opening.part().map_err(|broken| named(broken, &self.path))? {
                    Some(part) => (self.plain, self.used) = (part, 0),
                    None if bytes.is_empty() => return Ok(None),
                    None => return Err(self.bad("it ends before its end")),
                }
                continue;
            }
            let taken = rest.len().min(wanted - bytes.len());
            bytes.extend_from_slice(rest.get(..taken).unwrap_or_default());
            self.used += taken;
        }
        Ok(Some(bytes))
    }
}

/// What went wrong while the file was read.
fn named(broken: Broken, path: &Path) -> StoreError {
    match broken {
        Broken::Io(source) => StoreError::io("read", path)(source),
        Broken::Store(error) => error,
        Broken::Form(why) => StoreError::BadBackup { path: path.to_owned(), why },
    }
}
