//! Settings: relays, tokens of programs, the passphrase, a backup, and the end of everything.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::settings as words,
};
use axum::{
    Router,
    routing::{get, post},
};
use maud::{Markup, html};
use node::{
    views::{MadeToken, RelayView, TokenView},
    wishes::{NewToken, Scope},
};

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/settings", get(settings))
        .route("/settings/relays", post(add_relay))
        .route("/settings/relays/remove", post(remove_relay))
        .route("/settings/tokens", post(make_token))
        .route("/settings/tokens/revoke", post(revoke_token))
}

async fn settings(visit: Visit) -> Page {
    let (relays, tokens) = (visit.node().relays().await?, visit.node().tokens().await?);
    let (_, sealed) = visit.screens().sessions.home();
    let me = visit.node().me();
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        (relays_card(&visit, &relays))
        (tokens_card(&visit, &tokens))
        section class="card" aria-labelledby="passphrase" {
            h2 id="passphrase" { (words::PASSPHRASE) }
            p { (if sealed { words::SEALED } else { words::NOT_SEALED }) }
        }
        section class="card" aria-labelledby="backup" {
            h2 id="backup" { (words::BACKUP) }
            p { (words::BACKUP_LEAD) }
            p { code { "halfdoor backup FILE" } }
        }
        section class="card" aria-labelledby="stop" {
            h2 id="stop" { (words::STOP) }
            p { (words::STOP_LEAD) }
            p { a class="button bad" href="/stop" { (words::STOP_DO) } }
        }
        section class="card" aria-labelledby="me" {
            h2 id="me" { (words::ME) }
            p { (words::VERSION) " " (me.version) }
            details class="fine" { summary { (words::KEY) } code class="wrap" { (me.party) } }
        }
    };
    visit.page(Here::Settings, words::TITLE, body).await
}

fn relays_card(visit: &Visit, relays: &[RelayView]) -> Markup {
    html! {
        section class="card" aria-labelledby="relays" {
            h2 id="relays" { (words::RELAYS) }
            p { (words::RELAYS_LEAD) }
            div id="relay-list" data-live {
                @if relays.is_empty() { p class="notice" { (words::NO_RELAYS) } }
                ul class="plain" {
                    @for relay in relays {
                        li class="row" {
                            span { (show::state(&relay.state)) " " code class="wrap" { (relay.address) }
                                @if let Some(detail) = &relay.detail { br; (detail) } }
                            form method="post" action="/settings/relays/remove" {
                                (visit.token())
                                input type="hidden" name="address" value=(relay.address);
                                button aria-label=(words::remove(&relay.address)) { (words::REMOVE) }
                            }
                        }
                    }
                }
            }
            form method="post" action="/settings/relays" class="stack" {
                (visit.token())
                label for="address" { (words::ADDRESS) }
                input id="address" name="address" required autocomplete="off" spellcheck="false" placeholder="/dns4/relay.example/tcp/4001/p2p/12D3…";
                label for="relay-token" { (words::RELAY_TOKEN) }
                input id="relay-token" name="token" type="password" autocomplete="off" spellcheck="false" maxlength="64";
                button { (words::ADD) }
            }
        }
    }
}

fn tokens_card(visit: &Visit, tokens: &[TokenView]) -> Markup {
    html! {
        section class="card" aria-labelledby="tokens" {
            h2 id="tokens" { (words::TOKENS) }
            p { (words::TOKENS_LEAD) }
            ul class="plain" {
                @for token in tokens {
                    li class="row" {
                        span { strong { bdi { (token.name) } } " " span class="dim" { (words::scope(token.scope)) } }
                        form method="post" action="/settings/tokens/revoke" {
                            (visit.token())
                            input type="hidden" name="id" value=(token.id);
                            button aria-label=(words::remove(&token.name)) { (words::REVOKE) }
                        }
                    }
                }
            }
            form method="post" action="/settings/tokens" class="stack" {
                (visit.token())
                label for="name" { (words::TOKEN_NAME) }
                input id="name" name="name" required maxlength="64" autocomplete="off";
                label for="scope" { (words::TOKEN_SCOPE) }
                select id="scope" name="scope" {
                    @for scope in [Scope::Read, Scope::Request, Scope::Decide] { option value=(scope) { (words::scope(scope)) } }
                }
                button { (words::MAKE) }
            }
        }
    }
}

async fn add_relay(visit: Visit) -> Page {
    let token = Some(visit.form().text("token")).filter(|token| !token.trim().is_empty());
    visit.node().add_relay(visit.form().text("address"), token).await?;
    visit.done("/settings", "relay")
}

async fn remove_relay(visit: Visit) -> Page {
    visit.node().remove_relay(visit.form().text("address")).await?;
    visit.done("/settings", "saved")
}

async fn make_token(visit: Visit) -> Page {
    let scope = match visit.form().text("scope") {
        "request" => Scope::Request,
        "decide" => Scope::Decide,
        _ => Scope::Read,
    };
    let wish = NewToken { name: visit.form().text("name").to_owned(), scope, until: None };
    let MadeToken { token, of } = visit.node().make_token(wish).await?;
    // shown in this answer and nowhere else
    let body = html! {
        (show::heading(words::MADE, words::MADE_LEAD))
        label for="token" { bdi { (of.name) } }
        textarea id="token" readonly rows="2" spellcheck="false" { (token) }
        p { button type="button" hidden data-copy="token" data-copied=(words::COPIED) { (words::COPY) } }
        p { a class="button" href="/settings" { (words::BACK) } }
    };
    visit.page(Here::Settings, words::MADE, body).await
}

async fn revoke_token(visit: Visit) -> Page {
    visit.node().revoke_token(visit.form().text("id")).await?;
    visit.done("/settings", "saved")
}
