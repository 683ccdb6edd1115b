//! What people ask of their own node: the inputs of its use cases.

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use utoipa::ToSchema;

/// How a node is started.
pub struct Config {
    /// Its home, made by `create_home`.
    pub home: PathBuf,
    /// Opens the key files where they are sealed by one.
    pub passphrase: Option<store::Passphrase>,
    /// Addresses to listen on (multiaddr); empty for every interface on ports the system finds.
    pub listen: Vec<String>,
    /// Bytes of opened columns that stay in memory for a while; [`crate::columns::BYTES`] unless said, 0 for none.
    pub column_bytes: Option<usize>,
}

/// Makes an invite.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewInvite {
    /// How many may join; 1 unless said.
    pub uses: Option<u32>,
    /// Seconds until it lapses; 24 hours unless said.
    pub expires_in: Option<u64>,
    /// What the session is for.
    pub hint: Option<String>,
}

/// Largest file that becomes a dataset, in bytes: it arrives in one call, and a household's years of statements fit.
pub const FILE_BYTES: usize = 16 << 20;

/// The names of the formats a file can have.
pub fn formats() -> impl Iterator<Item = &'static str> {
    compute::formats::Format::ALL.into_iter().map(compute::formats::Format::name)
}

/// Stores a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDataset {
    /// The file's content, when it is text in UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The file's content as base64 (RFC 4648, section 4), when it is anything else: Parquet, or a statement in an old
    /// encoding. One of the two is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
    /// What the file is, by the name of a format; recognised by content unless said.
    #[serde(default)]
    pub format: Option<String>,
    /// Its name.
    pub tag: String,
    /// What it is.
    #[serde(default)]
    pub description: String,
    /// Leave out bad rows instead of refusing the file.
    #[serde(default)]
    pub skip_bad_rows: bool,
    /// nobody (unless said), everyone (connected), or names of people.
    #[serde(default)]
    pub visible_to: Vec<String>,
    /// What the file itself does not tell.
    #[serde(default)]
    pub reading: Reading,
    /// The voucher of whoever made the file, as base64: the file is refused unless its rows are those that were signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher_base64: Option<String>,
}

/// Attaches made-up rows to a dataset: a file of them, or a generator's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewMock {
    /// A file's content, when it is text in UTF-8: the dataset's columns, and at most 1000 rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// A file's content as base64, when it is anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
    /// What the file is, by the name of a format; recognised by content unless said.
    pub format: Option<String>,
    /// What the file itself does not tell.
    pub reading: Reading,
    /// Make rows instead, from the names and types of the columns alone.
    pub generate: bool,
    /// How many rows to make; 24 unless said.
    pub rows: Option<u64>,
    /// What they are made from: the same seed makes the same rows. Chosen anew unless said.
    pub seed: Option<u64>,
}

/// Vouches for a file that this home has made: what is signed are the rows, however the file is saved later.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewVoucher {
    /// The file's content, when it is text in UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The file's content as base64, when it is anything else. One of the two is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_base64: Option<String>,
    /// What the file is, by the name of a format; recognised by content unless said.
    pub format: Option<String>,
    /// Leave out bad rows instead of refusing the file.
    pub skip_bad_rows: bool,
    /// What the file itself does not tell.
    pub reading: Reading,
    /// What, or whom, it is about: shown to its holder, and to whom they let see that the dataset exists.
    pub subject: Option<String>,
    /// Name of the person it is for, whose key the voucher then names: it counts for nobody else's data.
    pub holder: Option<String>,
}

/// What a file does not tell about itself; what is not said is detected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Reading {
    /// Order of dates such as 03/04/2021: day-first or month-first.
    pub dates: Option<String>,
    /// point or comma before the fraction of a number.
    pub decimal_mark: Option<String>,
    /// Whether the first line names the columns.
    pub header: Option<bool>,
    /// Columns kept as words whatever they look like.
    pub text_columns: Vec<String>,
    /// Which columns of a CSV file are which parts of a transaction; with any, its rows become transactions.
    pub map: Vec<Mapping>,
    /// The currency (ISO 4217) of transactions whose file names none.
    pub currency: Option<String>,
}

/// One column of a CSV file and the part of a transaction it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// date, amount, debit, credit, currency, description, counterparty, balance or account.
    pub part: String,
    /// The column's name in the file.
    pub column: String,
}

/// An offer or a refusal to whoever gave the answers that it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOffer {
    /// offer or refusal.
    pub kind: String,
    /// What is offered, or what is said with the refusal.
    pub words: String,
    /// Receipts it rests on, by their ids or those of their requests; those of the reasons need not be named again.
    #[serde(default)]
    pub receipts: Vec<String>,
    /// One to four principal reasons of a refusal; an offer has none.
    #[serde(default)]
    pub reasons: Vec<NewReason>,
    /// Until when an offer can be accepted (seconds since 1970); two weeks unless said, at most a year.
    #[serde(default)]
    pub until: Option<u64>,
}

/// A reason for a refusal, tied to an answer. That a score was too low is no reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReason {
    /// The receipt, by its id or that of its request.
    pub receipt: String,
    /// What in the answer was decisive.
    pub words: String,
}

/// Asks something of somebody's dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// Name or identity of its owner.
    pub person: String,
    /// Name or pointer of the dataset.
    pub dataset: String,
    /// count, sum, mean (average), min, max, median, std, quantile, distinct, histogram, trend or share; or the name of a
    /// credit attribute, as GET /v1/attributes lists them.
    pub computation: String,
    /// Column; may be left out when only one is numeric. A share and a credit attribute have none.
    #[serde(default)]
    pub column: Option<String>,
    /// Only rows for which all of these hold: `amount >= 100`, `date between 2025-01-01 and 2025-12-31`, `kind in gas,
    /// power`; = != < <= > >= between in.
    #[serde(default, rename = "where")]
    pub filter: Vec<String>,
    /// One answer for each value of this column.
    #[serde(default)]
    pub group_by: Option<String>,
    /// Groups of dates: month, quarter or year.
    #[serde(default)]
    pub every: Option<String>,
    /// Of a quantile: between 0 and 1.
    #[serde(default)]
    pub p: Option<String>,
    /// Of a histogram: ascending; with `bins`, the first and the last.
    #[serde(default)]
    pub edges: Vec<String>,
    /// Of a histogram: so many bins of equal width between two edges.
    #[serde(default)]
    pub bins: Option<u32>,
    /// Of a trend: its column of dates; may be left out when there is only one.
    #[serde(default)]
    pub over: Option<String>,
    /// Of a trend: day or month (unless said).
    #[serde(default)]
    pub per: Option<String>,
    /// Of a share: the conditions whose share it is, written as in `where`.
    #[serde(default)]
    pub that: Vec<String>,
    /// Of a credit attribute over days, its window: 7 to 366; 90 unless said.
    #[serde(default)]
    pub days: Option<u16>,
    /// Of a credit attribute over months, its window: 1 to 24 whole calendar months; 6 unless said.
    #[serde(default)]
    pub months: Option<u8>,
    /// Of a credit attribute: the last day of its window; the last date of the dataset unless said.
    #[serde(default)]
    pub as_of: Option<String>,
    /// Of a credit attribute about payments on time: the day of the month on which they are due, 1 to 28; 1 unless said.
    #[serde(default)]
    pub due_day: Option<u8>,
    /// Of a credit attribute about payments on time: days after the due one that are still on time, 0 to 15; 5 unless said.
    #[serde(default)]
    pub grace: Option<u8>,
    /// Of a credit attribute: words of a description or counterparty that mark what is meant.
    #[serde(default)]
    pub words: Vec<String>,
    /// Of a credit attribute: only transactions in this currency (ISO 4217).
    #[serde(default)]
    pub currency: Option<String>,
    /// Of a credit attribute: only transactions of this account, by its hash.
    #[serde(default)]
    pub account: Option<String>,
    /// Only whether it is above this.
    #[serde(default)]
    pub above: Option<String>,
    /// Only whether it is below this.
    #[serde(default)]
    pub below: Option<String>,
    /// Only in which of the ranges between these it lies.
    #[serde(default)]
    pub bands: Vec<String>,
    /// Only rounded to the nearest multiple of this.
    #[serde(default)]
    pub rounded: Option<String>,
    /// Purpose from the closed list; credit_application unless said.
    #[serde(default)]
    pub purpose: Option<String>,
    /// In the requester's words.
    #[serde(default)]
    pub reason: String,
    /// Runs asked for; 1 unless said.
    #[serde(default)]
    pub uses: Option<u32>,
    /// Runs until (seconds since 1970); 7 days from now unless said.
    #[serde(default)]
    pub until: Option<u64>,
    /// When the request lapses undecided (seconds since 1970); 7 days from now unless said.
    #[serde(default)]
    pub expires: Option<u64>,
    /// A standing grant under which it is asked.
    #[serde(default)]
    pub grant: Option<String>,
}

/// The owner's yes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Approve {
    /// The preview that was shown: at least its first 12 characters.
    pub preview: String,
    /// Runs allowed; more than one makes a standing grant.
    pub uses: Option<u32>,
    /// Not after (seconds since 1970); what was asked for unless said.
    pub until: Option<u64>,
    /// Makes a standing grant even for one use.
    pub standing: bool,
    /// Kinds of computation a standing grant covers; the one asked unless said.
    pub kinds: Vec<String>,
    /// Columns a standing grant covers; the one asked unless said.
    pub columns: Vec<String>,
    /// each (unless said) or none: whether the owner sees each outcome of a standing grant before it leaves.
    pub review: Option<String>,
    /// Lets a standing grant cover filters and groups over its columns, as it does where the request has any.
    pub parts: bool,
    /// Release although a disclosure rule refuses it: why, in the owner's own words. They are kept with the decision and
    /// not sent.
    pub despite: Option<String>,
}

/// Sets rules on what may leave of a dataset. What is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewRules {
    /// Fewest rows, and fewest values, behind any answer: 1 to 1,000,000.
    pub minimum_rows: Option<u64>,
    /// Fewest values in a group or bin that is told of, and fewest rows about which anything may be worked out from all
    /// answers together: 1 to 1,000,000.
    pub smallest_group: Option<u64>,
    /// Percent of a sum that one row may make at most: 50 to 100.
    pub dominance: Option<u8>,
    /// Whether an answer may be a row: the smallest, the largest, a median, a quantile.
    pub rows_may_leave: Option<bool>,
    /// Every number is rounded to a multiple of this before it leaves; off for none.
    pub round_to: Option<String>,
}

/// The owner's other proposal. What is not said stays as asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CounterOffer {
    /// count, sum, mean, min, max, median, std or distinct; or a credit attribute.
    pub computation: Option<String>,
    /// Column.
    pub column: Option<String>,
    /// Of a credit attribute: days of its window.
    pub days: Option<u16>,
    /// Of a credit attribute: whole calendar months of its window.
    pub months: Option<u8>,
    /// Only whether it is above this.
    pub above: Option<String>,
    /// Only whether it is below this.
    pub below: Option<String>,
    /// Only in which of the ranges between these it lies.
    pub bands: Vec<String>,
    /// Only rounded to the nearest multiple of this.
    pub rounded: Option<String>,
    /// Runs until (seconds since 1970).
    pub until: Option<u64>,
    /// Until when it can be accepted (seconds since 1970); 7 days unless said.
    pub expires: Option<u64>,
    /// In the owner's words.
    pub because: Option<String>,
}

/// What a token may do; each may do what stands before it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look at everything that is no secret.
    Read,
    /// Ask others, run what they approved.
    Request,
    /// Decide for this home: answer requests, keep data, let people in, erase.
    Decide,
}

impl std::fmt::Display for Scope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Request => "request",
            Self::Decide => "decide",
        })
    }
}

/// Makes a token for a program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for: 1 to 64 bytes, a name that no other token has.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// Not after (seconds since 1970); no end unless said.
    #[serde(default)]
    pub until: Option<u64>,
}

/// Which requests to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RequestFilter {
    /// received or sent; both unless said.
    pub direction: Option<String>,
    /// Only this person's.
    pub person: Option<String>,
    /// Only in this state.
    pub state: Option<String>,
}
