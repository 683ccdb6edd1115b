use protocol::{DatasetId, MessageId, PartyId};

/// Something a person may want to know: ids, never contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A session was opened.
    Paired(PartyId),
    /// Somebody else tried an invite that is spent, expired or another's.
    InviteRefused(MessageId),
    /// A request came in.
    RequestArrived(MessageId),
    /// A request has a new state.
    RequestChanged(MessageId),
    /// A grant was given, counted or revoked.
    GrantChanged(MessageId),
    /// A receipt came in, or was made.
    Receipted {
        /// The receipt.
        receipt: MessageId,
        /// The request it answers.
        request: MessageId,
    },
    /// A grant of mine was paused, because of what all who were told of its data could work out together.
    Paused(MessageId),
    /// An offer or a refusal came in, was made, or was answered.
    OfferChanged(MessageId),
    /// An answer about a catalog came in.
    CatalogArrived(MessageId),
    /// A try on somebody's made-up rows came to something.
    MockCame(MessageId),
    /// A dataset of mine was stored, shown or removed.
    DatasetChanged(DatasetId),
    /// A person was renamed, verified, blocked or forgotten.
    PersonChanged(PartyId),
    /// Two signed heads of that party contradict each other.
    LogForked(PartyId),
    /// That party restored a backup: its log began anew.
    LogRestored(PartyId),
    /// A message expired before it could be delivered.
    Undelivered {
        /// To whom.
        to: PartyId,
        /// Which.
        message: MessageId,
    },
}
