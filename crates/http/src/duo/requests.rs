//! `request_data`, `see_requests`, `request_decision` and `request_logs`.

use super::{
    Duo,
    answers::{Asked, CurrentRequests, Decided, Logged, Logs, Waiting},
    bodies::{RequestData, RequestDecision, Word},
    failure::Failure,
    session::Role,
};
use crate::{
    extract::read_json,
    limits::{BODY_BYTES, DUO_ANSWER_TIME},
    problem::{Kind, Problem},
};
use axum::{
    Json,
    extract::{Request, State},
};
use node::{
    views::RequestView,
    wishes::{Approve, NewRequest},
};
use protocol::Kind as Computation;
use std::sync::Arc;

/// Asks for a computation over one of the other side's datasets; answers with its index once the other side has it.
pub(super) async fn request_data(State(duo): State<Arc<Duo>>, request: Request) -> Result<Json<Asked>, Failure> {
    let body: RequestData = read_json(request, BODY_BYTES).await?;
    let (index, computation) = (body.index()?, computation(&body.computation)?);
    let partner = duo.partner().await?.ok_or_else(no_session)?;
    let wish = NewRequest {
        person: partner.party,
        dataset: duo.their_dataset(index).await?,
        computation: computation.name().to_owned(),
        reason: body.reason,
        ..NewRequest::default()
    };
    let made = duo.node.request(wish).await?;
    let known = duo.node.delivered(&made.id, DUO_ANSWER_TIME).await?;
    Ok(Json(Asked { computation_index: taken(known)? }))
}

/// Requests that wait for their decision, under the indices they keep.
pub(super) async fn see_requests(State(duo): State<Arc<Duo>>) -> Result<Json<CurrentRequests>, Failure> {
    let requests = duo.requests(duo.role().await?).await?;
    let waiting: Vec<_> = requests.into_iter().filter_map(Waiting::of).collect();
    Ok(Json(CurrentRequests { current_requests: waiting.into() }))
}

/// Approves or denies a request made to this side. An approval is made on the preview, as everywhere.
pub(super) async fn request_decision(State(duo): State<Arc<Duo>>, request: Request) -> Result<Json<Decided>, Failure> {
    let body: RequestDecision = read_json(request, BODY_BYTES).await?;
    let (index, word) = (body.index()?, body.word()?);
    if !duo.options.allow_decisions {
        let closed = Problem::new(Kind::Refused, "decisions are not taken from programs here");
        return Err(closed
            .hint("decide with halfdoor approve or deny, or start the node with --duo-allow-decisions")
            .into());
    }
    let request = duo.request(Role::Owner, index).await?;
    if request.state != "waiting" {
        return Err(
            Problem::new(Kind::Conflict, format!("request {index} does not wait: it is {}", request.state)).into()
        );
    }
    let decision = match word {
        Word::Approve => {
            duo.node
                .approve(&request.id, Approve { preview: duo.preview(&request.id).await?, ..Approve::default() })
                .await?;
            "approve"
        }
        Word::Deny => {
            duo.node.deny(&request.id, body.reason.as_deref()).await?;
            "deny"
        }
    };
    Ok(Json(Decided { decision, reason: request.reason, index }))
}

/// Requests that were decided, oldest decision first.
pub(super) async fn request_logs(State(duo): State<Arc<Duo>>) -> Result<Json<Logs>, Failure> {
    let mut requests = duo.requests(duo.role().await?).await?;
    requests.sort_by_key(|(index, request)| (request.decided, *index));
    let logged: Vec<_> = requests.into_iter().filter_map(|(_, request)| Logged::of(request)).collect();
    Ok(Json(Logs { logs: logged.into() }))
}

impl Duo {
    /// The other side's dataset at an index of the session.
    async fn their_dataset(&self, index: u64) -> Result<String, Failure> {
        let known = self.session().theirs.at(index);
        if let Some(id) = known {
            return Ok(id);
        }
        self.their_store().await?;
        let found = self.session().theirs.at(index);
        found.ok_or_else(|| {
            let unknown = Problem::new(Kind::NotFound, format!("there is no dataset {index} in this session"));
            unknown.hint("GET /see_data_store lists them").into()
        })
    }

    /// What an approval is made on: opening the prompt computes it.
    async fn preview(&self, id: &str) -> Result<String, Failure> {
        let prompt = self.node.prompt(id).await?;
        prompt.preview.ok_or_else(|| Problem::new(Kind::Refused, prompt.leaves.sentence).into())
    }
}

/// A kind whose answer is a single number, as Duo's programs expect, and that needs no more than a column.
fn computation(word: &str) -> Result<Computation, Problem> {
    let plain = |kind: &Computation| Computation::PLAIN.contains(kind);
    Computation::named(word).filter(plain).ok_or_else(|| {
        Problem::new(Kind::Invalid, "computation: not one that is known here")
            .hint("average, mean, median, max, min, sum, count, std or distinct")
    })
}

/// The index of a request that the other side has.
fn taken(request: RequestView) -> Result<u64, Problem> {
    match (request.state.as_str(), request.index) {
        ("refused", _) => Err(Problem::new(
            Kind::Refused,
            request.detail.unwrap_or_else(|| "the other side refused the request".to_owned()),
        )),
        (_, Some(index)) => Ok(index),
        (_, None) => Err(Problem::new(Kind::Away, "the other side does not have the request yet")
            .hint("it is kept and sent again; do not ask twice")),
    }
}

fn no_session() -> Problem {
    Problem::new(Kind::Conflict, "there is no session").hint("GET /host_session or /connect_session opens one")
}

#[cfg(test)]
mod tests;
