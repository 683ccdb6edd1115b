//! What Duo's programs read: its field names, letter by letter.

use super::python::http_date;
use node::views::RequestView;
use serde::Serialize;

/// `{"status": …}`.
#[derive(Debug, Serialize)]
pub(super) struct Status {
    pub(super) status: &'static str,
}

/// `{"data_store": […]}`.
#[derive(Debug, Serialize)]
pub(super) struct DataStore {
    pub(super) data_store: Listed<Shown>,
}

/// One dataset.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    #[serde(rename = "Description")]
    pub(super) description: String,
    #[serde(rename = "Filename")]
    pub(super) filename: String,
    pub(super) index: usize,
}

/// `{"computation_index": …}`.
#[derive(Debug, Serialize)]
pub(super) struct Asked {
    pub(super) computation_index: u64,
}

/// `{"current_requests": […]}`.
#[derive(Debug, Serialize)]
pub(super) struct CurrentRequests {
    pub(super) current_requests: Listed<Waiting>,
}

/// One request that waits for its decision.
#[derive(Debug, Serialize)]
pub(super) struct Waiting {
    #[serde(rename = "Reason")]
    reason: String,
    #[serde(rename = "Requested Access")]
    access: String,
    index: u64,
}

/// A decision just made.
#[derive(Debug, Serialize)]
pub(super) struct Decided {
    #[serde(rename = "Decision")]
    pub(super) decision: &'static str,
    #[serde(rename = "Reason")]
    pub(super) reason: String,
    pub(super) index: u64,
}

/// `{"logs": […]}`.
#[derive(Debug, Serialize)]
pub(super) struct Logs {
    pub(super) logs: Listed<Logged>,
}

/// One decision made before.
#[derive(Debug, Serialize)]
pub(super) struct Logged {
    #[serde(rename = "Decision")]
    decision: &'static str,
    #[serde(rename = "Decision Timestamp")]
    timestamp: String,
    #[serde(rename = "Request Reason")]
    reason: String,
}

/// `{"result": …}`.
#[derive(Debug, Serialize)]
pub(super) struct Ran {
    pub(super) result: String,
}

/// A list as Duo wrote it: an empty one holds one empty object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Listed<T> {
    Some(Vec<T>),
    None([Empty; 1]),
}

/// `{}`.
#[derive(Debug, Default, Serialize)]
pub(super) struct Empty {}

impl<T> From<Vec<T>> for Listed<T> {
    fn from(list: Vec<T>) -> Self {
        if list.is_empty() { Self::None([Empty {}]) } else { Self::Some(list) }
    }
}

impl Waiting {
    /// A request, if it waits.
    pub(super) fn of((index, request): (u64, RequestView)) -> Option<Self> {
        let access = format!("{}_{}", request.tag, request.computation);
        (request.state == "waiting").then_some(Self { reason: request.reason, access, index })
    }
}

impl Logged {
    /// A request, if it was decided.
    pub(super) fn of(request: RequestView) -> Option<Self> {
        let timestamp = http_date(request.decided?)?;
        Some(Self { decision: decision(&request)?, timestamp, reason: request.reason })
    }
}

/// How a request was decided, in Duo's words, and in ours where Duo had none. An approval stays one after its grant
/// was spent, ran out or was taken back.
fn decision(request: &RequestView) -> Option<&'static str> {
    match request.state.as_str() {
        "denied" => Some("deny"),
        "countered" => Some("counter"),
        "approved" | "done" => Some("approve"),
        _ => request.grant.is_some().then_some("approve"),
    }
}

#[cfg(test)]
pub(super) mod tests;
