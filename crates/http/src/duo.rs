//! Duo's nine endpoints, for programs written for Duo (a PySyft Duet application): its field names, its paths, its acts.
//!
//! What Duo got wrong is not taken over: failures have a status, indices stay what they were, numbers are right, and
//! only the word "approve" approves. Nobody is asked who they are, so `request_decision` and `?invite=` need more.

mod answers;
mod bodies;
mod data;
mod failure;
mod hosting;
mod python;
mod requests;
mod run;
mod session;

use crate::{
    DuoOptions,
    gate::{self, Gate},
    guard::{self, Guard},
    headers,
    limits::DUO_REQUESTS,
    problem::{Kind, Problem},
    record::{self, Recorder},
    token::Token,
};
use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use failure::Failure;
use hosting::Hosted;
use node::{
    Node,
    views::{PersonView, RequestView},
    wishes::RequestFilter,
};
use session::{Role, Session};
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The node as Duo's endpoints see it, and the one session they speak of.
pub(crate) struct Duo {
    node: Node,
    home: PathBuf,
    token: Token,
    options: DuoOptions,
    session: Mutex<Session>,
    hosted: tokio::sync::Mutex<Option<Hosted>>,
}

impl Duo {
    pub(crate) fn new(node: Node, home: PathBuf, token: Token, options: DuoOptions) -> Self {
        Self { node, home, token, options, session: Mutex::default(), hosted: tokio::sync::Mutex::default() }
    }

    /// The session's state. Never held across an await.
    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who the session is with, if there is one.
    async fn partner(&self) -> Result<Option<PersonView>, Failure> {
        let people = self.node.people().await?;
        let party = self.session().party().map(str::to_owned);
        Ok(session::choose(people, party.as_deref()))
    }

    /// Whether this side owns the data of the session or asks about it.
    async fn role(&self) -> Result<Role, Failure> {
        let stated = self.session().role();
        Ok(match stated {
            Some(role) => role,
            None if self.node.datasets().await?.is_empty() => Role::Requester,
            None => Role::Owner,
        })
    }

    /// The session's requests that have an index, in its order.
    async fn requests(&self, role: Role) -> Result<Vec<(u64, RequestView)>, Failure> {
        let Some(partner) = self.partner().await? else { return Ok(Vec::new()) };
        let direction = Some(role.direction().to_owned());
        let all = self.node.requests(RequestFilter { direction, ..RequestFilter::default() }).await?;
        Ok(session::indexed(all, &partner.party))
    }

    /// The session's request at an index.
    async fn request(&self, role: Role, index: u64) -> Result<RequestView, Failure> {
        let found = self.requests(role).await?.into_iter().find(|(at, _)| *at == index);
        found.map(|(_, request)| request).ok_or_else(|| {
            let unknown = Problem::new(Kind::NotFound, format!("there is no request {index} in this session"));
            unknown.hint("GET /see_requests lists those that wait").into()
        })
    }
}

/// The nine endpoints, answering at `address`; every call is recorded.
pub(crate) fn router(duo: Arc<Duo>, recorder: Recorder, address: SocketAddr) -> Router {
    let nine = Router::new()
        .route("/host_session", get(hosting::host_session))
        .route("/connect_session", get(hosting::connect_session))
        .route("/store_data", post(data::store_data))
        .route("/see_data_store", get(data::see_data_store))
        .route("/see_requests", get(requests::see_requests).post(requests::see_requests))
        .route("/request_data", post(requests::request_data))
        .route("/request_decision", post(requests::request_decision))
        .route("/request_logs", get(requests::request_logs))
        .route("/run_computation", post(run::run_computation));
    guarded(nine.with_state(duo), recorder, address)
}

/// Routes behind Duo's layers: headers around guard around record around gate.
fn guarded(routes: Router, recorder: Recorder, address: SocketAddr) -> Router {
    let guard = Guard::new(address, refuse);
    // Hosting waits for a person, so there is no clock; every other call bounds its own wait.
    let gate = Gate::patient(DUO_REQUESTS, refuse);
    routes
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(gate, gate::pass))
        .layer(from_fn_with_state(recorder.refusing(refuse), record::duo))
        .layer(from_fn_with_state(guard, guard::check))
        .layer(from_fn(headers::add))
}

async fn unknown() -> Failure {
    Problem::new(Kind::NotFound, "duo has no such call").into()
}

async fn wrong_method() -> Failure {
    Problem::new(Kind::Method, "this call takes another method").into()
}

fn refuse(problem: Problem) -> Response {
    Failure::from(problem).into_response()
}

#[cfg(test)]
mod tests;
