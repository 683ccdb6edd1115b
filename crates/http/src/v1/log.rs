//! The log of this node: everything it stored, decided, ran and released.

use super::{Answer, App, file};
use crate::{
    extract::Query,
    limits::{LOG_PAGE, LOG_PAGE_MOST},
    problem::{Failed, Problem},
};
use axum::{Json, extract::State, response::IntoResponse};
use node::views::{EntryView, LogReport};
use serde::Deserialize;
use utoipa::IntoParams;

/// Which entries.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Section {
    /// The first, from 0.
    from: u64,
    /// How many at most; 100 unless said, never more than 1000.
    limit: Option<usize>,
}

/// Entries, oldest first.
#[utoipa::path(get, path = "/log", tag = "log", params(Section), responses((status = 200, body = [EntryView]), Failed))]
pub(super) async fn list(State(app): State<App>, Query(section): Query<Section>) -> Answer<Vec<EntryView>> {
    let limit = section.limit.unwrap_or(LOG_PAGE).min(LOG_PAGE_MOST);
    Ok(Json(app.node.log(section.from, limit).await?))
}

/// Whether the log is whole, and how others' logs stand.
#[utoipa::path(get, path = "/log/verify", tag = "log", responses((status = 200, body = LogReport), Failed))]
pub(super) async fn verify(State(app): State<App>) -> Answer<LogReport> {
    Ok(Json(app.node.verify_log().await?))
}

/// The log as a file.
#[utoipa::path(get, path = "/log/export", tag = "log",
    responses((status = 200, body = [u8], content_type = "application/cbor"), Failed))]
pub(super) async fn export(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    Ok(file("log.halfdoor", app.node.export_log().await?))
}
