//! People: who I am connected with, and letting in one more.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::people as words,
};
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use maud::{Markup, PreEscaped, html};
use node::views::{InviteView, PersonView};
use node::wishes::NewInvite;
use qrcode::{EcLevel, QrCode, render::svg};

/// Side of the drawn code, in CSS pixels: a phone reads it from arm's length.
const SIDE: u32 = 280;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/people", get(list)).route("/invites", post(make)).route("/invites/{id}", get(invite))
}

async fn list(visit: Visit) -> Page {
    let (people, relays) = (visit.node().people().await?, visit.node().relays().await?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        @if relays.is_empty() { p class="notice" { (words::NO_RELAY) " " a href="/settings" { (words::NO_RELAY_DO) } } }
        div class="buttons" {
            (show::action(&visit, "/invites", words::INVITE, "main"))
            a class="button" href="/connect" { (words::CONNECT) }
        }
        div id="people" data-live {
            @if people.is_empty() { p class="empty" { (words::EMPTY) } }
            ul class="list" { @for person in &people { (card(person)) } }
        }
    };
    visit.page(Here::People, words::TITLE, body).await
}

fn card(person: &PersonView) -> Markup {
    html! {
        li class="card" {
            p class="row" {
                a href={ "/person?name=" (show::quoted(&person.name)) } { strong { bdi { (person.name) } } }
                (show::state(if person.blocked { "blocked" } else { &person.path }))
            }
            p { (show::known(person)) @if person.waiting > 0 { " · " (words::owed(person.waiting)) } }
        }
    }
}

async fn make(visit: Visit) -> Page {
    let invite = visit.node().invite(NewInvite::default()).await?;
    visit.done(&format!("/invites/{}", invite.id), "invited")
}

async fn invite(visit: Visit, Path(id): Path<String>) -> Page {
    let invite = visit.node().invite_state(&id).await?;
    let body = html! {
        (show::heading(words::INVITE_TITLE, words::INVITE_LEAD))
        div id="joined" data-live {
            @if let Some(person) = invite.joined.first() {
                p class="notice good" { (words::joined(&person.name)) " "
                    a href={ "/person?name=" (show::quoted(&person.name)) } { (words::COMPARE) } }
            } @else {
                p class="notice" { (words::NOBODY_YET) " " (words::UNTIL) " " (show::moment(invite.expires)) }
            }
        }
        label for="invite" { (words::TEXT) }
        textarea id="invite" readonly rows="5" spellcheck="false" { (invite.text) }
        p { button type="button" hidden data-copy="invite" data-copied=(words::COPIED) { (words::COPY) } }
        (drawn(&invite))
        p { a href="/people" { (words::BACK) } }
    };
    visit.page(Here::People, words::INVITE_TITLE, body).await
}

/// The invite as a code to photograph, where it fits one.
fn drawn(invite: &InviteView) -> Markup {
    let text: String = invite.qr.chars().filter(char::is_ascii_alphanumeric).collect();
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::L) else { return html! {} };
    let svg = code.render::<svg::Color<'_>>().min_dimensions(SIDE, SIDE).build();
    // what stands before the element itself is for files
    let element = svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default();
    html! { figure class="qr" role="img" aria-label=(words::QR) { (PreEscaped(element)) } }
}
