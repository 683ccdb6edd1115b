//! Rendezvous messages on a stream: the length as an unsigned varint, then the message.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use protocol::rendezvous::{ANSWER_BYTES, Message, QUESTION_BYTES};

/// Reads questions and writes answers, both bounded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Codec;

impl request_response::Codec for Codec {
    type Protocol = StreamProtocol;
    type Request = Message;
    type Response = Message;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Message> {
        read(io, QUESTION_BYTES).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Message> {
        read(io, ANSWER_BYTES).await
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        message: Message,
    ) -> io::Result<()> {
        write(io, &message).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        message: Message,
    ) -> io::Result<()> {
        write(io, &message).await
    }
}

async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Message> {
    let length = read_varint(io).await?;
    if length > most as u64 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("{length} bytes where {most} are the most")));
    }
    // grows with what arrives, not with what was announced
    let mut bytes = Vec::new();
    io.take(length).read_to_end(&mut bytes).await?;
    if (bytes.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Message::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, message: &Message) -> io::Result<()> {
    let bytes = message.to_bytes();
    let mut framed = Vec::with_capacity(bytes.len() + 3);
    let mut rest = bytes.len();
    while rest >= 0x80 {
        framed.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    framed.push(rest as u8);
    framed.extend_from_slice(&bytes);
    io.write_all(&framed).await?;
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
