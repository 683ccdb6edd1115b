//! Tables made from others, so that no question reads every request there ever was.
//!
//! A record says where it is to be found ([`Record::places`]); [`Draft::put`] keeps those places in step with it, in the
//! same atomic change. What a place says is checked against the record it names.

use super::{Record, RequestRecord, RequestState, Side, numbered};
use crate::{ConsentError, draft::Draft, view::Table};
use protocol::MessageId;
use serde::{Deserialize, Serialize};

/// Requests that one page of [`rebuild`] reads.
const PAGE: usize = 128;

/// A request that waits for my decision, by who asks ‖ order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct WaitingRequest(pub MessageId);

/// A request that may still run under a grant, by grant ‖ order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ApprovedRequest(pub MessageId);

/// A request, made or received, that may still be decided, by order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct UndecidedRequest(pub MessageId);

impl Record for WaitingRequest {
    const TABLE: Table = Table::Waiting;
}

impl Record for ApprovedRequest {
    const TABLE: Table = Table::Approved;
}

impl Record for UndecidedRequest {
    const TABLE: Table = Table::Undecided;
}

impl Record for RequestRecord {
    const TABLE: Table = Table::Requests;
    const PLACED: bool = true;

    fn places(&self) -> Vec<(Table, Vec<u8>)> {
        let undecided = || (Table::Undecided, self.order.to_be_bytes().to_vec());
        match (self.state, self.side, self.grant) {
            (RequestState::Waiting, Side::Owner, _) => {
                vec![(Table::Waiting, numbered(&self.other, self.order)), undecided()]
            }
            (RequestState::Sending | RequestState::Waiting, ..) => vec![undecided()],
            (RequestState::Approved, _, Some(grant)) => {
                vec![(Table::Approved, [&grant.0[..], &self.order.to_be_bytes()].concat())]
            }
            _ => Vec::new(),
        }
    }
}

/// Puts one page of requests at their places, for a home of a version that had not all of these tables. Answers where the next
/// page begins; `None` after the last. The same page made twice changes nothing more.
///
/// # Errors
/// A request that cannot be read.
pub(crate) fn rebuild(draft: &mut Draft<'_>, after: Option<&[u8]>) -> Result<Option<Vec<u8>>, ConsentError> {
    let page = draft.scan::<RequestRecord>(&[], after, PAGE)?;
    let next = (page.len() == PAGE).then(|| page.last().map(|(key, _)| key.clone())).flatten();
    for (key, record) in page {
        draft.place(&key, &record)?;
    }
    Ok(next)
}

#[cfg(test)]
mod tests;
