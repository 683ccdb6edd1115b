//! Grants: what approvals allow, and taking it back.

use super::{Answer, App, Done};
use crate::{extract::Path, problem::Failed};
use axum::{Json, extract::State, http::StatusCode};
use node::views::GrantView;

/// Grants given and held.
#[utoipa::path(get, path = "/grants", tag = "grants", responses((status = 200, body = [GrantView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<GrantView>> {
    Ok(Json(app.node.grants().await?))
}

/// Pauses a standing grant: until it is resumed nothing is asked or run under it.
#[utoipa::path(post, path = "/grants/{id}/pause", tag = "grants",
    params(("id" = String, Path, description = "Id of the grant")), responses((status = 204), Failed))]
pub(super) async fn pause(State(app): State<App>, Path(id): Path<String>) -> Done {
    app.node.pause(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Resumes a standing grant. Answers that waited for that leave.
#[utoipa::path(post, path = "/grants/{id}/resume", tag = "grants",
    params(("id" = String, Path, description = "Id of the grant")), responses((status = 204), Failed))]
pub(super) async fn resume(State(app): State<App>, Path(id): Path<String>) -> Done {
    app.node.resume(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stops every later run.
#[utoipa::path(post, path = "/grants/{id}/revoke", tag = "grants",
    params(("id" = String, Path, description = "Id of the grant, the counter-offer or the request")),
    responses((status = 204), Failed))]
pub(super) async fn revoke(State(app): State<App>, Path(id): Path<String>) -> Done {
    app.node.revoke(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
