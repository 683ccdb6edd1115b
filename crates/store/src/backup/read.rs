//! Reading a backup: its items, each only after the part that holds it was found to be what was written.

use super::{
    About, Progress,
    item::{Counts, ITEM_BYTES, Item},
    stream::{Broken, Opening},
};
use crate::{SCHEMA, error::StoreError, keys::Passphrase};
use protocol::cbor;
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A backup file, its passphrase found right and its first item read.
pub struct Backup {
    opening: Opening<BufReader<File>>,
    path: PathBuf,
    length: u64,
    about: About,
    /// Plain bytes that belong to the next items, and how many of them are used up.
    plain: Zeroizing<Vec<u8>>,
    used: usize,
    counts: Counts,
}

impl Backup {
    /// Opens a backup.
    ///
    /// # Errors
    /// [`StoreError::BadBackup`] for a file that is none or is damaged at its beginning, [`StoreError::PassphraseWrong`],
    /// [`StoreError::Newer`], [`StoreError::Io`].
    pub fn open(path: &Path, passphrase: &Passphrase) -> Result<Self, StoreError> {
        let file = File::open(path).map_err(StoreError::io("open", path))?;
        let length = file.metadata().map_err(StoreError::io("measure", path))?.len();
        let opening = Opening::begin(BufReader::new(file), passphrase).map_err(|broken| named(broken, path))?;
        let about = About { schema: 0, program: String::new(), made: 0 };
        let (plain, path) = (Zeroizing::default(), path.to_owned());
        let mut backup = Self { opening, path, length, about, plain, used: 0, counts: Counts::default() };
        let Some(Item::About(about)) = backup.next()? else { return Err(backup.bad("it does not begin as one")) };
        if about.schema > SCHEMA {
            let what = format!("the backup {}", backup.path.display());
            return Err(StoreError::newer(what, about.schema, SCHEMA, Some(&about.program)));
        }
        backup.about = about;
        Ok(backup)
    }

    /// What it says of itself.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Length of the file in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
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
        let item: Item = cbor::from_slice(&bytes).map_err(|e| self.bad(format!("something in it: {e}")))?;
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
