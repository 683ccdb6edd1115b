//! Catalog: what an owner lets be seen. Names, columns and numbers of rows; never rows.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::catalog as words,
};
use axum::{Router, routing::get};
use maud::{Markup, html};
use node::views::{CatalogView, PersonView};
use std::time::Duration;

/// How long an owner is waited for before what they told last is shown.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/catalog", get(show))
}

async fn show(visit: Visit) -> Page {
    let people = visit.node().people().await?;
    let named = visit.query().text("person");
    let person = people.iter().find(|one| one.name == named).or_else(|| people.first().filter(|_| named.is_empty()));
    let search = visit.query().text("search");
    let body = match person {
        None => {
            html! { (show::heading(words::TITLE, words::LEAD)) (show::empty(words::NOBODY, words::NOBODY_DO, "/connect")) }
        }
        Some(person) => {
            let page = visit.node().catalog(Some(&person.name), search, PATIENCE).await?;
            html! {
                (show::heading(words::TITLE, words::LEAD))
                (choose(&people, person, search))
                @if !page.fresh { p class="notice" { (words::OLD) } }
                @if page.datasets.is_empty() {
                    p class="empty" { (if search.is_empty() { words::EMPTY } else { words::NOT_FOUND }) }
                }
                ul class="list" { @for dataset in &page.datasets { (card(dataset)) } }
            }
        }
    };
    visit.page(Here::Catalog, words::TITLE, body).await
}

fn choose(people: &[PersonView], person: &PersonView, search: &str) -> Markup {
    html! {
        form method="get" action="/catalog" class="search" {
            label for="person" { (words::PERSON) }
            select id="person" name="person" {
                @for one in people { option value=(one.name) selected[one.name == person.name] { (one.name) } }
            }
            label for="search" { (words::SEARCH) }
            input id="search" name="search" type="search" value=(search) maxlength="64";
            button { (words::FIND) }
        }
    }
}

fn card(dataset: &CatalogView) -> Markup {
    html! {
        li class="card" {
            p class="row" { strong { bdi { (dataset.tag) } } span class="dim" { (words::rows(dataset.rows)) } }
            @if !dataset.description.is_empty() { p { bdi { (dataset.description) } } }
            (show::columns(&dataset.columns))
            p class="dim" { (dataset.vouched) }
            p { a class="button" href={ "/ask?person=" (show::quoted(&dataset.owner)) "&dataset=" (show::quoted(&dataset.id)) } { (words::ASK) } }
        }
    }
}
