//! Records as people see them.

pub(crate) mod issuers;

use self::issuers::SELF_ASSERTED;
use crate::{actor::now, error::NodeError, views::*};
use compute::Described;
use consent::{
    Draft,
    record::{
        CatalogRecord, DatasetRecord, DecisionRecord, GrantRecord, Person, Preview, RequestRecord, RequestState, Side,
        Visibility,
    },
};
use protocol::{
    Column, ColumnType, Computation, DatasetId, Date, Name, PartyId, Refusal, Text,
    message::{Decision, Grant, NotReleased, Note, Review, Terms},
    safety_code,
    text::neutralised,
};

type Shown<T> = Result<T, NodeError>;

pub(crate) fn column(column: &Column) -> ColumnView {
    let of = match column.of {
        ColumnType::Integer => "integer",
        ColumnType::Decimal(_) => "decimal",
        ColumnType::Date => "date",
        ColumnType::Text => "text",
        ColumnType::Boolean => "boolean",
    };
    ColumnView { name: column.name.to_string(), of: of.to_owned() }
}

pub(crate) fn person(
    draft: &Draft<'_>,
    me: &PartyId,
    party: &PartyId,
    person: &Person,
    path: Option<&&'static str>,
    left: u64,
) -> Shown<PersonView> {
    let claims: Option<Text> = draft.get(&person.claims.0)?;
    Ok(PersonView {
        party: party.to_string(),
        name: person.name.to_string(),
        claims: claims.map_or_else(String::new, |text| neutralised(text.as_str())),
        verified: person.verified,
        blocked: person.blocked,
        path: path.map_or("away", |path| *path).to_owned(),
        safety_code: safety_code(me, party),
        paired: person.paired,
        waiting: consent::outbox::waiting(draft, party)?,
        left,
        mailbox: person.mailbox.is_some(),
    })
}

/// The name I gave somebody, or what is left of one who was erased.
pub(crate) fn name_of(draft: &Draft<'_>, party: &PartyId) -> Shown<String> {
    let person: Option<Person> = draft.get(&party.0)?;
    Ok(person.map_or_else(|| consent::erase::erased_name(party), |person| person.name.to_string()))
}

pub(crate) fn dataset(draft: &Draft<'_>, id: &str, record: &DatasetRecord) -> Shown<DatasetView> {
    let visible_to = match &record.visible {
        Visibility::Nobody => vec![],
        Visibility::Everyone => vec!["everyone".to_owned()],
        Visibility::People(people) => people.iter().map(|party| name_of(draft, party)).collect::<Shown<_>>()?,
    };
    let issuer = issuers::of_mine(draft, record)?;
    Ok(DatasetView {
        id: id.to_owned(),
        tag: record.tag.to_string(),
        description: record.description.clone(),
        version: record.version.to_string(),
        rows: record.rows,
        columns: record.columns.iter().map(column).collect(),
        visible_to,
        stored: record.stored,
        skipped_lines: record.skipped.clone(),
        format: record.format.clone(),
        notes: record.notes.clone(),
        rules: crate::rules::view(record.rules.as_ref()),
        left_out: Vec::new(),
        vouched: issuer.as_ref().map_or_else(|| SELF_ASSERTED.to_owned(), |issuer| issuer.sentence.clone()),
        issuer,
        mock: record.mock,
    })
}

pub(crate) fn catalogued(
    draft: &Draft<'_>,
    (party, owner): (&PartyId, &str),
    record: &CatalogRecord,
) -> Shown<CatalogView> {
    let (issuer, vouched) = issuers::of_told(draft, party, record)?;
    Ok(CatalogView {
        id: record.pointer.dataset.to_string(),
        owner: owner.to_owned(),
        tag: neutralised(&record.tag),
        description: neutralised(&record.description),
        version: record.pointer.version.to_string(),
        rows: record.pointer.rows,
        columns: record.pointer.columns.iter().map(column).collect(),
        vouched,
        issuer,
        mock: record.pointer.mock,
    })
}

/// What a computation is about, as far as this side knows: tag, and the sentence made of it.
pub(crate) fn subject(draft: &Draft<'_>, record: &RequestRecord, terms: &Terms) -> Shown<(String, String)> {
    dated_subject(draft, record, terms, None)
}

/// The same where the dataset's dates were looked at.
pub(crate) fn dated_subject(
    draft: &Draft<'_>,
    record: &RequestRecord,
    terms: &Terms,
    dates: Option<(Date, Date)>,
) -> Shown<(String, String)> {
    let Some(known) = Known::of(draft, record, &terms.dataset)? else {
        let id = terms.dataset.to_string();
        let (kind, column) = (terms.computation.kind().name(), read_column(&terms.computation));
        let sentence = format!("{kind} of {column} of a dataset that is gone");
        return Ok((format!("(removed) {}", id.get(..8).unwrap_or_default()), sentence));
    };
    let sentence = known.sentence(&terms.computation, dates);
    Ok((known.tag.to_string(), sentence))
}

/// A dataset as far as one side knows it.
pub(crate) struct Known {
    pub(crate) tag: Name,
    description: String,
    rows: u64,
    pub(crate) columns: Vec<Column>,
}

impl Known {
    /// The dataset of a request: my own, or what its owner told of it.
    pub(crate) fn of(draft: &Draft<'_>, record: &RequestRecord, dataset: &DatasetId) -> Shown<Option<Self>> {
        Ok(match record.side {
            Side::Owner => draft.get::<DatasetRecord>(&dataset.0)?.map(|mine| {
                let DatasetRecord { tag, description, rows, columns, .. } = mine;
                Self { tag, description, rows, columns }
            }),
            Side::Requester => {
                let key = consent::datasets::catalog_key(&record.other, dataset);
                draft.get::<CatalogRecord>(&key)?.as_ref().and_then(Self::told)
            }
        })
    }

    /// A dataset as its owner told of it; none whose name cannot be shown.
    pub(crate) fn told(told: &CatalogRecord) -> Option<Self> {
        let (tag, description) = (told.tag.parse().ok()?, neutralised(&told.description));
        Some(Self { tag, description, rows: told.pointer.rows, columns: told.pointer.columns.clone() })
    }

    /// A computation in plain words.
    pub(crate) fn sentence(&self, computation: &Computation, dates: Option<(Date, Date)>) -> String {
        let known = Described::new(&self.tag, self.rows, &self.columns);
        compute::sentence(computation, &Described { description: Some(&self.description), dates, ..known })
    }
}

/// The first column that a computation reads; of an attribute all of them, since none of them is its own.
pub(crate) fn read_column(computation: &Computation) -> String {
    if let Computation::Attribute(attribute) = computation.statistic() {
        let columns = attribute.name.columns().into_iter().map(|column| column.name().as_str());
        return columns.collect::<Vec<_>>().join(", ");
    }
    computation.columns().first().map_or_else(String::new, ToString::to_string)
}

pub(crate) fn request(draft: &Draft<'_>, id: &str, record: &RequestRecord) -> Shown<RequestView> {
    let signed = record.open().map_err(|error| NodeError::Internal(error.to_string()))?;
    let (body, terms) = (signed.body(), &signed.body().terms);
    let (tag, sentence) = subject(draft, record, terms)?;
    let reason: Option<Text> = draft.get(&body.reason.0)?;
    let decision = decision(draft, record)?;
    let counter = match decision.as_ref().map(protocol::Signed::body) {
        Some(Decision::Counter(_)) => Some(counter(draft, record)?).flatten(),
        _ => None,
    };
    Ok(RequestView {
        id: id.to_owned(),
        direction: direction(record.side, "received", "sent"),
        person: name_of(draft, &record.other)?,
        party: record.other.to_string(),
        index: record.index,
        dataset: terms.dataset.to_string(),
        tag,
        computation: terms.computation.kind().name().to_owned(),
        column: read_column(&terms.computation),
        sentence,
        purpose: terms.purpose.name().to_owned(),
        reason: reason.map_or_else(String::new, |text| neutralised(text.as_str())),
        uses: terms.uses,
        until: terms.until,
        created: signed.payload().created,
        expires: signed.payload().expires,
        state: state(record.state).to_owned(),
        detail: detail(draft, record, decision.as_ref().map(protocol::Signed::body))?,
        decided: record.decided,
        grant: record.grant.map(|grant| grant.to_string()),
        counter,
        follows: record.follows.map(|id| id.to_string()),
        receipt: record.receipt.map(|id| id.to_string()),
    })
}

fn decision(draft: &Draft<'_>, record: &RequestRecord) -> Shown<Option<protocol::Signed<Decision>>> {
    let Some(id) = record.decision else { return Ok(None) };
    let kept: DecisionRecord = draft.need(&id.0)?;
    kept.open().map(Some).map_err(|error| NodeError::Internal(error.to_string()))
}

fn counter(draft: &Draft<'_>, record: &RequestRecord) -> Shown<Option<CounterView>> {
    let Some(signed) = decision(draft, record)? else { return Ok(None) };
    let Decision::Counter(offer) = signed.body() else { return Ok(None) };
    let (_, sentence) = subject(draft, record, &offer.proposal)?;
    Ok(Some(CounterView {
        id: signed.id().to_string(),
        computation: offer.proposal.computation.kind().name().to_owned(),
        column: read_column(&offer.proposal.computation),
        sentence,
        uses: offer.proposal.uses,
        until: offer.proposal.until,
        expires: offer.expires,
        because: words(draft, offer.because)?,
    }))
}

fn words(draft: &Draft<'_>, commitment: Option<protocol::Commitment>) -> Shown<Option<String>> {
    let Some(commitment) = commitment else { return Ok(None) };
    Ok(draft.get::<Text>(&commitment.0)?.map(|text| neutralised(text.as_str())))
}

fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::Sending => "sending",
        RequestState::Waiting => "waiting",
        RequestState::Approved => "approved",
        RequestState::Denied => "denied",
        RequestState::Countered => "countered",
        RequestState::Refused => "refused",
        RequestState::Expired => "expired",
        RequestState::Closed => "closed",
        RequestState::Done => "done",
        RequestState::Revoked => "revoked",
    }
}

fn detail(draft: &Draft<'_>, record: &RequestRecord, decision: Option<&Decision>) -> Shown<Option<String>> {
    if let Some(refusal) = record.refusal {
        return Ok(Some(refused(refusal).to_owned()));
    }
    let because = match decision {
        Some(Decision::Deny(denial)) => denial.because,
        Some(Decision::Counter(counter)) => counter.because,
        Some(Decision::Approve(_)) | None => None,
    };
    words(draft, because)
}

/// Why the other side would not keep or run something, and what to do.
pub(crate) fn refused(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Malformed => "their program could not read it; one of the two may need an update",
        Refusal::WrongAudience => "it reached somebody it was not meant for",
        Refusal::Expired => "its time was over when it arrived; ask again",
        Refusal::Stranger => "they are not connected with you (any more); ask them for a new invite",
        Refusal::Invite => "the invite is spent, expired or another's; ask for a new one",
        Refusal::Unknown => "they have no such dataset or grant for you; look at the catalog again",
        Refusal::Conflict => "it does not fit what they have now; look at the catalog again",
        Refusal::Revoked => "it was taken back",
        Refusal::Spent => "every use of the grant is spent; ask again",
        Refusal::Unsupported => "their program does not know this kind of message; it may need an update",
        Refusal::Paused => "the owner has paused this grant; it can be asked again later, or without the grant",
        Refusal::TooMany => "too many of your requests wait there already; try again once some are decided",
    }
}

/// Why nothing was released, in words for the requester.
pub(crate) fn not_released(reason: NotReleased) -> &'static str {
    match reason {
        NotReleased::DatasetChanged => "the data changed since it was approved; ask again",
        NotReleased::TooFewRows => "the owner's rules ask for more rows than this dataset has",
        NotReleased::Unspecified => "not released",
    }
}

pub(crate) fn note(note: Note) -> &'static str {
    match note {
        Note::IsARow => "this value is one row of the data, or lies halfway between two",
        Note::FewRows => "few rows stand behind this value",
        Note::SelfAsserted => "self-asserted: nobody but the owner vouches for the data",
    }
}

pub(crate) fn direction(side: Side, owner: &str, requester: &str) -> String {
    match side {
        Side::Owner => owner.to_owned(),
        Side::Requester => requester.to_owned(),
    }
}

/// Why a grant was paused that its owner did not pause.
const PAUSED: &str = "one more answer, together with what others were told of the same data, would tell something about \
                      few rows; it waits. Resuming lets it go, revoking keeps it";

pub(crate) fn grant(draft: &Draft<'_>, id: &str, record: &GrantRecord) -> Shown<GrantView> {
    let first: RequestRecord = draft.need(&record.request.0)?;
    let terms = first.open().map_err(|error| NodeError::Internal(error.to_string()))?.body().terms.clone();
    let (tag, sentence) = subject(draft, &first, &terms)?;
    let (kind, sentence, review) = match &record.grant {
        Grant::Once(_) | Grant::Under(_) => ("once", sentence, "each"),
        Grant::Standing(standing) => {
            let kinds: Vec<_> = standing.kinds.iter().map(|kind| kind.name()).collect();
            let columns: Vec<_> = standing.columns.iter().map(Name::as_str).collect();
            let review = if standing.review == Review::Each { "each" } else { "none" };
            let parts = if standing.parts.is_some() { ", with filters and groups by them," } else { "" };
            let (kinds, columns) = (kinds.join(", "), columns.join(", "));
            let text = format!("{kinds} of {columns}{parts} in “{tag}”, {}", standing.purpose.sentence());
            ("standing", text, review)
        }
    };
    let (from, until) = record.window();
    let state = if record.revoked.is_some() {
        "revoked"
    } else if record.paused.is_some() {
        "paused"
    } else if record.spent >= record.uses() {
        "spent"
    } else if now() > until {
        "expired"
    } else {
        "live"
    };
    Ok(GrantView {
        id: id.to_owned(),
        direction: direction(record.side, "given", "held"),
        person: name_of(draft, &record.other)?,
        kind: kind.to_owned(),
        dataset: record.dataset.to_string(),
        tag,
        sentence,
        uses: record.uses(),
        spent: record.spent,
        from,
        until,
        state: state.to_owned(),
        review: review.to_owned(),
        paused: record.paused.filter(|paused| paused.together && record.revoked.is_none()).map(|_| PAUSED.to_owned()),
    })
}

/// The value of a preview, if it has one.
pub(crate) fn value(preview: &Preview) -> Option<String> {
    match &preview.shown {
        consent::record::Previewed::Value { outcome, .. } => Some(outcome.to_string()),
        consent::record::Previewed::Nothing { .. } => None,
    }
}
