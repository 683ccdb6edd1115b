//! How much at once, and for how long: a semaphore and a clock before the handlers.

use crate::{
    limits::HANDLER_TIME,
    problem::{Kind, Problem},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// The gate of one listener.
#[derive(Clone)]
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    time: Duration,
}

impl Gate {
    /// Lets `places` requests through at once, each for [`HANDLER_TIME`].
    pub(crate) fn new(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), time: HANDLER_TIME }
    }

    /// The same without a clock, for handlers that watch their own time.
    pub(crate) fn patient(places: usize) -> Self {
        Self { time: Duration::MAX, ..Self::new(places) }
    }
}

/// The layer: refuses at once what it has no place for, and ends what takes too long.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Result<Response, Problem> {
    let Ok(_place) = gate.places.try_acquire() else {
        return Err(Problem::new(Kind::Busy, "too many requests are being handled at once").hint("try again in a moment"));
    };
    match tokio::time::timeout(gate.time, next.run(request)).await {
        Ok(response) => Ok(response),
        Err(_) => Err(Problem::new(Kind::Busy, "it took longer than a request may take").hint("see whether it happened before you repeat it")),
    }
}
