//! What was found about the way to others.

use crate::print::Page;
use node::views::{DoctorView, PingView, RouteView};

/// Every address of every relay, then what follows from it.
pub(crate) fn doctor(found: &DoctorView) -> Page {
    let mut page = Page::new();
    for route in &found.routes {
        page.hanging(&format!("{:<12}", if route.reached { "reached" } else { "not reached" }), &route.address);
        page.indented(12, &how(route));
    }
    page.gap();
    page.facts(&[("TCP", found.tcp.clone()), ("UDP", found.udp.clone()), ("expect", found.expect.clone())]);
    page.gap();
    page.line(&found.says);
    for change in &found.change {
        page.hanging("- ", change);
    }
    page
}

fn how(route: &RouteView) -> String {
    let seen = route.seen_at.as_ref().map(|at| format!("seen at {at}"));
    let took = route.round_trip_ms.map(|ms| format!("{ms} ms"));
    let all: Vec<String> =
        [Some(route.transport.clone()), seen, took, route.detail.clone()].into_iter().flatten().collect();
    all.join(", ")
}

/// The ways there were, and how long each took last.
pub(crate) fn pings(pings: &[PingView]) -> Page {
    let mut page = Page::new();
    let mut before: Option<&str> = None;
    for ping in pings {
        let path = match before {
            Some(before) if before != ping.path => format!("{before} → {}", ping.path),
            _ => ping.path.clone(),
        };
        let took = ping.round_trip_ms.map(|ms| format!(", {ms} ms")).unwrap_or_default();
        page.line(&format!("{path}{took}"));
        before = Some(&ping.path);
    }
    page
}
