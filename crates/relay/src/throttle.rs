//! Connections whose streams read no faster than their peer's quota of bytes lets them. A stream that is not read fills
//! its window, and its sender waits: nothing is stored and nothing lost.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures::{AsyncRead, AsyncWrite};
use libp2p::core::muxing::{StreamMuxer, StreamMuxerBox, StreamMuxerEvent, SubstreamBox};
use tokio::time::{Sleep, sleep};

use crate::quota::Meter;

/// Bytes read at once: a fraction of the smallest bucket that a configuration may ask for.
const READ_BYTES: usize = 16 * 1024;

/// A connection whose streams are metered.
pub(crate) struct Throttled {
    inner: StreamMuxerBox,
    meter: Meter,
}

impl Throttled {
    pub(crate) fn new(inner: StreamMuxerBox, meter: Meter) -> Self {
        Self { inner, meter }
    }

    fn metered(&self, inner: SubstreamBox) -> Metered {
        Metered { inner, meter: self.meter.clone(), wait: None }
    }
}

impl StreamMuxer for Throttled {
    type Substream = Metered;
    type Error = io::Error;

    fn poll_inbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Metered>> {
        let stream = ready!(Pin::new(&mut self.inner).poll_inbound(cx))?;
        Poll::Ready(Ok(self.metered(stream)))
    }

    fn poll_outbound(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<Metered>> {
        let stream = ready!(Pin::new(&mut self.inner).poll_outbound(cx))?;
        Poll::Ready(Ok(self.metered(stream)))
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(cx)
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<StreamMuxerEvent>> {
        Pin::new(&mut self.inner).poll(cx)
    }
}

/// A metered stream.
pub(crate) struct Metered {
    inner: SubstreamBox,
    meter: Meter,
    wait: Option<Pin<Box<Sleep>>>,
}

impl AsyncRead for Metered {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &mut [u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        loop {
            if let Some(wait) = &mut this.wait {
                ready!(wait.as_mut().poll(cx));
                this.wait = None;
            }
            match this.meter.pay() {
                Some(wait) => this.wait = Some(Box::pin(sleep(wait))),
                None => break,
            }
        }
        let most = bytes.len().min(READ_BYTES);
        let bytes = bytes.get_mut(..most).unwrap_or_default();
        let read = ready!(Pin::new(&mut this.inner).poll_read(cx, bytes))?;
        this.meter.owe(u32::try_from(read).unwrap_or(u32::MAX));
        Poll::Ready(Ok(read))
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(cx)
    }
}
