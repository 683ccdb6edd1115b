use super::{Record, Side};
use crate::view::Table;
use protocol::{
    MessageError, MessageId, PartyId, Refusal, Signed, UnixSeconds,
    message::{Offer, OfferReply},
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// An offer or a refusal made or received, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferRecord {
    /// Made to me about my data, or made by me.
    pub side: Side,
    /// The other side.
    pub other: PartyId,
    /// The signed message.
    pub message: ByteBuf,
    /// When it came or was made.
    pub at: UnixSeconds,
    /// What became of it.
    pub state: OfferState,
    /// The signed answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<ByteBuf>,
    /// When it was answered, or the answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<UnixSeconds>,
    /// Why the other side would not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// What became of an offer or a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Not yet with the applicant.
    Sending,
    /// With the applicant. An offer waits for an answer until its time is over.
    Told,
    /// Taken up.
    Accepted,
    /// Not wanted.
    Declined,
    /// Not kept by the applicant's side.
    Refused,
}

/// An offer that rests on a receipt, by the first receipt it names ‖ its id.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct OfferOn(pub MessageId);

impl OfferRecord {
    /// The signed offer, verified when it came.
    pub fn open(&self) -> Result<Signed<Offer>, MessageError> {
        Signed::reopen(&self.message)
    }

    /// The signed answer to it, verified when it came.
    pub fn answer(&self) -> Result<Option<Signed<OfferReply>>, MessageError> {
        self.reply.as_ref().map(|reply| Signed::reopen(reply)).transpose()
    }
}

impl Record for OfferOn {
    const TABLE: Table = Table::OffersOn;
}

impl Record for OfferRecord {
    const TABLE: Table = Table::Offers;
    const PLACED: bool = true;

    fn places(&self) -> Vec<(Table, Vec<u8>)> {
        // a record that does not open is found as damaged where it is read
        let Ok(offer) = self.open() else { return Vec::new() };
        let first = offer.body().receipts.first();
        first.map(|first| (Table::OffersOn, [first.0, offer.id().0].concat())).into_iter().collect()
    }
}
