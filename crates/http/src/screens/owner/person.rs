//! One person: comparing the safety code, another name, blocking, forgetting, and what passed between us.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::person as words,
};
use axum::{
    Router,
    routing::{get, post},
};
use maud::{Markup, html};
use node::{views::PersonView, wishes::RequestFilter};

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/person", get(one))
        .route("/person/verify", post(verify))
        .route("/person/rename", post(rename))
        .route("/person/block", post(block))
        .route("/person/forget", post(forget))
}

async fn one(visit: Visit) -> Page {
    let person = visit.node().person(visit.query().text("name")).await?;
    let filter = RequestFilter { person: Some(person.name.clone()), ..RequestFilter::default() };
    let mut requests = visit.node().requests(filter).await?;
    requests.reverse();
    let (from, part) = show::part(&requests, visit.query().number("from")?);
    let path = format!("/person?name={}&", show::quoted(&person.name));
    let body = html! {
        h1 { bdi { (person.name) } }
        div id="person" data-live {
            p class="row" { (show::state(if person.blocked { "blocked" } else { &person.path })) (show::known(&person)) }
            p class="dim" { (words::CLAIMS) " " bdi { "“" (person.claims) "”" } " · " (words::SINCE) " " (show::moment(person.paired)) }
        }
        (code(&visit, &person))
        (changes(&visit, &person))
        h2 { (words::BETWEEN) }
        @if requests.is_empty() { p { (words::NOTHING_BETWEEN) } }
        ul class="list" {
            @for request in part {
                (show::request(request, if request.direction == "sent" { "/results" } else { "/requests" }))
            }
        }
        @if requests.len() > part.len() { p { a class="button" href={ (path) "from=" (from + show::PAGE) } { (words::OLDER) } } }
    };
    visit.page(Here::People, &person.name, body).await
}

fn code(visit: &Visit, person: &PersonView) -> Markup {
    let groups: Vec<_> = person.safety_code.split_whitespace().collect();
    html! {
        section class="card" aria-labelledby="code" {
            h2 id="code" { (words::CODE) }
            p { (words::CODE_LEAD) }
            p class="code" { @for group in &groups { span { (group) } " " } }
            @if !person.verified {
                form method="post" action="/person/verify" class="stack" {
                    (visit.token()) (named(person))
                    label for="safety" { (words::CODE_TYPE) }
                    input id="safety" name="safety" inputmode="numeric" autocomplete="off" required;
                    button { (words::CODE_SAME) }
                }
            }
        }
    }
}

fn changes(visit: &Visit, person: &PersonView) -> Markup {
    let block = if person.blocked { words::UNBLOCK } else { words::BLOCK };
    html! {
        details class="more" {
            summary { (words::MORE) }
            form method="post" action="/person/rename" class="stack" {
                (visit.token()) (named(person))
                label for="to" { (words::RENAME) }
                input id="to" name="to" value=(person.name) required maxlength="64";
                button { (words::RENAME_DO) }
            }
            form method="post" action="/person/block" class="stack" {
                (visit.token()) (named(person))
                @if !person.blocked { input type="hidden" name="blocked" value="yes"; }
                p { (words::BLOCK_LEAD) }
                button { (block) }
            }
            form method="post" action="/person/forget" class="stack" {
                (visit.token()) (named(person))
                p { (words::FORGET_LEAD) }
                label { input type="checkbox" name="sure" value="yes" required; " " (words::SURE) }
                button class="bad" { (words::FORGET) }
            }
        }
    }
}

fn named(person: &PersonView) -> Markup {
    html! { input type="hidden" name="name" value=(person.name); }
}

async fn verify(visit: Visit) -> Page {
    let person = visit.node().verify_person(visit.form().text("name"), visit.form().text("safety")).await?;
    visit.done(&at(&person), "verified")
}

async fn rename(visit: Visit) -> Page {
    let person = visit.node().rename(visit.form().text("name"), visit.form().text("to")).await?;
    visit.done(&at(&person), "renamed")
}

async fn block(visit: Visit) -> Page {
    let blocked = visit.form().is_there("blocked");
    let person = visit.node().block(visit.form().text("name"), blocked).await?;
    visit.done(&at(&person), if blocked { "blocked" } else { "unblocked" })
}

async fn forget(visit: Visit) -> Page {
    visit.node().forget(visit.form().text("name")).await?;
    visit.done("/people", "forgotten")
}

fn at(person: &PersonView) -> String {
    format!("/person?name={}", show::quoted(&person.name))
}
