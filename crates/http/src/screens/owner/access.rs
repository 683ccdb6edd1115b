//! Active access: every grant given, and one press to end it.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::access as words,
};
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use maud::html;

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/access", get(list))
        .route("/access/{id}/revoke", post(revoke))
        .route("/access/{id}/pause", post(pause))
        .route("/access/{id}/resume", post(resume))
}

async fn list(visit: Visit) -> Page {
    let mut given = visit.node().grants().await?;
    given.retain(|grant| grant.direction == "given");
    given.sort_by_key(|grant| std::cmp::Reverse(grant.from));
    let active = |state: &str| matches!(state, "live" | "paused");
    let (active, over): (Vec<_>, Vec<_>) = given.into_iter().partition(|grant| active(&grant.state));
    let (from, part) = show::part(&over, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="access" data-live {
            @if active.is_empty() { (show::empty(words::EMPTY, words::EMPTY_DO, "/requests")) }
            ul class="list" { @for grant in &active { (show::grant(&visit, grant)) } }
            @if !over.is_empty() {
                h2 { (words::OVER) }
                ul class="list" { @for grant in part { (show::grant(&visit, grant)) } }
                (show::pages("/access", from, part.len(), over.len()))
            }
        }
    };
    visit.page(Here::Access, words::TITLE, body).await
}

async fn revoke(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().revoke(&id).await?;
    visit.done("/access", "revoked")
}

async fn pause(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().pause(&id).await?;
    visit.done("/access", "paused")
}

async fn resume(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().resume(&id).await?;
    visit.done("/access", "resumed")
}
