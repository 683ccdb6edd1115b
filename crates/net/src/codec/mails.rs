//! Questions to a relay's mailbox.

use std::io;

use futures::{AsyncRead, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use protocol::{
    cbor::CborError,
    mailbox::{Answer, Question},
};

/// Writes questions and reads answers, both bounded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mails;

impl request_response::Codec for Mails {
    type Protocol = StreamProtocol;
    type Request = Question;
    type Response = Answer;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Question> {
        Question::from_slice(&read(io, Question::BYTES).await?).map_err(invalid)
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Answer> {
        Answer::from_slice(&read(io, Answer::BYTES).await?).map_err(invalid)
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        question: Question,
    ) -> io::Result<()> {
        write(io, &question.to_vec().map_err(invalid)?, Question::BYTES).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        answer: Answer,
    ) -> io::Result<()> {
        write(io, &answer.to_vec().map_err(invalid)?, Answer::BYTES).await
    }
}

async fn read<T: AsyncRead + Unpin + Send>(io: &mut T, most: usize) -> io::Result<Vec<u8>> {
    super::read(io, most).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, bytes: &[u8], most: usize) -> io::Result<()> {
    super::write(io, bytes, most).await?;
    io.flush().await
}

fn invalid(error: CborError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
