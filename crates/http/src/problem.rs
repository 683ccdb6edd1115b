//! What went wrong, as HTTP tells it: RFC 9457 problem documents. The only place where a [`NodeError`] meets a status.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use node::NodeError;
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

/// Longest detail, in characters: it may quote what was sent.
const DETAIL_CHARACTERS: usize = 500;

/// The kinds of problem, each with its place in the type URN, its title and its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Malformed,
    Unauthorised,
    Refused,
    Scope,
    ForeignOrigin,
    NotFound,
    Method,
    Slow,
    Ambiguous,
    Conflict,
    TooLarge,
    ContentType,
    ForeignHost,
    Invalid,
    Internal,
    Busy,
    NoRelay,
    Stopping,
    Away,
}

impl Kind {
    /// Every kind, so that a test sees them all.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 19] = [
        Self::Malformed,
        Self::Unauthorised,
        Self::Refused,
        Self::Scope,
        Self::ForeignOrigin,
        Self::NotFound,
        Self::Method,
        Self::Slow,
        Self::Ambiguous,
        Self::Conflict,
        Self::TooLarge,
        Self::ContentType,
        Self::ForeignHost,
        Self::Invalid,
        Self::Internal,
        Self::Busy,
        Self::NoRelay,
        Self::Stopping,
        Self::Away,
    ];

    fn row(self) -> (&'static str, &'static str, StatusCode) {
        use StatusCode as S;
        match self {
            Self::Malformed => ("malformed", "The request cannot be read", S::BAD_REQUEST),
            Self::Unauthorised => ("unauthorised", "The access token is needed", S::UNAUTHORIZED),
            Self::Refused => ("refused", "The rules do not allow it", S::FORBIDDEN),
            Self::Scope => ("scope", "This token may not do that", S::FORBIDDEN),
            Self::ForeignOrigin => ("foreign-origin", "Sent by a page of another site", S::FORBIDDEN),
            Self::NotFound => ("not-found", "Nothing here has that name", S::NOT_FOUND),
            Self::Method => ("method", "That cannot be done with this", S::METHOD_NOT_ALLOWED),
            Self::Slow => ("slow", "The request took too long to arrive", S::REQUEST_TIMEOUT),
            Self::Ambiguous => ("ambiguous", "Several have that name", S::CONFLICT),
            Self::Conflict => ("conflict", "It contradicts the present state", S::CONFLICT),
            Self::TooLarge => ("too-large", "Larger than is taken here", S::PAYLOAD_TOO_LARGE),
            Self::ContentType => ("content-type", "Only JSON is taken here", S::UNSUPPORTED_MEDIA_TYPE),
            Self::ForeignHost => ("foreign-host", "Sent to a name that is not this node's", S::MISDIRECTED_REQUEST),
            Self::Invalid => ("invalid", "An input is not of the form it must have", S::UNPROCESSABLE_ENTITY),
            Self::Internal => ("internal", "The node could not do it", S::INTERNAL_SERVER_ERROR),
            Self::Busy => ("busy", "Too much at once", S::SERVICE_UNAVAILABLE),
            Self::NoRelay => ("no-relay", "No relay can be used", S::SERVICE_UNAVAILABLE),
            Self::Stopping => ("stopping", "The node is stopping", S::SERVICE_UNAVAILABLE),
            Self::Away => ("away", "The other side did not answer in time", S::GATEWAY_TIMEOUT),
        }
    }

    /// Its status.
    pub(crate) fn status(self) -> StatusCode {
        self.row().2
    }
}

/// One problem. Everything this interface refuses or fails at becomes one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) detail: String,
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl AsRef<str>) -> Self {
        Self { kind, detail: shortened(detail.as_ref()), hint: None }
    }

    /// Adds the next step.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Its form on the wire.
    pub(crate) fn document(&self) -> Document {
        let (slug, title, status) = self.kind.row();
        Document {
            of: format!("urn:halfdoor:problem:{slug}"),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: self.detail.clone(),
            hint: self.hint.clone(),
        }
    }
}

impl From<NodeError> for Problem {
    fn from(error: NodeError) -> Self {
        let hint = error.hint();
        let kind = match &error {
            NodeError::NotFound { .. } => Kind::NotFound,
            NodeError::Ambiguous { .. } => Kind::Ambiguous,
            NodeError::Invalid { .. } => Kind::Invalid,
            NodeError::Refused { .. } => Kind::Refused,
            NodeError::Conflict { .. } => Kind::Conflict,
            NodeError::Away { .. } => Kind::Away,
            NodeError::NoRelay { .. } => Kind::NoRelay,
            NodeError::Stopping => Kind::Stopping,
            NodeError::Store(_) | NodeError::Net(_) | NodeError::Internal(_) => Kind::Internal,
        };
        let problem = if kind == Kind::Internal {
            // Paths and causes are for whoever reads the node's own log.
            tracing::error!(error = &error as &dyn std::error::Error, "a call failed inside the node");
            Self::new(kind, "something failed inside the node").hint("the node's own log says what")
        } else {
            Self::new(kind, error.to_string())
        };
        Self { hint: hint.map(str::to_owned).or(problem.hint), ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.kind.status();
        let content_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let mut response = (status, axum::Json(self.document())).into_response();
        response.headers_mut().insert(content_type.0, content_type.1);
        if self.kind == Kind::Unauthorised {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A problem as RFC 9457 writes it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct Document {
    /// Which kind: `urn:halfdoor:problem:KIND`.
    #[serde(rename = "type")]
    of: String,
    /// The kind, in words.
    title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// This occurrence, in words.
    detail: String,
    /// The next step, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// The answer of every operation when it is not the good one.
#[derive(IntoResponses)]
#[response(status = "default", content_type = "application/problem+json", description = "A problem document")]
pub(crate) struct Failed(#[expect(dead_code, reason = "it is described, never made")] Document);

fn shortened(text: &str) -> String {
    match text.char_indices().nth(DETAIL_CHARACTERS) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests;
