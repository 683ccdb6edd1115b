//! The line in: frames in order, handed on together as far as they wait, answered in the same order.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use futures::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, SinkExt, StreamExt,
    channel::{
        mpsc::{self, Receiver, Sender},
        oneshot,
    },
    try_join,
};
use protocol::limits::FRAME_BYTES;

use crate::{codec, limits};

/// Frames that arrived, and the place for their answers.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) frames: Vec<Vec<u8>>,
    pub(crate) answers: oneshot::Sender<Vec<Vec<u8>>>,
}

/// Serves one stream until its sender has ended it and everything is answered. Ends with an error on bytes that are no
/// frame, and as soon as a frame stays without an answer: what comes behind it must not overtake it.
///
/// One batch is with the node while at most as many frames again are read ahead; then the sender has to wait.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    batches: Sender<Batch>,
    busy: Arc<AtomicBool>,
) -> io::Result<()> {
    let (reader, writer) = stream.split();
    // a channel has one place more than it is told, for its one sender
    let (arrived, arriving) = mpsc::channel(limits::WINDOW - 1);
    try_join!(read(reader, arrived), answer(writer, arriving, batches, &busy)).map(|((), ())| ())
}

async fn read<R: AsyncRead + Unpin>(mut reader: R, mut arrived: Sender<Vec<u8>>) -> io::Result<()> {
    while let Some(frame) = codec::read(&mut reader, FRAME_BYTES).await? {
        arrived.send(frame).await.map_err(io::Error::other)?;
    }
    Ok(())
}

async fn answer<W: AsyncWrite + Unpin>(
    mut writer: W,
    mut arriving: Receiver<Vec<u8>>,
    mut batches: Sender<Batch>,
    busy: &AtomicBool,
) -> io::Result<()> {
    while let Some(first) = arriving.next().await {
        let mut frames = vec![first];
        while frames.len() < limits::WINDOW
            && let Ok(frame) = arriving.try_recv()
        {
            frames.push(frame);
        }
        let count = frames.len();
        let (answers, answered) = oneshot::channel();
        busy.store(true, Relaxed);
        batches.send(Batch { frames, answers }).await.map_err(io::Error::other)?;
        let answers = answered.await.unwrap_or_default();
        for answer in &answers {
            codec::write(&mut writer, answer, FRAME_BYTES).await?;
        }
        writer.flush().await?;
        busy.store(false, Relaxed);
        if answers.len() != count {
            return Err(io::Error::other("a frame was refused"));
        }
    }
    writer.close().await
}
