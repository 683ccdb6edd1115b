//! The mailbox's thread: a disk that takes its time delays no circuit.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::SystemTime,
};

use libp2p::request_response::{InboundRequestId, ResponseChannel};
use protocol::{
    UnixSeconds,
    mailbox::{Answer, Question, Refused},
};
use tokio::sync::mpsc;
use tracing::error;

use super::{Depositor, Pile};

/// Questions that wait for the disk: 8 MiB at their largest.
const WAITING: usize = 512;
/// Answers that wait to be sent: 8 MiB at their largest. The thread waits while there are more.
const ANSWERS: usize = 32;

/// Where an answer goes.
pub(crate) type Way = (InboundRequestId, ResponseChannel<Answer>);

type Asked = (Depositor, Question, Way);

/// Hands questions to the thread, and its answers to the swarm.
pub(crate) struct Clerk {
    asks: SyncSender<Work>,
    answered: mpsc::Receiver<Answered>,
    size: Size,
}

/// Items and bytes, as the thread left them last.
type Size = Arc<[AtomicU64; 2]>;

enum Work {
    Answer(Asked),
    Sweep,
}

impl Clerk {
    /// Starts the thread. It ends with this.
    pub(crate) fn start(pile: Pile) -> std::io::Result<Self> {
        let (asks, work) = sync_channel(WAITING);
        let (answers, answered) = mpsc::channel(ANSWERS);
        let size = Size::default();
        note(&pile, &size);
        thread::Builder::new().name("halfdoor-mailbox".to_owned()).spawn({
            let size = Size::clone(&size);
            move || serve(pile, &work, &answers, &size)
        })?;
        Ok(Self { asks, answered, size })
    }

    /// Takes a question; where too many wait, it is answered with that at once.
    pub(crate) fn ask(&self, from: Depositor, question: Question, way: Way) -> Option<Answered> {
        match self.asks.try_send(Work::Answer((from, question, way))) {
            Ok(()) => None,
            Err(TrySendError::Full(work) | TrySendError::Disconnected(work)) => match work {
                Work::Answer((_, _, way)) => Some((way, Answer::Refused(Refused::Later))),
                Work::Sweep => None,
            },
        }
    }

    /// Lets what is over be forgotten, now or with the next sweep.
    pub(crate) fn sweep(&self) {
        let _ = self.asks.try_send(Work::Sweep);
    }

    /// How many items there are, and their bytes.
    pub(crate) fn size(&self) -> (u64, u64) {
        let [items, bytes] = &*self.size;
        (items.load(Relaxed), bytes.load(Relaxed))
    }

    /// The next answer.
    pub(crate) async fn answered(&mut self) -> Answered {
        match self.answered.recv().await {
            Some(answer) => answer,
            // the thread is gone: nothing will be answered any more
            None => std::future::pending().await,
        }
    }
}

/// An answer and where it goes.
pub(crate) type Answered = (Way, Answer);

fn serve(mut pile: Pile, work: &Receiver<Work>, answers: &mpsc::Sender<Answered>, size: &Size) {
    while let Ok(next) = work.recv() {
        match next {
            Work::Answer((from, question, way)) => {
                let answer = pile.answer(now(), from, question);
                note(&pile, size);
                if answers.blocking_send((way, answer)).is_err() {
                    return;
                }
            }
            Work::Sweep => {
                if let Err(failed) = pile.sweep(now()) {
                    error!(error = &*failed, "the mailbox's folder cannot be used");
                }
                note(&pile, size);
                let (items, bytes) = pile.size();
                tracing::debug!(items, bytes, "the mailbox");
            }
        }
    }
}

fn note(pile: &Pile, size: &Size) {
    let (items, bytes) = pile.size();
    size[0].store(items as u64, Relaxed);
    size[1].store(bytes, Relaxed);
}

fn now() -> UnixSeconds {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
