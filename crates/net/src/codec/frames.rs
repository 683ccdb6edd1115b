//! Halfdoor's frames: one each way on a stream, opaque here.

use std::io;

use futures::{AsyncRead, AsyncWrite};
use libp2p::{StreamProtocol, request_response};
use protocol::limits::FRAME_BYTES;

/// The protocol and its version; another version is another name.
pub(crate) const PROTOCOL: StreamProtocol = StreamProtocol::new("/halfdoor/1");

/// Reads and writes frames and their answers, both of at most [`FRAME_BYTES`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Frames;

impl request_response::Codec for Frames {
    type Protocol = StreamProtocol;
    type Request = Vec<u8>;
    type Response = Vec<u8>;

    async fn read_request<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        super::read(io, FRAME_BYTES).await
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
    ) -> io::Result<Vec<u8>> {
        super::read(io, FRAME_BYTES).await
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        frame: Vec<u8>,
    ) -> io::Result<()> {
        super::write(io, &frame, FRAME_BYTES).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        answer: Vec<u8>,
    ) -> io::Result<()> {
        super::write(io, &answer, FRAME_BYTES).await
    }
}
