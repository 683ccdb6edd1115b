//! Connections: taking up somebody's invite.

use super::{App, Made, made, patience};
use crate::{extract::Json, problem::Failed};
use axum::extract::State;
use node::views::PersonView;
use serde::Deserialize;
use utoipa::ToSchema;

/// Joins a hosted session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConnection {
    /// The invite's text.
    invite: String,
    /// Seconds to wait for the other side, at most 60; 60 unless said.
    #[serde(default = "longest")]
    wait: u64,
}

fn longest() -> u64 {
    crate::limits::WAIT_SECONDS
}

/// Joins the session that an invite opens.
#[utoipa::path(post, path = "/connections", tag = "people", request_body = NewConnection,
    responses((status = 201, body = PersonView), Failed))]
pub(super) async fn connect(State(app): State<App>, Json(wish): Json<NewConnection>) -> Made<PersonView> {
    made(app.node.connect(&wish.invite, patience(wish.wait)).await?)
}
