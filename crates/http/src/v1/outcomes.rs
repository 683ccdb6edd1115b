//! Outcomes: what left, with its receipt.

use super::{Answer, App, file};
use crate::{
    extract::Path,
    problem::{Failed, Problem},
};
use axum::{Json, extract::State, response::IntoResponse};
use node::views::OutcomeView;

/// Outcomes received and given.
#[utoipa::path(get, path = "/outcomes", tag = "outcomes", responses((status = 200, body = [OutcomeView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<OutcomeView>> {
    Ok(Json(app.node.outcomes().await?))
}

/// One outcome, its receipt verified anew.
#[utoipa::path(get, path = "/outcomes/{id}", tag = "outcomes",
    params(("id" = String, Path, description = "Id of the receipt or the request")),
    responses((status = 200, body = OutcomeView), Failed))]
pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Answer<OutcomeView> {
    Ok(Json(app.node.outcome(&id).await?))
}

/// The outcome as a file that `halfdoor verify` checks without a node.
#[utoipa::path(get, path = "/outcomes/{id}/export", tag = "outcomes",
    params(("id" = String, Path, description = "Id of the receipt or the request")),
    responses((status = 200, body = [u8], content_type = "application/cbor"), Failed))]
pub(super) async fn export(State(app): State<App>, Path(id): Path<String>) -> Result<impl IntoResponse, Problem> {
    Ok(file("outcome.halfdoor", app.node.export_outcome(&id).await?))
}
