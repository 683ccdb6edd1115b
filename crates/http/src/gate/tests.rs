use super::*;
use axum::{Router, body::Body, middleware::from_fn_with_state, response::IntoResponse, routing::get};
use std::future::pending;
use tower::ServiceExt as _;

fn ask(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

fn router(gate: Gate) -> Router {
    Router::new()
        .route("/", get(|| async { "done" }))
        .route("/forever", get(pending::<()>))
        .layer(from_fn_with_state(gate, pass))
}

#[tokio::test]
async fn whoever_finds_no_place_is_told_at_once_and_a_place_is_given_back() {
    let router = router(Gate::new(1, IntoResponse::into_response));
    let waiting = tokio::spawn(router.clone().oneshot(ask("/forever")));
    // the only place is taken as soon as the other task has run once
    while router.clone().oneshot(ask("/")).await.unwrap().status() != 503 {
        tokio::task::yield_now().await;
    }
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(router.oneshot(ask("/")).await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_takes_too_long_is_ended() {
    let gate = Gate { time: Duration::ZERO, ..Gate::new(1, IntoResponse::into_response) };
    assert_eq!(router(gate).oneshot(ask("/forever")).await.unwrap().status(), 503);
}
