use super::Side;
use protocol::{
    Commitment, Computation, DatasetId, MessageError, MessageId, PartyId, Salt, Signed, UnixSeconds, VersionHash,
    message::{Grant, Receipt},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A grant given or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantRecord {
    /// Given (owner) or held (requester).
    pub side: Side,
    /// The other side.
    pub other: PartyId,
    /// The request it was given for.
    pub request: MessageId,
    /// The pointer.
    pub dataset: DatasetId,
    /// What it allows: `Once` or `Standing`.
    pub grant: Grant,
    /// Opens the commitment of a `Once`; the owner's only.
    pub salt: Option<Salt>,
    /// Runs counted so far.
    pub spent: u32,
    /// When revoked.
    pub revoked: Option<UnixSeconds>,
    /// Known as of the backup that was made then and restored since; held ones only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<UnixSeconds>,
    /// While set, nothing is asked or run under it; given ones only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<Paused>,
}

/// A grant that is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// Since when.
    pub at: UnixSeconds,
    /// Not by its owner, but because of what all who were told of the data could work out together.
    pub together: bool,
}

impl GrantRecord {
    /// Runs allowed in all.
    #[must_use]
    pub fn uses(&self) -> u32 {
        match &self.grant {
            Grant::Standing(standing) => standing.uses,
            Grant::Once(_) | Grant::Under(_) => 1,
        }
    }

    /// Not before, not after.
    #[must_use]
    pub fn window(&self) -> (UnixSeconds, UnixSeconds) {
        match &self.grant {
            Grant::Once(once) => (once.from, once.until),
            Grant::Standing(standing) => (standing.from, standing.until),
            Grant::Under(_) => (0, 0),
        }
    }
}

/// One run of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The request whose computation runs.
    pub request: MessageId,
    /// The pointer.
    pub dataset: DatasetId,
    /// The version approved.
    pub version: VersionHash,
    /// What runs.
    pub computation: Computation,
    /// Position of its entry in the owner's log.
    pub entry: u64,
    /// How far it came.
    pub state: RunState,
    /// Whether its outcome waits for the owner, or she has let it go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
}

/// What the owner has to do with a run whose outcome was to leave unseen, and together with what others were told would
/// have told too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// It waits until she resumes the grant, or revokes it.
    Awaited,
    /// She has resumed the grant: it may leave.
    Given,
}

/// How far a run came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// Asked for (requester) or counted and begun (owner).
    Begun,
    /// A receipt was made.
    Receipted(MessageId),
    /// Revoked before its receipt was handed over.
    Withheld,
}

/// Marks a run that a restart takes up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRun {
    /// Its number.
    pub number: u32,
}

/// A receipt given or received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRecord {
    /// Given (owner) or received (requester).
    pub side: Side,
    /// The other side.
    pub other: PartyId,
    /// The signed message.
    pub message: ByteBuf,
    /// When it first left, or when it came.
    pub released: Option<UnixSeconds>,
    /// Revoked before it left.
    pub withheld: bool,
}

impl ReceiptRecord {
    /// The signed receipt, verified when it came.
    pub fn open(&self) -> Result<Signed<Receipt>, MessageError> {
        Signed::reopen(&self.message)
    }
}

/// Something owed to a party, sent again until acked or expired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Id of the message.
    pub id: MessageId,
    /// The signed message.
    pub message: ByteBuf,
    /// Texts that travel beside it.
    pub texts: Vec<Commitment>,
    /// Dropped after this.
    pub expires: UnixSeconds,
    /// The grant whose outcome it carries, while that has not been handed over: handing over is the release.
    pub unreleased: Option<MessageId>,
}
