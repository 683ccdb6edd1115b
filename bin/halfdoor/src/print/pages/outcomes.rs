//! Outcomes and what their receipts prove.

use crate::print::{Page, day_and_time, shortened, unambiguous};
use node::views::{MockOutcomeView, OutcomeView};

/// Every outcome, one line each.
pub(crate) fn outcomes(outcomes: &[OutcomeView]) -> Page {
    let mut page = Page::new();
    if outcomes.is_empty() {
        page.line("No results yet.");
        return page;
    }
    let length = unambiguous(outcomes.iter().map(|outcome| outcome.receipt.as_str()));
    let row = |outcome: &OutcomeView| {
        let id = outcome.receipt.chars().take(length).collect();
        let whole = if outcome.failed.is_empty() { "verified" } else { "FAILED" };
        let value = outcome.value.clone().unwrap_or_else(|| "none released".to_owned());
        let when = day_and_time(outcome.computed);
        [id, outcome.direction.clone(), outcome.person.clone(), when, whole.to_owned(), value, outcome.sentence.clone()]
    };
    let head = ["RECEIPT", "WAY", "PERSON", "COMPUTED", "RECEIPT IS", "RESULT", "OF"];
    page.table(head, outcomes.iter().map(row).collect());
    page
}

/// What a request would come to over made-up rows: never to be taken for an outcome.
pub(crate) fn mock(tried: &MockOutcomeView) -> Page {
    let mut page = Page::new();
    page.line(&tried.notice);
    page.gap();
    page.line(&tried.sentence);
    match (&tried.value, &tried.nothing) {
        (Some(value), _) => page.indented(2, &format!("{value}   (mock)")),
        (None, Some(why)) => page.indented(2, &format!("nothing would come of it: {why}   (mock)")),
        (None, None) => page.indented(2, "nothing   (mock)"),
    }
    page.gap();
    page.line("There is no receipt, and nobody was asked. Ask in earnest without --mock.");
    page
}

/// One outcome and each check of its receipt, in words.
pub(crate) fn outcome(outcome: &OutcomeView) -> Page {
    let mut page = Page::new();
    page.line(&outcome.sentence);
    match (&outcome.value, &outcome.not_released) {
        (Some(value), _) => page.indented(2, value),
        (None, Some(why)) => page.indented(2, &format!("nothing was released: {why}")),
        (None, None) => page.indented(2, "nothing was released"),
    }
    for note in &outcome.notes {
        page.hanging("  note: ", note);
    }
    page.gap();
    page.facts(&[
        (if outcome.direction == "given" { "given to" } else { "from" }, outcome.person.clone()),
        ("data", outcome.issuer.as_ref().map_or_else(String::new, |issuer| issuer.sentence.clone())),
        ("receipt", outcome.receipt.clone()),
        ("request", shortened(&outcome.request)),
        ("grant", format!("{}, run {}", shortened(&outcome.grant), outcome.number)),
        ("computed", day_and_time(outcome.computed)),
        (
            if outcome.direction == "given" { "left" } else { "arrived" },
            outcome.released.map_or_else(String::new, day_and_time),
        ),
    ]);
    page.gap();
    for one in &outcome.verified {
        page.hanging("  ok      ", one);
    }
    for one in &outcome.failed {
        page.hanging("  FAILED  ", one);
    }
    page.gap();
    page.line(match (outcome.failed.is_empty(), outcome.verified.is_empty()) {
        (true, false) => "Everything that was checked holds.",
        (true, true) => "Nothing was checked.",
        (false, _) => "Do not rely on it: not everything that was checked holds.",
    });
    page
}
