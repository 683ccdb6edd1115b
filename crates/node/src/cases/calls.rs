//! The record of calls: who called what of the node's own interface, and how it ended.
//!
//! Three rings, so that nobody can push out of the record what somebody with more power did: no amount of polling
//! removes a change, and no program without a token removes the call of one that has a token.

use crate::{
    access::{Call, Caller},
    actor::Actor,
    error::NodeError,
};
use protocol::{UnixSeconds, cbor};
use serde::{Deserialize, Serialize};
use store::{Batch, Control, Pair};

/// Calls kept in each ring; older ones make room.
pub(crate) const KEPT: u64 = 10_000;
/// Calls read in one job: other jobs of the actor come in between.
const PAGE: u64 = 256;

/// What is kept of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CallRecord {
    /// How many calls were recorded before it, in all rings.
    pub(crate) order: u64,
    pub(crate) time: UnixSeconds,
    pub(crate) by: Caller,
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: Option<u16>,
}

/// One ring of calls: keys count up from 0, big-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ring {
    Reads,
    Changes,
    Duo,
}

impl Ring {
    pub(crate) const ALL: [Self; 3] = [Self::Reads, Self::Changes, Self::Duo];

    fn of(call: &Call) -> Self {
        match (&call.by, call.changes) {
            (Caller::Duo, _) => Self::Duo,
            (_, true) => Self::Changes,
            (_, false) => Self::Reads,
        }
    }

    fn tree(self) -> &'static str {
        match self {
            Self::Reads => "node-calls-read",
            Self::Changes => "node-calls-change",
            Self::Duo => "node-calls-duo",
        }
    }

    fn place(self) -> usize {
        match self {
            Self::Reads => 0,
            Self::Changes => 1,
            Self::Duo => 2,
        }
    }
}

impl Actor {
    /// Records calls in the order in which they are given, together.
    pub(crate) fn record_calls(&mut self, calls: &[Call]) -> Result<(), NodeError> {
        let mut batch = Batch::new();
        record(self.store.control(), calls, &mut batch)?;
        self.note_use(calls, &mut batch)?;
        self.keep(&batch)
    }

    /// A page of one ring: its newest calls below a position, newest first; and the position to go on from, 0 at the end.
    pub(crate) fn recorded(&self, ring: Ring, below: u64) -> Result<(Vec<CallRecord>, u64), NodeError> {
        recorded(self.store.control(), ring, below)
    }
}

/// Adds calls to a batch, and removes those that they push out.
fn record(control: &Control, calls: &[Call], batch: &mut Batch) -> Result<(), NodeError> {
    let mut next = [0; Ring::ALL.len()];
    for (next, ring) in next.iter_mut().zip(Ring::ALL) {
        *next = count(control, ring)?;
    }
    for call in calls {
        let order = next.iter().sum();
        let ring = Ring::of(call);
        let Some(position) = next.get_mut(ring.place()) else { continue };
        let record = CallRecord {
            order,
            time: call.time,
            by: call.by.clone(),
            method: call.method.clone(),
            route: call.route.clone(),
            status: call.status,
        };
        let bytes = cbor::to_vec(&record).map_err(|error| NodeError::Internal(error.to_string()))?;
        batch.put(ring.tree(), &position.to_be_bytes(), bytes);
        if let Some(oldest) = position.checked_sub(KEPT) {
            batch.delete(ring.tree(), &oldest.to_be_bytes());
        }
        *position += 1;
    }
    Ok(())
}

fn recorded(control: &Control, ring: Ring, below: u64) -> Result<(Vec<CallRecord>, u64), NodeError> {
    let end = count(control, ring)?.min(below);
    let first = end.saturating_sub(PAGE);
    let most = usize::try_from(end - first).unwrap_or_default();
    let found = control.scan(ring.tree(), &[], Some(&first.to_be_bytes()), most)?;
    // a page that is not full is the oldest there is
    let rest = if found.len() < most || first == 0 { 0 } else { first };
    let decoded = found.into_iter().rev().filter(|(key, _)| key.as_slice() < &end.to_be_bytes()[..]).map(decoded);
    Ok((decoded.collect::<Result<_, _>>()?, rest))
}

/// Calls ever recorded in a ring.
fn count(control: &Control, ring: Ring) -> Result<u64, NodeError> {
    let Some((key, _)) = control.last(ring.tree())? else { return Ok(0) };
    let position: [u8; 8] =
        key.try_into().map_err(|_| NodeError::Internal("a recorded call has no position".to_owned()))?;
    Ok(u64::from_be_bytes(position).saturating_add(1))
}

fn decoded((_, bytes): Pair) -> Result<CallRecord, NodeError> {
    cbor::from_slice(&bytes).map_err(|error| NodeError::Internal(error.to_string()))
}

#[cfg(test)]
mod tests;
