//! Who can reach this node, and how.

use super::{Answer, App};
use crate::problem::Failed;
use axum::extract::State;
use node::views::DoctorView;

/// Tries every address of every relay, and judges what to expect of paths to others. Takes up to 15 seconds.
#[utoipa::path(get, path = "/doctor", tag = "node", responses((status = 200, body = DoctorView), Failed))]
pub(super) async fn examine(State(app): State<App>) -> Answer<DoctorView> {
    Ok(axum::Json(app.node.doctor().await?))
}
