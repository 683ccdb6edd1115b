//! The frame around every page: where one is, where one can go, what waits.

use super::{
    assets,
    words::{frame as words, nav},
};
use maud::{DOCTYPE, Markup, html};

/// Which page somebody is on, or the page it belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Home,
    Requests,
    Access,
    Data,
    People,
    Released,
    Applicants,
    Connect,
    Catalog,
    Ask,
    Results,
    Offers,
    Audit,
    Settings,
}

/// Places, by what somebody is here for.
const MINE: [(Here, &str, &str); 6] = [
    (Here::Home, "/", nav::HOME),
    (Here::Requests, "/requests", nav::REQUESTS),
    (Here::Access, "/access", nav::ACCESS),
    (Here::Data, "/data", nav::DATA),
    (Here::People, "/people", nav::PEOPLE),
    (Here::Released, "/released", nav::RELEASED),
];
const THEIRS: [(Here, &str, &str); 7] = [
    (Here::Applicants, "/applicants", nav::APPLICANTS),
    (Here::Connect, "/connect", nav::CONNECT),
    (Here::Catalog, "/catalog", nav::CATALOG),
    (Here::Ask, "/ask", nav::ASK),
    (Here::Results, "/results", nav::RESULTS),
    (Here::Offers, "/offers", nav::OFFERS),
    (Here::Audit, "/audit", nav::AUDIT),
];

/// What the frame of one page says.
pub(super) struct Frame<'a> {
    pub(super) name: &'a str,
    pub(super) here: Here,
    pub(super) title: &'a str,
    /// Requests that wait for a decision.
    pub(super) waiting: usize,
    /// What was just done.
    pub(super) done: Option<&'static str>,
    pub(super) token: Markup,
}

impl Frame<'_> {
    /// The page.
    pub(super) fn around(&self, body: Markup) -> Markup {
        let news = words::waiting(self.waiting);
        document(
            self.title,
            true,
            html! {
                a class="skip" href="#main" { (words::SKIP) }
                header class="top" {
                    span class="brand" { "Halfdoor" }
                    span class="whose" title=(self.name) { (words::OF) " " bdi { (self.name) } }
                    details class="menu narrow" {
                        summary { (words::MENU) (self.count()) }
                        nav aria-label=(words::MENU) { (self.places()) (self.doors()) }
                    }
                }
                div class="frame" {
                    nav class="side wide" aria-label=(words::PLACES) { (self.places()) (self.doors()) }
                    main id="main" tabindex="-1" {
                        @if let Some(done) = self.done { p class="notice good" role="status" { (done) } }
                        p id="lost" class="notice bad" role="alert" hidden { (words::LOST) }
                        (body)
                    }
                }
                p id="said" class="aside" role="status" aria-live="polite" data-waiting=(self.waiting) data-news=(news) {}
            },
        )
    }

    fn places(&self) -> Markup {
        html! {
            (self.group(nav::MINE, &MINE))
            (self.group(nav::THEIRS, &THEIRS))
            ul { (self.place(Here::Settings, "/settings", nav::SETTINGS)) }
        }
    }

    fn group(&self, name: &str, places: &[(Here, &'static str, &'static str)]) -> Markup {
        html! {
            h2 { (name) }
            ul { @for (here, path, name) in places { (self.place(*here, path, name)) } }
        }
    }

    fn place(&self, here: Here, path: &str, name: &str) -> Markup {
        html! {
            li {
                a href=(path) aria-current=[(here == self.here).then_some("page")] {
                    (name)
                    @if here == Here::Requests { (self.count()) }
                }
            }
        }
    }

    fn count(&self) -> Markup {
        html! { @if self.waiting > 0 { " " span class="count" { (self.waiting) span class="aside" { " " (words::WAIT) } } } }
    }

    fn doors(&self) -> Markup {
        html! {
            div class="doors" {
                form method="post" action="/lock" { (self.token) button class="quiet" { (words::LOCK) } }
                a class="button quiet" href="/stop" { (words::STOP) }
            }
        }
    }
}

/// A page of its own, for who is not in.
pub(super) fn bare(title: &str, body: Markup) -> Markup {
    document(
        title,
        false,
        html! {
            main id="main" class="bare" { p class="brand" { "Halfdoor" } (body) }
        },
    )
}

fn document(title: &str, listens: bool, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Halfdoor" }
                link rel="stylesheet" href=(assets::STYLE);
                script src=(assets::SCRIPT) defer {}
            }
            body data-listen=[listens.then_some("")] { (body) }
        }
    }
}
