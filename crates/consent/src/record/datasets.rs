use protocol::{
    BadVoucher, Column, Commitment, DatasetId, Decimal, Name, PartyId, SignedVoucher, Text, UnixSeconds, VersionHash,
    message::Pointer,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// One of my datasets, as consent knows it: metadata and who may see that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetRecord {
    /// Its name.
    pub tag: Name,
    /// What it is, in the owner's words.
    pub description: String,
    /// The version now.
    pub version: VersionHash,
    /// Number of rows.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<Column>,
    /// Who may see that it exists.
    pub visible: Visibility,
    /// When it was stored.
    pub stored: UnixSeconds,
    /// Lines of the source left out by the owner's choice.
    pub skipped: Vec<u64>,
    /// What the source was, by the name of its format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What was noticed in the source, in sentences that quote none of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// The voucher of whoever made these rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<VoucherRecord>,
    /// How many made-up rows there are beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<u64>,
    /// What may leave of it, where the owner chose that; otherwise what holds for every dataset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<DisclosureRules>,
    /// The first of the datasets that it shares rows with, once something was asked of it. See [`super::LineageRecord`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<DatasetId>,
}

/// An issuer's word for a dataset of mine, as it came with the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherRecord {
    /// The signed voucher.
    pub signed: ByteBuf,
    /// Key of its content: never told, since whoever has it can try rows.
    #[serde(with = "serde_bytes")]
    pub key: [u8; 32],
    /// What, or whom, it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Text>,
}

impl VoucherRecord {
    /// The voucher.
    ///
    /// # Errors
    /// Bytes that are none.
    pub fn open(&self) -> Result<SignedVoucher, BadVoucher> {
        SignedVoucher::open(&self.signed)
    }
}

/// The owner's rules on what may leave of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisclosureRules {
    /// Fewest rows, and fewest values, behind any answer.
    pub minimum_rows: u64,
    /// Fewest values in a group or bin that is told of, and fewest rows about which anything may be worked out.
    pub smallest_group: u64,
    /// Percent of a sum that one row may make at most.
    pub dominance: u8,
    /// Whether an answer may be a row: the smallest, the largest, a median.
    pub rows_may_leave: bool,
    /// Every number is rounded to a multiple of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_to: Option<Decimal>,
}

/// Who may see that a dataset exists. Nobody until chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody.
    #[default]
    Nobody,
    /// These people.
    People(Vec<PartyId>),
    /// Everybody this party is connected with.
    Everyone,
}

impl Visibility {
    /// Whether that party is among them.
    #[must_use]
    pub fn includes(&self, party: &PartyId) -> bool {
        match self {
            Self::Nobody => false,
            Self::People(people) => people.contains(party),
            Self::Everyone => true,
        }
    }
}

/// A dataset of somebody else, as they told it last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogRecord {
    /// The pointer.
    pub pointer: Pointer,
    /// Its name.
    pub tag: String,
    /// What it is.
    pub description: String,
    /// Commitments of both, as in the pointer: for erasing.
    pub texts: Vec<Commitment>,
    /// The issuer's words on what, or whom, it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// A question about a catalog: nobody answers unasked, or twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whom.
    pub of: PartyId,
    /// Whether the first page of everything was asked for: its answer replaces what was told before.
    pub whole: bool,
    /// Forgotten after this.
    pub expires: UnixSeconds,
    /// Whether the answer came.
    pub answered: bool,
    /// Where the next page begins, if there is one.
    pub next: Option<DatasetId>,
}

impl Asked {
    /// Its keys in the table of single values begin with this.
    pub const PREFIX: &[u8] = b"asked/";
}
