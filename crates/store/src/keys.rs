//! Key files, outside the databases: losing or destroying one is losing what it sealed.
//!
//! Form of `NAME.key`: a byte 0 and the 32 bytes of the key, or a byte 1 and the key sealed under the passphrase's key
//! with the file's name as associated data.

mod kdf;
#[cfg(test)]
mod tests;

pub use kdf::{KdfCost, Passphrase};

use crate::{
    error::StoreError,
    files::{self, UNFINISHED},
    seal::Sealer,
};
pub(crate) use kdf::Kdf;
use std::{
    fs,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// A secret key; its memory is wiped when it is dropped.
pub type Secret = Zeroizing<[u8; 32]>;

const KDF_FILE: &str = "kdf.cbor";
const SUFFIX: &str = ".key";
const PLAIN: u8 = 0;
const SEALED: u8 = 1;
/// Longest name of a key: `dataset-` and 32 hexadecimal digits, with room.
const NAME_BYTES: usize = 64;
/// A key file has 33 or 74 bytes; more is not one.
const FILE_BYTES: usize = 128;

/// The keys of one home.
///
/// Opened with a passphrase it holds the key derived from it, never the passphrase. Keys are read from their files each
/// time and live only as long as the caller keeps them.
pub struct KeyRing {
    directory: PathBuf,
    /// The key of the passphrase; `None` when there is none.
    sealer: Option<Sealer>,
}

impl KeyRing {
    /// Makes a ring in `directory`, where there are no keys yet.
    ///
    /// # Errors
    /// [`StoreError::KeyExists`], [`StoreError::Io`], [`StoreError::NoRandomness`].
    pub fn create(directory: &Path, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        Self::create_costing(directory, passphrase, KdfCost::default())
    }

    /// As [`KeyRing::create`], with a chosen cost of trying a passphrase.
    ///
    /// # Errors
    /// As [`KeyRing::create`].
    pub fn create_costing(
        directory: &Path,
        passphrase: Option<&Passphrase>,
        cost: KdfCost,
    ) -> Result<Self, StoreError> {
        files::create_private_directory(directory)?;
        if let Some(name) = files::names_in(directory)?.iter().find_map(|name| name.strip_suffix(SUFFIX)) {
            return Err(StoreError::KeyExists { name: name.to_owned() });
        }
        let sealer = match passphrase {
            Some(passphrase) => {
                let (kdf, key) = Kdf::create(passphrase, cost)?;
                files::write_whole(&directory.join(KDF_FILE), &kdf.to_bytes()?)?;
                Some(Sealer::new(&key))
            }
            None => None,
        };
        Ok(Self { directory: directory.to_owned(), sealer })
    }

    /// Opens the ring in `directory`, finishing a change of passphrase that was interrupted.
    ///
    /// # Errors
    /// [`StoreError::NotAHome`] without such a directory, [`StoreError::PassphraseNeeded`],
    /// [`StoreError::PassphraseWrong`], [`StoreError::PassphraseNotSet`], [`StoreError::Damaged`].
    pub fn open(directory: &Path, passphrase: Option<&Passphrase>) -> Result<Self, StoreError> {
        finish_change(directory)?;
        if !directory.is_dir() {
            return Err(StoreError::NotAHome { path: directory.to_owned() });
        }
        let sealer = match (Kdf::read(&directory.join(KDF_FILE))?, passphrase) {
            (Some(kdf), Some(passphrase)) => Some(Sealer::new(&*kdf.open(passphrase)?)),
            (Some(_), None) => return Err(StoreError::PassphraseNeeded),
            (None, Some(_)) => return Err(StoreError::PassphraseNotSet),
            (None, None) => None,
        };
        for name in files::names_in(directory)?.iter().filter(|n| n.ends_with(&format!(".{UNFINISHED}"))) {
            files::destroy(&directory.join(name))?;
        }
        Ok(Self { directory: directory.to_owned(), sealer })
    }

    /// Whether opening the ring in `directory` needs a passphrase.
    #[must_use]
    pub fn is_locked_by_passphrase(directory: &Path) -> bool {
        let in_force = if directory.is_dir() { directory.to_owned() } else { next_to(directory, "next") };
        in_force.join(KDF_FILE).exists()
    }

    /// Reads a key.
    ///
    /// # Errors
    /// [`StoreError::NoSuchKey`]; [`StoreError::Damaged`] when the file does not open, or has the other form than the ring:
    /// a plain key among sealed ones was put there by somebody else.
    pub fn get(&self, name: &str) -> Result<Secret, StoreError> {
        let path = self.path(name)?;
        let bytes = files::read_bounded(&path, FILE_BYTES)?.map(Zeroizing::new);
        let bytes = bytes.ok_or_else(|| StoreError::NoSuchKey { name: name.to_owned() })?;
        let key = match (bytes.split_first(), &self.sealer) {
            (Some((&PLAIN, key)), None) => Some(Zeroizing::new(key.to_owned())),
            (Some((&SEALED, key)), Some(sealer)) => sealer.open(&place(name), key).map(Zeroizing::new),
            _ => None,
        };
        let key = key.and_then(|key| key.as_slice().try_into().ok().map(Zeroizing::new));
        key.ok_or_else(|| StoreError::damaged(format!("key file {}", path.display()), "it does not open"))
    }

    /// Makes and keeps a random key, durable on return.
    ///
    /// # Errors
    /// [`StoreError::KeyExists`], [`StoreError::Io`], [`StoreError::NoRandomness`].
    pub fn create_random(&self, name: &str) -> Result<Secret, StoreError> {
        if self.path(name)?.exists() {
            return Err(StoreError::KeyExists { name: name.to_owned() });
        }
        let key = Zeroizing::new(files::random()?);
        self.put(name, &key)?;
        Ok(key)
    }

    /// Keeps a key, durable on return; one of the same name is replaced.
    ///
    /// # Errors
    /// [`StoreError::BadName`], [`StoreError::Io`], [`StoreError::NoRandomness`].
    pub fn put(&self, name: &str, key: &[u8; 32]) -> Result<(), StoreError> {
        files::write_whole(&self.path(name)?, &form(self.sealer.as_ref(), name, key)?)
    }

    /// Overwrites and removes a key, durably; nothing happens when there is none.
    ///
    /// # Errors
    /// [`StoreError::BadName`], [`StoreError::Io`].
    pub fn destroy(&self, name: &str) -> Result<(), StoreError> {
        files::destroy(&self.path(name)?)
    }

    /// Names of the keys, in order.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn names(&self) -> Result<Vec<String>, StoreError> {
        let names = files::names_in(&self.directory)?;
        Ok(names.iter().filter_map(|n| n.strip_suffix(SUFFIX)).map(str::to_owned).collect())
    }

    /// Puts every key under another passphrase, or under none: all of them or, after a crash, none of them.
    ///
    /// The new files are written beside the old directory, which they then replace; the old files are destroyed.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Damaged`] for a key that does not open (nothing is changed then).
    pub fn change_passphrase(&mut self, passphrase: Option<&Passphrase>) -> Result<(), StoreError> {
        self.change_passphrase_costing(passphrase, KdfCost::default())
    }

    /// As [`KeyRing::change_passphrase`], with a chosen cost of trying a passphrase.
    ///
    /// # Errors
    /// As [`KeyRing::change_passphrase`].
    pub fn change_passphrase_costing(
        &mut self,
        passphrase: Option<&Passphrase>,
        cost: KdfCost,
    ) -> Result<(), StoreError> {
        let next = self.write_next(passphrase, cost)?;
        replace_directory(&self.directory)?;
        self.sealer = next.sealer;
        finish_change(&self.directory)
    }

    /// Whether there is a ring in `directory`, or one on its way there.
    pub(crate) fn exists(directory: &Path) -> bool {
        directory.is_dir() || next_to(directory, "next").is_dir()
    }

    /// Destroys whatever is in a ring's directory.
    pub(crate) fn clear(directory: &Path) -> Result<(), StoreError> {
        for name in files::names_in(directory)? {
            files::destroy(&directory.join(name))?;
        }
        Ok(())
    }

    /// Destroys one key of a ring that is not at hand.
    pub(crate) fn destroy_in(directory: &Path, name: &str) -> Result<(), StoreError> {
        files::destroy(&directory.join(format!("{name}{SUFFIX}")))
    }

    /// A copy of the ring under another passphrase, complete but not yet in force.
    fn write_next(&self, passphrase: Option<&Passphrase>, cost: KdfCost) -> Result<Self, StoreError> {
        let directory = next_to(&self.directory, "next");
        destroy_directory(&directory)?;
        let next = Self::create_costing(&directory, passphrase, cost)?;
        for name in self.names()? {
            next.put(&name, &*self.get(&name)?)?;
        }
        Ok(next)
    }

    fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if name.is_empty() || name.len() > NAME_BYTES || !name.bytes().all(allowed) {
            return Err(StoreError::BadName { name: name.to_owned(), what: "a key", limit: NAME_BYTES });
        }
        Ok(self.directory.join(format!("{name}{SUFFIX}")))
    }
}

fn form(sealer: Option<&Sealer>, name: &str, key: &[u8; 32]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let (tag, body) = match sealer {
        Some(sealer) => (SEALED, sealer.seal(&place(name), key)?),
        None => (PLAIN, key.to_vec()),
    };
    let body = Zeroizing::new(body);
    let mut bytes = Zeroizing::new(Vec::with_capacity(1 + body.len()));
    bytes.push(tag);
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

fn place(name: &str) -> [&[u8]; 2] {
    [name.as_bytes(), SUFFIX.as_bytes()]
}

fn next_to(directory: &Path, what: &str) -> PathBuf {
    directory.with_added_extension(what)
}

/// Moves the complete next ring into force. Between the two moves there is no ring under the true name: then
/// [`finish_change`] makes the second.
fn replace_directory(directory: &Path) -> Result<(), StoreError> {
    let old = next_to(directory, "old");
    destroy_directory(&old)?;
    fs::rename(directory, &old).map_err(StoreError::io("move", directory))?;
    directory.parent().map_or(Ok(()), files::sync_directory)
}

/// Brings a change of passphrase to its end, forward or back, whatever instant it was interrupted at.
fn finish_change(directory: &Path) -> Result<(), StoreError> {
    let (next, old) = (next_to(directory, "next"), next_to(directory, "old"));
    if !directory.is_dir() && next.is_dir() {
        fs::rename(&next, directory).map_err(StoreError::io("move", &next))?;
        directory.parent().map_or(Ok(()), files::sync_directory)?;
    }
    destroy_directory(&next)?;
    if directory.is_dir() { destroy_directory(&old) } else { Ok(()) }
}

fn destroy_directory(directory: &Path) -> Result<(), StoreError> {
    KeyRing::clear(directory)?;
    files::remove_directory(directory)
}
