//! The relays this node uses.

use super::{Answer, App, Done, Made, made};
use crate::{
    extract::{Json, Query},
    problem::Failed,
};
use axum::{extract::State, http::StatusCode};
use node::views::RelayView;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Names a relay.
#[derive(Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NamedRelay {
    /// Full address ending in /p2p/ID.
    address: String,
}

/// A relay to use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRelay {
    /// Full address ending in /p2p/ID.
    address: String,
    /// What its operator gave out, where it serves only whom it gave one.
    token: Option<String>,
}

/// The relays this node uses, and how it stands with each.
#[utoipa::path(get, path = "/relays", tag = "node", responses((status = 200, body = [RelayView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<RelayView>> {
    Ok(axum::Json(app.node.relays().await?))
}

/// Uses one more relay.
#[utoipa::path(post, path = "/relays", tag = "node", request_body = NewRelay,
    responses((status = 201, body = RelayView), Failed))]
pub(super) async fn add(State(app): State<App>, Json(relay): Json<NewRelay>) -> Made<RelayView> {
    made(app.node.add_relay(&relay.address, relay.token.as_deref()).await?)
}

/// Uses a relay no longer.
#[utoipa::path(delete, path = "/relays", tag = "node", params(NamedRelay), responses((status = 204), Failed))]
pub(super) async fn remove(State(app): State<App>, Query(relay): Query<NamedRelay>) -> Done {
    app.node.remove_relay(&relay.address).await?;
    Ok(StatusCode::NO_CONTENT)
}
