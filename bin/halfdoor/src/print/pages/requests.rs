//! Requests and the grants that came of them.

use crate::print::{Page, day_and_time, shortened, unambiguous};
use node::views::{GrantView, RequestView};

/// What waits for me first, then what I asked.
pub(crate) fn requests(requests: &[RequestView]) -> Page {
    let mut page = Page::new();
    if requests.is_empty() {
        page.line("No requests.");
        return page;
    }
    let length = unambiguous(requests.iter().map(|request| request.id.as_str()));
    for (direction, heading) in [("received", "Asked of you"), ("sent", "Asked by you")] {
        let rows: Vec<_> = requests.iter().filter(|r| r.direction == direction).map(|r| row(r, length)).collect();
        if !rows.is_empty() {
            page.gap();
            page.line(heading);
            page.table(["ID", "STATE", "PERSON", "MADE", "ASKS"], rows);
        }
    }
    page
}

fn row(request: &RequestView, length: usize) -> [String; 5] {
    let id = request.id.chars().take(length).collect();
    let asks = format!("{} ({})", request.sentence, request.tag);
    [id, request.state.clone(), request.person.clone(), day_and_time(request.created), asks]
}

/// One request in its present state, with the next step.
pub(crate) fn request(request: &RequestView) -> Page {
    let mut page = Page::new();
    let id = shortened(&request.id);
    page.line(&format!("Request {id}: {}", standing(request)));
    page.indented(2, &request.sentence);
    if let Some(detail) = &request.detail {
        page.indented(2, detail);
    }
    if let Some(counter) = &request.counter {
        page.gap();
        page.line(&format!("{} offers instead, until {}:", owner(request), day_and_time(counter.expires)));
        page.indented(2, &counter.sentence);
        page.indented(2, &format!("{}, until {}", times(counter.uses), day_and_time(counter.until)));
        if let Some(because) = &counter.because {
            page.hanging("  > ", &format!("\u{201c}{because}\u{201d}"));
        }
    }
    if let Some(step) = next_step(request, &id) {
        page.gap();
        page.line(&step);
    }
    page
}

/// How a request stands, in words.
pub(crate) fn standing(request: &RequestView) -> String {
    let person = &request.person;
    match (request.direction.as_str(), request.state.as_str()) {
        ("sent", "sending") => format!("kept until the node of {person} can be reached; it is sent then"),
        ("sent", "waiting") => format!("delivered; {person} decides"),
        ("sent", "approved") => format!("approved by {person}"),
        ("sent", "denied") => format!("denied by {person}"),
        ("sent", "countered") => format!("{person} offers something else"),
        ("received", "waiting") => format!("{person} waits for your decision"),
        (_, other) => other.to_owned(),
    }
}

fn owner(request: &RequestView) -> &str {
    if request.direction == "sent" { &request.person } else { "You" }
}

fn next_step(request: &RequestView, id: &str) -> Option<String> {
    match (request.direction.as_str(), request.state.as_str()) {
        ("sent", "approved") => Some(format!("Get the answer: halfdoor run {id}")),
        ("sent", "countered") => Some(format!("Take it: halfdoor accept {id}")),
        ("received", "waiting") => Some(format!("See it in full: halfdoor show {id}")),
        ("received", "approved" | "countered") => Some(format!("Take it back: halfdoor revoke {id}")),
        _ => None,
    }
}

/// Every grant, given and held.
pub(crate) fn grants(grants: &[GrantView]) -> Page {
    let mut page = Page::new();
    if grants.is_empty() {
        page.line("No grants.");
        return page;
    }
    let length = unambiguous(grants.iter().map(|grant| grant.id.as_str()));
    for (direction, heading) in [("given", "Given by you"), ("held", "Held by you")] {
        let of = grants.iter().filter(|grant| grant.direction == direction);
        let rows: Vec<_> = of.clone().map(|grant| grant_row(grant, length)).collect();
        if !rows.is_empty() {
            page.gap();
            page.line(heading);
            page.table(["ID", "STATE", "PERSON", "KIND", "USED", "UNTIL", "ALLOWS"], rows);
            for (grant, why) in of.filter_map(|grant| Some((grant, grant.paused.as_ref()?))) {
                page.gap();
                let id: String = grant.id.chars().take(length).collect();
                page.line(&format!("{id} was paused: {why} (halfdoor resume {id}, halfdoor revoke {id})"));
            }
        }
    }
    page
}

fn grant_row(grant: &GrantView, length: usize) -> [String; 7] {
    let id = grant.id.chars().take(length).collect();
    let used = format!("{} of {}", grant.spent, grant.uses);
    let until = day_and_time(grant.until);
    let allows = format!("{} ({})", grant.sentence, grant.tag);
    [id, grant.state.clone(), grant.person.clone(), grant.kind.clone(), used, until, allows]
}

fn times(uses: u32) -> String {
    if uses == 1 { "once".to_owned() } else { format!("up to {uses} times") }
}
