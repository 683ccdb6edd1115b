use protocol::{Column, Computation, DatasetId, PartyId, Refusal, UnixSeconds, message::Mocked};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Made-up rows beside a dataset of mine, small enough for one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MockRecord {
    /// The columns, which are the dataset's.
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: u64,
    /// The encoded chunks of each column.
    pub chunks: Vec<Vec<ByteBuf>>,
    /// What a generator made them from; none of a file of the owner's.
    pub seed: Option<u64>,
}

/// A try of mine on somebody's made-up rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Whose.
    pub of: PartyId,
    /// Of which dataset.
    pub dataset: DatasetId,
    /// What was tried.
    pub computation: Computation,
    /// Forgotten after this.
    pub expires: UnixSeconds,
    /// What it came to.
    pub came: Option<Mocked>,
    /// Why it was not tried.
    pub refusal: Option<Refusal>,
}

impl Tried {
    /// Its keys in the table of single values begin with this.
    pub const PREFIX: &[u8] = b"tried/";
}

/// How often somebody tried on my made-up rows lately.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// Since when.
    pub since: UnixSeconds,
    /// How often since.
    pub count: u32,
}

impl Tries {
    /// Its keys in the table of single values begin with this.
    pub const PREFIX: &[u8] = b"tries/";
}
