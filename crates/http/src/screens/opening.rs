//! Getting in and out: the launch token, the passphrase, the lock, and the end of everything.

use super::{
    Screens,
    fault::Fault,
    form::Form,
    launch, layout, session,
    visit::{Page, Visit},
    words::opening as words,
};
use crate::{
    extract::read_form,
    problem::{Kind, Problem},
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use maud::{Markup, html};
use node::Passphrase;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Where somebody without a session is led.
pub(super) const SIGN_IN: &str = "/sign-in";
/// Where somebody with a locked one is led.
pub(super) const UNLOCK: &str = "/unlock";

/// One passphrase is tried at a time, each as long as it is meant to take, and a wrong one holds up the next.
static TRYING: Semaphore = Semaphore::const_new(1);
const WRONG: Duration = Duration::from_secs(1);

/// Pages that need no session.
pub(super) fn outside() -> Router<Screens> {
    Router::new()
        .route(launch::PATH, get(knock).post(open))
        .route(SIGN_IN, get(sign_in).post(signed))
        .route(UNLOCK, get(unlock).post(unlocked))
}

/// Pages that need one.
pub(super) fn inside() -> Router<Screens> {
    Router::new().route("/stop", get(stop).post(stopped))
}

/// Takes a launch token out of an address and into a form: looking changes nothing.
async fn knock(request: Request) -> Response {
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let token = query.text("launch");
    if !launch::is_one(token) {
        return super::fault::refusal(spent());
    }
    bare(
        words::OPEN,
        html! {
            h1 { (words::OPEN) }
            form method="post" action=(launch::PATH) data-submit {
                input type="hidden" name="launch" value=(token);
                button class="main" { (words::OPEN_BUTTON) }
            }
        },
    )
}

async fn open(State(screens): State<Screens>, request: Request) -> Page {
    let (form, host, _) = typed(request).await?;
    match screens.sessions.launch(form.text("launch"), &host)? {
        Some(cookie) => entered(&cookie),
        None => Err(spent().into()),
    }
}

fn spent() -> Problem {
    Problem::new(Kind::Refused, words::SPENT).hint(words::SPENT_HINT)
}

async fn sign_in(State(screens): State<Screens>) -> Response {
    let (_, sealed) = screens.sessions.home();
    bare(
        words::SIGN_IN,
        html! {
            h1 { (words::SIGN_IN) }
            p { (words::HOW) }
            @if sealed { (passphrase(SIGN_IN)) }
        },
    )
}

async fn signed(State(screens): State<Screens>, request: Request) -> Page {
    let (form, host, _) = typed(request).await?;
    right(&screens, &form).await?;
    entered(&screens.sessions.admit(&host)?)
}

async fn unlock(State(_): State<Screens>) -> Response {
    bare(words::LOCKED, html! { h1 { (words::LOCKED) } p { (words::LOCKED_LEAD) } (passphrase(UNLOCK)) })
}

async fn unlocked(State(screens): State<Screens>, request: Request) -> Page {
    let (form, _, headers) = typed(request).await?;
    let session = screens.sessions.of(&headers).ok_or_else(spent)?;
    let tried = right(&screens, &form).await;
    screens.sessions.unlock(&session, tried.is_ok())?;
    tried?;
    Ok(Redirect::to("/").into_response())
}

pub(super) async fn lock(visit: Visit) -> Page {
    visit.screens().sessions.lock(visit.session())?;
    Ok(Redirect::to(SIGN_IN).into_response())
}

async fn stop(visit: Visit) -> Page {
    let body = html! {
        h1 { (words::STOP) }
        p { (words::STOP_LEAD) }
        div class="buttons" {
            (super::show::action(&visit, "/stop", words::STOP_BUTTON, "bad"))
            a class="button" href="/" { (words::STOP_NOT) }
        }
    };
    visit.page(layout::Here::Settings, words::STOP, body).await
}

/// Ends the node: nothing can be asked, computed or sent until it is started again.
async fn stopped(visit: Visit) -> Page {
    visit.screens().sessions.close_all()?;
    visit.screens().stop.notify_one();
    Ok(bare(words::STOPPED, html! { h1 { (words::STOPPED) } p { (words::STOPPED_LEAD) } }))
}

/// Refuses a passphrase that does not open this home.
async fn right(screens: &Screens, form: &Form) -> Result<(), Fault> {
    let Ok(_turn) = TRYING.try_acquire() else { return Err(Problem::new(Kind::Busy, words::BUSY).into()) };
    let (home, sealed) = screens.sessions.home();
    let (home, typed) = (home.clone(), Passphrase::new(form.text("passphrase").to_owned()));
    let tried =
        tokio::task::spawn_blocking(move || typed.is_ok_and(|typed| sealed && node::opens(&home, &typed))).await;
    if tried.unwrap_or(false) {
        return Ok(());
    }
    tokio::time::sleep(WRONG).await;
    Err(Problem::new(Kind::Refused, words::WRONG).into())
}

fn passphrase(to: &str) -> Markup {
    html! {
        form method="post" action=(to) {
            label for="passphrase" { (words::PASSPHRASE) }
            input id="passphrase" name="passphrase" type="password" autocomplete="current-password" required;
            button class="main" { (words::UNLOCK_BUTTON) }
        }
    }
}

async fn typed(request: Request) -> Result<(Form, String, HeaderMap), Fault> {
    let (head, body) = request.into_parts();
    let form = Form::parse(&read_form(&head.headers, body).await?);
    let host = session::host(&head.headers).ok_or_else(spent)?;
    Ok((form, host, head.headers))
}

fn entered(cookie: &str) -> Page {
    let mut response = Redirect::to("/").into_response();
    let cookie = HeaderValue::try_from(cookie).map_err(|_| spent())?;
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

fn bare(title: &str, body: Markup) -> Response {
    Html(layout::bare(title, body).into_string()).into_response()
}
