//! Messages as bytes: 32 for a point or a number, nothing else, each in its only form.

use super::{Ciphertext, MOST_VALUES, Refused};
use curve25519_dalek::{RistrettoPoint, Scalar, ristretto::CompressedRistretto};

/// Reads 32 bytes at a time, strictly.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn block(&mut self) -> Result<[u8; 32], Refused> {
        let (block, rest) = self.0.split_first_chunk::<32>().ok_or(Refused::Malformed)?;
        self.0 = rest;
        Ok(*block)
    }

    pub(crate) fn point(&mut self) -> Result<RistrettoPoint, Refused> {
        CompressedRistretto(self.block()?).decompress().ok_or(Refused::Malformed)
    }

    pub(crate) fn scalar(&mut self) -> Result<Scalar, Refused> {
        Option::from(Scalar::from_canonical_bytes(self.block()?)).ok_or(Refused::Malformed)
    }

    pub(crate) fn ciphertext(&mut self) -> Result<Ciphertext, Refused> {
        Ok(Ciphertext { c: self.point()?, d: self.point()? })
    }

    pub(crate) fn end(&self) -> Result<(), Refused> {
        if self.0.is_empty() { Ok(()) } else { Err(Refused::Malformed) }
    }
}

pub(crate) fn put(out: &mut Vec<u8>, point: &RistrettoPoint) {
    out.extend_from_slice(point.compress().as_bytes());
}

pub(crate) fn put_ciphertext(out: &mut Vec<u8>, one: &Ciphertext) {
    put(out, &one.c);
    put(out, &one.d);
}

/// Ciphertexts one after another, 64 bytes each.
pub(crate) fn ciphertexts_to(all: &[Ciphertext]) -> Vec<u8> {
    let mut out = Vec::with_capacity(all.len() * 64);
    all.iter().for_each(|one| put_ciphertext(&mut out, one));
    out
}

/// As many ciphertexts as announced, and none that opens without a key.
pub(crate) fn ciphertexts_from(bytes: &[u8], announced: usize) -> Result<Vec<Ciphertext>, Refused> {
    let found = bytes.len() / 64;
    if found != announced || found > MOST_VALUES {
        return Err(Refused::Count { found, announced });
    }
    let mut reader = Reader::new(bytes);
    let all = (0..found).map(|_| reader.ciphertext()).collect::<Result<Vec<_>, _>>()?;
    reader.end()?;
    if all.iter().any(Ciphertext::is_bare) { Err(Refused::Bare) } else { Ok(all) }
}
