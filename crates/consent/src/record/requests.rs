use super::Side;
use protocol::{
    Commitment, Computation, Date, MessageError, MessageId, Outcome, PartyId, Refusal, Salt, Signed, UnixSeconds,
    VersionHash,
    message::{Decision, Note, Request},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A request made or received, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// Mine to decide, or mine to ask.
    pub side: Side,
    /// The other side.
    pub other: PartyId,
    /// The signed message.
    pub message: ByteBuf,
    /// Position in the order of all requests.
    pub order: u64,
    /// Position among the requests of this pair and direction, from 0, the same on both sides.
    pub index: Option<u64>,
    /// When it came or was made.
    pub at: UnixSeconds,
    /// What became of it.
    pub state: RequestState,
    /// The decision.
    pub decision: Option<MessageId>,
    /// When decided.
    pub decided: Option<UnixSeconds>,
    /// The grant under which it may run.
    pub grant: Option<MessageId>,
    /// The request that accepted my counter-offer, or the one whose counter-offer this accepts.
    pub follows: Option<MessageId>,
    /// What the owner was shown.
    pub preview: Option<Preview>,
    /// What the owner was shown of a counter-offer.
    pub counter: Option<Preview>,
    /// Number of its run.
    pub run: Option<u32>,
    /// The receipt of its run.
    pub receipt: Option<MessageId>,
    /// Why the other side would not keep it, or run it.
    pub refusal: Option<Refusal>,
    /// Whether its personal text was erased.
    pub erased: bool,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Not yet with the owner.
    Sending,
    /// The owner has not decided.
    Waiting,
    /// Yes.
    Approved,
    /// No.
    Denied,
    /// The owner proposed something else.
    Countered,
    /// Not kept by the owner's side.
    Refused,
    /// Not decided in time.
    Expired,
    /// Its dataset was removed, its counter-offer withdrawn, or its person forgotten.
    Closed,
    /// Run, receipt there.
    Done,
    /// Its grant was revoked before it ran.
    Revoked,
}

/// What the owner was shown, to be bound by what she decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What was computed.
    pub computation: Computation,
    /// Over which version.
    pub version: VersionHash,
    /// What came of it.
    pub shown: Previewed,
    /// The first and the last of the dataset's dates, for the sentence that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<(Date, Date)>,
    /// What they could work out, with what they have: in sentences for the owner, which hold values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worked_out: Vec<String>,
    /// How many outcomes of the same data they had then. When they have more, this says too little.
    #[serde(default, skip_serializing_if = "none")]
    pub had: u64,
}

/// What would leave, or why nothing can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Previewed {
    /// This value.
    Value {
        /// The outcome.
        outcome: Outcome,
        /// Salt of its commitment.
        salt: Salt,
        /// What is worth knowing about it.
        notes: Vec<Note>,
        /// A rule that advises against it, in words for the owner; releasing needs an override.
        against: Option<String>,
    },
    /// Nothing can: in words for the owner.
    Nothing {
        /// Why.
        why: String,
    },
}

impl Preview {
    /// The value's commitment, if there is a value.
    pub fn commitment(&self) -> Result<Option<(Commitment, Salt)>, protocol::cbor::CborError> {
        match &self.shown {
            Previewed::Value { outcome, salt, .. } => Ok(Some((outcome.commitment(salt)?, *salt))),
            Previewed::Nothing { .. } => Ok(None),
        }
    }
}

/// A decision made or received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The request decided.
    pub request: MessageId,
    /// The signed message.
    pub message: ByteBuf,
    /// Whether it was withdrawn (a counter-offer) or revoked (a grant).
    pub revoked: Option<UnixSeconds>,
    /// Whether it is a yes to an outcome that I was shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen: bool,
    /// My own words, where it is a yes despite a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub despite: Option<Commitment>,
}

impl RequestRecord {
    /// The signed request, verified when it came.
    pub fn open(&self) -> Result<Signed<Request>, MessageError> {
        Signed::reopen(&self.message)
    }
}

impl DecisionRecord {
    /// The signed decision, verified when it came.
    pub fn open(&self) -> Result<Signed<Decision>, MessageError> {
        Signed::reopen(&self.message)
    }
}

/// What records of earlier versions do not say.
fn none(count: &u64) -> bool {
    *count == 0
}
