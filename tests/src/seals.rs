//! Looking through a home for words, as somebody does who has its files and some keys.
//!
//! Sealed values are looked for at every offset of every file, not where the databases say that they are: a value that a
//! database has forgotten still lies in its old segments. A seal is version ‖ nonce (24) ‖ ciphertext ‖ tag; the tag and
//! what it is bound to only say whether a value is true. The ciphertext is a stream: with the key, whatever follows a
//! nonce is decrypted without them, its length unknown.

use crate::chance::Chance;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce, aead::Aead as _};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Version byte before the nonce.
const VERSION: u8 = 1;
const NONCE: usize = 24;
/// Bytes decrypted after each nonce: more than any value with planted words has, which finding all of them shows.
const WINDOW: usize = 6 << 10;

/// Words that nobody else writes, to be found again.
#[derive(Clone, Debug)]
pub struct Planted {
    start: String,
    words: Vec<String>,
}

/// The keys of a home, by file name.
#[derive(Clone, Debug)]
pub struct Keys(BTreeMap<String, [u8; 32]>);

impl Planted {
    /// So many different words, which all begin alike.
    #[must_use]
    pub fn new(count: usize, chance: &mut Chance) -> Self {
        let start = format!("zq{}", chance.word(7));
        let words = (0..count).map(|at| format!("{start}{at:03}{}", chance.word(4))).collect();
        Self { start, words }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Those of the words that stand in some bytes.
    #[must_use]
    pub fn in_bytes(&self, bytes: &[u8]) -> BTreeSet<String> {
        let start = self.start.as_bytes();
        let mut found = BTreeSet::new();
        let mut from = 0;
        while let Some(at) = bytes[from..].iter().position(|byte| *byte == start[0]) {
            let here = &bytes[from + at..];
            if here.starts_with(start) {
                found.extend(self.words.iter().filter(|word| here.starts_with(word.as_bytes())).cloned());
            }
            from += at + 1;
        }
        found
    }

    /// Those that stand in the files of a home as they are, names of files included.
    ///
    /// # Panics
    /// When a file cannot be read.
    #[must_use]
    pub fn in_files(&self, home: &Path) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for path in files(home) {
            found.extend(self.in_bytes(path.to_string_lossy().as_bytes()));
            found.extend(self.in_bytes(&fs::read(&path).expect("a file of the home")));
        }
        found
    }

    /// Those that any of these keys brings to light, anywhere in the files of a home.
    ///
    /// # Panics
    /// When a file cannot be read.
    #[must_use]
    pub fn under_keys(&self, home: &Path, keys: &Keys) -> BTreeSet<String> {
        let ciphers: Vec<_> = keys.0.values().map(|key| XChaCha20Poly1305::new(key.into())).collect();
        let mut found = BTreeSet::new();
        for path in files(home) {
            let bytes = fs::read(&path).expect("a file of the home");
            for at in (0..bytes.len()).filter(|at| bytes[*at] == VERSION) {
                let Some((nonce, after)) = bytes[at + 1..].split_first_chunk::<NONCE>() else { break };
                // sled leaves long stretches of one byte; no nonce of 24 equal bytes was ever drawn
                if nonce.iter().all(|byte| *byte == nonce[0]) {
                    continue;
                }
                for cipher in &ciphers {
                    found.extend(self.in_bytes(&stream(cipher, nonce, &after[..after.len().min(WINDOW)])));
                }
            }
        }
        found
    }
}

impl Keys {
    /// Every key of a home that has no passphrase.
    ///
    /// # Panics
    /// When a key file has another form than `0 ‖ key`.
    #[must_use]
    pub fn of(home: &Path) -> Self {
        let keys = files(&home.join("keys")).into_iter().map(|path| {
            let bytes = fs::read(&path).expect("a key file");
            let key = bytes.strip_prefix(&[0]).and_then(|key| key.try_into().ok());
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            (name, key.unwrap_or_else(|| panic!("{} is no plain key", path.display())))
        });
        Self(keys.collect())
    }

    /// Names of the key files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: &Self) -> Self {
        // the same name may have had another key before
        self.0.extend(others.0.iter().map(|(name, key)| (format!("{name} before"), *key)));
        self
    }
}

/// What a ciphertext is under a key and a nonce, true or not: enciphering it again undoes the stream.
fn stream(cipher: &XChaCha20Poly1305, nonce: &[u8; NONCE], ciphertext: &[u8]) -> Vec<u8> {
    cipher.encrypt(&XNonce::from(*nonce), ciphertext).expect("a short text")
}

/// Every file in a folder and in the folders below it.
fn files(of: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(of).unwrap_or_else(|e| panic!("{}: {e}", of.display()));
    let paths = entries.map(|entry| entry.expect("an entry of a folder").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
