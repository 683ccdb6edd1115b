//! Bytes on a stream: a length as an unsigned varint, then that many bytes.

mod frames;
mod questions;

pub(crate) use frames::{Frames, PROTOCOL};
pub(crate) use questions::Questions;

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Reads one block of at most `most` bytes. Memory grows with what arrives, not with what was announced.
async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Vec<u8>> {
    let length = read_varint(io).await?;
    if length > most as u64 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{length} bytes where {most} are the most")));
    }
    let mut bytes = Vec::new();
    io.take(length).read_to_end(&mut bytes).await?;
    if (bytes.len() as u64) < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
}

/// Writes one block of at most `most` bytes.
async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, bytes: &[u8], most: usize) -> io::Result<()> {
    if bytes.len() > most {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "longer than the peer takes"));
    }
    let mut length = Vec::with_capacity(3);
    let mut rest = bytes.len();
    while rest >= 0x80 {
        length.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    length.push(rest as u8);
    io.write_all(&length).await?;
    io.write_all(bytes).await?;
    io.flush().await
}

/// At most three bytes: every bound is below 2^21.
async fn read_varint<T: AsyncRead + Unpin + Send>(io: &mut T) -> io::Result<u64> {
    let mut value = 0;
    for shift in [0, 7, 14] {
        let mut byte = [0];
        io.read_exact(&mut byte).await?;
        let [byte] = byte;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(io::Error::new(io::ErrorKind::InvalidData, "the length is too long"))
}

#[cfg(test)]
mod tests;
