//! The event stream.

use super::App;
use crate::{
    asker::Asker,
    events::Stream,
    problem::{Failed, Problem},
};
use axum::{Extension, extract::State};
use node::{loading::Loading, views::Happening};
use serde::Serialize;
use utoipa::ToSchema;

/// The data of an event: of `loading`, how far a file is; of every other one, what happened.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes what events hold; they are written one by one")]
pub(super) enum EventData {
    /// What happened.
    Happening(Happening),
    /// How far a file is.
    Loading(Loading),
}

/// What happens, as Server-Sent Events: the event's name is `what`, its data the happening. A client that was too slow
/// gets `lagged` and reads the state anew. While a file is loaded, events of the name `loading` tell how far it is. The
/// stream ends with the token that opened it.
#[utoipa::path(get, path = "/events", tag = "node",
    responses((status = 200, body = EventData, content_type = "text/event-stream"), Failed))]
pub(super) async fn listen(State(app): State<App>, Extension(asker): Extension<Asker>) -> Result<Stream, Problem> {
    app.streams.open((app.node.events(), app.node.loadings()), async move { asker.ended().await })
}
