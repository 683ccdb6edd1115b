//! The door of every page but those that let in: session, lock, form token, and a record of what was changed.

use super::{Screens, fault, form::Form, session::Session};
use crate::{
    extract::read_form,
    problem::{Kind, Problem},
    scope,
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use node::access::Caller;

/// The one form with a file in it; its handler reads the token from the file's form itself.
pub(super) const FILES: &str = "/data/look";

/// The layer. A page without a session leads to where one is opened; a change without its form's token is none.
pub(super) async fn pass(State(screens): State<Screens>, request: Request, next: Next) -> Response {
    let Some(session) = screens.sessions.of(request.headers()) else {
        return opening(&request, super::opening::SIGN_IN);
    };
    if session.locked {
        return opening(&request, super::opening::UNLOCK);
    }
    if request.method().is_safe() {
        return next.run(with(request, session)).await;
    }
    if request.method() != Method::POST {
        return fault::refusal(Problem::new(Kind::Method, "screens are changed by their forms"));
    }
    let mut call = screens.recorder.open(Caller::Home, &request, true).await;
    let answer = match changed(request, session).await {
        Ok(request) => next.run(request).await,
        Err(problem) => fault::refusal(problem),
    };
    call.end(answer).await
}

/// The form of a change, if it was made for this session.
async fn changed(request: Request, session: Session) -> Result<Request, Problem> {
    if scope::route(&request) == Some(FILES) {
        return Ok(with(request, session));
    }
    let (mut head, body) = request.into_parts();
    let form = Form::parse(&read_form(&head.headers, body).await?);
    if !session.made(form.text("form-token")) {
        return Err(stale());
    }
    head.extensions.insert(form);
    Ok(with(Request::from_parts(head, Body::empty()), session))
}

/// A form that was made before this session, or by somebody else.
pub(super) fn stale() -> Problem {
    Problem::new(Kind::Refused, super::words::fault::STALE)
}

fn with(mut request: Request, session: Session) -> Request {
    request.extensions_mut().insert(session);
    request
}

/// To where a session is opened. A script is told so instead of being led on.
fn opening(request: &Request, to: &'static str) -> Response {
    let scripted = request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "text/event-stream");
    if scripted || !request.method().is_safe() {
        return fault::refusal(Problem::new(Kind::Refused, super::words::fault::CLOSED));
    }
    Redirect::to(to).into_response()
}
