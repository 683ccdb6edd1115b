//! The consent prompt, made by our code from the signed bytes and the owner's own words about her data.

use crate::{
    actor::Actor,
    error::NodeError,
    resolve::hex_of,
    show::{self, Known},
    views::{Instead, Leaves, Prompt, Who},
};
use compute::Disclosure;
use consent::{
    Draft,
    owner::preview_code,
    record::{Person, Preview, Previewed, ReceiptRecord, RequestRecord, RequestState, Side},
};
use protocol::{
    Computation, MessageId, Text, UnixSeconds,
    message::{Answer, Terms},
    text::neutralised,
};
use time::{OffsetDateTime, macros::format_description};

/// Earlier answers that a prompt lists; it says how many more there are.
const EARLIER: usize = 5;

/// Which of a request's two prompts: as asked, or as the owner would counter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Asked,
    Counter,
}

impl Actor {
    /// The prompt of a request; `terms` are those asked, or those of a counter-offer being made.
    pub(crate) fn make_prompt(&self, id: &MessageId, terms: &Terms, of: Of) -> Result<Prompt, NodeError> {
        self.ask(|draft| {
            let record: RequestRecord = draft.need(&id.0)?;
            let preview = match of {
                Of::Asked => record.preview.as_ref(),
                Of::Counter => record.counter.as_ref(),
            };
            let request = show::request(draft, &hex_of(&id.0), &record)?;
            let dates = preview.and_then(|preview| preview.dates);
            let (tag, sentence) = show::dated_subject(draft, &record, terms, dates)?;
            let known = Known::of(draft, &record, &terms.dataset)?;
            let signed = record.open().map_err(|error| NodeError::Internal(error.to_string()))?;
            let words: Option<Text> = draft.get(&signed.body().reason.0)?;
            Ok(Prompt {
                who: who(draft, &record)?,
                wants: sentence,
                reads: format!(
                    "{}{}",
                    reads(&tag, terms, dates.and(known.as_ref())),
                    show::issuers::of_request(draft, &record, &terms.dataset)?
                        .map_or_else(String::new, |by| format!(". The rows are {by}"))
                ),
                instead: match of {
                    Of::Asked => instead(&record, terms, preview, known.as_ref()),
                    Of::Counter => Vec::new(),
                },
                leaves: leaves(&record, preview),
                could_work_out: could_work_out(draft, &record, terms, preview)?,
                why: terms.purpose.sentence().to_owned(),
                words: words.map_or_else(String::new, |text| neutralised(text.as_str())),
                how_long: how_long(record.grant.is_some() && record.decision.is_none(), terms),
                undo: "You can take a yes back until the answer has left (halfdoor revoke); what has left cannot be \
                       called back."
                    .to_owned(),
                preview: preview.filter(|p| show::value(p).is_some()).map(|p| preview_code(id, p)).transpose()?,
                request,
            })
        })
    }
}

fn who(draft: &Draft<'_>, record: &RequestRecord) -> Result<Who, NodeError> {
    let person: Option<Person> = draft.get(&record.other.0)?;
    let verified = person.as_ref().is_some_and(|person| person.verified);
    Ok(Who {
        name: show::name_of(draft, &record.other)?,
        key: if verified { "verified" } else { "first seen" }.to_owned(),
        party: record.other.to_string(),
    })
}

/// The columns that are opened; `dated` where the dataset's dates were looked at for the words of this prompt.
pub(crate) fn reads(tag: &str, terms: &Terms, dated: Option<&Known>) -> String {
    let read = terms.computation.columns();
    let columns: Vec<_> = read.iter().map(|name| format!("“{name}”")).collect();
    let word = if columns.len() == 1 { "column" } else { "columns" };
    let dates = dated.and_then(|known| compute::date_column(&known.columns));
    let also = match dates {
        Some(dates) if !read.contains(&&dates.name) => {
            format!("; the dates of “{}” were looked at to show you this page", dates.name)
        }
        _ => String::new(),
    };
    format!("“{tag}”, {word} {}{also}; nothing else is opened", columns.join(", "))
}

/// Safer forms of a bare number, while its owner can still offer one.
fn instead(record: &RequestRecord, terms: &Terms, preview: Option<&Preview>, known: Option<&Known>) -> Vec<Instead> {
    let waits = record.side == Side::Owner && record.state == RequestState::Waiting;
    let (Some(Previewed::Value { outcome, .. }), Some(known), true) = (preview.map(|p| &p.shown), known, waits) else {
        return Vec::new();
    };
    let forms = compute::safer(&terms.computation, outcome).into_iter();
    forms
        .filter_map(|(form, answer)| {
            let (name, with) = match &form {
                Computation::Rounded(rounding) => ("rounded", rounding.to.to_string()),
                Computation::Above(threshold) => ("above", threshold.than.to_string()),
                Computation::Band(bands) => {
                    ("bands", bands.edges.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
                }
                _ => return None,
            };
            let sentence = known.sentence(&form, None);
            Some(Instead { sentence, value: answer.to_string(), form: name.to_owned(), with })
        })
        .collect()
}

fn leaves(record: &RequestRecord, preview: Option<&Preview>) -> Leaves {
    let sentence = match (record.side, preview.map(|preview| &preview.shown)) {
        (Side::Requester, _) => "Only the answer, signed, once the owner has said yes.".to_owned(),
        (Side::Owner, None) => "Not computed: this request no longer waits for a decision.".to_owned(),
        (Side::Owner, Some(Previewed::Nothing { why })) => format!("Nothing can leave: {why}."),
        (Side::Owner, Some(Previewed::Value { against: Some(rule), .. })) => {
            format!("{rule} If you allow it, exactly this leaves:")
        }
        (Side::Owner, Some(Previewed::Value { .. })) => {
            "Exactly this value, signed by you, and nothing else.".to_owned()
        }
    };
    let refused = matches!(preview.map(|p| &p.shown), Some(Previewed::Value { against: Some(_), .. }));
    Leaves { value: preview.and_then(show::value), sentence, refused: refused && record.side == Side::Owner }
}

/// What they could work out: what is worth knowing about this value, and what they already have of the same data.
fn could_work_out(
    draft: &Draft<'_>,
    record: &RequestRecord,
    terms: &Terms,
    preview: Option<&Preview>,
) -> Result<Vec<String>, NodeError> {
    let mut lines = Vec::new();
    if let Some(Previewed::Value { notes, .. }) = preview.map(|preview| &preview.shown) {
        lines.extend(notes.iter().map(|note| capital(show::note(*note))));
    }
    lines.extend(preview.map(|preview| preview.worked_out.clone()).unwrap_or_default());
    if record.side == Side::Owner {
        lines.extend(already_released(draft, record, terms)?);
    }
    Ok(lines)
}

fn already_released(draft: &Draft<'_>, record: &RequestRecord, terms: &Terms) -> Result<Vec<String>, NodeError> {
    let mut earlier = Vec::new();
    for (_, receipt) in draft.all::<ReceiptRecord>(&[])? {
        if receipt.side != Side::Owner || receipt.other != record.other || receipt.released.is_none() {
            continue;
        }
        let signed = receipt.open().map_err(|error| NodeError::Internal(error.to_string()))?;
        let body = signed.body();
        if let (true, Answer::Released { outcome, .. }) = (body.dataset == terms.dataset, &body.answer) {
            earlier.push(format!("They already have {}: {outcome}", had(&body.computation)));
        }
    }
    let more = earlier.len().saturating_sub(EARLIER);
    let mut lines: Vec<_> = earlier.split_off(more);
    if more > 0 {
        lines.push(format!("and {more} earlier answers from the same data"));
    }
    Ok(lines)
}

/// An earlier computation in few words.
fn had(computation: &Computation) -> String {
    if let Computation::Attribute(_) = computation.statistic() {
        let phrase = compute::phrase(computation);
        return lowered(phrase.trim_end_matches('.'));
    }
    let column = show::read_column(computation);
    let parts = if computation.in_parts() { ", of parts of the rows" } else { "" };
    let about = match computation {
        Computation::Above(threshold) => format!("whether it is above {}, of ", threshold.than),
        Computation::Below(threshold) => format!("whether it is below {}, of ", threshold.than),
        Computation::Band(_) => "the range of ".to_owned(),
        Computation::Rounded(_) => "rounded, ".to_owned(),
        _ => String::new(),
    };
    format!("{about}the {} of “{column}”{parts}", computation.statistic().kind().name())
}

/// `under` a standing grant, or by a yes of its own.
pub(crate) fn how_long(under: bool, terms: &Terms) -> String {
    let until = day(terms.until);
    match (under, terms.uses) {
        (true, _) => format!("One more use of a standing grant you gave, until {until}"),
        (false, 1) => format!("Once, until {until}"),
        (false, uses) => {
            format!("They ask for {uses} runs until {until}; yes means once, unless you choose otherwise")
        }
    }
}

/// How much an answer of that kind tells, seen from the rows.
pub(crate) fn tells(computation: &Computation) -> &'static str {
    match compute::kinds::discloses(computation) {
        Disclosure::Row => "The answer is one row of the data, or lies halfway between two: much is told.",
        Disclosure::Aggregate => "The answer is made of all rows together: no single row is told.",
        Disclosure::Count => "The answer is a number of rows: little is told.",
        Disclosure::Question => "The answer is a yes, a range or a rounded number: the least is told.",
    }
}

fn lowered(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A time as people read it, in UTC.
pub(crate) fn day(time: UnixSeconds) -> String {
    let form = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    let moment = i64::try_from(time).ok().and_then(|time| OffsetDateTime::from_unix_timestamp(time).ok());
    moment.and_then(|moment| moment.format(form).ok()).unwrap_or_else(|| time.to_string())
}
