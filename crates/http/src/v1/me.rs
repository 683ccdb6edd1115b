//! Who this node is.

use super::{Answer, App};
use crate::problem::Failed;
use axum::{Json, extract::State};
use node::views::Me;

/// Who this node is.
#[utoipa::path(get, path = "/me", tag = "node", responses((status = 200, body = Me), Failed))]
pub(super) async fn show(State(app): State<App>) -> Answer<Me> {
    Ok(Json(app.node.me()))
}
