//! The screens: what the command line can do, for people with a browser.
//!
//! Pages are made here, in one piece, and work without a script; the one script swaps what has changed. A request
//! passes the guard (host, origin), then [`door`] (session, lock, form token, record), then one page under `owner` or
//! `institution`. Every word that is ours stands in `words`.

mod assets;
mod door;
mod fault;
mod form;
mod institution;
mod launch;
mod layout;
mod offers;
mod opening;
mod owner;
mod pending;
mod session;
mod show;
mod visit;
mod words;

pub(crate) use launch::PATH as LAUNCH_PATH;
pub(crate) use session::{Sessions, last_port};

use crate::{events::Streams, gate, gate::Gate, limits::REQUESTS, record::Recorder};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use node::Node;
use pending::Pending;
use std::sync::Arc;
use tokio::sync::Notify;
use visit::Visit;

/// What a page may load: what this node serves, and nothing else; where it may send: here.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'",
);
/// Forms of ours state their origin; no other page learns where somebody was.
const REFERRER: HeaderValue = HeaderValue::from_static("same-origin");

/// What pages need.
#[derive(Clone)]
pub(crate) struct Screens {
    pub(crate) node: Node,
    pub(crate) streams: Streams,
    pub(crate) sessions: Sessions,
    pub(crate) recorder: Recorder,
    /// Told when somebody stops everything.
    pub(crate) stop: Arc<Notify>,
    pub(crate) pending: Pending,
}

impl Screens {
    pub(crate) fn new(node: Node, streams: Streams, sessions: Sessions, recorder: Recorder, stop: Arc<Notify>) -> Self {
        Self { node, streams, sessions, recorder: recorder.refusing(fault::refusal), stop, pending: Pending::default() }
    }
}

/// Every screen.
pub(crate) fn router(screens: Screens) -> Router {
    let gate = Gate::new(REQUESTS, fault::refusal);
    let inside = owner::router().merge(institution::router()).merge(offers::routes()).merge(opening::inside());
    let inside = inside.route("/happenings", get(happenings)).route("/lock", post(opening::lock));
    let inside = inside.layer(from_fn_with_state(screens.clone(), door::pass));
    inside
        .merge(opening::outside())
        .method_not_allowed_fallback(fault::wrong_method)
        .with_state(screens)
        .merge(assets::router())
        .layer(from_fn_with_state(gate, gate::pass))
        .layer(from_fn(policy))
}

async fn policy(request: axum::extract::Request, next: axum::middleware::Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY);
    response.headers_mut().insert(header::REFERRER_POLICY, REFERRER);
    response
}

/// What happens, told to open screens: ids, never contents.
async fn happenings(State(screens): State<Screens>, visit: Visit) -> Response {
    let over = screens.sessions.clone();
    let ended = visit.ended(over);
    match screens.streams.open((screens.node.events(), screens.node.loadings()), ended) {
        Ok(stream) => stream.into_response(),
        Err(problem) => fault::refusal(problem),
    }
}
