//! Whom this node is connected with, and through which relays.

use crate::print::{Page, day_and_time};
use node::views::{PersonView, RelayView};

/// Everybody, one line each.
pub(crate) fn people(people: &[PersonView]) -> Page {
    let mut page = Page::new();
    if people.is_empty() {
        page.line("Nobody yet. Connect with somebody: halfdoor invite");
        return page;
    }
    let row = |person: &PersonView| {
        let waiting = to_deliver(person, "to deliver");
        [person.name.clone(), key(person).to_owned(), person.path.clone(), day_and_time(person.paired), waiting]
    };
    page.table(["NAME", "KEY", "PATH", "SINCE", "WAITING"], people.iter().map(row).collect());
    page
}

/// One person in full, with the code to compare.
pub(crate) fn person(person: &PersonView) -> Page {
    let mut page = Page::new();
    page.line(&person.name);
    page.gap();
    let claims = if person.claims == person.name { String::new() } else { person.claims.clone() };
    page.facts(&[
        ("calls itself", claims),
        ("key", format!("{} ({})", person.party, key(person))),
        ("connected", format!("{} since {}", person.path, day_and_time(person.paired))),
        ("to deliver", to_deliver(person, "messages")),
        ("safety code", grouped(&person.safety_code)),
    ]);
    if !person.verified {
        page.gap();
        page.line("Compare the safety code by voice; if theirs is the same: halfdoor people verify NAME CODE");
    }
    page
}

/// Every relay and how it does.
pub(crate) fn relays(relays: &[RelayView]) -> Page {
    let mut page = Page::new();
    if relays.is_empty() {
        page.line(
            "No relay yet, so nobody can be invited. Its operator tells you its address: halfdoor relays add ADDRESS",
        );
        return page;
    }
    for relay in relays {
        page.hanging(&format!("{:<12}", relay.state), &relay.address);
        if let Some(detail) = &relay.detail {
            page.indented(12, detail);
        }
    }
    page
}

fn key(person: &PersonView) -> &'static str {
    match (person.blocked, person.verified) {
        (true, _) => "blocked",
        (false, true) => "verified",
        (false, false) => "first seen",
    }
}

/// Digits in fives, as they are read out.
fn grouped(code: &str) -> String {
    let digits: Vec<char> = code.chars().filter(|c| !c.is_whitespace()).collect();
    let groups: Vec<String> = digits.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// How much is owed to somebody, and how much of it lies in a mailbox.
fn to_deliver(person: &PersonView, what: &str) -> String {
    match (person.waiting, person.left.min(person.waiting)) {
        (0, _) => String::new(),
        (waiting, 0) => format!("{waiting} {what}"),
        (waiting, left) => format!("{waiting} {what}, {left} in the mailbox"),
    }
}
