//! The line out: frames as they are handed over, answers as they come.

use std::{convert::Infallible, io};

use futures::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, SinkExt, StreamExt,
    channel::mpsc::{Receiver, Sender, UnboundedReceiver},
    future::{self, Either},
    pin_mut,
};
use protocol::limits::FRAME_BYTES;

use crate::codec;

/// Carries frames until the stream ends, which is an error, or nobody hands over frames any more.
///
/// How many frames are under way is bounded by who hands them over; an answer waits for the one before it to be taken.
pub(super) async fn carry<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    frames: UnboundedReceiver<Vec<u8>>,
    answers: Sender<Vec<u8>>,
) -> io::Result<()> {
    let (reader, writer) = stream.split();
    let (writing, reading) = (write(writer, frames), read(reader, answers));
    pin_mut!(writing, reading);
    match future::select(writing, reading).await {
        Either::Left((written, _)) => written,
        Either::Right((Err(error), _)) => Err(error),
        Either::Right((Ok(never), _)) => match never {},
    }
}

/// What waits is written at once: frames under way together share packets.
async fn write<W: AsyncWrite + Unpin>(mut writer: W, mut frames: UnboundedReceiver<Vec<u8>>) -> io::Result<()> {
    while let Some(frame) = frames.next().await {
        codec::write(&mut writer, &frame, FRAME_BYTES).await?;
        while let Ok(frame) = frames.try_recv() {
            codec::write(&mut writer, &frame, FRAME_BYTES).await?;
        }
        writer.flush().await?;
    }
    writer.close().await
}

async fn read<R: AsyncRead + Unpin>(mut reader: R, mut answers: Sender<Vec<u8>>) -> io::Result<Infallible> {
    loop {
        let answer = codec::read(&mut reader, FRAME_BYTES).await?.ok_or(io::ErrorKind::UnexpectedEof)?;
        // the carrier owns the other end, and this future with it
        answers.send(answer).await.map_err(io::Error::other)?;
    }
}

/// The ends of the channel that answers go through: one is read while one waits to be taken.
pub(super) fn answers() -> (Sender<Vec<u8>>, Receiver<Vec<u8>>) {
    futures::channel::mpsc::channel(0)
}
