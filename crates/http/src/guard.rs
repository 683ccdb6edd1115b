//! Who may knock at all: the name a request was sent to, then the page it was sent by. Before any handler, any body.
//!
//! A browser on this machine runs pages of strangers, and those can send requests to loopback ports. Two things give
//! them away. A page that made its own host name point here (DNS rebinding) sends that name as `Host`; so only names
//! that nobody can make point elsewhere are answered. Every other page has another origin, which browsers state in
//! `Origin` and `Sec-Fetch-Site`; so only our own pages, and programs, which send neither, are answered. That holds for
//! every method: Duo's interface changes state on GET, and a page on another port of localhost is "same-site".

use crate::{
    problem::{Kind, Problem},
    screens::LAUNCH_PATH,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header, request::Parts, uri::Scheme},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// States where a request comes from, relative to where it goes (W3C Fetch Metadata).
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// State how it is fetched, and what for.
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
/// What a `Host` without a port means under plain HTTP.
const HTTP_PORT: u16 = 80;

/// The names one listener answers to, and how it refuses everything else.
#[derive(Clone)]
pub(crate) struct Guard {
    port: u16,
    /// The listening address as a host name, where it is one address and not all of them.
    own: Option<Arc<str>>,
    refuse: fn(Problem) -> Response,
}

/// A host name and a port, as `Host` and `Origin` write them.
#[derive(Debug, PartialEq, Eq)]
struct Authority {
    name: String,
    port: u16,
}

impl Guard {
    /// The guard of the listener at `address`; `refuse` says no in that listener's own form.
    pub(crate) fn new(address: SocketAddr, refuse: fn(Problem) -> Response) -> Self {
        let own = match address.ip() {
            ip if ip.is_unspecified() => None,
            IpAddr::V4(ip) => Some(ip.to_string().into()),
            IpAddr::V6(ip) => Some(format!("[{ip}]").into()),
        };
        Self { port: address.port(), own, refuse }
    }

    /// Whether a request with this head may go on: host name first, then origin.
    pub(crate) fn check(&self, head: &Parts) -> Result<(), Problem> {
        let host = self.host(&head.headers, &head.uri).ok_or_else(|| self.foreign_host())?;
        origin(&head.headers, &host)?;
        if is_launch(head) { Ok(()) } else { fetch_site(&head.headers) }
    }

    /// The host a request names, if it is one of ours: exactly one `Host`, and a target that agrees with it.
    fn host(&self, headers: &HeaderMap, uri: &Uri) -> Option<Authority> {
        let host = Authority::parse(only(headers, &header::HOST).ok()??)?;
        let agrees = match (uri.scheme(), uri.authority()) {
            (None, None) => true,
            (Some(scheme), Some(target)) => {
                *scheme == Scheme::HTTP && Authority::parse(target.as_str()).as_ref() == Some(&host)
            }
            _ => false,
        };
        (agrees && host.port == self.port && self.answers_to(&host.name)).then_some(host)
    }

    /// Names that always mean this machine (RFC 6761 §6.3), and the address listened on, which is no name at all.
    fn answers_to(&self, name: &str) -> bool {
        matches!(name, "localhost" | "127.0.0.1" | "[::1]")
            || name.strip_suffix(".localhost").is_some_and(is_host_name)
            || self.own.as_deref() == Some(name)
    }

    fn foreign_host(&self) -> Problem {
        Problem::new(Kind::ForeignHost, "the host this was sent to is not a name of this node")
            .hint(format!("use http://127.0.0.1:{}", self.port))
    }
}

/// The layer before everything else.
pub(crate) async fn check(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    match guard.check(&head) {
        Ok(()) => next.run(Request::from_parts(head, body)).await,
        Err(problem) => {
            tracing::warn!(kind = ?problem.kind, "a request from elsewhere was refused");
            (guard.refuse)(problem).into_response()
        }
    }
}

/// An origin, where one is stated, must be that of the host itself.
fn origin(headers: &HeaderMap, host: &Authority) -> Result<(), Problem> {
    let own = match only(headers, &header::ORIGIN) {
        Ok(None) => return Ok(()),
        Ok(Some(stated)) => stated.strip_prefix("http://").and_then(Authority::parse).as_ref() == Some(host),
        Err(Several) => false,
    };
    if own { Ok(()) } else { Err(foreign_origin("a page of another origin sent this")) }
}

/// Only from our own page, or from no page at all.
fn fetch_site(headers: &HeaderMap) -> Result<(), Problem> {
    match only(headers, &SEC_FETCH_SITE) {
        Ok(None | Some("same-origin" | "none")) => Ok(()),
        _ => Err(foreign_origin("a page of another site sent this")),
    }
}

/// Whether somebody follows the launch file into the screens: a file on the disk is a page of another site to a browser.
/// What is there to be seen without a session shows nothing and changes nothing.
fn is_launch(head: &Parts) -> bool {
    let stated = |name: &HeaderName, value: &str| only(&head.headers, name).is_ok_and(|field| field == Some(value));
    head.method == Method::GET
        && head.uri.path() == LAUNCH_PATH
        && stated(&SEC_FETCH_MODE, "navigate")
        && stated(&SEC_FETCH_DEST, "document")
}

fn foreign_origin(detail: &str) -> Problem {
    Problem::new(Kind::ForeignOrigin, detail).hint("open this node's own page, or type its address yourself")
}

/// A field that may stand once at most came several times, or holds what is not text.
struct Several;

fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Several> {
    let mut fields = headers.get_all(name).iter();
    match (fields.next(), fields.next()) {
        (None, _) => Ok(None),
        (Some(field), None) => HeaderValue::to_str(field).map(Some).map_err(|_| Several),
        (Some(_), Some(_)) => Err(Several),
    }
}

impl Authority {
    /// `name`, `name:port`, `[v6]` or `[v6]:port`; nothing before it, nothing after it.
    fn parse(text: &str) -> Option<Self> {
        let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':').unwrap_or(text.len()) };
        let (name, rest) = text.split_at_checked(end)?;
        let port = match rest.strip_prefix(':') {
            None if rest.is_empty() => HTTP_PORT,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok()?,
            _ => return None,
        };
        (!name.is_empty()).then(|| Self { name: name.to_ascii_lowercase(), port })
    }
}

/// Labels of letters, digits and hyphens, with single dots between them.
fn is_host_name(name: &str) -> bool {
    name.split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

#[cfg(test)]
mod tests;
