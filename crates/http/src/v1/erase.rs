//! Erasing personal text; proofs stand.

use super::{App, Done};
use crate::{extract::Json, problem::Failed};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Erase {
    /// A person's name, or a request's id.
    subject: String,
}

/// Erases the personal text of a request or of a person.
#[utoipa::path(post, path = "/erase", tag = "people", request_body = Erase, responses((status = 204), Failed))]
pub(super) async fn erase(State(app): State<App>, Json(wish): Json<Erase>) -> Done {
    app.node.erase(&wish.subject).await?;
    Ok(StatusCode::NO_CONTENT)
}
