//! What the relay does now, in numbers: no peer and no address.

use tokio::sync::{mpsc, oneshot};

/// Questions that wait at once; whoever asks more often waits.
const WAITING: usize = 8;

/// The relay in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Status {
    /// Peers connected now.
    pub peers: u64,
    /// Nodes that can be reached through this relay now.
    pub reservations: u64,
    /// Circuits open now.
    pub circuits: u64,
    /// Names under which nodes are listed now.
    pub registrations: u64,
    /// Items in the mailbox now, and their bytes.
    pub mailbox_items: u64,
    /// See `mailbox_items`.
    pub mailbox_bytes: u64,
    /// Bytes that peers have sent since the start.
    pub carried_bytes: u64,
    /// Refused by quota since the start: connections, reservations, circuits, lookups.
    pub refused: [u64; 4],
    /// It is about to stop and takes on nothing new.
    pub draining: bool,
}

/// Asks a running relay for its numbers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Observer(mpsc::Sender<oneshot::Sender<Status>>);

/// Where questions come in.
pub(crate) type Questions = mpsc::Receiver<oneshot::Sender<Status>>;

pub(crate) fn observed() -> (Observer, Questions) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Observer(sender), receiver)
}

impl Observer {
    /// The numbers now; none once the relay has stopped.
    pub async fn status(&self) -> Option<Status> {
        let (answer, answered) = oneshot::channel();
        self.0.send(answer).await.ok()?;
        answered.await.ok()
    }
}
