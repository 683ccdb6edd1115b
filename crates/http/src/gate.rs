//! How much at once, and for how long: a semaphore and a clock before the handlers.

use crate::{
    limits::{FILE_TIME, HANDLER_TIME},
    problem::{Kind, Problem},
    scope::{self, FILES},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use failpoint::Point;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// The gate of one listener.
#[derive(Clone)]
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    time: Duration,
    refuse: fn(Problem) -> Response,
}

impl Gate {
    /// Lets `places` requests through at once, each for [`HANDLER_TIME`]; `refuse` says no in that listener's own form.
    pub(crate) fn new(places: usize, refuse: fn(Problem) -> Response) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), time: HANDLER_TIME, refuse }
    }

    /// The same without a clock, for handlers that wait for people.
    pub(crate) fn patient(places: usize, refuse: fn(Problem) -> Response) -> Self {
        Self { time: Duration::MAX, ..Self::new(places, refuse) }
    }
}

/// The layer: refuses at once what it has no place for, and ends what takes too long.
pub(crate) async fn pass(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let Ok(_place) = gate.places.try_acquire() else {
        let full = Problem::new(Kind::Busy, "too many requests are being handled at once");
        return (gate.refuse)(full.hint("try again in a moment"));
    };
    let time = if scope::route(&request) == Some(FILES) { FILE_TIME.max(gate.time) } else { gate.time };
    match tokio::time::timeout(time, next.run(request)).await {
        Ok(response) => {
            failpoint::pass(Point::AnswerUnsent);
            response
        }
        Err(_) => {
            let late = Problem::new(Kind::Busy, "it took longer than a request may take");
            (gate.refuse)(late.hint("see whether it happened before you ask for it again"))
        }
    }
}

#[cfg(test)]
mod tests;
