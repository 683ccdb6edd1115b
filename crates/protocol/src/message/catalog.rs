use crate::{
    Column, ColumnType, Commitment, DatasetId, MessageId, VersionHash,
    envelope::{Body, Invalid, distinct, require},
    limits::{CATALOG_PAGE, CELL_SCALE, COLUMNS, MOCK_ROWS, NAME_BYTES},
    text,
    voucher::SignedVoucher,
};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// What do you let me see? Answered by one [`CatalogAnswer`] per page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogAsk {
    /// Words that name, description or a column must contain; empty for everything.
    pub search: String,
    /// The last pointer of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<DatasetId>,
}

/// One page of pointers, metadata only: never a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogAnswer {
    /// The ask it answers.
    pub ask: MessageId,
    /// In order of pointer, none twice.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::CATALOG_PAGE }, _, _>")]
    pub pointers: Vec<Pointer>,
    /// Whether a further page follows.
    pub more: bool,
}

/// Names a dataset and reveals none of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pointer {
    /// The pointer.
    pub dataset: DatasetId,
    /// The version it points at now.
    pub version: VersionHash,
    /// Commitment to the dataset's name (its tag), which travels beside.
    pub name: Commitment,
    /// Commitment to its description, which travels beside.
    pub description: Commitment,
    /// Columns with their types.
    #[serde(deserialize_with = "crate::cbor::at_most::<{ crate::limits::COLUMNS }, _, _>")]
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: u64,
    /// Who says that it is true.
    pub vouched: Vouched,
    /// How many made-up rows there are to try a request on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<u64>,
}

/// Who says that a dataset is true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vouched {
    /// Nobody but the owner.
    SelfAsserted,
    /// An issuer, by this voucher. Whether it is for this dataset and this owner is the reader's to check.
    Signed(ByteBuf),
}

impl Body for CatalogAsk {
    const KIND: &'static str = "catalog-ask";
    fn validate(&self) -> Result<(), Invalid> {
        let plain = text::check(&self.search, NAME_BYTES).is_ok();
        require(plain, "search", "longer than 64 bytes, or holds a character that could hide or reorder what is shown")
    }
}

impl Body for CatalogAnswer {
    const KIND: &'static str = "catalog-answer";
    fn validate(&self) -> Result<(), Invalid> {
        require(self.pointers.len() <= CATALOG_PAGE, "pointers", "more than a page")?;
        require(self.pointers.is_sorted_by(|a, b| a.dataset < b.dataset), "pointers", "not in order, or one twice")?;
        self.pointers.iter().try_for_each(Pointer::validate)
    }
}

impl Pointer {
    /// One to 64 columns, each name once, decimals within what a dataset can hold.
    fn validate(&self) -> Result<(), Invalid> {
        require((1..=COLUMNS).contains(&self.columns.len()), "columns", "none, or more than 64")?;
        let names: Vec<_> = self.columns.iter().map(|column| &column.name).collect();
        require(distinct(&names), "columns", "a name is there twice")?;
        let scales =
            self.columns.iter().all(|column| !matches!(column.of, ColumnType::Decimal(scale) if scale > CELL_SCALE));
        require(scales, "columns", "more than 12 digits after the point")?;
        let mock = self.mock.is_none_or(|rows| (1..=MOCK_ROWS).contains(&rows));
        require(mock, "mock", "not 1 to 1,000 rows")?;
        let opens = match &self.vouched {
            Vouched::SelfAsserted => true,
            Vouched::Signed(bytes) => SignedVoucher::open(bytes).is_ok(),
        };
        require(opens, "vouched", "not a voucher that its issuer signed")
    }
}
