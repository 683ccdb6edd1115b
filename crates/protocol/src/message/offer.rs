use crate::{
    Commitment, MessageId, UnixSeconds,
    envelope::{Body, Invalid, distinct, require},
    limits::{OFFER_REASONS, OFFER_RECEIPTS},
};
use serde::{Deserialize, Serialize};

/// An institution's offer or refusal, bound to the receipts it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    /// Offer or refusal.
    pub kind: OfferKind,
    /// Commitment to its words, which travel beside.
    pub terms: Commitment,
    /// The receipts it rests on.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::OFFER_RECEIPTS }, _, _>")]
    pub receipts: Vec<MessageId>,
    /// Principal reasons of a refusal; none for an offer.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::OFFER_REASONS }, _, _>")]
    pub reasons: Vec<OfferReason>,
    /// Until when an offer can be accepted.
    pub until: UnixSeconds,
}

/// Offer or refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// Something is offered.
    Offer,
    /// Nothing is.
    Refusal,
}

/// One principal reason, tied to an outcome that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferReason {
    /// One of the receipts.
    pub receipt: MessageId,
    /// Commitment to the words, which travel beside.
    pub words: Commitment,
}

/// The applicant's answer to an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferReply {
    /// The offer answered.
    pub offer: MessageId,
    /// Accepted or declined.
    pub accepted: bool,
}

impl Body for Offer {
    const KIND: &'static str = "offer";
    fn validate(&self) -> Result<(), Invalid> {
        require((1..=OFFER_RECEIPTS).contains(&self.receipts.len()), "receipts", "none, or more than 32")?;
        require(distinct(&self.receipts), "receipts", "one is there twice")?;
        let tied = self.reasons.iter().all(|reason| self.receipts.contains(&reason.receipt));
        require(tied, "reasons", "one rests on no receipt that is named")?;
        match self.kind {
            OfferKind::Offer => require(self.reasons.is_empty(), "reasons", "an offer has none"),
            OfferKind::Refusal => {
                require((1..=OFFER_REASONS).contains(&self.reasons.len()), "reasons", "none, or more than four")
            }
        }
    }
}

impl Body for OfferReply {
    const KIND: &'static str = "offer-reply";
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }
}
