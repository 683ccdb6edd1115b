//! The record of calls: written in batches by one task, so that reading costs no sync of its own, and a call that may
//! have changed something is on the disk before its answer goes out.
//!
//! Whoever shows no token that holds is not recorded: a stranger could push everybody else out of the record.

use crate::{
    limits::{CALLS_BATCH, CALLS_PAUSE, CALLS_WAITING},
    problem::{Kind, Problem},
    scope,
};
use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};
use node::{
    Node, NodeError,
    access::{Call, Caller},
};
use std::time::SystemTime;
use tokio::{
    sync::{
        mpsc::{self, OwnedPermit},
        oneshot,
    },
    task::JoinHandle,
    time::{Instant, timeout_at},
};

/// Where calls are recorded. Cheap to clone; what was recorded is written when the last of these is gone.
#[derive(Clone)]
pub(crate) struct Recorder {
    queue: mpsc::Sender<Item>,
    refuse: fn(Problem) -> Response,
}

/// A call that is being answered. However that ends, the handler dropped by a caller that went away included, it is
/// recorded: its place in the queue was taken before it began.
pub(crate) struct Open {
    place: Option<OwnedPermit<Item>>,
    call: Call,
    refuse: fn(Problem) -> Response,
}

struct Item {
    call: Call,
    /// Told whether it was written, where somebody waits for that.
    written: Option<oneshot::Sender<bool>>,
}

/// Calls of Duo's interface that change nothing. Its others do, also on GET.
const DUO_LOOKS: [&str; 3] = ["/see_data_store", "/see_requests", "/request_logs"];

/// Begins recording in a node; the task ends once every recorder is gone and everything is written.
pub(crate) fn start(node: Node) -> (Recorder, JoinHandle<()>) {
    begin(move |calls| {
        let node = node.clone();
        async move { node.record_calls(calls).await }
    })
}

/// The same into anything that takes calls.
pub(crate) fn begin<F>(write: impl FnMut(Vec<Call>) -> F + Send + 'static) -> (Recorder, JoinHandle<()>)
where
    F: Future<Output = Result<(), NodeError>> + Send + 'static,
{
    let (queue, arriving) = mpsc::channel(CALLS_WAITING);
    let refuse = axum::response::IntoResponse::into_response;
    (Recorder { queue, refuse }, tokio::spawn(work(arriving, write)))
}

impl Recorder {
    /// The same, refusing in another form.
    pub(crate) fn refusing(self, refuse: fn(Problem) -> Response) -> Self {
        Self { refuse, ..self }
    }

    /// Takes a place for a call that begins; waits for one while the writer is behind.
    pub(crate) fn open(&self, by: Caller, request: &Request, changes: bool) -> impl Future<Output = Open> + use<> {
        let call = Call {
            time: SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            by,
            method: method(request.method()).to_owned(),
            route: scope::route(request).unwrap_or("unknown path").to_owned(),
            status: None,
            changes,
        };
        let Self { queue, refuse } = self.clone();
        // there is no place only when the writer is gone, which is when the node stops
        async move { Open { place: queue.reserve_owned().await.ok(), call, refuse } }
    }
}

impl Open {
    /// Records how it was answered. An answer that tells of a change waits until that is on the disk, and is not given
    /// if it could not be.
    pub(crate) async fn end(&mut self, answer: Response) -> Response {
        self.call.status = Some(answer.status().as_u16());
        // what was refused changed nothing, and must not push out what did
        self.call.changes &= !answer.status().is_client_error();
        if !self.call.changes {
            self.record(None);
            return answer;
        }
        let (written, told) = oneshot::channel();
        self.record(Some(written));
        if told.await.unwrap_or(false) {
            return answer;
        }
        let unwritten = Problem::new(Kind::Internal, "the call was carried out, but could not be recorded");
        (self.refuse)(unwritten.hint("see whether it happened before you ask for it again; the node's log says why"))
    }

    /// Records that there was no answer.
    pub(crate) fn leave(&mut self) {
        self.record(None);
    }

    fn record(&mut self, written: Option<oneshot::Sender<bool>>) {
        if let Some(place) = self.place.take() {
            place.send(Item { call: self.call.clone(), written });
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.record(None);
    }
}

/// The layer of Duo's endpoints, where nobody is known.
pub(crate) async fn duo(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let changes = scope::route(&request).is_some_and(|route| !DUO_LOOKS.contains(&route));
    let mut call = recorder.open(Caller::Duo, &request, changes).await;
    let answer = next.run(request).await;
    call.end(answer).await
}

async fn work<F>(mut arriving: mpsc::Receiver<Item>, mut write: impl FnMut(Vec<Call>) -> F)
where
    F: Future<Output = Result<(), NodeError>>,
{
    while let Some(first) = arriving.recv().await {
        let items = gather(first, &mut arriving).await;
        let (calls, waiting): (Vec<_>, Vec<_>) = items.into_iter().map(|item| (item.call, item.written)).unzip();
        let written = write(calls).await;
        if let Err(error) = &written {
            tracing::error!(error = error as &dyn std::error::Error, "calls could not be recorded");
        }
        for told in waiting.into_iter().flatten() {
            // whoever waited may be gone
            let _ = told.send(written.is_ok());
        }
    }
}

/// Company for a call: what arrives within the pause, or until somebody waits for the disk.
async fn gather(first: Item, arriving: &mut mpsc::Receiver<Item>) -> Vec<Item> {
    let deadline = Instant::now() + CALLS_PAUSE;
    let mut hurry = first.written.is_some();
    let mut items = vec![first];
    while items.len() < CALLS_BATCH {
        let next =
            if hurry { arriving.try_recv().ok() } else { timeout_at(deadline, arriving.recv()).await.ok().flatten() };
        let Some(item) = next else { break };
        hurry |= item.written.is_some();
        items.push(item);
    }
    items
}

/// A method as it is recorded: a caller may send any word.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests;
