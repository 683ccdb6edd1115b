//! Path, query and body as types. Whatever does not fit becomes a problem document, never axum's plain text.

use crate::{
    limits::{BODY_BYTES, BODY_TIME, DRAIN_BYTES},
    problem::{Kind, Problem},
};
use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use tokio_stream::StreamExt as _;

/// A JSON body of at most `LIMIT` bytes.
pub(crate) struct Json<T, const LIMIT: usize = BODY_BYTES>(pub(crate) T);

/// A JSON body that may be left out when nothing is to be said.
pub(crate) struct MaybeJson<T>(pub(crate) T);

/// Parts of the path.
pub(crate) struct Path<T>(pub(crate) T);

/// The query.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned, const LIMIT: usize> FromRequest<S> for Json<T, LIMIT> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        read_json(request, LIMIT).await.map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Default> FromRequest<S> for MaybeJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let bytes = read(body, BODY_BYTES).await?;
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        is_json(&head.headers)?;
        parse(&bytes).map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Path::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::new(Kind::Malformed, rejection.body_text())),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::new(Kind::Malformed, rejection.body_text())),
        }
    }
}

/// Reads a JSON body of at most `limit` bytes; its type is judged before it is read.
pub(crate) async fn read_json<T: DeserializeOwned>(request: Request, limit: usize) -> Result<T, Problem> {
    let (head, body) = request.into_parts();
    is_json(&head.headers)?;
    let bytes = read(body, limit).await?;
    if bytes.is_empty() {
        return Err(Problem::new(Kind::Malformed, "the body is empty").hint("send a JSON object"));
    }
    parse(&bytes)
}

/// Only a body that says it is JSON: pages of strangers cannot say so without asking first (CORS preflight).
fn is_json(headers: &HeaderMap) -> Result<(), Problem> {
    if states(headers, "application/json") {
        return Ok(());
    }
    Err(Problem::new(Kind::ContentType, "the body is not stated to be JSON")
        .hint("send \"Content-Type: application/json\""))
}

/// Reads a form of at most [`BODY_BYTES`]: the media type that forms without files have.
pub(crate) async fn read_form(headers: &HeaderMap, body: Body) -> Result<Vec<u8>, Problem> {
    if !states(headers, "application/x-www-form-urlencoded") {
        return Err(Problem::new(Kind::ContentType, "the body is not stated to be a form"));
    }
    read(body, BODY_BYTES).await
}

fn states(headers: &HeaderMap, media_type: &str) -> bool {
    let stated = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    stated.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
}

/// Reads a body; what is beyond the limit is dropped as it comes, up to [`DRAIN_BYTES`].
async fn read(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let collected = tokio::time::timeout(BODY_TIME, collect(body, limit)).await;
    collected.unwrap_or_else(|_| Err(Problem::new(Kind::Slow, "the body did not arrive in time")))
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut seen) = (Vec::new(), 0_usize);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Kind::Malformed, "the body broke off"))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= limit {
            kept.extend_from_slice(&chunk);
        } else {
            kept = Vec::new();
        }
        if seen > DRAIN_BYTES {
            break;
        }
    }
    if seen > limit {
        return Err(Problem::new(Kind::TooLarge, format!("the body is larger than the {limit} bytes taken here")));
    }
    Ok(kept)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        let kind = if error.classify() == Category::Data { Kind::Invalid } else { Kind::Malformed };
        Problem::new(kind, format!("the body does not fit: {error}"))
    })
}

#[cfg(test)]
mod tests;
