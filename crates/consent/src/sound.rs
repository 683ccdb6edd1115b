//! Whether records are what they should be: each by itself, and what each names by its id.
//!
//! For a home that is looked at as it is. Nothing here is needed for a node to run: it would find each fault when it
//! comes to it. The log has a check of its own ([`crate::log::Check`]).

use crate::{
    ConsentError,
    draft::Draft,
    people::id_of,
    record::{
        ApprovedRequest, Asked, CatalogRecord, Clock, Counter, DatasetRecord, DecisionRecord, Epochs, GrantRecord,
        HeadRecord, InviteRecord, JoiningRecord, LineageRecord, MockRecord, Myself, Node, OfferOn, OfferRecord,
        OpenRun, Ordered, OutboxItem, Person, ReceiptRecord, Record, ReleaseRecord, RequestRecord, RowsPiece,
        RunRecord, Seen, ToldPiece, Tried, Tries, UndecidedRequest, WaitingRequest,
    },
    view::Table,
};
use protocol::{
    Entry, MessageId, Text,
    cbor::{self, CborError},
};

/// Records looked at in one call of [`References::page`].
const AT_ONCE: usize = 128;

/// Whether the bytes of a record are such a record, its signed messages unaltered.
///
/// # Errors
/// What is wrong with it, in words.
pub fn record(table: Table, key: &[u8], value: &[u8]) -> Result<(), String> {
    let form = |decoded: Result<(), CborError>| decoded.map_err(|e| e.to_string());
    let signed = |opened: Result<(), protocol::MessageError>| opened.map_err(|e| e.to_string());
    match table {
        Table::State => form(state(key, value)),
        Table::People => form(decodes::<Person>(value)),
        Table::Invites => form(decodes::<InviteRecord>(value)),
        Table::Joining => form(decodes::<JoiningRecord>(value)),
        Table::Datasets => form(decodes::<DatasetRecord>(value)),
        Table::Catalog => form(decodes::<CatalogRecord>(value)),
        Table::Requests => signed(decode::<RequestRecord>(value)?.open().map(drop)),
        Table::RequestOrder => form(decodes::<Ordered>(value)),
        Table::Decisions => signed(decode::<DecisionRecord>(value)?.open().map(drop)),
        Table::Grants => form(decodes::<GrantRecord>(value)),
        Table::Runs => form(decodes::<RunRecord>(value)),
        Table::OpenRuns => form(decodes::<OpenRun>(value)),
        Table::Receipts => signed(decode::<ReceiptRecord>(value)?.open().map(drop)),
        Table::Outbox => form(decodes::<OutboxItem>(value)),
        Table::Seen => form(decodes::<Seen>(value)),
        Table::Texts => form(decodes::<Text>(value)),
        Table::Log => form(decodes::<Entry>(value)),
        Table::LogNodes => form(decodes::<Node>(value)),
        Table::Heads => form(decodes::<HeadRecord>(value)),
        Table::Waiting => form(decodes::<WaitingRequest>(value)),
        Table::Approved => form(decodes::<ApprovedRequest>(value)),
        Table::Mocks => form(decodes::<MockRecord>(value)),
        Table::Lineages => form(decodes::<LineageRecord>(value)),
        Table::LineageRows => form(decodes::<RowsPiece>(value)),
        Table::Releases => form(decodes::<ReleaseRecord>(value)),
        Table::Told => form(decodes::<ToldPiece>(value)),
        Table::Offers => signed(offer(&decode::<OfferRecord>(value)?)),
        Table::OffersOn => form(decodes::<OfferOn>(value)),
        Table::Undecided => form(decodes::<UndecidedRequest>(value)),
    }
}

fn offer(record: &OfferRecord) -> Result<(), protocol::MessageError> {
    record.open()?;
    record.answer().map(drop)
}

fn decodes<R: Record>(value: &[u8]) -> Result<(), CborError> {
    cbor::from_slice::<R>(value).map(drop)
}

fn decode<R: Record>(value: &[u8]) -> Result<R, String> {
    cbor::from_slice(value).map_err(|e| e.to_string())
}

/// Single values, each of a form of its own; one that is not known here is somebody else's.
fn state(key: &[u8], value: &[u8]) -> Result<(), CborError> {
    match key {
        Clock::KEY => decodes::<Clock>(value),
        Myself::KEY => decodes::<Myself>(value),
        Epochs::KEY => decodes::<Epochs>(value),
        Counter::OUTBOX | Counter::REQUESTS | Counter::LOG => decodes::<Counter>(value),
        key if key.starts_with(Asked::PREFIX) => decodes::<Asked>(value),
        key if key.starts_with(Tried::PREFIX) => decodes::<Tried>(value),
        key if key.starts_with(Tries::PREFIX) => decodes::<Tries>(value),
        _ => Ok(()),
    }
}

/// A look at what records name, page by page.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// What is named and not there, each in words.
    pub faults: Vec<String>,
    table: usize,
    after: Option<Vec<u8>>,
}

/// Looks up what one record of a table names.
type Look = fn(&Draft<'_>, Option<&[u8]>, &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError>;

/// Tables whose records name others.
const TABLES: [Look; 8] = [orders, requests, decisions, grants, runs, open_runs, receipts, offers];

impl References {
    /// Looks at the next records; false once there are none.
    ///
    /// # Errors
    /// Records that cannot be read.
    pub fn page(&mut self, draft: &Draft<'_>) -> Result<bool, ConsentError> {
        let Some(look) = TABLES.get(self.table) else { return Ok(false) };
        self.after = look(draft, self.after.as_deref(), &mut self.faults)?;
        if self.after.is_none() {
            self.table += 1;
        }
        Ok(true)
    }
}

fn orders(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<Ordered>(d, after, |_, Ordered(request)| {
        there::<RequestRecord>(d, "the order", "request", &request.0, faults)
    })
}

fn requests(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<RequestRecord>(d, after, |key, request| {
        let who = format!("request {}", id_of(key).short());
        if let Some(decision) = request.decision {
            there::<DecisionRecord>(d, &who, "decision", &decision.0, faults)?;
        }
        // one may ask under a grant that was never given
        if let Some(grant) = request.grant.filter(|_| request.decision.is_some()) {
            there::<GrantRecord>(d, &who, "grant", &grant.0, faults)?;
        }
        match request.receipt {
            Some(receipt) => there::<ReceiptRecord>(d, &who, "receipt", &receipt.0, faults),
            None => Ok(()),
        }
    })
}

fn decisions(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<DecisionRecord>(d, after, |key, decision| {
        let who = format!("decision {}", id_of(key).short());
        there::<RequestRecord>(d, &who, "request", &decision.request.0, faults)
    })
}

fn grants(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<GrantRecord>(d, after, |key, grant| {
        let who = format!("grant {}", id_of(key).short());
        there::<RequestRecord>(d, &who, "request", &grant.request.0, faults)
    })
}

fn runs(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<RunRecord>(d, after, |key, run| {
        let grant: MessageId = id_of(key.get(..32).unwrap_or_default());
        let who = format!("a run of grant {}", grant.short());
        there::<GrantRecord>(d, &who, "grant", &grant.0, faults)?;
        there::<RequestRecord>(d, &who, "request", &run.request.0, faults)
    })
}

fn open_runs(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<OpenRun>(d, after, |key, _| there::<RunRecord>(d, "a run that is not finished", "run", key, faults))
}

fn receipts(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<ReceiptRecord>(d, after, |key, receipt| {
        let who = format!("receipt {}", id_of(key).short());
        there::<RequestRecord>(d, &who, "request", &receipt.open()?.body().request.0, faults)
    })
}

fn offers(d: &Draft<'_>, after: Option<&[u8]>, faults: &mut Vec<String>) -> Result<Option<Vec<u8>>, ConsentError> {
    each::<OfferRecord>(d, after, |key, offer| {
        let who = format!("offer {}", id_of(key).short());
        let receipts = offer.open()?.body().receipts.clone();
        receipts.iter().try_for_each(|receipt| there::<ReceiptRecord>(d, &who, "receipt", &receipt.0, faults))
    })
}

fn each<R: Record>(
    draft: &Draft<'_>,
    after: Option<&[u8]>,
    mut look: impl FnMut(&[u8], R) -> Result<(), ConsentError>,
) -> Result<Option<Vec<u8>>, ConsentError> {
    let found = draft.scan::<R>(&[], after, AT_ONCE)?;
    let next = (found.len() == AT_ONCE).then(|| found.last().map(|(key, _)| key.clone())).flatten();
    for (key, record) in found {
        look(&key, record)?;
    }
    Ok(next)
}

/// Notes what is named and not there.
fn there<R: Record>(
    draft: &Draft<'_>,
    who: &str,
    what: &str,
    key: &[u8],
    faults: &mut Vec<String>,
) -> Result<(), ConsentError> {
    if draft.get::<R>(key)?.is_none() {
        faults.push(format!("{who} names a {what} that is not there"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
