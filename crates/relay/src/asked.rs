//! Questions to the relay and its answers on a stream, each one bounded block of CBOR.

use std::{io, marker::PhantomData};

use futures::{AsyncRead, AsyncWrite};
use libp2p::{StreamProtocol, request_response};
use protocol::{access, cbor, mailbox};

use crate::block;

/// What goes one way.
pub(crate) trait Block: Sized + Send {
    /// Longest in bytes.
    const BYTES: usize;
    fn read(bytes: &[u8]) -> Result<Self, cbor::CborError>;
    fn write(&self) -> Result<Vec<u8>, cbor::CborError>;
}

impl Block for mailbox::Question {
    const BYTES: usize = mailbox::Question::BYTES;
    fn read(bytes: &[u8]) -> Result<Self, cbor::CborError> {
        Self::from_slice(bytes)
    }
    fn write(&self) -> Result<Vec<u8>, cbor::CborError> {
        self.to_vec()
    }
}

impl Block for mailbox::Answer {
    const BYTES: usize = mailbox::Answer::BYTES;
    fn read(bytes: &[u8]) -> Result<Self, cbor::CborError> {
        Self::from_slice(bytes)
    }
    fn write(&self) -> Result<Vec<u8>, cbor::CborError> {
        self.to_vec()
    }
}

impl Block for access::Show {
    const BYTES: usize = access::BYTES;
    fn read(bytes: &[u8]) -> Result<Self, cbor::CborError> {
        Self::from_slice(bytes)
    }
    fn write(&self) -> Result<Vec<u8>, cbor::CborError> {
        self.to_vec()
    }
}

impl Block for access::Said {
    const BYTES: usize = access::BYTES;
    fn read(bytes: &[u8]) -> Result<Self, cbor::CborError> {
        Self::from_slice(bytes)
    }
    fn write(&self) -> Result<Vec<u8>, cbor::CborError> {
        self.to_vec()
    }
}

/// Reads questions `Q` and writes answers `A`.
#[derive(Debug)]
pub(crate) struct Asked<Q, A>(PhantomData<fn(Q) -> A>);

impl<Q, A> Default for Asked<Q, A> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<Q, A> Clone for Asked<Q, A> {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl<Q: Block, A: Block> request_response::Codec for Asked<Q, A> {
    type Protocol = StreamProtocol;
    type Request = Q;
    type Response = A;

    async fn read_request<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Q> {
        Q::read(&block::read(io, Q::BYTES).await?).map_err(block::invalid)
    }

    async fn read_response<T: AsyncRead + Unpin + Send>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<A> {
        A::read(&block::read(io, A::BYTES).await?).map_err(block::invalid)
    }

    async fn write_request<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        question: Q,
    ) -> io::Result<()> {
        let bytes = question.write().map_err(block::invalid)?;
        block::write(io, &bytes, Q::BYTES).await
    }

    async fn write_response<T: AsyncWrite + Unpin + Send>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        answer: A,
    ) -> io::Result<()> {
        let bytes = answer.write().map_err(block::invalid)?;
        block::write(io, &bytes, A::BYTES).await
    }
}
