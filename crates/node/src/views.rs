//! What a node shows of itself: plain forms for screens, HTTP and the command line.
//!
//! Identifiers are lower-case hex, times are seconds since 1970 UTC, numbers that were computed are exact decimal text.

use crate::wishes::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who this node is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// Identity key.
    pub party: String,
    /// Name told to others.
    pub name: String,
    /// Transport peer id.
    pub peer: String,
    /// Version of the program.
    pub version: String,
}

/// A relay this node uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RelayView {
    /// Full address ending in /p2p/ID.
    pub address: String,
    /// connecting, connected, reserved or failed.
    pub state: String,
    /// Why it failed and what happens next, in words.
    pub detail: Option<String>,
}

/// One address of a relay, tried just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteView {
    /// Full address ending in /p2p/ID.
    pub address: String,
    /// TCP or QUIC.
    pub transport: String,
    /// Whether the relay answers there.
    pub reached: bool,
    /// Why not.
    pub detail: Option<String>,
    /// One round trip, in milliseconds.
    pub round_trip_ms: Option<u64>,
    /// IP address and port from which the relay sees this node come.
    pub seen_at: Option<String>,
}

/// Which others can reach this node, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoctorView {
    /// Every address of every relay.
    pub routes: Vec<RouteView>,
    /// What the router does with TCP's ports: open, cone, symmetric, unknown, blocked or not tested; a colon, and what it
    /// means.
    pub tcp: String,
    /// The same of UDP, which QUIC uses.
    pub udp: String,
    /// direct, relayed, unknown or impossible.
    pub expect: String,
    /// The same in words.
    pub says: String,
    /// What could be changed for the better.
    pub change: Vec<String>,
}

/// How long it takes to somebody and back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PingView {
    /// direct, relayed or away.
    pub path: String,
    /// One round trip, in milliseconds; none when they are away.
    pub round_trip_ms: Option<u64>,
}

/// An invite just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InviteView {
    /// Which invite, without its secret.
    pub id: String,
    /// The text to hand over.
    pub text: String,
    /// The same for a QR code.
    pub qr: String,
    /// Until when it can be used.
    pub expires: u64,
    /// How many may join by it.
    pub uses: u32,
    /// Who joined already.
    pub joined: Vec<PersonView>,
}

/// Somebody this node is connected with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonView {
    /// Identity key.
    pub party: String,
    /// Name I gave (at first the one they told).
    pub name: String,
    /// Name they gave themselves.
    pub claims: String,
    /// Whether the safety code was compared.
    pub verified: bool,
    /// Whether they are blocked.
    pub blocked: bool,
    /// direct, relayed or away.
    pub path: String,
    /// Sixty digits to compare by voice.
    pub safety_code: String,
    /// Since when.
    pub paired: u64,
    /// Messages owed to them and not yet delivered.
    pub waiting: u64,
    /// How many of these lie, sealed, in a relay's mailbox until they come back.
    #[serde(default)]
    pub left: u64,
    /// Whether something can be left for them at all: they have told the key of their mailbox, as they do when they are
    /// connected first.
    #[serde(default)]
    pub mailbox: bool,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ColumnView {
    /// Its name.
    pub name: String,
    /// integer, decimal, date, text or boolean.
    #[serde(rename = "type")]
    pub of: String,
}

/// A dataset of mine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DatasetView {
    /// The pointer.
    pub id: String,
    /// Its name.
    pub tag: String,
    /// What it is, in the owner's words.
    pub description: String,
    /// Version hash.
    pub version: String,
    /// Number of rows.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<ColumnView>,
    /// nobody, everyone, or names of people.
    pub visible_to: Vec<String>,
    /// When it was stored.
    pub stored: u64,
    /// Lines that were left out because they were bad, when that was asked for.
    pub skipped_lines: Vec<u64>,
    /// What the file was, by the name of its format; nothing of one stored before formats were kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// What else was noticed in the file, in sentences.
    #[serde(default)]
    pub notes: Vec<String>,
    /// What may leave of it.
    #[serde(default)]
    pub rules: RulesView,
    /// Each row that was left out, and why: told once, in the answer to storing it, since it quotes the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// Who vouches for it: self-asserted, or signed by whom.
    #[serde(default)]
    pub vouched: String,
    /// Whoever signed its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<IssuerView>,
    /// How many made-up rows there are beside it, to try a request on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<u64>,
}

/// Whoever signed the rows of a dataset, as far as this side knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IssuerView {
    /// Their identity key.
    pub party: String,
    /// The name I gave them; none for a key that I do not know.
    pub name: Option<String>,
    /// verified, first seen, or not known.
    pub key: String,
    /// Rows that they signed.
    pub rows: u64,
    /// When, by their clock.
    pub issued: u64,
    /// What, or whom, it is about, in their words; none where they gave none, or they did not come along.
    pub subject: Option<String>,
    /// Whether they signed it for this owner's key, and for no other.
    pub for_owner: bool,
    /// All of it in words.
    pub sentence: String,
}

/// A voucher just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeVoucher {
    /// Its id.
    pub id: String,
    /// Rows that are vouched for.
    pub rows: u64,
    /// When.
    pub issued: u64,
    /// For whom, if for one person alone.
    pub holder: Option<String>,
    /// Rows of the file that were left out because they were bad, when that was asked for.
    pub left_out: Vec<String>,
    /// The file to hand over beside the data, as base64. Who has it and the voucher can try rows: it is for the holder.
    pub file_base64: String,
}

/// Rules on what may leave of a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesView {
    /// Fewest rows, and fewest values, behind any answer.
    pub minimum_rows: u64,
    /// Fewest values in a group or bin that is told of, and fewest rows about which anything may be worked out.
    pub smallest_group: u64,
    /// Percent of a sum that one row may make at most.
    pub dominance: u8,
    /// Whether an answer may be a row.
    pub rows_may_leave: bool,
    /// Every number is rounded to a multiple of this; none where numbers leave as they are.
    pub round_to: Option<String>,
    /// False while they are those that every dataset begins with.
    pub chosen: bool,
}

/// A dataset of somebody else, as far as they let me see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogView {
    /// The pointer.
    pub id: String,
    /// Its owner's name.
    pub owner: String,
    /// Its name.
    pub tag: String,
    /// What it is, in its owner's words.
    pub description: String,
    /// Version hash.
    pub version: String,
    /// Number of rows.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<ColumnView>,
    /// Who vouches for it: self-asserted, or signed by whom.
    pub vouched: String,
    /// Whoever signed its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<IssuerView>,
    /// How many made-up rows there are to try a request on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mock: Option<u64>,
}

/// What a request would come to over made-up rows: no outcome, and no receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MockOutcomeView {
    /// Always true: it says nothing about the data.
    pub mock: bool,
    /// The same in words.
    pub notice: String,
    /// The owner's name.
    pub person: String,
    /// The dataset's name.
    pub tag: String,
    /// Rows that were made up.
    pub rows: u64,
    /// What was tried, in plain words.
    pub sentence: String,
    /// What it came to, as people read it.
    pub value: Option<String>,
    /// The same as programs read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<serde_json::Value>,
    /// Why it came to nothing.
    pub nothing: Option<String>,
}

/// A catalog and how fresh it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CatalogPage {
    /// The datasets.
    pub datasets: Vec<CatalogView>,
    /// False when the owner could not be asked now and this is what was told last.
    pub fresh: bool,
}

/// An offer or a refusal, made to me or by me.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferView {
    /// Its id.
    pub id: String,
    /// received (about my data) or sent.
    pub direction: String,
    /// The other side's name.
    pub person: String,
    /// offer or refusal.
    pub kind: String,
    /// Its words, which nobody checked; none once they were erased.
    pub words: Option<String>,
    /// The answers it rests on.
    pub rests_on: Vec<RestsOn>,
    /// Principal reasons of a refusal.
    pub reasons: Vec<OfferReasonView>,
    /// When it was made or came.
    pub made: u64,
    /// Until when an offer can be accepted.
    pub until: Option<u64>,
    /// sending, waiting (for an answer), told (a refusal that arrived), accepted, declined, expired or refused (not kept
    /// by the other side).
    pub state: String,
    /// Why the other side would not keep it.
    pub detail: Option<String>,
    /// When it was answered, or the answer came.
    pub answered: Option<u64>,
}

/// An answer that an offer or a reason rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RestsOn {
    /// Its receipt.
    pub receipt: String,
    /// What was asked.
    pub sentence: String,
    /// What was answered; none where nothing was released.
    pub value: Option<String>,
}

/// A reason for a refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferReasonView {
    /// The answer it is tied to.
    pub on: RestsOn,
    /// In the institution's words; none once they were erased.
    pub words: Option<String>,
}

/// A request, mine or one made to me.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RequestView {
    /// Its id.
    pub id: String,
    /// received (I own the data) or sent (I ask).
    pub direction: String,
    /// The other side's name.
    pub person: String,
    /// The other side's identity key.
    pub party: String,
    /// Position among the requests of this pair, from 0; none until the other side has it.
    pub index: Option<u64>,
    /// The pointer.
    pub dataset: String,
    /// The dataset's name.
    pub tag: String,
    /// The word of its kind: count, mean, quantile, above, …
    pub computation: String,
    /// The column it reads first.
    pub column: String,
    /// In plain words.
    pub sentence: String,
    /// What for.
    pub purpose: String,
    /// The requester's own words, not checked; empty once erased.
    pub reason: String,
    /// Runs asked for.
    pub uses: u32,
    /// Runs until.
    pub until: u64,
    /// When it was made.
    pub created: u64,
    /// When it lapses if not decided.
    pub expires: u64,
    /// sending, waiting, approved, denied, countered, refused, expired, closed, withdrawn, done.
    pub state: String,
    /// Why, where there is more to say: the owner's words, the refusal.
    pub detail: Option<String>,
    /// When it was decided.
    pub decided: Option<u64>,
    /// The grant it was approved under.
    pub grant: Option<String>,
    /// The counter-offer made, if any.
    pub counter: Option<CounterView>,
    /// The counter-offer's request, once accepted; or the counter this request accepts.
    pub follows: Option<String>,
    /// The receipt, once there.
    pub receipt: Option<String>,
}

/// A counter-offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterView {
    /// Its id.
    pub id: String,
    /// The word of its kind: count, mean, quantile, above, …
    pub computation: String,
    /// The column it reads first.
    pub column: String,
    /// In plain words.
    pub sentence: String,
    /// Runs offered.
    pub uses: u32,
    /// Runs until.
    pub until: u64,
    /// Until when it can be accepted.
    pub expires: u64,
    /// The owner's words.
    pub because: Option<String>,
}

/// The consent prompt: made from the signed bytes, in the order people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Prompt {
    /// The request it is about.
    pub request: RequestView,
    /// Name I gave, and what is known of the key.
    pub who: Who,
    /// A plain sentence.
    pub wants: String,
    /// Dataset, columns, rows.
    pub reads: String,
    /// What leaves this computer.
    pub leaves: Leaves,
    /// What they could work out with what they already have.
    pub could_work_out: Vec<String>,
    /// Purpose from the closed list, as a sentence.
    pub why: String,
    /// The requester's own words, neutralised, not checked.
    pub words: String,
    /// How long and how often.
    pub how_long: String,
    /// How to take it back.
    pub undo: String,
    /// Safer forms that the owner could offer instead: each tells less than the number that was asked for.
    #[serde(default)]
    pub instead: Vec<Instead>,
    /// Binds request, data version and outcome: what `approve --preview` names. None when nothing can leave.
    pub preview: Option<String>,
}

/// What an owner would be shown of a request that is still being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestDraft {
    /// A plain sentence.
    pub wants: String,
    /// Dataset and columns.
    pub reads: String,
    /// Purpose from the closed list, as a sentence.
    pub why: String,
    /// The requester's own words, neutralised.
    pub words: String,
    /// How long and how often.
    pub how_long: String,
    /// How much an answer of this kind tells.
    pub tells: String,
}

/// What was understood of a file, nothing of it stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileReading {
    /// What the file is, by the name of a format.
    pub format: String,
    /// Number of rows.
    pub rows: u64,
    /// Columns.
    pub columns: Vec<ColumnView>,
    /// What else was noticed in the file, in sentences.
    pub notes: Vec<String>,
    /// Each row that would be left out, and why.
    pub left_out: Vec<String>,
}

/// A safer form of what was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Instead {
    /// In plain words.
    pub sentence: String,
    /// What would leave.
    pub value: String,
    /// above, bands or rounded: the field of a counter-offer.
    pub form: String,
    /// What that field holds: a number, or for bands several with commas between.
    pub with: String,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Who {
    /// Name I gave.
    pub name: String,
    /// verified, first seen or changed.
    pub key: String,
    /// Identity key.
    pub party: String,
}

/// What would leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Leaves {
    /// The exact value; none when it cannot leave or is not computed here (institution's side).
    pub value: Option<String>,
    /// In words, with "nothing else", or why nothing can leave.
    pub sentence: String,
    /// Whether a rule refuses it, so that it leaves only if the owner says why despite that.
    #[serde(default)]
    pub refused: bool,
}

/// A grant given or held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantView {
    /// Its id: the approval's.
    pub id: String,
    /// given (my data) or held (I may run).
    pub direction: String,
    /// The other side's name.
    pub person: String,
    /// once or standing.
    pub kind: String,
    /// The pointer.
    pub dataset: String,
    /// The dataset's name.
    pub tag: String,
    /// What it allows, in words.
    pub sentence: String,
    /// Runs allowed.
    pub uses: u32,
    /// Runs used.
    pub spent: u32,
    /// Not before.
    pub from: u64,
    /// Not after.
    pub until: u64,
    /// live, paused, spent, expired or revoked.
    pub state: String,
    /// Why it is paused, where that was not its owner's doing; told to the owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
    /// each or none.
    pub review: String,
}

/// An outcome with its receipt's verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutcomeView {
    /// The receipt's id.
    pub receipt: String,
    /// The request it answers.
    pub request: String,
    /// The grant it was run under.
    pub grant: String,
    /// The run's number.
    pub number: u32,
    /// received or given.
    pub direction: String,
    /// The other side's name.
    pub person: String,
    /// In plain words.
    pub sentence: String,
    /// The outcome, exact, as people read it; none when nothing was released.
    pub value: Option<String>,
    /// The same as programs read it: the form it has in the receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<serde_json::Value>,
    /// Why nothing was released, as far as it is told.
    pub not_released: Option<String>,
    /// Notes on it.
    pub notes: Vec<String>,
    /// Whoever signed the rows it was computed over, by the owner's signed word; none when they are self-asserted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<IssuerView>,
    /// When it was computed.
    pub computed: u64,
    /// When it first left (owner's side) or arrived.
    pub released: Option<u64>,
    /// What was verified, each in words.
    pub verified: Vec<String>,
    /// What did not verify, each in words. Empty: all holds.
    pub failed: Vec<String>,
}

/// One entry of this node's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntryView {
    /// Its position, from 0.
    pub index: u64,
    /// When.
    pub time: u64,
    /// Its kind: begun, paired, stored, removed, requested, decided, ran, ...
    pub kind: String,
    /// In words, with names as known now.
    pub sentence: String,
    /// Ids it names.
    pub ids: Vec<String>,
    /// Its leaf.
    pub leaf: String,
}

/// Whether this node's log is whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LogReport {
    /// Entries.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// Signed checkpoint.
    pub checkpoint: String,
    /// Whether every entry, node and record agree.
    pub whole: bool,
    /// What does not, in words.
    pub faults: Vec<String>,
    /// Heads of others this node has checked.
    pub others: Vec<OtherLog>,
}

/// A counterparty's log, as far as this node has checked it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OtherLog {
    /// Whose.
    pub person: String,
    /// Size checked.
    pub size: u64,
    /// Root at that size.
    pub root: String,
    /// consistent, begun anew (a backup was restored), cut back or forked.
    pub state: String,
    /// What is known of that, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A token of this node's interface: everything but its text, which nobody has but its holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// Id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub made: u64,
    /// Not after; none for no end.
    pub until: Option<u64>,
    /// When it was last used; none for never.
    pub used: Option<u64>,
}

/// A token just made. Its text is shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeToken {
    /// Its text, for the program that is to hold it.
    pub token: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub of: TokenView,
}

/// A secret is no business of a log line.
impl std::fmt::Debug for MadeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeToken").field("of", &self.of).finish_non_exhaustive()
    }
}

/// A call of this node's interface, as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CallView {
    /// When it came.
    pub time: u64,
    /// The name of the token, or "this home", or "duo" for Duo's endpoints.
    pub by: String,
    /// The id of the token.
    pub token: Option<String>,
    /// Its method.
    pub method: String,
    /// The template of its path.
    pub route: String,
    /// The status it was answered with; none when the caller or the token was gone before the answer.
    pub status: Option<u16>,
}

/// What an exported file proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FileView {
    /// A receipt.
    Outcome(Box<OutcomeView>),
    /// A log.
    Log(LogFileView),
    /// Evidence.
    Evidence(EvidenceView),
    /// A voucher.
    Voucher(VoucherFileView),
}

/// What a voucher beside a file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherFileView {
    /// Whoever signed it.
    pub issuer: IssuerView,
    /// Identity key of whom it is for; none for whoever has it.
    pub holder: Option<String>,
}

/// What an exported log proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFileView {
    /// Identity key of the party whose log it is.
    pub party: String,
    /// Entries.
    pub size: u64,
    /// Root over them.
    pub root: String,
    /// Time of the last entry.
    pub last: u64,
    /// Entries of which only the hash is left.
    pub pruned: u64,
    /// What was verified, each in words.
    pub verified: Vec<String>,
}

/// What evidence proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// Identity key of the party whose statements contradict each other.
    pub party: String,
    /// How, in words.
    pub contradiction: String,
    /// When the two statements were made, by that party's clock.
    pub said: [u64; 2],
}

/// Several exported files, and whether all of them can be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesView {
    /// What each proves, in their order.
    pub files: Vec<FileView>,
    /// What contradicts what, in words; none where nothing does.
    pub fork: Option<String>,
}

/// Something happened: ids, never contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Happening {
    /// paired, request, decision, revoked, receipt, withheld, catalog, mock, path, relay, dataset, invite-refused, fork, restored, grant, token.
    pub what: String,
    /// Id of what it is about: a request, a receipt, a person, a dataset.
    pub id: String,
    /// A further id or word.
    pub of: Option<String>,
}
