//! Offers and refusals.

use crate::print::{Page, day_and_time};
use node::views::{OfferView, RestsOn};

/// Every offer and refusal, one line each.
pub(crate) fn offers(offers: &[OfferView]) -> Page {
    let mut page = Page::new();
    if offers.is_empty() {
        page.line("No offer and no refusal. To make one of an answer you were given: halfdoor offer WORDS --on ID");
        return page;
    }
    let row = |offer: &OfferView| {
        [
            offer.id.get(..12).unwrap_or(&offer.id).to_owned(),
            offer.direction.clone(),
            offer.person.clone(),
            offer.kind.clone(),
            offer.state.clone(),
            day_and_time(offer.made),
        ]
    };
    page.table(["ID", "DIRECTION", "WITH", "WHAT", "STATE", "MADE"], offers.iter().map(row).collect());
    page
}

/// One of them in full.
pub(crate) fn offer(offer: &OfferView) -> Page {
    let mut page = Page::new();
    let way = if offer.direction == "sent" { "to" } else { "from" };
    page.line(&format!("{} {way} {}: {}", offer.kind, offer.person, offer.state));
    page.line(&said(offer, offer.words.as_deref()));
    for reason in &offer.reasons {
        page.line(&format!("reason: {}", said(offer, reason.words.as_deref())));
        page.line(&format!("  tied to {}", told(&reason.on)));
    }
    for on in &offer.rests_on {
        page.line(&format!("rests on {}", told(on)));
    }
    if let Some(detail) = &offer.detail {
        page.line(detail);
    }
    if let Some(until) = offer.until {
        page.line(&format!("can be accepted until {}", day_and_time(until)));
    }
    page.verbatim(&offer.id);
    page
}

fn said(offer: &OfferView, words: Option<&str>) -> String {
    let whose = if offer.direction == "sent" { "" } else { " (their words, not checked)" };
    words.map_or_else(|| "(the words were erased)".to_owned(), |words| format!("\"{words}\"{whose}"))
}

fn told(on: &RestsOn) -> String {
    let value = on.value.as_deref().unwrap_or("nothing was released");
    format!("{} {value}", on.sentence)
}
