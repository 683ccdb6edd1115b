//! Blocks on a stream: a length as an unsigned varint, then that many bytes. Pure: who reads and writes is elsewhere.

/// Bytes that a length takes at most: every bound on a stream is below 2^21.
const BYTES: u8 = 3;

/// A length that is too long, or over the bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLength {
    /// More bytes than a length has.
    #[error("the length is too long")]
    Endless,
    /// More than the reader takes.
    #[error("{length} bytes where {most} are the most")]
    TooMuch {
        /// What was announced.
        length: usize,
        /// What is taken.
        most: usize,
    },
}

/// A block's length as it precedes the block; `None` for a block over `most` or 2^21 - 1 bytes.
#[must_use]
pub fn prefix(length: usize, most: usize) -> Option<Vec<u8>> {
    if length > most || length >> (7 * BYTES) > 0 {
        return None;
    }
    let (mut bytes, mut rest) = (Vec::with_capacity(BYTES.into()), length);
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    Some(bytes)
}

/// Reads a length byte by byte.
#[derive(Debug, Default)]
pub struct Length {
    value: usize,
    taken: u8,
}

impl Length {
    /// Takes the next byte; the length, once it is whole.
    ///
    /// # Errors
    /// [`BadLength`]: nothing that follows can be understood.
    pub fn take(&mut self, byte: u8, most: usize) -> Result<Option<usize>, BadLength> {
        if self.taken >= BYTES {
            return Err(BadLength::Endless);
        }
        self.value |= usize::from(byte & 0x7f) << (7 * self.taken);
        self.taken += 1;
        match byte & 0x80 {
            0 if self.value > most => Err(BadLength::TooMuch { length: self.value, most }),
            0 => Ok(Some(self.value)),
            _ if self.taken >= BYTES => Err(BadLength::Endless),
            _ => Ok(None),
        }
    }

    /// Whether a byte was taken: a stream that ends before is whole.
    #[must_use]
    pub fn begun(&self) -> bool {
        self.taken > 0
    }
}

#[cfg(test)]
mod tests;
