//! What each call needs, in one table. What is not in it needs the home's own token.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
};
use node::wishes::Scope;
use std::fmt;

/// How much a caller may do. Each may do what stands before it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Power {
    /// Look at what is no secret.
    Read,
    /// Ask others, and run what they approved.
    Request,
    /// Decide for this home.
    Decide,
    /// The home's own token: everything, and making tokens.
    Home,
}

use Power::{Decide, Home, Read, Request as Ask};

/// Where files of any size are received, which takes longer than other calls may.
pub(crate) const FILES: &str = "/v1/files";

/// Every call of `/v1`. Reading shows no invite, which lets in whoever holds it, and opens no prompt, which shows a value
/// before it leaves.
pub(crate) const CALLS: &[(&str, &str, Power)] = &[
    ("GET", "/v1/openapi.json", Read),
    ("GET", "/v1/me", Read),
    ("GET", "/v1/relays", Read),
    ("POST", "/v1/relays", Decide),
    ("DELETE", "/v1/relays", Decide),
    ("GET", "/v1/doctor", Ask),
    ("POST", "/v1/invites", Decide),
    ("GET", "/v1/invites/{id}", Decide),
    ("POST", "/v1/connections", Decide),
    ("GET", "/v1/people", Read),
    ("GET", "/v1/people/{name}", Read),
    ("GET", "/v1/people/{name}/ping", Ask),
    ("PATCH", "/v1/people/{name}", Decide),
    ("DELETE", "/v1/people/{name}", Decide),
    ("GET", "/v1/datasets", Read),
    ("POST", "/v1/datasets", Decide),
    ("POST", FILES, Decide),
    ("GET", "/v1/datasets/{id}", Read),
    ("PATCH", "/v1/datasets/{id}", Decide),
    ("DELETE", "/v1/datasets/{id}", Decide),
    ("PUT", "/v1/datasets/{id}/mock", Decide),
    ("DELETE", "/v1/datasets/{id}/mock", Decide),
    ("POST", "/v1/vouchers", Decide),
    ("PATCH", "/v1/datasets/{id}/rules", Decide),
    ("GET", "/v1/catalog", Ask),
    ("GET", "/v1/attributes", Read),
    ("GET", "/v1/attributes/{name}", Read),
    ("GET", "/v1/requests", Read),
    ("POST", "/v1/requests", Ask),
    ("POST", "/v1/requests/mock", Ask),
    ("GET", "/v1/requests/{id}", Read),
    ("POST", "/v1/requests/{id}/run", Ask),
    ("POST", "/v1/requests/{id}/accept", Ask),
    ("GET", "/v1/requests/{id}/prompt", Decide),
    ("POST", "/v1/requests/{id}/approve", Decide),
    ("POST", "/v1/requests/{id}/deny", Decide),
    ("POST", "/v1/requests/{id}/counter", Decide),
    ("GET", "/v1/grants", Read),
    ("POST", "/v1/grants/{id}/pause", Decide),
    ("POST", "/v1/grants/{id}/resume", Decide),
    ("POST", "/v1/grants/{id}/revoke", Decide),
    ("GET", "/v1/outcomes", Read),
    ("GET", "/v1/outcomes/{id}", Read),
    ("GET", "/v1/outcomes/{id}/export", Read),
    ("GET", "/v1/offers", Read),
    ("POST", "/v1/offers", Decide),
    ("GET", "/v1/offers/{id}", Read),
    ("POST", "/v1/offers/{id}/reply", Decide),
    ("GET", "/v1/log", Read),
    ("GET", "/v1/log/verify", Read),
    ("GET", "/v1/log/export", Read),
    ("GET", "/v1/log/evidence/{person}", Read),
    ("POST", "/v1/erase", Decide),
    ("GET", "/v1/events", Read),
    ("GET", "/v1/calls", Read),
    ("GET", "/v1/tokens", Read),
    ("POST", "/v1/tokens", Home),
    ("DELETE", "/v1/tokens/{id}", Home),
];

/// What a request needs. A path that nobody serves needs nothing: the answer is that it does not exist.
pub(crate) fn needed(request: &Request) -> Power {
    route(request).map_or(Read, |route| of_call(request.method(), route))
}

/// What a method of a route needs.
pub(crate) fn of_call(method: &Method, route: &str) -> Power {
    // a HEAD is a GET whose body is not sent
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = CALLS.iter().find(|(of, path, _)| *of == method.as_str() && *path == route);
    found.map_or(Home, |(_, _, power)| *power)
}

/// The template of the path that a request matched.
pub(crate) fn route(request: &Request) -> Option<&str> {
    request.extensions().get::<MatchedPath>().map(MatchedPath::as_str)
}

impl From<Scope> for Power {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Request => Self::Request,
            Scope::Decide => Self::Decide,
        }
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Read => "read",
            Self::Request => "request",
            Self::Decide => "decide",
            Self::Home => "home",
        })
    }
}

#[cfg(test)]
mod tests;
