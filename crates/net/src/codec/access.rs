//! Showing a relay that we were given its token.

use std::io;

use futures::{AsyncRead, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use protocol::{
    access::{BYTES, Said, Show},
    cbor::CborError,
};

/// Writes what is shown and reads what is said to it, both bounded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tokens;

impl request_response::Codec for Tokens {
    type Protocol = StreamProtocol;
    type Request = Show;
    type Response = Said;

    async fn read_request<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Show> {
        Show::from_slice(&read(io).await?).map_err(invalid)
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Said> {
        Said::from_slice(&read(io).await?).map_err(invalid)
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        show: Show,
    ) -> io::Result<()> {
        write(io, &show.to_vec().map_err(invalid)?).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        said: Said,
    ) -> io::Result<()> {
        write(io, &said.to_vec().map_err(invalid)?).await
    }
}

async fn read<T: AsyncRead + Unpin + Send>(io: &mut T) -> io::Result<Vec<u8>> {
    super::read(io, BYTES).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

async fn write<T: AsyncWrite + Unpin + Send>(io: &mut T, bytes: &[u8]) -> io::Result<()> {
    super::write(io, bytes, BYTES).await?;
    io.flush().await
}

fn invalid(error: CborError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
