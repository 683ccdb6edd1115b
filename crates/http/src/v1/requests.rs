//! Requests: what was asked of me and what I asked, and running what was approved.

use super::{Answer, App, Made, Wait, made};
use crate::{
    extract::{Json, Path, Query},
    problem::Failed,
};
use axum::extract::State;
use node::{
    views::{OutcomeView, RequestView},
    wishes::{NewRequest, RequestFilter},
};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which requests to list.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// received or sent; both unless said.
    direction: Option<String>,
    /// Only this person's.
    person: Option<String>,
    /// Only in this state.
    state: Option<String>,
}

/// Requests made to me and by me.
#[utoipa::path(get, path = "/requests", tag = "requests", params(Which), responses((status = 200, body = [RequestView]), Failed))]
pub(super) async fn list(State(app): State<App>, Query(which): Query<Which>) -> Answer<Vec<RequestView>> {
    let Which { direction, person, state } = which;
    Ok(axum::Json(app.node.requests(RequestFilter { direction, person, state }).await?))
}

/// Asks something of somebody's dataset. With `wait`, answers once the other side has it or the time is over.
#[utoipa::path(post, path = "/requests", tag = "requests", params(Wait), request_body = NewRequest,
    responses((status = 201, body = RequestView), Failed))]
pub(super) async fn make(
    State(app): State<App>,
    Query(wait): Query<Wait>,
    Json(wish): Json<NewRequest>,
) -> Made<RequestView> {
    let request = app.node.request(wish).await?;
    if wait.patience().is_zero() {
        return made(request);
    }
    made(app.node.delivered(&request.id, wait.patience()).await?)
}

/// One request.
#[utoipa::path(get, path = "/requests/{id}", tag = "requests",
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = RequestView), Failed))]
pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Answer<RequestView> {
    Ok(axum::Json(app.node.request_by_id(&id).await?))
}

/// Runs what was approved. With `wait`, answers with the outcome, its receipt verified; a repeat spends nothing more.
#[utoipa::path(post, path = "/requests/{id}/run", tag = "requests",
    params(("id" = String, Path, description = "Id, or its beginning"), Wait),
    responses((status = 200, body = OutcomeView), Failed))]
pub(super) async fn run(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(wait): Query<Wait>,
) -> Answer<OutcomeView> {
    Ok(axum::Json(app.node.run(&id, wait.patience()).await?))
}
