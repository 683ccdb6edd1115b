//! What others let me see.

use super::{Answer, App, patience};
use crate::{extract::Query, problem::Failed};
use axum::{Json, extract::State};
use node::views::CatalogPage;
use serde::Deserialize;
use utoipa::IntoParams;

/// Whose catalog, and what in it.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Look {
    /// Name or identity key of the owner; may be left out when only one person is connected.
    person: Option<String>,
    /// Words, at most 64 bytes in all, each of which begins a word of name, description or a column; case and accents do
    /// not count.
    search: String,
    /// Seconds to wait for the owner, at most 60; 0 unless said, which answers with what was told last.
    wait: u64,
}

/// The datasets an owner lets me see: what they are, never their rows.
#[utoipa::path(get, path = "/catalog", tag = "requests", params(Look), responses((status = 200, body = CatalogPage), Failed))]
pub(super) async fn show(State(app): State<App>, Query(look): Query<Look>) -> Answer<CatalogPage> {
    Ok(Json(app.node.catalog(look.person.as_deref(), &look.search, patience(look.wait)).await?))
}
