//! What went wrong, as a page: what it was, and the way back.

use super::{layout, words::fault as words};
use crate::problem::{Kind, Problem};
use axum::response::{Html, IntoResponse, Response};
use maud::html;
use node::NodeError;

/// Anything that keeps a page from being made.
pub(super) struct Fault(Problem);

impl From<NodeError> for Fault {
    fn from(error: NodeError) -> Self {
        Self(error.into())
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<crate::HttpError> for Fault {
    fn from(error: crate::HttpError) -> Self {
        tracing::error!(error = &error as &dyn std::error::Error, "a screen could not be served");
        Self(Problem::new(Kind::Internal, words::HOME))
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        refusal(self.0)
    }
}

/// A problem as a page of its own. It knows nobody: who is refused learns nothing of the home.
pub(crate) fn refusal(problem: Problem) -> Response {
    let status = problem.kind.status();
    // what to type is no help to somebody who clicks
    let hint = problem.hint.filter(|hint| !hint.contains("halfdoor ") && !hint.contains("api.token"));
    let body = html! {
        h1 { (words::TITLE) }
        p role="alert" class="notice bad" { (sentence(&problem.detail)) }
        @if let Some(hint) = hint { p { (sentence(&hint)) } }
        p { a class="button" href="/" { (words::BACK) } }
    };
    (status, Html(layout::bare(words::TITLE, body).into_string())).into_response()
}

pub(super) async fn wrong_method() -> Response {
    refusal(Problem::new(Kind::Method, words::METHOD))
}

/// Errors are written as parts of sentences.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let mut whole: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if !whole.ends_with(['.', '?', '!', '…']) {
        whole.push('.');
    }
    whole
}
