//! The record of calls of this interface.

use super::{Answer, App};
use crate::{
    extract::Query,
    limits::{CALLS_PAGE, CALLS_PAGE_MOST},
    problem::Failed,
};
use axum::{Json, extract::State};
use node::views::CallView;
use serde::Deserialize;
use utoipa::IntoParams;

/// Which calls.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only by this token: its name or its id; "this home" and "duo" are those without one.
    token: Option<String>,
    /// How many at most; 100 unless said, never more than 1000.
    limit: Option<usize>,
}

/// The latest calls, newest first: who, when, what, how it ended. The last 10,000 that changed something are kept, the
/// last 10,000 that did not, and the last 10,000 of Duo's endpoints.
#[utoipa::path(get, path = "/calls", tag = "tokens", params(Which), responses((status = 200, body = [CallView]), Failed))]
pub(super) async fn list(State(app): State<App>, Query(which): Query<Which>) -> Answer<Vec<CallView>> {
    let limit = which.limit.unwrap_or(CALLS_PAGE).min(CALLS_PAGE_MOST);
    Ok(Json(app.node.calls(which.token.as_deref(), limit).await?))
}
