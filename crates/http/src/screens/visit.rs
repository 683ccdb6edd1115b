//! Somebody looking at a page: the session, what was typed, and the frame around what is answered.

use super::{
    Screens,
    fault::Fault,
    form::Form,
    layout::{self, Here},
    session::{Session, Sessions},
    words,
};
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Redirect, Response},
};
use maud::Markup;
use node::wishes::RequestFilter;
use std::time::Duration;

/// What a page answers.
pub(super) type Page = Result<Response, Fault>;

/// How often an open stream looks whether its session still holds.
const LOOK: Duration = Duration::from_secs(5);

/// One look at one page.
pub(super) struct Visit {
    screens: Screens,
    session: Session,
    query: Form,
    form: Form,
    headers: axum::http::HeaderMap,
}

impl FromRequestParts<Screens> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, screens: &Screens) -> Result<Self, Fault> {
        let session = parts.extensions.get::<Session>().cloned().ok_or_else(super::door::stale)?;
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let form = parts.extensions.remove::<Form>().unwrap_or_default();
        Ok(Self { screens: screens.clone(), session, query, form, headers: parts.headers.clone() })
    }
}

impl Visit {
    pub(super) fn node(&self) -> &node::Node {
        &self.screens.node
    }

    pub(super) fn screens(&self) -> &Screens {
        &self.screens
    }

    pub(super) fn session(&self) -> &Session {
        &self.session
    }

    pub(super) fn query(&self) -> &Form {
        &self.query
    }

    pub(super) fn form(&self) -> &Form {
        &self.form
    }

    /// The hidden field that every form carries.
    pub(super) fn token(&self) -> Markup {
        maud::html! { input type="hidden" name="form-token" value=(self.session.form); }
    }

    /// A page in its frame.
    pub(super) async fn page(&self, here: Here, title: &str, body: Markup) -> Page {
        let filter = RequestFilter { direction: Some("received".into()), state: Some("waiting".into()), person: None };
        let waiting = self.node().requests(filter).await?.len();
        let done = words::done::of(self.query.text("done"));
        let frame = layout::Frame { name: &self.node().me().name, here, title, waiting, done, token: self.token() };
        Ok(Html(frame.around(body).into_string()).into_response())
    }

    /// On to a page, which says what was done.
    pub(super) fn done(&self, to: &str, what: &str) -> Page {
        let mark = if to.contains('?') { '&' } else { '?' };
        Ok(Redirect::to(&format!("{to}{mark}done={what}")).into_response())
    }

    /// Returns once the session is locked or closed.
    pub(super) fn ended(&self, sessions: Sessions) -> impl Future<Output = ()> + Send + use<> {
        let headers = self.headers.clone();
        async move {
            while sessions.of(&headers).is_some_and(|session| !session.locked) {
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}
