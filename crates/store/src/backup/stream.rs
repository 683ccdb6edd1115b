//! The sealed form of a backup: header, then parts.

use crate::{
    error::StoreError,
    files,
    keys::{Kdf, KdfCost, Passphrase, Secret},
};
use aead_stream::{NewStream as _, Nonce, StreamBE32, StreamPrimitive as _};
use chacha20poly1305::{XChaCha20Poly1305, aead::Payload};
use hmac::{Hmac, KeyInit as _, Mac as _};
use protocol::cbor;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

const MAGIC: &[u8; 16] = b"halfdoor-backup\n";
const FORMAT: u8 = 1;
/// A header has some 230 bytes.
const HEADER_BYTES: usize = 1024;
/// XChaCha20-Poly1305's nonce less the number of the part (4) and the mark of the last (1).
const NONCE_BYTES: usize = 19;
/// Plain bytes of every part but the last; few for a fuzzer, whose short inputs are then of several parts.
pub(super) const PART_BYTES: usize = if cfg!(fuzzing) { 64 } else { 64 * 1024 };
const TAG_BYTES: usize = 16;
const SEALED_BYTES: usize = PART_BYTES + TAG_BYTES;

type Stream = StreamBE32<XChaCha20Poly1305>;

/// The readable beginning of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: u8,
    kdf: Kdf,
    nonce: ByteBuf,
}

/// Why a stream of parts is not the one that was written; the caller names the file.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("{0}")]
    Form(String),
    #[error("it cannot be read")]
    Io(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Seals what is written into it. Whole only after [`Sealing::finish`].
pub(super) struct Sealing<W> {
    to: W,
    stream: Stream,
    header: [u8; 32],
    part: u32,
    waiting: Zeroizing<Vec<u8>>,
    written: u64,
}

impl<W: Write> Sealing<W> {
    /// Writes the header.
    pub(super) fn begin(mut to: W, passphrase: &Passphrase, cost: KdfCost) -> Result<Self, Broken> {
        let (kdf, key) = Kdf::create(passphrase, cost)?;
        let nonce = files::random::<NONCE_BYTES>()?;
        let header = Header { format: FORMAT, kdf, nonce: ByteBuf::from(nonce) };
        let bytes = cbor::to_vec(&header).map_err(|e| Broken::Form(e.to_string()))?;
        let (head, hash) = head(&bytes);
        to.write_all(&head)?;
        let waiting = Zeroizing::new(Vec::with_capacity(PART_BYTES));
        Ok(Self { to, stream: stream(&key, nonce)?, header: hash, part: 0, waiting, written: head.len() as u64 })
    }

    /// Takes bytes; a full part is sealed once it is known that it is not the last.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Broken> {
        while !bytes.is_empty() {
            if self.waiting.len() == PART_BYTES {
                self.seal(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(PART_BYTES - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Bytes that went out so far.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    /// Seals the last part; gives back where it all went.
    pub(super) fn finish(mut self) -> Result<(W, u64), Broken> {
        self.seal(true)?;
        Ok((self.to, self.written))
    }

    fn seal(&mut self, last: bool) -> Result<(), Broken> {
        let payload = Payload { msg: &self.waiting, aad: &self.header };
        let sealed = self.stream.encrypt(self.part, last, payload);
        let sealed = sealed.map_err(|_| Broken::Form("a part cannot be sealed".to_owned()))?;
        self.to.write_all(&sealed)?;
        self.written += sealed.len() as u64;
        self.part = self.part.checked_add(1).ok_or_else(|| Broken::Form("too many parts".to_owned()))?;
        self.waiting.clear();
        Ok(())
    }
}

/// Opens what was sealed, part after part.
pub(super) struct Opening<R> {
    from: R,
    stream: Stream,
    header: [u8; 32],
    part: u32,
    /// The next part, still sealed; empty before the first and after the last.
    next: Vec<u8>,
    read: u64,
    over: bool,
}

impl<R: Read> Opening<R> {
    /// Reads the header and tries the passphrase.
    pub(super) fn begin(mut from: R, passphrase: &Passphrase) -> Result<Self, Broken> {
        let Head { kdf, nonce, hash, length } = Head::read(&mut from)?;
        let key = kdf.open(passphrase)?;
        let (stream, next) = (stream(&key, nonce)?, Vec::new());
        let mut opening = Self { from, stream, header: hash, part: 0, next, read: length, over: false };
        opening.next = opening.fetch()?;
        Ok(opening)
    }

    /// The plain bytes of the next part; `None` after the last one was opened.
    pub(super) fn part(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, Broken> {
        if self.over {
            return Ok(None);
        }
        // a part is the last when nothing follows it: what follows must be read to know
        let following = if self.next.len() == SEALED_BYTES { self.fetch()? } else { Vec::new() };
        let last = following.is_empty();
        let sealed = std::mem::replace(&mut self.next, following);
        let begins = self.read - (sealed.len() + self.next.len()) as u64;
        let plain = self.open(last, &sealed).ok_or_else(|| self.fault(last, &sealed, begins))?;
        self.over = last;
        self.part = self.part.wrapping_add(1);
        Ok(Some(plain))
    }

    /// Bytes that came in so far.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    fn open(&self, last: bool, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload { msg: sealed, aad: &self.header };
        self.stream.decrypt(self.part, last, payload).ok().map(Zeroizing::new)
    }

    /// In words, where the file is not what was written, and if it can be told, how.
    fn fault(&self, last: bool, sealed: &[u8], begins: u64) -> Broken {
        let (part, ends) = (u64::from(self.part) + 1, begins + sealed.len() as u64);
        let how = match last {
            true if self.open(false, sealed).is_some() => format!("it was cut off after byte {ends}"),
            false if self.open(true, sealed).is_some() => format!("bytes were added after byte {ends}"),
            true if sealed.is_empty() => format!("it was cut off after byte {ends}"),
            _ => format!("part {part} (bytes {begins} to {ends}) was altered, moved or cut off"),
        };
        Broken::Form(how)
    }

    /// Up to one sealed part.
    fn fetch(&mut self) -> Result<Vec<u8>, Broken> {
        let mut bytes = Vec::with_capacity(SEALED_BYTES);
        self.from.by_ref().take(SEALED_BYTES as u64).read_to_end(&mut bytes)?;
        self.read += bytes.len() as u64;
        Ok(bytes)
    }
}

/// The beginning of a file whose header is `header`, and its hash.
pub(super) fn head(header: &[u8]) -> (Vec<u8>, [u8; 32]) {
    let mut head = MAGIC.to_vec();
    // some 230 bytes
    head.extend_from_slice(&(header.len() as u16).to_be_bytes());
    head.extend_from_slice(header);
    let hash: [u8; 32] = Sha256::digest(&head).into();
    head.extend_from_slice(&hash);
    (head, hash)
}

/// What the beginning of a file says: readable, and found to be of a form that this program writes.
pub(super) struct Head {
    kdf: Kdf,
    nonce: [u8; NONCE_BYTES],
    hash: [u8; 32],
    /// Bytes of the file up to the first part.
    length: u64,
}

impl Head {
    /// Reads it, and not a byte further. Nothing is computed from a passphrase.
    pub(super) fn read(from: &mut impl Read) -> Result<Self, Broken> {
        let mut head = vec![0; MAGIC.len() + 2];
        let short = |_| Broken::Form("it is no backup of halfdoor".to_owned());
        from.read_exact(&mut head).map_err(short)?;
        let (magic, length) = head.split_at(MAGIC.len());
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        if magic != MAGIC || length > HEADER_BYTES {
            return Err(Broken::Form("it is no backup of halfdoor".to_owned()));
        }
        let damaged = |_| Broken::Form("its header is damaged".to_owned());
        let mut header = vec![0; length];
        let mut hash = [0; 32];
        from.read_exact(&mut header).and_then(|()| from.read_exact(&mut hash)).map_err(damaged)?;
        head.extend_from_slice(&header);
        if <[u8; 32]>::from(Sha256::digest(&head)) != hash {
            return Err(Broken::Form("its header is damaged".to_owned()));
        }
        let header: Header = cbor::from_slice(&header).map_err(|e| Broken::Form(format!("its header: {e}")))?;
        if header.format != FORMAT {
            return Err(StoreError::newer("this backup", header.format.into(), FORMAT.into(), None).into());
        }
        header.kdf.check("this backup").map_err(|e| match e {
            StoreError::Damaged { source, .. } => Broken::Form(format!("its header: {source}")),
            other => other.into(),
        })?;
        let nonce = header.nonce.into_vec().try_into();
        let nonce = nonce.map_err(|_| Broken::Form("its header: a nonce of another length".to_owned()))?;
        Ok(Self { kdf: header.kdf, nonce, hash, length: head.len() as u64 + 32 })
    }
}

/// The key of the parts is not the one that checks the passphrase.
fn stream(key: &Secret, nonce: [u8; NONCE_BYTES]) -> Result<Stream, Broken> {
    let mac = Hmac::<Sha256>::new_from_slice(&**key).map_err(|e| Broken::Form(e.to_string()))?;
    let key = Zeroizing::new(<[u8; 32]>::from(mac.chain_update(b"halfdoor/backup/1").finalize().into_bytes()));
    Ok(Stream::new(&(*key).into(), &Nonce::<XChaCha20Poly1305, Stream>::from(nonce)))
}
