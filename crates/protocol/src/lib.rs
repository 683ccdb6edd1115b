//! The nouns of Halfdoor, their bytes, the signed envelope, the invite and every limit.
//!
//! Pure: no input or output, no clock, no randomness. Times, nonces and salts are parameters.

mod computation;
mod cose;
mod date;
mod decimal;
mod id;

pub mod access;
pub mod cbor;
pub mod entry;
pub mod envelope;
pub mod frame;
pub mod identity;
pub mod invite;
pub mod length;
pub mod limits;
pub mod mailbox;
pub mod message;
pub mod pairing;
pub mod rendezvous;
pub mod text;
pub mod voucher;

pub use computation::{
    Attribute, AttributeName, Bands, Between, Bins, Column, ColumnType, Comparison, Computation, Condition, Due, Form,
    Group, GroupBy, GroupKey, Histogram, InBand, Kind, LedgerColumn, NotPossible, OnColumn, Outcome, Per, Quantile,
    Rounding, Scalar, Share, Span, Tally, Threshold, Trend, Value, Words, band,
};
pub use cose::EnvelopeError;
pub use date::{BadDate, Date, Every, Period};
pub use decimal::{BadDecimal, Decimal};
pub use entry::{Entry, Event};
pub use envelope::{Body, Invalid, MessageError, NotAcceptable, Payload, Signed};
pub use frame::{Ack, Frame, Refusal};
pub use id::{BadId, Commitment, DatasetId, Digest, ExchangeKey, MessageId, Nonce, PartyId, Salt, VersionHash};
pub use identity::{BadSignature, IdentityKey, safety_code};
pub use invite::{BadInvite, Invite, RelayHint, SignedInvite};
pub use message::Message;
pub use text::{BadText, Name, Text};
pub use voucher::{BadVoucher, SignedVoucher, Voucher, VoucherFile};

/// Seconds since 1970-01-01 00:00 UTC.
pub type UnixSeconds = u64;
