//! Failures as Duo's programs read them: a JSON object with `error`, and the field Duo itself would have filled.

use crate::problem::Problem;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use node::NodeError;
use serde_json::{Map, Value};

/// What Duo said when data could not be stored.
pub(super) const DATA_FAILURE: (&str, &str) = ("status", "failure to load data to the data store, please try again");
/// What Duo said when a computation was not approved.
pub(super) const NO_ACCESS: (&str, &str) = ("result", "No Access to Run Computation");

/// A problem in Duo's clothes.
#[derive(Debug)]
pub(super) struct Failure {
    status: StatusCode,
    body: Map<String, Value>,
}

impl Failure {
    /// Adds the field that Duo itself would have answered with.
    pub(super) fn saying(mut self, (field, words): (&str, &str)) -> Self {
        self.body.insert(field.to_owned(), words.into());
        self
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let mut body = Map::new();
        body.insert("error".to_owned(), problem.detail.into());
        if let Some(hint) = problem.hint {
            body.insert("hint".to_owned(), hint.into());
        }
        Self { status: problem.kind.status(), body }
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

#[cfg(test)]
mod tests;
