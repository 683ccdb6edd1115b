//! A file that does not have to lie in memory.

use super::ReadError;
use std::{
    io::{self, Read},
    sync::Arc,
};

/// A file that is read at any place, as often as its format needs.
pub trait Source: Send + Sync {
    /// Its length in bytes.
    fn length(&self) -> u64;

    /// Reads from a place on; 0 only at the end of the file.
    ///
    /// # Errors
    /// Whatever keeps it from being read, or ends the reading.
    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize>;

    /// Told when a reading from front to end begins: which one it is, and of how many.
    fn begin(&self, pass: u32, of: u32) {
        let _ = (pass, of);
    }
}

impl Source for Vec<u8> {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        let read = rest.len().min(into.len());
        into.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Ok(read)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(at, into)
    }

    fn begin(&self, pass: u32, of: u32) {
        (**self).begin(pass, of);
    }
}

impl<S: Source + ?Sized> Source for Arc<S> {
    fn length(&self) -> u64 {
        (**self).length()
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(at, into)
    }

    fn begin(&self, pass: u32, of: u32) {
        (**self).begin(pass, of);
    }
}

/// What is left of a file behind its first bytes.
pub(super) struct Behind<S>(pub(super) S, pub(super) u64);

impl<S: Source> Source for Behind<S> {
    fn length(&self) -> u64 {
        self.0.length().saturating_sub(self.1)
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<usize> {
        self.0.read_at(at.saturating_add(self.1), into)
    }

    fn begin(&self, pass: u32, of: u32) {
        self.0.begin(pass, of);
    }
}

/// A file as it is read on from a place.
pub(super) struct Onward<S> {
    pub(super) source: S,
    pub(super) at: u64,
}

impl<S: Source> Read for Onward<S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.at, into)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// At most so many bytes from a place on; fewer only where the file ends.
pub(super) fn part(source: &dyn Source, at: u64, length: usize) -> io::Result<Vec<u8>> {
    let left = source.length().saturating_sub(at).min(length as u64);
    let mut bytes = Vec::with_capacity(usize::try_from(left).unwrap_or(length));
    Onward { source, at }.take(left).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// All of it, where it is no longer than a file that is read whole may be.
pub(super) fn whole(source: &dyn Source, limit: usize) -> Result<Vec<u8>, ReadError> {
    if source.length() > limit as u64 {
        return Err(ReadError::TooLarge);
    }
    source.begin(1, 1);
    Ok(part(source, 0, limit)?)
}

#[cfg(test)]
mod tests;
