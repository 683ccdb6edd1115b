//! Every message of /halfdoor/1, one file per conversation.

mod catalog;
mod decision;
mod head;
mod mock;
mod offer;
mod pairing;
mod presence;
mod receipt;
mod request;
mod run;

pub use catalog::{CatalogAnswer, CatalogAsk, Pointer, Vouched};
pub use decision::{Approval, Counter, Decision, Denial, Grant, Once, Parts, Review, Standing};
pub use head::{Cosign, HeadAsk, LogHead, Restoration, TreeHead};
pub use mock::{MockAnswer, MockAsk, Mocked};
pub use offer::{Offer, OfferKind, OfferReason, OfferReply};
pub use pairing::{Join, Welcome};
pub use presence::Presence;
pub use receipt::{Answer, NotReleased, Note, Receipt, RunEntry};
pub use request::{Purpose, Request, Terms};
pub use run::{Revoke, Run};

use crate::{
    MessageId, PartyId, UnixSeconds, cose,
    envelope::{Body, MessageError, NotAcceptable, Signed},
};

macro_rules! messages {
    ($($(#[$doc:meta])* $variant:ident),* $(,)?) => {
        /// Any verified message.
        #[derive(Clone, Debug)]
        #[allow(clippy::large_enum_variant, reason = "one at a time, on its way to whom it concerns")]
        pub enum Message {$(
            $(#[$doc])* $variant(Signed<$variant>),
        )*}

        impl Message {
            /// Verifies bytes as the type that their header claims.
            pub fn open(bytes: &[u8]) -> Result<Self, MessageError> {
                let kind = cose::claimed_kind(bytes)?;
                $(if kind == <$variant as Body>::KIND { return Signed::open(bytes).map(Self::$variant); })*
                Err(MessageError::UnknownKind)
            }

            /// The word of its type.
            #[must_use]
            pub fn kind(&self) -> &'static str { match self { $(Self::$variant(_) => <$variant as Body>::KIND,)* } }
            /// Its id.
            #[must_use]
            pub fn id(&self) -> MessageId { match self { $(Self::$variant(m) => m.id(),)* } }
            /// Who said it.
            #[must_use]
            pub fn sender(&self) -> PartyId { match self { $(Self::$variant(m) => m.sender(),)* } }
            /// After this it is not accepted for the first time.
            #[must_use]
            pub fn expires(&self) -> UnixSeconds { match self { $(Self::$variant(m) => m.payload().expires,)* } }
            /// The envelope's bytes.
            #[must_use]
            pub fn bytes(&self) -> &[u8] { match self { $(Self::$variant(m) => m.bytes(),)* } }
            /// Whether `me` may act on it at `now`, for the first time.
            pub fn acceptable(&self, me: &PartyId, now: UnixSeconds) -> Result<(), NotAcceptable> {
                match self { $(Self::$variant(m) => m.acceptable(me, now),)* }
            }
        }
    };
}

messages! {
    /// The joiner of a session proves that it holds the invite.
    Join,
    /// The inviter answers the joiner.
    Welcome,
    /// Where a party is now.
    Presence,
    /// What do you let me see?
    CatalogAsk,
    /// These.
    CatalogAnswer,
    /// May I ask this?
    Request,
    /// Yes, no, or something else.
    Decision,
    /// Run what was approved.
    Run,
    /// The signed outcome.
    Receipt,
    /// No further run.
    Revoke,
    /// An institution's offer or refusal.
    Offer,
    /// The applicant's answer to it.
    OfferReply,
    /// Show me your log's head.
    HeadAsk,
    /// My log's head.
    LogHead,
    /// I have seen that head.
    Cosign,
    /// What would this come to over rows that you made up?
    MockAsk,
    /// This, and nothing of it is true.
    MockAnswer,
}

#[cfg(test)]
mod tests;
