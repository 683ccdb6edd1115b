//! Questions to a relay's rendezvous.

use std::io;

use futures::{AsyncRead, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use protocol::rendezvous::{ANSWER_BYTES, Message, QUESTION_BYTES};

/// Writes questions and reads answers, both bounded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Questions;

impl request_response::Codec for Questions {
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
        question: Message,
    ) -> io::Result<()> {
        write(io, &question, QUESTION_BYTES).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        answer: Message,
    ) -> io::Result<()> {
        write(io, &answer, ANSWER_BYTES).await
    }
}

async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Message> {
    let bytes = super::read(io, most).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Message::from_bytes(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, message: &Message, most: usize) -> io::Result<()> {
    super::write(io, &message.to_bytes(), most).await?;
    io.flush().await
}
