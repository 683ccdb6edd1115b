//! Blocks on a stream, as [`protocol::length`] describes them.

mod access;
mod mails;
mod questions;

pub(crate) use access::Tokens;
pub(crate) use mails::Mails;
pub(crate) use questions::Questions;

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use protocol::length::{self, Length};

/// Reads one block of at most `most` bytes; `None` where the stream ends before it begins. Memory grows with what
/// arrives, not with what was announced.
pub(crate) async fn read<T: AsyncRead + Unpin>(io: &mut T, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut length = Length::default();
    let length = loop {
        let mut byte = [0];
        if io.read(&mut byte).await? == 0 {
            return if length.begun() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(None) };
        }
        let [byte] = byte;
        let taken = length.take(byte, most);
        if let Some(length) = taken.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))? {
            break length;
        }
    };
    let mut bytes = Vec::new();
    io.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(Some(bytes)) }
}

/// Writes one block of at most `most` bytes, in one piece; the caller flushes.
pub(crate) async fn write<T: AsyncWrite + Unpin>(io: &mut T, bytes: &[u8], most: usize) -> io::Result<()> {
    let longer = || io::Error::new(io::ErrorKind::InvalidInput, "longer than the peer takes");
    let mut block = length::prefix(bytes.len(), most).ok_or_else(longer)?;
    block.extend_from_slice(bytes);
    io.write_all(&block).await
}

#[cfg(test)]
mod tests;
