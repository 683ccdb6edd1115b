//! The people this node is connected with.

use super::{Answer, App, Done};
use crate::{
    extract::{Json, Path},
    problem::{Failed, Kind, Problem},
};
use axum::{extract::State, http::StatusCode};
use node::views::{PersonView, PingView};
use serde::Deserialize;
use utoipa::ToSchema;

/// Changes one thing about a person: exactly one field is said, so that a change happens whole or not at all.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedPerson {
    /// The name I give.
    name: Option<String>,
    /// The safety code as it was read out; right, it marks the person as verified. Spaces do not matter.
    safety_code: Option<String>,
    /// Whether they are blocked.
    blocked: Option<bool>,
}

/// The one thing that is changed.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    Name(String),
    Verify(String),
    Block(bool),
}

impl TryFrom<ChangedPerson> for Change {
    type Error = Problem;

    fn try_from(changed: ChangedPerson) -> Result<Self, Problem> {
        match (changed.name, changed.safety_code, changed.blocked) {
            (Some(name), None, None) => Ok(Self::Name(name)),
            (None, Some(code), None) => Ok(Self::Verify(code)),
            (None, None, Some(blocked)) => Ok(Self::Block(blocked)),
            _ => Err(Problem::new(Kind::Invalid, "exactly one of name, safety_code and blocked is changed at a time")),
        }
    }
}

/// Everybody this node is connected with.
#[utoipa::path(get, path = "/people", tag = "people", responses((status = 200, body = [PersonView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<PersonView>> {
    Ok(axum::Json(app.node.people().await?))
}

/// One of them.
#[utoipa::path(get, path = "/people/{name}", tag = "people",
    params(("name" = String, Path, description = "Name or identity key")),
    responses((status = 200, body = PersonView), Failed))]
pub(super) async fn show(State(app): State<App>, Path(name): Path<String>) -> Answer<PersonView> {
    Ok(axum::Json(app.node.person(&name).await?))
}

/// How long it takes to one of them and back, and which way.
#[utoipa::path(get, path = "/people/{name}/ping", tag = "people",
    params(("name" = String, Path, description = "Name or identity key")),
    responses((status = 200, body = PingView), Failed))]
pub(super) async fn ping(State(app): State<App>, Path(name): Path<String>) -> Answer<PingView> {
    Ok(axum::Json(app.node.ping(&name).await?))
}

/// Renames, verifies or blocks.
#[utoipa::path(patch, path = "/people/{name}", tag = "people", request_body = ChangedPerson,
    params(("name" = String, Path, description = "Name or identity key")),
    responses((status = 200, body = PersonView), Failed))]
pub(super) async fn change(
    State(app): State<App>,
    Path(person): Path<String>,
    Json(changed): Json<ChangedPerson>,
) -> Answer<PersonView> {
    let view = match Change::try_from(changed)? {
        Change::Name(name) => app.node.rename(&person, &name).await?,
        Change::Verify(code) => app.node.verify_person(&person, &code).await?,
        Change::Block(blocked) => app.node.block(&person, blocked).await?,
    };
    Ok(axum::Json(view))
}

/// Ends the connection and forgets who it was with.
#[utoipa::path(delete, path = "/people/{name}", tag = "people",
    params(("name" = String, Path, description = "Name or identity key")), responses((status = 204), Failed))]
pub(super) async fn forget(State(app): State<App>, Path(name): Path<String>) -> Done {
    app.node.forget(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests;
