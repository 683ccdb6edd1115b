//! The event stream.

use super::App;
use crate::{
    events::Stream,
    problem::{Failed, Problem},
};
use axum::extract::State;
use node::views::Happening;

/// What happens, as Server-Sent Events: the event's name is `what`, its data the happening. A client that was too slow
/// gets `lagged` and reads the state anew.
#[utoipa::path(get, path = "/events", tag = "node",
    responses((status = 200, body = Happening, content_type = "text/event-stream"), Failed))]
pub(super) async fn listen(State(app): State<App>) -> Result<Stream, Problem> {
    app.streams.open(app.node.events())
}
