//! Blocks on a stream, as [`protocol::length`] describes them.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use protocol::length::{self, Length};

/// Reads one block of at most `most` bytes. Memory grows with what arrives, not with what was announced.
pub(crate) async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Vec<u8>> {
    let mut length = Length::default();
    let length = loop {
        let mut byte = [0];
        io.read_exact(&mut byte).await?;
        let [byte] = byte;
        if let Some(length) = length.take(byte, most).map_err(invalid)? {
            break length;
        }
    };
    let mut bytes = Vec::new();
    io.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < length { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes) }
}

/// Writes one block of at most `most` bytes.
pub(crate) async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, bytes: &[u8], most: usize) -> io::Result<()> {
    let mut block = length::prefix(bytes.len(), most).ok_or_else(|| invalid("longer than the peer takes"))?;
    block.extend_from_slice(bytes);
    io.write_all(&block).await?;
    io.flush().await
}

pub(crate) fn invalid(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
