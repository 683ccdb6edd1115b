//! Tokens: what other programs of mine may do here.

use super::{Answer, App, Done, Made, made};
use crate::{
    extract::{Json, Path},
    problem::Failed,
};
use axum::{extract::State, http::StatusCode};
use node::{
    views::{MadeToken, TokenView},
    wishes::NewToken,
};

/// The tokens made here, never their texts.
#[utoipa::path(get, path = "/tokens", tag = "tokens", responses((status = 200, body = [TokenView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<TokenView>> {
    Ok(axum::Json(app.node.tokens().await?))
}

/// Makes one. Its text is in this answer and nowhere else.
#[utoipa::path(post, path = "/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, body = MadeToken), Failed))]
pub(super) async fn make(State(app): State<App>, Json(wish): Json<NewToken>) -> Made<MadeToken> {
    made(app.node.make_token(wish).await?)
}

/// Revokes one. Answered once it holds no longer; what it listens to is cut.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "tokens",
    params(("id" = String, Path, description = "Name, or the beginning of the id")), responses((status = 204), Failed))]
pub(super) async fn revoke(State(app): State<App>, Path(id): Path<String>) -> Done {
    app.node.revoke_token(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
