use protocol::{MessageId, PartyId, message::TreeHead};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// A head that one party signed and the other checked, with both signatures: what either can show to a third.
///
/// Of somebody else's log one is kept per receipt, and the last one seen. Of mine the last one they cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadRecord {
    /// The head.
    pub head: TreeHead,
    /// A receipt that states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<MessageId>,
    /// The signed log-head that shows it, or that proves a later head to continue it; none while that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<ByteBuf>,
    /// The checkpoint of a head of mine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// The signed cosignature of the head that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosign: Option<ByteBuf>,
}

impl HeadRecord {
    /// Key of a head of that party's log: party ‖ 0 ‖ number of the epoch ‖ size.
    #[must_use]
    pub fn theirs(party: &PartyId, epoch: usize, size: u64) -> Vec<u8> {
        let epoch = u32::try_from(epoch).unwrap_or(u32::MAX);
        [&party.0[..], &[0], &epoch.to_be_bytes(), &size.to_be_bytes()].concat()
    }

    /// Key of the head of mine that this party cosigned last: party ‖ 1.
    #[must_use]
    pub fn mine(party: &PartyId) -> Vec<u8> {
        [&party.0[..], &[1]].concat()
    }
}
