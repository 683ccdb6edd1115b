//! Rendezvous messages on a stream, as [`protocol::length`] describes blocks.

use std::io;

use futures::{AsyncRead, AsyncWrite};
use libp2p::{StreamProtocol, request_response};
use protocol::rendezvous::{ANSWER_BYTES, Message, QUESTION_BYTES};

use crate::block;

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
    Message::from_bytes(&block::read(io, most).await?).map_err(block::invalid)
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, message: &Message, most: usize) -> io::Result<()> {
    block::write(io, &message.to_bytes(), most).await
}

#[cfg(test)]
mod tests;
