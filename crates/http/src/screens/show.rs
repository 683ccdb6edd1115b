//! Pieces that several pages show alike.

use super::{visit::Visit, words::piece as words};
use maud::{Markup, html};
use node::views::{ColumnView, GrantView, PersonView, RequestView};
use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

/// A moment: readable as it is, and for the script in this person's own manner.
pub(super) fn moment(seconds: u64) -> Markup {
    let form = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    let time = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    let told = time.and_then(|time| Some((time.format(&Rfc3339).ok()?, time.format(form).ok()?)));
    html! {
        @match told {
            Some((exact, plain)) => time datetime=(exact) { (plain) },
            None => (seconds),
        }
    }
}

/// A page's heading and what it is for.
pub(super) fn heading(title: &str, lead: &str) -> Markup {
    html! { h1 { (title) } p class="lead" { (lead) } }
}

/// A list that holds nothing yet: why, and the one next step.
pub(super) fn empty(why: &str, step: &str, href: &str) -> Markup {
    html! { div class="empty" { p { (why) } p { a class="button main" href=(href) { (step) } } } }
}

/// A button that does one thing.
pub(super) fn action(visit: &Visit, to: &str, label: &str, class: &str) -> Markup {
    html! { form method="post" action=(to) { (visit.token()) button class=(class) { (label) } } }
}

/// A state as a word with a mark, never by colour alone.
pub(super) fn state(word: &str) -> Markup {
    let (kind, mark) = match word {
        "approved" | "live" | "done" | "accepted" | "direct" | "reserved" | "connected" | "released" => ("good", "●"),
        "waiting" | "sending" | "countered" | "paused" | "relayed" | "connecting" => ("wait", "◐"),
        _ => ("off", "○"),
    };
    html! { span class={ "state " (kind) } { span aria-hidden="true" { (mark) } " " (words::state(word)) } }
}

/// What a person is known by.
pub(super) fn known(person: &PersonView) -> Markup {
    html! {
        span class={ "state " (if person.verified { "good" } else { "wait" }) } {
            span aria-hidden="true" { (if person.verified { "✓" } else { "?" }) } " "
            (if person.verified { words::VERIFIED } else { words::NOT_VERIFIED })
        }
    }
}

/// Columns and what they hold.
pub(super) fn columns(columns: &[ColumnView]) -> Markup {
    html! {
        ul class="columns" {
            @for column in columns { li { bdi { (column.name) } " " span class="dim" { (words::column(&column.of)) } } }
        }
    }
}

/// A request in a list.
pub(super) fn request(request: &RequestView, base: &str) -> Markup {
    html! {
        li class="card" {
            p class="row" { strong { bdi { (request.person) } } (state(&request.state)) }
            p { a href={ (base) "/" (request.id) } { (request.sentence) } }
            p class="dim" { (moment(request.created)) }
        }
    }
}

/// A grant with what can be done about it.
pub(super) fn grant(visit: &Visit, grant: &GrantView) -> Markup {
    let at = |verb: &str| format!("/access/{}/{verb}", grant.id);
    html! {
        li class="card" {
            p class="row" { strong { bdi { (grant.person) } } (state(&grant.state)) }
            p { (grant.sentence) }
            p class="dim" {
                (words::spent(grant.spent, grant.uses)) " · " (words::UNTIL) " " (moment(grant.until))
                @if grant.kind == "standing" {
                    " · " (if grant.review == "each" { words::SEES_EACH } else { words::SEES_NONE })
                }
            }
            @if let Some(why) = &grant.paused { p class="notice" { (why) } }
            @if grant.direction == "given" && matches!(grant.state.as_str(), "live" | "paused") {
                div class="buttons" {
                    (action(visit, &at("revoke"), words::REVOKE, "bad"))
                    @if grant.kind == "standing" && grant.state == "live" { (action(visit, &at("pause"), words::PAUSE, "")) }
                    @if grant.state == "paused" { (action(visit, &at("resume"), words::RESUME, "")) }
                }
            }
        }
    }
}

/// A name as it stands in an address.
pub(super) fn quoted(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Links to the pages of a list before and after this one; `from` is the first shown here.
pub(super) fn pages(path: &str, from: usize, shown: usize, all: usize) -> Markup {
    html! {
        @if shown < all {
            nav class="pages" aria-label=(words::PAGES) {
                @if from > 0 { a class="button" href={ (path) "?from=" (from.saturating_sub(PAGE)) } { (words::NEWER) } }
                span { (words::part(from, shown, all)) }
                @if from + shown < all { a class="button" href={ (path) "?from=" (from + PAGE) } { (words::OLDER) } }
            }
        }
    }
}

/// Things on one page of a list.
pub(super) const PAGE: usize = 50;

/// The part of a list that a page shows, and where it begins.
pub(super) fn part<T>(all: &[T], from: Option<usize>) -> (usize, &[T]) {
    let from = from.unwrap_or(0).min(all.len());
    (from, all.get(from..(from + PAGE).min(all.len())).unwrap_or_default())
}
