//! What left: every answer that was handed over, to whom, of which data; and the log that proves it.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::released as words,
};
use axum::{Router, routing::get};
use maud::{Markup, html};
use node::views::{LogReport, OutcomeView, RequestView};
use node::wishes::RequestFilter;
use std::collections::BTreeMap;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/released", get(list)).route("/released/verify", get(verify))
}

async fn list(visit: Visit) -> Page {
    let requests = visit.node().requests(RequestFilter::default()).await?;
    let tags: BTreeMap<String, String> = requests.into_iter().map(|RequestView { id, tag, .. }| (id, tag)).collect();
    let tag = |one: &OutcomeView| tags.get(&one.request).cloned().unwrap_or_default();
    let mut given = visit.node().outcomes().await?;
    given.retain(|one| one.direction == "given");
    given.sort_by_key(|one| std::cmp::Reverse(one.released.unwrap_or(one.computed)));
    let (person, dataset) = (visit.query().text("person"), visit.query().text("dataset"));
    let sums = sums(&given, &tag);
    given.retain(|one| (person.is_empty() || one.person == person) && (dataset.is_empty() || tag(one) == dataset));
    let (from, part) = show::part(&given, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div class="buttons" {
            a class="button" href="/released/verify" { (words::VERIFY) }
            a class="button" href="/audit/export" { (words::EXPORT) }
        }
        div id="released" data-live {
            @if given.is_empty() { (show::empty(words::EMPTY, words::EMPTY_DO, "/requests")) }
            @else {
                h2 { (words::ADDS_UP) }
                ul class="plain" {
                    @for ((who, of), count) in &sums {
                        li { a href={ "/released?person=" (show::quoted(who)) "&dataset=" (show::quoted(of)) } { (words::has(who, *count, of)) } }
                    }
                }
                @if !person.is_empty() || !dataset.is_empty() { p { a href="/released" { (words::EVERYBODY) } } }
                ol class="timeline" { @for one in part { (entry(one, &tag(one))) } }
                (show::pages("/released", from, part.len(), given.len()))
            }
        }
    };
    visit.page(Here::Released, words::TITLE, body).await
}

/// How many answers each person has of each dataset.
fn sums(given: &[OutcomeView], tag: &impl Fn(&OutcomeView) -> String) -> BTreeMap<(String, String), usize> {
    let mut sums = BTreeMap::new();
    for one in given.iter().filter(|one| one.value.is_some()) {
        *sums.entry((one.person.clone(), tag(one))).or_default() += 1;
    }
    sums
}

fn entry(one: &OutcomeView, tag: &str) -> Markup {
    html! {
        li class="card" {
            p class="row" { strong { bdi { (one.person) } } (show::moment(one.released.unwrap_or(one.computed))) }
            p { (one.sentence) }
            @match &one.value {
                Some(value) => p { (words::GOT) " " output class="value" { (value) } },
                None => p class="notice" { (words::NOTHING) " " (one.not_released.as_deref().unwrap_or_default()) },
            }
            p class="dim" { (words::OF) " " bdi { (tag) } " · " a href={ "/receipts/" (one.receipt) } { (words::RECEIPT) } }
        }
    }
}

async fn verify(visit: Visit) -> Page {
    let report = visit.node().verify_log().await?;
    let body = html! {
        (show::heading(words::VERIFY_TITLE, words::VERIFY_LEAD))
        (verdict(&report))
        p { a class="button" href="/released" { (words::BACK) } }
    };
    visit.page(Here::Released, words::VERIFY_TITLE, body).await
}

/// How the log stands, in words.
pub(in crate::screens) fn verdict(report: &LogReport) -> Markup {
    html! {
        @if report.whole { p class="notice good" { (words::whole(report.size)) } }
        @else {
            p class="notice bad" role="alert" { (words::BROKEN) }
            ul class="bullets" { @for fault in &report.faults { li { (fault) } } }
        }
        @if !report.others.is_empty() {
            h2 { (words::OTHERS) }
            ul class="plain" {
                @for other in &report.others {
                    li { strong { bdi { (other.person) } } ": " (other.state) ", " (words::entries(other.size))
                        @if let Some(detail) = &other.detail { " " (detail) } }
                }
            }
        }
        details class="fine" { summary { (words::ROOT) } code class="wrap" { (report.root) } }
    }
}
