//! A request: the consent prompt in its one order, the exact preview, and what can be answered to it.

use crate::screens::{
    Screens,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::request as words,
};
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use maud::{Markup, html};
use node::{
    views::{Instead, Prompt, Who},
    wishes::{Approve, CounterOffer},
};

/// Runs of a standing grant unless something else is chosen.
const USES: u32 = 3;

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/requests/{id}", get(prompt))
        .route("/requests/{id}/approve", post(approve))
        .route("/requests/{id}/deny", post(deny))
        .route("/requests/{id}/counter", get(counter).post(offer))
        .route("/requests/{id}/block", post(block))
}

async fn prompt(visit: Visit, Path(id): Path<String>) -> Page {
    let prompt = visit.node().prompt(&id).await?;
    let waits = prompt.request.state == "waiting";
    let body = html! {
        h1 { (words::title(&prompt.who.name)) }
        div id="prompt" data-live {
            @if !waits { p class="notice" { (words::NOT_WAITING) " " (show::state(&prompt.request.state)) } }
            (told(&prompt))
            @if waits { (answers(&visit, &prompt)) }
            @if let Some(grant) = &prompt.request.grant {
                p { a href={ "/access#" (grant) } { (words::SEE_GRANT) } }
            }
        }
    };
    visit.page(Here::Requests, words::TITLE, body).await
}

/// Who, wants, reads, leaves, could work out, why, how long, undo: always in this order.
pub(in crate::screens) fn told(prompt: &Prompt) -> Markup {
    html! {
        dl class="prompt" {
            dt { (words::WHO) } dd { strong { bdi { (prompt.who.name) } } ", " (key(&prompt.who)) details class="fine" { summary { (words::KEY) } code class="wrap" { (prompt.who.party) } } }
            dt { (words::WANTS) } dd { (prompt.wants) }
            dt { (words::READS) } dd { (prompt.reads) }
            dt { (words::LEAVES) }
            dd class={ "leaves" @if prompt.leaves.refused { " refused" } } {
                @if let Some(value) = &prompt.leaves.value { output class="value big" { (value) } }
                p { (prompt.leaves.sentence) }
            }
            dt { (words::WORK_OUT) }
            dd {
                @if prompt.could_work_out.is_empty() { (words::NOTHING_FURTHER) }
                ul class="bullets" { @for line in &prompt.could_work_out { li { (line) } } }
            }
            dt { (words::WHY) } dd { (prompt.why) (quoted(&prompt.words)) }
            dt { (words::HOW_LONG) } dd { (prompt.how_long) }
            dt { (words::UNDO) } dd { (words::UNDO_TOLD) }
        }
    }
}

/// The requester's own words: shown as theirs, checked by nobody.
pub(in crate::screens) fn quoted(text: &str) -> Markup {
    html! {
        @if text.is_empty() { p class="dim" { (words::NO_WORDS) } }
        @else { blockquote { p { bdi { "“" (text) "”" } } footer { (words::NOT_CHECKED) } } }
    }
}

fn key(who: &Who) -> Markup {
    let (class, text) = match who.key.as_str() {
        "verified" => ("good", words::KEY_VERIFIED),
        "changed" => ("bad", words::KEY_CHANGED),
        _ => ("wait", words::KEY_SEEN),
    };
    html! { span class={ "state " (class) } { (text) } }
}

/// Four answers of one size; none is chosen for anybody.
fn answers(visit: &Visit, prompt: &Prompt) -> Markup {
    let at = |verb: &str| format!("/requests/{}/{verb}", prompt.request.id);
    html! {
        div class="answers" {
            @if let Some(preview) = &prompt.preview {
                form method="post" action=(at("approve")) {
                    (visit.token())
                    input type="hidden" name="preview" value=(preview);
                    @if prompt.leaves.refused { (despite("despite")) }
                    button id="approve" { (words::APPROVE) }
                }
            }
            form method="post" action=(at("deny")) { (visit.token()) button id="deny" { (words::DENY) } }
            a id="counter" class="button" href=(at("counter")) { (words::COUNTER) }
            form method="post" action=(at("block")) { (visit.token()) button id="block" { (words::BLOCK) } }
        }
        p class="dim" { (words::SILENCE) }
        details class="more" {
            summary { (words::MORE) }
            (deny_with_words(visit, &at("deny")))
            @if let Some(preview) = &prompt.preview { (standing(visit, prompt, &at("approve"), preview)) }
        }
    }
}

fn despite(id: &str) -> Markup {
    html! {
        label for=(id) { (words::DESPITE) }
        input id=(id) name="despite" required maxlength="500";
    }
}

fn deny_with_words(visit: &Visit, to: &str) -> Markup {
    html! {
        form method="post" action=(to) class="stack" {
            h3 { (words::DENY_WHY) }
            (visit.token())
            label for="because" { (words::BECAUSE) }
            input id="because" name="because" maxlength="500";
            button { (words::DENY) }
        }
    }
}

fn standing(visit: &Visit, prompt: &Prompt, to: &str, preview: &str) -> Markup {
    html! {
        form method="post" action=(to) class="stack" {
            h3 { (words::STANDING) }
            p { (words::STANDING_LEAD) }
            (visit.token())
            input type="hidden" name="preview" value=(preview);
            input type="hidden" name="standing" value="yes";
            @if prompt.leaves.refused { (despite("despite-standing")) }
            label for="uses" { (words::USES) }
            input id="uses" name="uses" type="number" min="1" max="1000" value=(prompt.request.uses.max(USES));
            label for="until" { (words::UNTIL) }
            input id="until" name="until" type="date";
            fieldset {
                legend { (words::REVIEW) }
                label { input type="radio" name="review" value="each" required; " " (words::REVIEW_EACH) }
                label { input type="radio" name="review" value="none"; " " (words::REVIEW_NONE) }
            }
            button { (words::APPROVE_STANDING) }
        }
    }
}

async fn approve(visit: Visit, Path(id): Path<String>) -> Page {
    let form = visit.form();
    let wish = Approve {
        preview: form.text("preview").to_owned(),
        uses: form.number("uses")?,
        until: form.day("until")?,
        standing: form.is_there("standing"),
        review: form.said("review"),
        despite: form.said("despite"),
        ..Approve::default()
    };
    let request = visit.node().approve(&id, wish).await?;
    visit.done(&format!("/requests/{}", request.id), "approved")
}

async fn deny(visit: Visit, Path(id): Path<String>) -> Page {
    let request = visit.node().deny(&id, visit.form().said("because").as_deref()).await?;
    visit.done(&format!("/requests/{}", request.id), "denied")
}

/// Denies, and takes nothing more from them.
async fn block(visit: Visit, Path(id): Path<String>) -> Page {
    let request = visit.node().deny(&id, None).await?;
    visit.node().block(&request.person, true).await?;
    visit.done(&format!("/person?name={}", show::quoted(&request.person)), "blocked")
}

fn offered(form: &crate::screens::form::Form) -> CounterOffer {
    CounterOffer {
        above: form.said("above"),
        below: form.said("below"),
        bands: form.list("bands", &[',']),
        rounded: form.said("rounded"),
        because: form.said("because"),
        ..CounterOffer::default()
    }
}

/// Safer questions; with one chosen, exactly what would leave instead.
async fn counter(visit: Visit, Path(id): Path<String>) -> Page {
    let offer = offered(visit.query());
    let chosen = offer != CounterOffer::default();
    let prompt =
        if chosen { visit.node().counter_prompt(&id, &offer).await? } else { visit.node().prompt(&id).await? };
    let body = html! {
        (show::heading(words::COUNTER_TITLE, words::COUNTER_LEAD))
        p { a href={ "/requests/" (prompt.request.id) } { (words::TO_REQUEST) } }
        @if chosen { (told(&prompt)) (confirm(&visit, &prompt, &offer)) }
        @else { (choices(&prompt)) }
    };
    visit.page(Here::Requests, words::COUNTER_TITLE, body).await
}

fn choices(prompt: &Prompt) -> Markup {
    let at = format!("/requests/{}/counter", prompt.request.id);
    html! {
        p { (words::ASKED) " " (prompt.wants) }
        ul class="list" {
            @for Instead { sentence, value, form, with } in &prompt.instead {
                li class="card" {
                    p { (sentence) }
                    p { (words::THEY_GET) " " output class="value" { (value) } }
                    form method="get" action=(at) {
                        input type="hidden" name=(form) value=(with);
                        button { (words::LOOK) }
                    }
                }
            }
        }
        form method="get" action=(at) class="stack card" {
            h2 { (words::OWN_CHOICE) }
            p class="dim" { (words::ONE_OF) }
            @for (name, label) in [("above", words::ABOVE), ("below", words::BELOW), ("bands", words::BANDS), ("rounded", words::ROUNDED)] {
                label for=(name) { (label) }
                input id=(name) name=(name) inputmode="decimal";
            }
            button { (words::LOOK) }
        }
    }
}

fn confirm(visit: &Visit, prompt: &Prompt, offer: &CounterOffer) -> Markup {
    let hidden = [
        ("above", offer.above.clone()),
        ("below", offer.below.clone()),
        ("bands", (!offer.bands.is_empty()).then(|| offer.bands.join(","))),
        ("rounded", offer.rounded.clone()),
    ];
    html! {
        @if let Some(preview) = &prompt.preview {
            form method="post" action={ "/requests/" (prompt.request.id) "/counter" } class="stack" {
                (visit.token())
                input type="hidden" name="preview" value=(preview);
                @for (name, value) in hidden {
                    @if let Some(value) = value { input type="hidden" name=(name) value=(value); }
                }
                label for="because" { (words::BECAUSE) }
                input id="because" name="because" maxlength="500";
                button { (words::OFFER) }
            }
        }
    }
}

async fn offer(visit: Visit, Path(id): Path<String>) -> Page {
    let preview = visit.form().text("preview").to_owned();
    let request = visit.node().counter(&id, offered(visit.form()), &preview).await?;
    visit.done(&format!("/requests/{}", request.id), "countered")
}
