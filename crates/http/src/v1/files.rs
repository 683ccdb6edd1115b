//! A file of any size becomes a dataset: its bytes come as they are, and lie nowhere in memory.

use super::{App, Made, made};
use crate::{
    extract::Query,
    limits::{BODY_BYTES, BODY_TIME, DRAIN_TIME},
    problem::{Failed, Kind, Problem},
};
use axum::{
    body::{BodyDataStream, Bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
};
use node::{
    loading::{FILE_BYTES, Incoming},
    views::DatasetView,
    wishes::NewDataset,
};
use serde::Deserialize;
use std::time::Duration;
use tokio_stream::StreamExt as _;
use utoipa::IntoParams;

/// What bytes of any kind are called.
const OCTETS: &str = "application/octet-stream";

/// How to know the file again.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Watched {
    /// A word of at most 64 letters and digits, by which the events `loading` tell of this file.
    watch: Option<String>,
}

/// Stores a file of at most 1 GiB as a dataset.
///
/// The body is one line of JSON, as `POST /v1/datasets` takes it but without the content, a line feed, and then the file as
/// it is. While it comes and while it is read, `GET /v1/events` tells how far it is (`loading`). A file that is refused, or
/// breaks off, leaves nothing behind.
#[utoipa::path(post, path = "/files", tag = "datasets", params(Watched),
    request_body(content = [u8], content_type = "application/octet-stream",
        description = "A line of JSON (NewDataset without content), a line feed, the file"),
    responses((status = 201, body = DatasetView), Failed))]
pub(super) async fn add(
    State(app): State<App>,
    Query(Watched { watch }): Query<Watched>,
    request: Request,
) -> Made<DatasetView> {
    let (head, body) = request.into_parts();
    let mut arriving = Arriving { body: body.into_data_stream(), ahead: Bytes::new() };
    match taken(&app, &head.headers, watch.as_deref(), &mut arriving).await {
        Ok((file, wish)) => made(app.node.add_received(file, wish).await?),
        Err(problem) => {
            arriving.drain().await;
            Err(problem)
        }
    }
}

/// The whole file, and what is to be made of it.
async fn taken(
    app: &App,
    headers: &HeaderMap,
    watch: Option<&str>,
    arriving: &mut Arriving,
) -> Result<(Incoming, NewDataset), Problem> {
    is_octets(headers)?;
    let (wish, line) = arriving.wish().await?;
    let of = length(headers).map(|all| all.saturating_sub(line));
    if of.is_some_and(|of| of > FILE_BYTES) {
        return Err(too_large());
    }
    let mut file = app.node.receive(watch, of).await?;
    let mut come = 0_u64;
    while let Some(bytes) = arriving.next(BODY_TIME).await? {
        come = come.saturating_add(bytes.len() as u64);
        if come > FILE_BYTES {
            return Err(too_large());
        }
        file.write(&bytes).await?;
    }
    Ok((file, wish))
}

fn too_large() -> Problem {
    Problem::new(Kind::TooLarge, format!("the file is larger than {} MiB", FILE_BYTES >> 20))
        .hint("split it, or save it as Parquet")
}

/// Pages of strangers cannot say that they send octets without asking first (CORS preflight).
fn is_octets(headers: &HeaderMap) -> Result<(), Problem> {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if stated.trim().eq_ignore_ascii_case(OCTETS) {
        return Ok(());
    }
    let what = "the body is not stated to be a line of JSON and a file";
    Err(Problem::new(Kind::ContentType, what).hint(format!("send \"Content-Type: {OCTETS}\"")))
}

/// The length of the body, where it was stated.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A body as it comes.
struct Arriving {
    body: BodyDataStream,
    /// What came behind the first line, together with it.
    ahead: Bytes,
}

impl Arriving {
    /// The next bytes, if they come in time; `None` at the end.
    async fn next(&mut self, patience: Duration) -> Result<Option<Bytes>, Problem> {
        if !self.ahead.is_empty() {
            return Ok(Some(std::mem::take(&mut self.ahead)));
        }
        let next = tokio::time::timeout(patience, self.body.next()).await;
        match next.map_err(|_| Problem::new(Kind::Slow, "the file did not arrive in time"))? {
            None => Ok(None),
            Some(Ok(bytes)) => Ok(Some(bytes)),
            Some(Err(_)) => Err(Problem::new(Kind::Malformed, "the file broke off")),
        }
    }

    /// The first line, understood, and its length with the line feed.
    async fn wish(&mut self) -> Result<(NewDataset, u64), Problem> {
        let mut line = Vec::new();
        while let Some(bytes) = self.next(BODY_TIME).await? {
            let end = bytes.iter().position(|byte| *byte == b'\n');
            line.extend_from_slice(bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default());
            if line.len() > BODY_BYTES {
                break;
            }
            if let Some(end) = end {
                self.ahead = bytes.slice(end + 1..);
                let wish = serde_json::from_slice(&line)
                    .map_err(|error| Problem::new(Kind::Invalid, format!("the first line does not fit: {error}")))?;
                return Ok((wish, line.len() as u64 + 1));
            }
        }
        let what = format!("the first line is not there, or longer than the {BODY_BYTES} bytes taken here");
        Err(Problem::new(Kind::Malformed, what).hint("send a JSON object in one line, a line feed, and then the file"))
    }

    /// Reads and drops what still comes, so that its sender reads the refusal instead of a connection reset.
    async fn drain(&mut self) {
        let mut dropped = 0_u64;
        while dropped <= FILE_BYTES
            && let Ok(Some(bytes)) = self.next(DRAIN_TIME).await
        {
            dropped = dropped.saturating_add(bytes.len() as u64);
        }
    }
}
