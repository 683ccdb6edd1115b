//! Connect: taking up an invite.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::connect as words,
};
use axum::{Router, routing::get};
use maud::html;
use std::time::Duration;

/// How long joining may take before the page says that nobody answered.
const PATIENCE: Duration = Duration::from_secs(45);

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/connect", get(form).post(join))
}

async fn form(visit: Visit) -> Page {
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        form method="post" action="/connect" class="stack card" {
            (visit.token())
            label for="invite" { (words::INVITE) }
            textarea id="invite" name="invite" rows="5" required spellcheck="false" autocomplete="off" {}
            button class="main" { (words::JOIN) }
        }
        p class="dim" { (words::NEXT) }
    };
    visit.page(Here::Connect, words::TITLE, body).await
}

async fn join(visit: Visit) -> Page {
    let text: String = visit.form().text("invite").split_whitespace().collect();
    let person = visit.node().connect(&text, PATIENCE).await?;
    visit.done(&format!("/catalog?person={}", show::quoted(&person.name)), "connected")
}
