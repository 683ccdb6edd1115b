//! Applicants: who can be asked, whether they can be reached, and what they answered last.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::applicants as words,
};
use axum::{Router, routing::get};
use maud::html;
use node::wishes::RequestFilter;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/applicants", get(list))
}

async fn list(visit: Visit) -> Page {
    let people = visit.node().people().await?;
    let filter = RequestFilter { direction: Some("sent".into()), ..RequestFilter::default() };
    let sent = visit.node().requests(filter).await?;
    let last = |name: &str| sent.iter().rfind(|request| request.person == name);
    let (from, part) = show::part(&people, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="applicants" data-live {
            @if people.is_empty() { (show::empty(words::EMPTY, words::EMPTY_DO, "/connect")) }
            ul class="list" {
                @for person in part {
                    li class="card" {
                        p class="row" { strong { bdi { (person.name) } } (show::state(if person.blocked { "blocked" } else { &person.path })) }
                        p { (show::known(person)) }
                        @match last(&person.name) {
                            Some(request) => p { (words::LAST) " " a href={ "/results/" (request.id) } { (request.sentence) } " " (show::state(&request.state)) },
                            None => p class="dim" { (words::NEVER) },
                        }
                        p { a class="button" href={ "/catalog?person=" (show::quoted(&person.name)) } { (words::CATALOG) } }
                    }
                }
            }
            (show::pages("/applicants", from, part.len(), people.len()))
        }
    };
    visit.page(Here::Applicants, words::TITLE, body).await
}
