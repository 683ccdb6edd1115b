//! The log as people read it.

use crate::{actor::Actor, error::NodeError, show, views::EntryView};
use consent::{Draft, log};
use protocol::{Entry, Event, MessageId, PartyId};

/// Entries on one page at most.
const PAGE: usize = 1000;

impl Actor {
    pub(crate) fn log_page(&self, from: u64, limit: usize) -> Result<Vec<EntryView>, NodeError> {
        self.ask(|draft| {
            let end = log::size(draft)?.min(from.saturating_add(limit.min(PAGE) as u64));
            (from..end).map(|index| entry(draft, index, &log::entry(draft, index)?)).collect()
        })
    }
}

pub(crate) fn entry(draft: &Draft<'_>, index: u64, entry: &Entry) -> Result<EntryView, NodeError> {
    let (kind, sentence, ids) = words(draft, &entry.what)?;
    let leaf = entry.leaf().map_err(|error| NodeError::Internal(error.to_string()))?;
    Ok(EntryView { index, time: entry.time, kind: kind.to_owned(), sentence, ids, leaf: leaf.to_string() })
}

type Words = (&'static str, String, Vec<String>);

fn words(draft: &Draft<'_>, what: &Event) -> Result<Words, NodeError> {
    let name = |party: &PartyId| show::name_of(draft, party);
    let ids = |ids: &[&MessageId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    Ok(match what {
        Event::Begun { party } => ("begun", "this log begins".to_owned(), vec![party.to_string()]),
        Event::Paired { party } => ("paired", format!("session opened with {}", name(party)?), vec![party.to_string()]),
        Event::Stored { dataset, version } => (
            "stored",
            format!("dataset {} stored", short(&dataset.to_string())),
            vec![dataset.to_string(), version.to_string()],
        ),
        Event::Removed { dataset } => (
            "removed",
            format!("dataset {} removed, its key destroyed", short(&dataset.to_string())),
            vec![dataset.to_string()],
        ),
        Event::Requested { request } => ("requested", format!("request {}", request.short()), ids(&[request])),
        Event::Decided { request, decision } => {
            ("decided", format!("request {} decided", request.short()), ids(&[request, decision]))
        }
        Event::Ran { grant, request, number } => (
            "ran",
            format!("run {number} of grant {} begun for request {}", grant.short(), request.short()),
            ids(&[grant, request]),
        ),
        Event::RunRefused { run } => ("run_refused", format!("run {} refused", run.short()), ids(&[run])),
        Event::Receipted { receipt } => ("receipted", format!("receipt {}", receipt.short()), ids(&[receipt])),
        Event::Released { receipt } => {
            ("released", format!("receipt {} left this computer", receipt.short()), ids(&[receipt]))
        }
        Event::Withheld { grant, number } => {
            ("withheld", format!("run {number} of grant {} withheld", grant.short()), ids(&[grant]))
        }
        Event::Revoked { decision } => ("revoked", format!("{} taken back", decision.short()), ids(&[decision])),
        Event::HeadSeen { party, head } => {
            ("head_seen", format!("log of {} checked at {} entries", name(party)?, head.size), vec![party.to_string()])
        }
        Event::Erased { subject } => {
            ("erased", format!("personal text of {} erased", short(&subject.to_string())), vec![subject.to_string()])
        }
        Event::Restored { head } => {
            let words = format!("this home was restored from a backup that had {} entries", head.size);
            ("restored", words, vec![])
        }
        Event::Overridden { request, decision } => {
            let words = format!("request {} allowed despite a rule", request.short());
            ("overridden", words, ids(&[request, decision]))
        }
        Event::Vouched { voucher } => ("vouched", format!("voucher {} signed", voucher.short()), ids(&[voucher])),
        Event::Offered { offer } => ("offered", format!("offer or refusal {}", offer.short()), ids(&[offer])),
        Event::OfferAnswered { offer, reply } => {
            ("offer_answered", format!("offer {} answered", offer.short()), ids(&[offer, reply]))
        }
    })
}

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
