//! What others ask of me: what waits first, then what was decided.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::requests as words,
};
use axum::{Router, routing::get};
use maud::html;
use node::wishes::RequestFilter;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/requests", get(list))
}

async fn list(visit: Visit) -> Page {
    let filter = RequestFilter { direction: Some("received".into()), ..RequestFilter::default() };
    let mut all = visit.node().requests(filter).await?;
    all.reverse();
    let (waiting, decided): (Vec<_>, Vec<_>) = all.into_iter().partition(|request| request.state == "waiting");
    let (from, part) = show::part(&decided, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="requests" data-live {
            @if waiting.is_empty() && decided.is_empty() {
                (show::empty(words::EMPTY, words::EMPTY_DO, "/people"))
            } @else {
                h2 { (words::WAITING) }
                @if waiting.is_empty() { p { (words::NONE_WAITING) } }
                ul class="list" { @for request in &waiting { (show::request(request, "/requests")) } }
                @if !decided.is_empty() {
                    h2 { (words::DECIDED) }
                    ul class="list" { @for request in part { (show::request(request, "/requests")) } }
                    (show::pages("/requests", from, part.len(), decided.len()))
                }
            }
        }
    };
    visit.page(Here::Requests, words::TITLE, body).await
}
