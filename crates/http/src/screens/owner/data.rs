//! My data: adding a file after a look at what was understood, and who may see that it exists.

use crate::{
    limits::DATASET_BYTES,
    problem::{Kind, Problem},
    screens::{
        Screens,
        door::{self, FILES},
        fault::Fault,
        layout::Here,
        show,
        visit::{Page, Visit},
        words::data as words,
    },
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, Path},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use maud::{Markup, html};
use node::{
    views::{DatasetView, FileReading, PersonView},
    wishes::{FILE_BYTES, NewDataset, NewMock},
};

pub(super) fn routes() -> Router<Screens> {
    Router::new()
        .route("/data", get(list))
        .route(FILES, get(looked).post(look).layer(DefaultBodyLimit::max(DATASET_BYTES)))
        .route("/data/keep", post(keep))
        .route("/data/{id}", get(one))
        .route("/data/{id}/visible", post(visible))
        .route("/data/{id}/mock", post(mock))
        .route("/data/{id}/remove", post(remove))
}

async fn list(visit: Visit) -> Page {
    let datasets = visit.node().datasets().await?;
    let body = html! {
        (show::heading(words::TITLE, words::LEAD))
        div id="data" data-live {
            @if datasets.is_empty() { p class="empty" { (words::EMPTY) } }
            ul class="list" { @for dataset in &datasets { (card(dataset)) } }
        }
        (add(&visit))
    };
    visit.page(Here::Data, words::TITLE, body).await
}

fn card(dataset: &DatasetView) -> Markup {
    html! {
        li class="card" {
            p class="row" { a href={ "/data/" (dataset.id) } { strong { bdi { (dataset.tag) } } } span class="dim" { (words::rows(dataset.rows)) } }
            @if !dataset.description.is_empty() { p { (dataset.description) } }
            p class="dim" { (words::SEEN_BY) " " (seen_by(dataset)) }
        }
    }
}

fn seen_by(dataset: &DatasetView) -> String {
    if dataset.visible_to.is_empty() { words::NOBODY.to_owned() } else { dataset.visible_to.join(", ") }
}

fn add(visit: &Visit) -> Markup {
    html! {
        section class="card" aria-labelledby="add" {
            h2 id="add" { (words::ADD) }
            p { (words::ADD_LEAD) }
            form method="post" action=(FILES) enctype="multipart/form-data" class="stack" {
                (visit.token())
                label for="file" { (words::FILE) }
                input id="file" name="file" type="file";
                label for="paste" { (words::PASTE) }
                textarea id="paste" name="paste" rows="4" spellcheck="false" placeholder=(words::PASTE_LIKE) {}
                label { input type="checkbox" name="skip" value="yes"; " " (words::SKIP_BAD) }
                button class="main" { (words::LOOK) }
            }
        }
    }
}

/// Takes a file to be looked at. Its form is read here, token first: it may be large.
async fn look(visit: Visit, mut parts: Multipart) -> Page {
    let (mut file, mut name, mut skip, mut ours) = (Vec::new(), String::new(), false, false);
    while let Some(field) = parts.next_field().await.map_err(broken)? {
        let named = field.name().unwrap_or_default().to_owned();
        if named == "form-token" {
            ours = visit.session().made(&field.text().await.map_err(broken)?);
            continue;
        }
        if !ours {
            return Err(door::stale().into());
        }
        match named.as_str() {
            "file" | "paste" => {
                let told = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                if bytes.len() > FILE_BYTES {
                    return Err(Problem::new(Kind::TooLarge, words::TOO_LARGE).into());
                }
                if !bytes.iter().all(u8::is_ascii_whitespace) {
                    (file, name) = (bytes.to_vec(), told);
                }
            }
            "skip" => skip = true,
            _ => {}
        }
    }
    if !ours {
        return Err(door::stale().into());
    }
    if file.is_empty() {
        return Err(Problem::new(Kind::Invalid, words::NO_FILE).into());
    }
    visit.screens().pending.put(visit.session().id(), file, name, skip);
    Ok(Redirect::to(FILES).into_response())
}

fn broken(error: axum::extract::multipart::MultipartError) -> Fault {
    Problem::new(Kind::Malformed, error.body_text()).into()
}

/// What was understood of the file that waits.
async fn looked(visit: Visit) -> Page {
    let Some(waiting) = visit.screens().pending.of(visit.session().id()) else {
        return Ok(Redirect::to("/data").into_response());
    };
    let wish = NewDataset { skip_bad_rows: waiting.skip_bad_rows, ..NewDataset::default() };
    let understood = visit.node().look_at_file(waiting.file.to_vec(), wish).await?;
    let people = visit.node().people().await?;
    let body = html! {
        (show::heading(words::LOOKED, words::LOOKED_LEAD))
        (told(&understood))
        form method="post" action="/data/keep" class="stack card" {
            (visit.token())
            label for="tag" { (words::TAG) }
            input id="tag" name="tag" value=(stem(&waiting.name)) required maxlength="64";
            label for="description" { (words::DESCRIPTION) }
            input id="description" name="description" maxlength="500" placeholder=(words::DESCRIPTION_LIKE);
            (who(&people, &[]))
            button class="main" { (words::KEEP) }
        }
        p { a href="/data" { (words::KEEP_NOT) } }
    };
    visit.page(Here::Data, words::LOOKED, body).await
}

fn told(understood: &FileReading) -> Markup {
    html! {
        section class="card" aria-label=(words::LOOKED) {
            p class="row" { strong { (words::rows(understood.rows)) } span class="dim" { (words::FORMAT) " " (understood.format) } }
            h2 { (words::COLUMNS) }
            (show::columns(&understood.columns))
            @for note in &understood.notes { p class="notice" { (note) } }
            @if !understood.left_out.is_empty() {
                h2 { (words::LEFT_OUT) }
                ul class="bullets" { @for line in understood.left_out.iter().take(show::PAGE) { li { (line) } } }
            }
        }
    }
}

/// Who may see that it exists: nobody unless chosen.
fn who(people: &[PersonView], now: &[String]) -> Markup {
    html! {
        fieldset {
            legend { (words::WHO) }
            @if people.is_empty() { p class="dim" { (words::WHO_NOBODY) } }
            @for person in people.iter().filter(|person| !person.blocked) {
                label { input type="checkbox" name="visible" value=(person.name) checked[now.contains(&person.name)]; " " bdi { (person.name) } }
            }
            label { input type="checkbox" name="visible" value="everyone" checked[now.iter().any(|one| one == "everyone")]; " " (words::EVERYONE) }
        }
    }
}

fn stem(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.split_once('.').map_or(last, |(stem, _)| stem).chars().take(40).collect()
}

async fn keep(visit: Visit) -> Page {
    let (form, session) = (visit.form(), visit.session().id());
    let Some(waiting) = visit.screens().pending.of(session) else {
        return Err(Problem::new(Kind::Conflict, words::GONE).into());
    };
    let wish = NewDataset {
        tag: form.text("tag").to_owned(),
        description: form.text("description").to_owned(),
        visible_to: form.all("visible"),
        skip_bad_rows: waiting.skip_bad_rows,
        ..NewDataset::default()
    };
    let kept = visit.node().add_file(waiting.file.to_vec(), wish).await?;
    visit.screens().pending.drop(session);
    visit.done(&format!("/data/{}", kept.id), "kept")
}

async fn one(visit: Visit, Path(id): Path<String>) -> Page {
    let dataset = visit.node().dataset(&id).await?;
    let people = visit.node().people().await?;
    let at = |verb: &str| format!("/data/{}/{verb}", dataset.id);
    let body = html! {
        h1 { bdi { (dataset.tag) } }
        p class="lead" { (dataset.description) }
        p class="row" { span { (words::rows(dataset.rows)) } span class="dim" { (words::STORED) " " (show::moment(dataset.stored)) } }
        p class="dim" { (dataset.vouched) }
        (show::columns(&dataset.columns))
        @for note in &dataset.notes { p class="notice" { (note) } }
        section class="card" aria-labelledby="seen" {
            h2 id="seen" { (words::SEEN_BY) " " (seen_by(&dataset)) }
            p { (words::SEEN_LEAD) }
            form method="post" action=(at("visible")) class="stack" {
                (visit.token()) (who(&people, &dataset.visible_to))
                button { (words::SAVE) }
            }
        }
        section class="card" aria-labelledby="mock" {
            h2 id="mock" { (words::MOCK) }
            p { (words::MOCK_LEAD) }
            p { (words::mock(dataset.mock)) }
            form method="post" action=(at("mock")) {
                (visit.token())
                @if dataset.mock.is_some() { input type="hidden" name="away" value="yes"; }
                button { (if dataset.mock.is_some() { words::MOCK_AWAY } else { words::MOCK_MAKE }) }
            }
        }
        details class="more" {
            summary { (words::REMOVE) }
            form method="post" action=(at("remove")) class="stack" {
                (visit.token())
                p { (words::REMOVE_LEAD) }
                label { input type="checkbox" name="sure" value="yes" required; " " (words::SURE) }
                button class="bad" { (words::REMOVE) }
            }
        }
    };
    visit.page(Here::Data, &dataset.tag, body).await
}

async fn visible(visit: Visit, Path(id): Path<String>) -> Page {
    let dataset = visit.node().show_dataset_to(&id, visit.form().all("visible")).await?;
    visit.done(&format!("/data/{}", dataset.id), "saved")
}

async fn mock(visit: Visit, Path(id): Path<String>) -> Page {
    let dataset = if visit.form().is_there("away") {
        visit.node().detach_mock(&id).await?
    } else {
        visit.node().attach_mock(&id, NewMock { generate: true, ..NewMock::default() }).await?
    };
    visit.done(&format!("/data/{}", dataset.id), "saved")
}

async fn remove(visit: Visit, Path(id): Path<String>) -> Page {
    visit.node().remove_dataset(&id).await?;
    visit.done("/data", "removed")
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_file_proposes_its_name_without_its_folder_and_its_kind() {
        for (name, proposed) in [("bills.csv", "bills"), ("C:\\x\\a.b.ofx", "a"), ("/etc/passwd", "passwd"), ("", "")] {
            assert_eq!(stem(name), proposed);
        }
        assert_eq!(stem(&"x".repeat(100)).len(), 40);
    }
}
