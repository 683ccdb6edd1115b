use crate::{
    MessageId,
    envelope::{Body, Invalid, require},
    limits::USES,
};
use serde::{Deserialize, Serialize};

/// Run what was approved. The same run number again is the same run: resumed or answered again, never spent twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The grant: id of the approval.
    pub grant: MessageId,
    /// The request whose computation runs.
    pub request: MessageId,
    /// From 1, by the requester's count for this grant.
    pub number: u32,
}

/// Stops every later run of a grant, or withdraws a counter-offer not yet accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// The grant or counter-offer: id of the decision.
    pub decision: MessageId,
}

impl Body for Run {
    const KIND: &'static str = "run";
    fn validate(&self) -> Result<(), Invalid> {
        require((1..=USES).contains(&self.number), "number", "not between 1 and 10,000")
    }
}

impl Body for Revoke {
    const KIND: &'static str = "revoke";
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
