//! Offers and decisions: what institutions said to me, and what I said to applicants. One page for both sides, for the
//! same words are shown to both.

use super::{
    Screens,
    form::Form,
    layout::Here,
    show,
    visit::{Page, Visit},
    words::offers as words,
};
use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use maud::{Markup, html};
use node::{
    views::{OfferView, OutcomeView, RestsOn},
    wishes::{NewOffer, NewReason},
};

/// Reasons that a form has room for.
const REASONS: usize = 4;

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/offers", get(list))
        .route("/offers/new/{receipt}", get(build).post(make))
        .route("/offers/{id}", get(one))
        .route("/offers/{id}/accept", post(accept))
        .route("/offers/{id}/decline", post(decline))
}

async fn list(visit: Visit) -> Page {
    let all = visit.node().offers().await?;
    let (from, part) = show::part(&all, visit.query().number("from")?);
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="offers" data-live {
            @if all.is_empty() { (show::empty(words::EMPTY, words::EMPTY_DO, "/results")) }
            ul class="list" {
                @for offer in part {
                    li class="card" {
                        p class="row" { strong { bdi { (offer.person) } } (show::state(&offer.state)) }
                        p { a href={ "/offers/" (offer.id) } { (words::kind(&offer.kind, &offer.direction)) } }
                        p class="dim" { (show::moment(offer.made)) }
                    }
                }
            }
            (show::pages("/offers", from, part.len(), all.len()))
        }
    };
    visit.page(Here::Offers, words::TITLE, body).await
}

async fn one(visit: Visit, Path(id): Path<String>) -> Page {
    let offer = visit.node().offer_by_id(&id).await?;
    let body = html! {
        h1 { (words::title(&offer.kind, &offer.direction, &offer.person)) }
        div id="offer" data-live {
            p class="row" { (show::state(&offer.state)) span class="dim" { (show::moment(offer.made)) } }
            @if let Some(detail) = &offer.detail { p class="notice bad" { (detail) } }
            (said(offer.words.as_deref()))
            @if !offer.reasons.is_empty() {
                h2 { (words::REASONS) }
                ol class="bullets" {
                    @for reason in &offer.reasons { li { (said(reason.words.as_deref())) (rests(&reason.on)) } }
                }
            }
            h2 { (words::RESTS) }
            ul class="list" { @for on in &offer.rests_on { li class="card" { (rests(on)) } } }
            (next(&visit, &offer))
        }
        p { a href="/offers" { (words::BACK) } }
    };
    visit.page(Here::Offers, words::TITLE, body).await
}

/// Words of the institution's own, quoted: nobody checked them.
fn said(text: Option<&str>) -> Markup {
    html! {
        @match text {
            Some(text) => blockquote { bdi { "“" (text) "”" } },
            None => p class="dim" { (words::ERASED) },
        }
    }
}

fn rests(on: &RestsOn) -> Markup {
    html! {
        p { a href={ "/receipts/" (on.receipt) } { (on.sentence) } }
        @match &on.value {
            Some(value) => p { output class="value" { (value) } },
            None => p class="dim" { (words::NOTHING) },
        }
    }
}

/// What can still be done about it. Both answers are of one size, and neither is chosen beforehand.
fn next(visit: &Visit, offer: &OfferView) -> Markup {
    let at = |verb: &str| format!("/offers/{}/{verb}", offer.id);
    html! {
        @if let (Some(until), "waiting" | "sending") = (offer.until, offer.state.as_str()) {
            p { (words::UNTIL) " " (show::moment(until)) }
        }
        @if let Some(answered) = offer.answered { p class="dim" { (words::ANSWERED) " " (show::moment(answered)) } }
        @if offer.direction == "received" && offer.state == "waiting" {
            p class="notice" { (words::FINAL) }
            div class="buttons" {
                (show::action(visit, &at("accept"), words::ACCEPT, ""))
                (show::action(visit, &at("decline"), words::DECLINE, ""))
            }
        }
    }
}

async fn build(visit: Visit, Path(receipt): Path<String>) -> Page {
    let outcome = visit.node().outcome(&receipt).await?;
    let mut others = visit.node().outcomes().await?;
    others.retain(|one| one.direction == "received" && one.person == outcome.person && one.receipt != outcome.receipt);
    // the newest are what a decision is about; a receipt that is older is named on the command line
    others.reverse();
    others.truncate(show::PAGE);
    let answers: Vec<&OutcomeView> = std::iter::once(&outcome).chain(&others).collect();
    let body = html! {
        (show::heading(&words::new(&outcome.person), words::NEW_LEAD))
        form method="post" action={ "/offers/new/" (outcome.receipt) } class="stack card" {
            (visit.token())
            fieldset {
                legend { (words::RESTS) }
                @for (at, one) in answers.iter().enumerate() {
                    label { input type="checkbox" name="on" value=(one.receipt) checked[at == 0]; " " (told(one)) }
                }
            }
            label for="words" { (words::WORDS) }
            textarea id="words" name="words" rows="3" maxlength="1000" required {}
            label for="until" { (words::STANDS) }
            input id="until" name="until" type="date";
            button class="main" name="kind" value="offer" { (words::OFFER) }
            h2 { (words::OR_REFUSE) }
            p class="dim" { (words::REASONS_LEAD) }
            @for at in 1..=REASONS { (reason(at, &answers)) }
            button name="kind" value="refusal" { (words::REFUSE) }
        }
    };
    visit.page(Here::Offers, words::TITLE, body).await
}

fn reason(at: usize, answers: &[&OutcomeView]) -> Markup {
    let (words_id, on_id) = (format!("reason-{at}"), format!("reason-on-{at}"));
    html! {
        label for=(words_id) { (words::reason(at)) }
        input id=(words_id) name=(words_id) maxlength="500";
        label for=(on_id) { (words::reason_on(at)) }
        select id=(on_id) name=(on_id) { @for one in answers { option value=(one.receipt) { (told(one)) } } }
    }
}

fn told(outcome: &OutcomeView) -> String {
    let value = outcome.value.as_deref().unwrap_or(words::NOTHING);
    format!("{} {value}", outcome.sentence)
}

fn wish(form: &Form) -> Result<NewOffer, node::NodeError> {
    let kind = form.text("kind").to_owned();
    let refuses = kind == "refusal";
    let reasons = (1..=REASONS).filter(|_| refuses).filter_map(|at| {
        let words = form.said(&format!("reason-{at}"))?;
        Some(NewReason { receipt: form.text(&format!("reason-on-{at}")).to_owned(), words })
    });
    Ok(NewOffer {
        kind,
        words: form.text("words").to_owned(),
        receipts: form.all("on"),
        reasons: reasons.collect(),
        until: form.day("until")?,
    })
}

async fn make(visit: Visit, Path(_): Path<String>) -> Page {
    let made = visit.node().offer(wish(visit.form())?).await?;
    visit.done(&format!("/offers/{}", made.id), "offered")
}

async fn accept(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().answer_offer(&id, true).await?;
    visit.done(&format!("/offers/{id}"), "taken")
}

async fn decline(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().answer_offer(&id, false).await?;
    visit.done(&format!("/offers/{id}"), "declined")
}
