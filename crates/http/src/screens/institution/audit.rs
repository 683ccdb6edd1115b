//! Audit: the log of this node, entry by entry, and the file that proves it.

use crate::{
    limits::LOG_PAGE,
    screens::{
        Screens,
        layout::Here,
        owner::released,
        show,
        visit::{Page, Visit},
        words::audit as words,
    },
    v1,
};
use axum::{Router, response::IntoResponse, routing::get};
use maud::html;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/audit", get(list)).route("/audit/verify", get(verify)).route("/audit/export", get(export))
}

async fn list(visit: Visit) -> Page {
    let from: Option<u64> = visit.query().number("from")?;
    let page = LOG_PAGE as u64;
    let from = from.unwrap_or(0);
    let entries = visit.node().log(from, LOG_PAGE).await?;
    let full = entries.len() == LOG_PAGE;
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div class="buttons" {
            a class="button" href="/audit/verify" { (words::VERIFY) }
            a class="button" href="/audit/export" { (words::EXPORT) }
        }
        ol class="log" start=(from + 1) {
            @for entry in &entries {
                li { p { (entry.sentence) } p class="dim" { (show::moment(entry.time)) " · " (entry.kind) } }
            }
        }
        nav class="pages" aria-label=(words::PAGES) {
            @if from > 0 { a class="button" href={ "/audit?from=" (from.saturating_sub(page)) } { (words::BEFORE) } }
            @if full { a class="button" href={ "/audit?from=" (from + page) } { (words::AFTER) } }
        }
    };
    visit.page(Here::Audit, words::TITLE, body).await
}

async fn verify(visit: Visit) -> Page {
    let report = visit.node().verify_log().await?;
    let body = html! { (show::heading(words::VERIFY_TITLE, words::VERIFY_LEAD)) (released::verdict(&report)) };
    visit.page(Here::Audit, words::VERIFY_TITLE, body).await
}

async fn export(visit: Visit) -> Page {
    Ok(v1::exported_log(visit.node()).await?.into_response())
}
