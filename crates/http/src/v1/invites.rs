//! Invites: how somebody is let in for the first time.

use super::{Answer, App, Made, Wait, made};
use crate::{
    extract::{MaybeJson, Path, Query},
    problem::Failed,
};
use axum::{Json, extract::State};
use node::{NodeError, views::InviteView, wishes::NewInvite};

/// Hosts a session: makes an invite to hand over.
#[utoipa::path(post, path = "/invites", tag = "people", request_body = Option<NewInvite>,
    responses((status = 201, body = InviteView), Failed))]
pub(super) async fn create(State(app): State<App>, MaybeJson(wish): MaybeJson<NewInvite>) -> Made<InviteView> {
    made(app.node.invite(wish).await?)
}

/// An invite and who joined by it. With `wait`, answers as soon as somebody joined or the time is over.
#[utoipa::path(get, path = "/invites/{id}", tag = "people", params(("id" = String, Path, description = "The invite"), Wait),
    responses((status = 200, body = InviteView), Failed))]
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(wait): Query<Wait>,
) -> Answer<InviteView> {
    if !wait.patience().is_zero() {
        match app.node.joined(&id, wait.patience()).await {
            // Nobody yet is an answer, not a failure.
            Ok(_) | Err(NodeError::Away { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Json(app.node.invite_state(&id).await?))
}
