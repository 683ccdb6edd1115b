//! Results: what was asked, how it stands, the answer with its receipt, and what was verified of it.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::results as words,
};
use axum::{
    Router,
    extract::Path,
    http::header,
    response::IntoResponse,
    routing::{get, post},
};
use maud::{Markup, html};
use node::{
    views::{OutcomeView, RequestView},
    wishes::RequestFilter,
};
use std::time::Duration;

/// How long an answer is waited for; it comes later all the same.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/results", get(list))
        .route("/results/{id}", get(one))
        .route("/results/{id}/run", post(run))
        .route("/results/{id}/accept", post(accept))
        .route("/receipts/{id}", get(receipt))
        .route("/receipts/{id}/export", get(export))
}

async fn list(visit: Visit) -> Page {
    let filter = RequestFilter { direction: Some("sent".into()), ..RequestFilter::default() };
    let mut sent = visit.node().requests(filter).await?;
    sent.reverse();
    let (from, part) = show::part(&sent, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="results" data-live {
            @if sent.is_empty() { (show::empty(words::EMPTY, words::EMPTY_DO, "/catalog")) }
            ul class="list" { @for request in part { (show::request(request, "/results")) } }
            (show::pages("/results", from, part.len(), sent.len()))
        }
    };
    visit.page(Here::Results, words::TITLE, body).await
}

async fn one(visit: Visit, Path(id): Path<String>) -> Page {
    let request = visit.node().request_by_id(&id).await?;
    let outcome = match &request.receipt {
        Some(receipt) => Some(visit.node().outcome(receipt).await?),
        None => None,
    };
    let body = html! {
        h1 { (words::title(&request.person)) }
        div id="result" data-live {
            p class="row" { (show::state(&request.state)) span class="dim" { (show::moment(request.created)) } }
            p class="lead" { (request.sentence) }
            @if let Some(detail) = &request.detail { p class="notice" { bdi { (detail) } } }
            @match outcome {
                Some(outcome) => (told(&outcome)),
                None => (next(&visit, &request)),
            }
        }
        p { a href="/results" { (words::BACK) } }
    };
    visit.page(Here::Results, words::TITLE, body).await
}

/// What can be done while there is no answer.
fn next(visit: &Visit, request: &RequestView) -> Markup {
    let at = |verb: &str| format!("/results/{}/{verb}", request.id);
    html! {
        @match (request.state.as_str(), &request.counter, &request.follows) {
            ("approved", ..) => { p { (words::APPROVED) } (show::action(visit, &at("run"), words::RUN, "main")) },
            ("countered", Some(counter), None) => {
                p { (words::COUNTERED) }
                div class="card" {
                    p { (counter.sentence) }
                    @if let Some(because) = &counter.because { blockquote { bdi { "“" (because) "”" } } }
                    p class="dim" { (words::UNTIL) " " (show::moment(counter.expires)) }
                    (show::action(visit, &at("accept"), words::ACCEPT, "main"))
                }
            },
            (_, Some(_), Some(new)) => p { a href={ "/results/" (new) } { (words::ACCEPTED) } },
            ("sending", ..) => p { (words::SENDING) },
            ("waiting", ..) => p { (words::WAITING) " " (words::UNTIL) " " (show::moment(request.expires)) },
            _ => p { a class="button" href={ "/catalog?person=" (show::quoted(&request.person)) } { (words::ASK_AGAIN) } },
        }
    }
}

/// An outcome, and what holds of it.
fn told(outcome: &OutcomeView) -> Markup {
    html! {
        @match &outcome.value {
            Some(value) => p { output class="value big" { (value) } },
            None => p class="notice" { (words::NOTHING) " " (outcome.not_released.as_deref().unwrap_or_default()) },
        }
        @for note in &outcome.notes { p class="dim" { (note) } }
        @if outcome.failed.is_empty() { p class="notice good" { (words::HOLDS) } }
        @else {
            p class="notice bad" role="alert" { (words::FAILED) }
            ul class="bullets" { @for line in &outcome.failed { li { (line) } } }
        }
        details {
            summary { (words::verified(outcome.verified.len())) }
            ul class="bullets" { @for line in &outcome.verified { li { (line) } } }
        }
        @if let Some(issuer) = &outcome.issuer { p { (issuer.sentence) } }
        p class="dim" { (words::COMPUTED) " " (show::moment(outcome.computed)) }
        @if outcome.direction == "received" {
            p { a class="button main" href={ "/offers/new/" (outcome.receipt) } { (words::DECIDE) } }
        }
        p { a class="button" href={ "/receipts/" (outcome.receipt) "/export" } { (words::EXPORT) } }
        details class="fine" { summary { (words::ID) } code class="wrap" { (outcome.receipt) } }
    }
}

async fn receipt(visit: Visit, Path(id): Path<String>) -> Page {
    let outcome = visit.node().outcome(&id).await?;
    let here = if outcome.direction == "given" { Here::Released } else { Here::Results };
    let body = html! {
        h1 { (words::receipt(&outcome.person)) }
        p class="lead" { (outcome.sentence) }
        (told(&outcome))
    };
    visit.page(here, words::RECEIPT, body).await
}

async fn run(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().run(&id, PATIENCE).await?;
    visit.done(&format!("/results/{id}"), "ran")
}

async fn accept(visit: Visit, Path(id): Path<String>) -> Page {
    let new = visit.node().accept(&id).await?;
    visit.done(&format!("/results/{}", new.id), "accepted")
}

async fn export(visit: Visit, Path(id): Path<String>) -> Page {
    let bytes = visit.node().export_outcome(&id).await?;
    Ok((
        [
            (header::CONTENT_TYPE, "application/cbor"),
            (header::CONTENT_DISPOSITION, "attachment; filename=\"outcome.halfdoor\""),
        ],
        bytes,
    )
        .into_response())
}
