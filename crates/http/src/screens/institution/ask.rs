//! The request builder: what is asked, of what, why; and the prompt as its owner will read it.

use crate::screens::{
    Screens,
    form::Form,
    layout::Here,
    owner::request as told,
    show,
    visit::{Page, Visit},
    words::ask as words,
};
use axum::{Router, routing::get};
use maud::{Markup, html};
use node::{
    NodeError,
    attributes::{self, AttributeView},
    views::{CatalogView, RequestDraft},
    wishes::NewRequest,
};
use std::time::Duration;

/// How long the owner is waited for before the request is shown as on its way.
const PATIENCE: Duration = Duration::from_secs(3);
/// Statistics that need nothing but a column.
const PLAIN: [&str; 8] = ["mean", "sum", "count", "min", "max", "median", "std", "distinct"];

pub(super) fn routes() -> Router<Screens> {
    Router::new().route("/ask", get(build).post(ask))
}

async fn build(visit: Visit) -> Page {
    let query = visit.query();
    let (person, named) = (query.text("person"), query.text("dataset"));
    if person.is_empty() || named.is_empty() {
        let body = html! { (show::heading(words::TITLE, words::LEAD)) (show::empty(words::NO_DATASET, words::NO_DATASET_DO, "/catalog")) };
        return visit.page(Here::Ask, words::TITLE, body).await;
    }
    // what was told last is enough to write a request by
    let page = visit.node().catalog(Some(person), "", Duration::ZERO).await?;
    let dataset = page.datasets.into_iter().find(|one| one.id == named);
    let dataset = dataset.ok_or_else(|| NodeError::NotFound { what: "dataset", name: named.to_owned() })?;
    let draft = if query.is_there("computation") { Some(drafted(&visit, query).await) } else { None };
    let body = html! {
        (show::heading(&words::title(&dataset.owner, &dataset.tag), words::LEAD))
        form method="get" action="/ask" data-preview="preview" class="stack card" {
            (fields(query, &dataset))
            button { (words::PREVIEW) }
            button class="main" formmethod="post" formaction="/ask" { (words::SEND) }
            (visit.token())
        }
        section id="preview" class="card" aria-label=(words::SEEN) aria-live="polite" { (preview(&visit.node().me().name, draft)) }
    };
    visit.page(Here::Ask, words::TITLE, body).await
}

async fn drafted(visit: &Visit, query: &Form) -> Result<RequestDraft, NodeError> {
    visit.node().draft_request(wish(query)?).await
}

fn preview(me: &str, draft: Option<Result<RequestDraft, NodeError>>) -> Markup {
    html! {
        h2 { (words::SEEN) }
        @match draft {
            None => p { (words::NOT_YET) },
            Some(Err(error)) => p class="notice bad" { (crate::screens::fault::sentence(&error.to_string())) },
            Some(Ok(draft)) => {
                dl class="prompt" {
                    dt { (words::WHO) } dd { strong { bdi { (me) } } }
                    dt { (words::WANTS) } dd { (draft.wants) }
                    dt { (words::READS) } dd { (draft.reads) }
                    dt { (words::LEAVES) } dd { (words::LEAVES_TOLD) }
                    dt { (words::WHY) } dd { (draft.why) (told::quoted(&draft.words)) }
                    dt { (words::HOW_LONG) } dd { (draft.how_long) }
                }
                p class="notice" { strong { (words::TELLS) } " " (draft.tells) }
            },
        }
    }
}

fn fields(query: &Form, dataset: &CatalogView) -> Markup {
    let chosen = query.text("computation");
    let fits = |of: &AttributeView| of.columns.iter().all(|name| dataset.columns.iter().any(|one| one.name == *name));
    let attributes: Vec<_> = attributes::all().into_iter().filter(fits).collect();
    html! {
        input type="hidden" name="person" value=(dataset.owner);
        input type="hidden" name="dataset" value=(dataset.id);
        label for="computation" { (words::COMPUTATION) }
        select id="computation" name="computation" {
            optgroup label=(words::STATISTICS) {
                @for name in PLAIN { option value=(name) selected[name == chosen] { (words::statistic(name)) } }
            }
            @if !attributes.is_empty() {
                optgroup label=(words::ATTRIBUTES) {
                    @for of in &attributes { option value=(of.name) selected[of.name == chosen] { (of.sentence) } }
                }
            }
        }
        label for="column" { (words::COLUMN) }
        select id="column" name="column" {
            option value="" { (words::COLUMN_NONE) }
            @for column in &dataset.columns { option value=(column.name) selected[column.name == query.text("column")] { (column.name) } }
        }
        label for="where" { (words::WHERE) }
        textarea id="where" name="where" rows="2" spellcheck="false" placeholder="amount >= 100" { (query.text("where")) }
        details open[["above", "below", "bands", "rounded"].iter().any(|name| !query.text(name).is_empty())] {
            summary { (words::LESS) }
            @for (name, label) in [("above", words::ABOVE), ("below", words::BELOW), ("bands", words::BANDS), ("rounded", words::ROUNDED)] {
                label for=(name) { (label) }
                input id=(name) name=(name) inputmode="decimal" value=(query.text(name));
            }
        }
        label for="purpose" { (words::PURPOSE) }
        select id="purpose" name="purpose" {
            @for (name, says) in words::PURPOSES { option value=(name) selected[name == query.text("purpose")] { (says) } }
        }
        label for="reason" { (words::REASON) }
        textarea id="reason" name="reason" rows="2" maxlength="1000" { (query.text("reason")) }
        div class="pair" {
            div { label for="uses" { (words::USES) } input id="uses" name="uses" type="number" min="1" max="1000" value=(query.said("uses").unwrap_or_else(|| "1".to_owned())); }
            div { label for="until" { (words::UNTIL) } input id="until" name="until" type="date" value=(query.text("until")); }
        }
    }
}

fn wish(form: &Form) -> Result<NewRequest, NodeError> {
    let computation = form.text("computation").to_owned();
    // an attribute has its own columns
    let column = if PLAIN.contains(&computation.as_str()) { form.said("column") } else { None };
    Ok(NewRequest {
        person: form.text("person").to_owned(),
        dataset: form.text("dataset").to_owned(),
        computation,
        column,
        filter: form.list("where", &['\n', ';']),
        above: form.said("above"),
        below: form.said("below"),
        bands: form.list("bands", &[',']),
        rounded: form.said("rounded"),
        purpose: form.said("purpose"),
        reason: form.text("reason").to_owned(),
        uses: form.number("uses")?,
        until: form.day("until")?,
        ..NewRequest::default()
    })
}

async fn ask(visit: Visit) -> Page {
    let made = visit.node().request(wish(visit.form())?).await?;
    let made = visit.node().delivered(&made.id, PATIENCE).await?;
    visit.done(&format!("/results/{}", made.id), "asked")
}
