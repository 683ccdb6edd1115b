//! The event stream.

use super::App;
use crate::{
    asker::Asker,
    events::Stream,
    problem::{Failed, Problem},
};
use axum::{Extension, extract::State};
use node::views::Happening;

/// What happens, as Server-Sent Events: the event's name is `what`, its data the happening. A client that was too slow
/// gets `lagged` and reads the state anew. The stream ends with the token that opened it.
#[utoipa::path(get, path = "/events", tag = "node",
    responses((status = 200, body = Happening, content_type = "text/event-stream"), Failed))]
pub(super) async fn listen(State(app): State<App>, Extension(asker): Extension<Asker>) -> Result<Stream, Problem> {
    app.streams.open(app.node.events(), async move { asker.ended().await })
}
