//! Rendezvous messages on a stream, as [`protocol::length`] describes blocks.

use std::io;

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use protocol::{
    length::{self, Length},
    rendezvous::{ANSWER_BYTES, Message, QUESTION_BYTES},
};

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
        write(io, &message, QUESTION_BYTES).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        message: Message,
    ) -> io::Result<()> {
        write(io, &message, ANSWER_BYTES).await
    }
}

async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Message> {
    let mut length = Length::default();
    let length = loop {
        let mut byte = [0];
        io.read_exact(&mut byte).await?;
        let [byte] = byte;
        if let Some(length) = length.take(byte, most).map_err(invalid)? {
            break length;
        }
    };
    // grows with what arrives, not with what was announced
    let mut bytes = Vec::new();
    io.take(length as u64).read_to_end(&mut bytes).await?;
    if bytes.len() < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Message::from_bytes(&bytes).map_err(invalid)
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, message: &Message, most: usize) -> io::Result<()> {
    let bytes = message.to_bytes();
    let mut block = length::prefix(bytes.len(), most).ok_or_else(|| invalid("longer than the peer takes"))?;
    block.extend_from_slice(&bytes);
    io.write_all(&block).await?;
    io.flush().await
}

fn invalid(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests;
