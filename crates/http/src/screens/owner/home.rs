//! Home: how it stands, what waits, who may use what, what left last; and on the first day, the one next step.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::home as words,
};
use axum::{Router, routing::get};
use maud::{Markup, html};
use node::{
    views::{GrantView, OutcomeView, PersonView, RelayView, RequestView},
    wishes::RequestFilter,
};

/// Things of each kind that a card shows.
const FEW: usize = 3;

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/", get(home))
}

async fn home(visit: Visit) -> Page {
    let node = visit.node();
    let (relays, people, datasets) = (node.relays().await?, node.people().await?, node.datasets().await?);
    let received = RequestFilter { direction: Some("received".into()), ..RequestFilter::default() };
    let (requests, grants, outcomes) = (node.requests(received).await?, node.grants().await?, node.outcomes().await?);
    let body = html! {
        (show::heading(&words::hello(&node.me().name), words::LEAD))
        div id="home" data-live {
            (next(&relays, &people, datasets.len()))
            div class="cards" {
                (waits(&requests))
                (active(&grants))
                (left(&outcomes))
                (connection(&relays, &people))
            }
        }
    };
    visit.page(Here::Home, words::TITLE, body).await
}

/// The one next step, until there is nothing left to set up.
fn next(relays: &[RelayView], people: &[PersonView], datasets: usize) -> Markup {
    let step = if relays.is_empty() && people.is_empty() {
        Some((words::NEXT_RELAY, words::NEXT_RELAY_DO, "/settings"))
    } else if people.is_empty() {
        Some((words::NEXT_PERSON, words::NEXT_PERSON_DO, "/people"))
    } else if datasets == 0 {
        Some((words::NEXT_DATA, words::NEXT_DATA_DO, "/data"))
    } else {
        None
    };
    html! {
        @if let Some((why, what, href)) = step {
            section class="next" aria-label=(words::NEXT) { p { (why) } p { a class="button main" href=(href) { (what) } } }
        }
    }
}

fn waits(requests: &[RequestView]) -> Markup {
    let waiting: Vec<_> = requests.iter().filter(|request| request.state == "waiting").collect();
    html! {
        section class="card" aria-labelledby="waits" {
            h2 id="waits" { (words::WAITS) }
            @if waiting.is_empty() { p { (words::NOTHING_WAITS) } }
            ul class="plain" {
                @for request in waiting.iter().take(FEW) {
                    li {
                        strong { bdi { (request.person) } } " " (words::ASKS)
                        br;
                        a href={ "/requests/" (request.id) } { (request.sentence) }
                    }
                }
            }
            p { a href="/requests" { (words::ALL_REQUESTS) } }
        }
    }
}

fn active(grants: &[GrantView]) -> Markup {
    let live = |grant: &&GrantView| grant.direction == "given" && grant.state == "live";
    let live: Vec<_> = grants.iter().filter(live).collect();
    html! {
        section class="card" aria-labelledby="active" {
            h2 id="active" { (words::ACTIVE) }
            @if live.is_empty() { p { (words::NOTHING_ACTIVE) } }
            ul class="plain" {
                @for grant in live.iter().take(FEW) { li { strong { bdi { (grant.person) } } br; (grant.sentence) } }
            }
            p { a href="/access" { (words::ALL_ACCESS) } }
        }
    }
}

fn left(outcomes: &[OutcomeView]) -> Markup {
    let mut given: Vec<_> = outcomes.iter().filter(|one| one.direction == "given" && one.value.is_some()).collect();
    given.sort_by_key(|one| std::cmp::Reverse(one.released.unwrap_or(one.computed)));
    html! {
        section class="card" aria-labelledby="left" {
            h2 id="left" { (words::LEFT) }
            @if given.is_empty() { p { (words::NOTHING_LEFT) } }
            ul class="plain" {
                @for one in given.iter().take(FEW) {
                    li {
                        strong { bdi { (one.person) } } " " (words::GOT) " "
                        output class="value" { (one.value.as_deref().unwrap_or_default()) }
                        br; span class="dim" { (one.sentence) }
                    }
                }
            }
            p { a href="/released" { (words::ALL_LEFT) } }
        }
    }
}

fn connection(relays: &[RelayView], people: &[PersonView]) -> Markup {
    let reached = people.iter().filter(|person| person.path != "away").count();
    html! {
        section class="card" aria-labelledby="connection" {
            h2 id="connection" { (words::CONNECTION) }
            p { (words::reached(reached, people.len())) }
            ul class="plain" {
                @for relay in relays {
                    li { (show::state(&relay.state)) " " span class="dim wrap" { (relay.address) }
                        @if let Some(why) = &relay.detail { br; (why) } }
                }
            }
            p { a href="/people" { (words::ALL_PEOPLE) } }
        }
    }
}
