//! What happens in the node, told to browsers and programs as Server-Sent Events.

use crate::{
    connection::stopped,
    limits::{EVENT_STREAMS, EVENTS_SILENCE, EVENTS_WAITING},
    problem::{Kind, Problem},
};
use axum::response::sse::{Event, KeepAlive, Sse};
use node::{loading::Loading, views::Happening};
use std::{convert::Infallible, sync::Arc};
use tokio::sync::{
    Semaphore,
    broadcast::{self, error::RecvError},
    mpsc, watch,
};
use tokio_stream::wrappers::ReceiverStream;

/// The event streams open now.
#[derive(Clone)]
pub(crate) struct Streams {
    places: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
}

impl Streams {
    pub(crate) fn new(stop: watch::Receiver<bool>) -> Self {
        Self { places: Arc::new(Semaphore::new(EVENT_STREAMS)), stop }
    }

    /// Opens one more. It ends when its client goes, when `over` does, or when the node stops.
    pub(crate) fn open(
        &self,
        (happenings, loadings): (broadcast::Receiver<Happening>, broadcast::Receiver<Loading>),
        over: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Stream, Problem> {
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return Err(Problem::new(Kind::Busy, "too many clients listen to events").hint("close one of them"));
        };
        let (sender, receiver) = mpsc::channel(EVENTS_WAITING);
        let stop = self.stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = forward(happenings, loadings, sender, stop) => {}
                () = over => {}
            }
            drop(place);
        });
        let silence = KeepAlive::new().interval(EVENTS_SILENCE);
        Ok(Sse::new(ReceiverStream::new(receiver)).keep_alive(silence))
    }
}

/// One event stream as an answer.
pub(crate) type Stream = Sse<axum::response::sse::KeepAliveStream<ReceiverStream<Result<Event, Infallible>>>>;

async fn forward(
    mut happenings: broadcast::Receiver<Happening>,
    mut loadings: broadcast::Receiver<Loading>,
    sender: mpsc::Sender<Result<Event, Infallible>>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let event = tokio::select! {
            () = stopped(&mut stop) => return,
            () = sender.closed() => return,
            happening = happenings.recv() => match happening {
                Ok(happening) => told(&happening),
                Err(RecvError::Lagged(missed)) => lagged(missed),
                Err(RecvError::Closed) => return,
            },
            loading = loadings.recv() => match loading {
                Ok(loading) => how_far(&loading),
                // the next one says it all again
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            },
        };
        tokio::select! {
            () = stopped(&mut stop) => return,
            sent = sender.send(Ok(event)) => if sent.is_err() { return },
        }
    }
}

fn told(happening: &Happening) -> Event {
    // The name is a word of the node's; a line break in it would be a bug there and must not become a panic here.
    let name: String = happening.what.chars().filter(|character| !character.is_control()).collect();
    Event::default().event(name).json_data(happening).unwrap_or_else(|_| Event::default().comment("unreadable"))
}

fn how_far(loading: &Loading) -> Event {
    Event::default().event("loading").json_data(loading).unwrap_or_else(|_| Event::default().comment("unreadable"))
}

/// Events were missed: the client reads the state anew.
fn lagged(missed: u64) -> Event {
    Event::default().event("lagged").data(format!("{{\"missed\":{missed}}}"))
}

#[cfg(test)]
mod tests;
