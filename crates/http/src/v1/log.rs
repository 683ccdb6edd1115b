//! The log of this node: everything it stored, decided, ran and released.

use super::{Answer, App, file};
use crate::{
    extract::{Path, Query},
    limits::{LOG_PAGE, LOG_PAGE_MOST},
    problem::{Failed, Problem},
};
use axum::{Json, body::Body, extract::State, response::IntoResponse};
use node::{
    Node,
    views::{EntryView, LogReport},
};
use serde::Deserialize;
use tokio_stream::wrappers::ReceiverStream;
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

/// The log as a file, sent as it is read.
#[utoipa::path(get, path = "/log/export", tag = "log",
    responses((status = 200, body = [u8], content_type = "application/cbor"), Failed))]
pub(super) async fn export(State(app): State<App>) -> Result<impl IntoResponse, Problem> {
    exported(&app.node).await
}

/// The log of a node as a file.
pub(crate) async fn exported(node: &Node) -> Result<impl IntoResponse + use<>, Problem> {
    let mut export = node.export_log();
    // what can be refused is refused before anything is sent
    let first = export.next().await?.unwrap_or_default();
    let (pages, sent) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut page = Some(Ok(first));
        while let Some(bytes) = page {
            let broken = bytes.is_err();
            if pages.send(bytes).await.is_err() || broken {
                return;
            }
            page = export.next().await.transpose();
        }
    });
    Ok(file("log.halfdoor", Body::from_stream(ReceiverStream::new(sent))))
}

/// Proof that somebody's statements about their own log contradict each other.
#[utoipa::path(get, path = "/log/evidence/{person}", tag = "log",
    params(("person" = String, Path, description = "Name")),
    responses((status = 200, body = [u8], content_type = "application/cbor"), Failed))]
pub(super) async fn evidence(State(app): State<App>, Path(person): Path<String>) -> Result<impl IntoResponse, Problem> {
    Ok(file("evidence.halfdoor", app.node.export_evidence(&person).await?))
}
