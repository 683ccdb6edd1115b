//! The records the machines keep, one table each.

mod datasets;
mod grants;
mod heads;
pub(crate) mod index;
mod ledger;
mod mocks;
mod offers;
mod people;
mod requests;

pub use datasets::{Asked, CatalogRecord, DatasetRecord, DisclosureRules, Visibility, VoucherRecord};
pub use grants::{GrantRecord, Look, OpenRun, OutboxItem, Paused, ReceiptRecord, RunRecord, RunState};
pub use heads::HeadRecord;
pub use index::{ApprovedRequest, UndecidedRequest, WaitingRequest};
pub use ledger::{LineageRecord, ReleaseRecord, RowsPiece, ToldPiece};
pub use mocks::{MockRecord, Tried, Tries};
pub use offers::{OfferOn, OfferRecord, OfferState};
pub use people::{Ended, InviteRecord, JoiningRecord, Person, Relay, Welcomed};
pub use requests::{DecisionRecord, Preview, Previewed, RequestRecord, RequestState};

use crate::view::Table;
use protocol::{Digest, Entry, MessageId, Name, PartyId, Text, UnixSeconds};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A record of one table.
pub trait Record: Serialize + DeserializeOwned {
    /// Where it is kept.
    const TABLE: Table;
    /// Whether it has [`Record::places`].
    const PLACED: bool = false;

    /// Where else it is to be found now: table and key, under which its own key is kept. See `index`.
    fn places(&self) -> Vec<(Table, Vec<u8>)> {
        Vec::new()
    }
}

/// Which side of a conversation this party is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// My data.
    Owner,
    /// I ask.
    Requester,
}

/// The latest time ever acted on.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Clock {
    /// Seconds since 1970.
    pub latest: UnixSeconds,
}

impl Clock {
    /// Its key in [`Table::State`].
    pub const KEY: &[u8] = b"clock";
}

/// Who this party is to itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Myself {
    /// The name told to others.
    pub name: Name,
    /// Serial of the last presence made.
    pub serial: u64,
}

impl Myself {
    /// Its key in [`Table::State`].
    pub const KEY: &[u8] = b"myself";
}

/// A counter that only grows.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Counter(pub u64);

impl Counter {
    /// Next position of the outbox.
    pub const OUTBOX: &[u8] = b"next-outbox";
    /// Next position of the order of requests.
    pub const REQUESTS: &[u8] = b"next-request";
    /// Number of log entries.
    pub const LOG: &[u8] = b"log-size";
}

/// The epochs of this party's log after the first, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epochs(pub Vec<Epoch>);

impl Epochs {
    /// Its key in [`Table::State`].
    pub const KEY: &[u8] = b"log-epochs";
}

/// One epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// Position of the entry by which it began.
    pub index: u64,
    /// That entry's leaf.
    pub id: Digest,
}

/// A message accepted before. There are some for each thing a node does, and they stay for weeks: small, so that a long
/// history is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seen {
    /// Kept until its expiry and the skew have passed.
    pub expires: UnixSeconds,
}

impl Seen {
    /// Bytes of its key: the beginning of the id. Nobody finds a message that begins like somebody else's, and who makes
    /// two of their own that do has the second one taken for the first.
    pub const KEY_BYTES: usize = 16;

    /// Its key in [`Table::Seen`].
    #[must_use]
    pub fn key(id: &MessageId) -> &[u8] {
        &id.0[..Self::KEY_BYTES]
    }
}

/// The request at a position of the order of arrival.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Ordered(pub MessageId);

/// Hash of a complete subtree of the log.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Node(pub Digest);

macro_rules! tables {
    ($($record:ty => $table:ident),* $(,)?) => {$(impl Record for $record { const TABLE: Table = Table::$table; })*};
}

tables! {
    Asked => State,
    Clock => State,
    Myself => State,
    Counter => State,
    Epochs => State,
    Person => People,
    InviteRecord => Invites,
    JoiningRecord => Joining,
    DatasetRecord => Datasets,
    CatalogRecord => Catalog,
    Ordered => RequestOrder,
    DecisionRecord => Decisions,
    GrantRecord => Grants,
    RunRecord => Runs,
    OpenRun => OpenRuns,
    ReceiptRecord => Receipts,
    OutboxItem => Outbox,
    Seen => Seen,
    Text => Texts,
    Entry => Log,
    Node => LogNodes,
    HeadRecord => Heads,
    MockRecord => Mocks,
    Tried => State,
    Tries => State,
}

/// Key of something that belongs to a party and has a number: party ‖ number, in order of number.
#[must_use]
pub fn numbered(party: &PartyId, number: u64) -> Vec<u8> {
    [&party.0[..], &number.to_be_bytes()].concat()
}

/// Key of a run: grant ‖ number.
#[must_use]
pub fn run_key(grant: &MessageId, number: u32) -> Vec<u8> {
    [&grant.0[..], &number.to_be_bytes()].concat()
}
