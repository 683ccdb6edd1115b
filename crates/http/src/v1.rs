//! `/v1`: the node's resources, one file per noun. A handler names its input, calls the node once, names its output.

mod attributes;
mod calls;
mod catalog;
mod connections;
mod datasets;
mod decisions;
mod doctor;
mod erase;
mod events;
mod files;
mod grants;
mod invites;
mod log;
mod me;
mod mocks;
mod offers;
mod outcomes;
mod people;
mod relays;
mod requests;
mod tokens;
mod vouchers;

pub(crate) use log::exported as exported_log;

use crate::{events::Streams, limits::WAIT_SECONDS, openapi, problem::Problem};
use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use node::Node;
use serde::Deserialize;
use std::{sync::Arc, time::Duration};
use utoipa::IntoParams;
#[cfg(test)]
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What handlers need.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) node: Node,
    pub(crate) streams: Streams,
}

/// What a handler answers.
type Answer<T> = Result<Json<T>, Problem>;
/// What a handler answers that made something.
type Made<T> = Result<(StatusCode, Json<T>), Problem>;
/// What a handler answers that has nothing to tell.
type Done = Result<StatusCode, Problem>;

/// How long to wait for what is not there yet.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wait {
    /// Seconds to wait for it, at most 60; 0 unless said. Whoever waits longer asks again.
    #[param(minimum = 0)]
    wait: u64,
}

impl Wait {
    fn patience(&self) -> Duration {
        patience(self.wait)
    }
}

/// A wait in seconds as it is kept here.
fn patience(seconds: u64) -> Duration {
    Duration::from_secs(seconds.min(WAIT_SECONDS))
}

/// The router of `/v1`, its own description among the routes.
pub(crate) fn router() -> Router<App> {
    let (router, document) = described().split_for_parts();
    let document = Arc::new(document);
    let told = move || {
        let document = document.clone();
        async move { Json(&*document).into_response() }
    };
    router.route("/v1/openapi.json", get(told))
}

/// The description alone.
#[cfg(test)]
pub(crate) fn document() -> OpenApi {
    described().into_openapi()
}

fn described() -> OpenApiRouter<App> {
    let nouns = OpenApiRouter::new()
        .routes(routes!(me::show))
        .routes(routes!(relays::list, relays::add, relays::remove))
        .routes(routes!(doctor::examine))
        .routes(routes!(invites::create))
        .routes(routes!(invites::show))
        .routes(routes!(connections::connect))
        .routes(routes!(people::list))
        .routes(routes!(people::show, people::change, people::forget))
        .routes(routes!(people::ping))
        .routes(routes!(datasets::list, datasets::add))
        .routes(routes!(files::add))
        .routes(routes!(datasets::show, datasets::change, datasets::remove))
        .routes(routes!(mocks::attach, mocks::detach))
        .routes(routes!(mocks::try_on))
        .routes(routes!(vouchers::make))
        .routes(routes!(datasets::set_rules))
        .routes(routes!(catalog::show))
        .routes(routes!(attributes::list))
        .routes(routes!(attributes::show))
        .routes(routes!(requests::list, requests::make))
        .routes(routes!(requests::show))
        .routes(routes!(requests::run))
        .routes(routes!(decisions::prompt))
        .routes(routes!(decisions::approve))
        .routes(routes!(decisions::deny))
        .routes(routes!(decisions::counter))
        .routes(routes!(decisions::accept))
        .routes(routes!(grants::list))
        .routes(routes!(grants::pause))
        .routes(routes!(grants::resume))
        .routes(routes!(grants::revoke))
        .routes(routes!(outcomes::list))
        .routes(routes!(outcomes::show))
        .routes(routes!(outcomes::export))
        .routes(routes!(offers::list, offers::make))
        .routes(routes!(offers::show))
        .routes(routes!(offers::reply))
        .routes(routes!(log::list))
        .routes(routes!(log::verify))
        .routes(routes!(log::export))
        .routes(routes!(log::evidence))
        .routes(routes!(erase::erase))
        .routes(routes!(events::listen))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .routes(routes!(calls::list));
    let mut described = OpenApiRouter::with_openapi(openapi::frame()).nest("/v1", nouns);
    openapi::finish(described.get_openapi_mut());
    described
}

fn made<T>(thing: T) -> Made<T> {
    Ok((StatusCode::CREATED, Json(thing)))
}

/// Bytes to keep as a file.
fn file<B: IntoResponse>(name: &str, bytes: B) -> impl IntoResponse + use<B> {
    let fields = [
        (header::CONTENT_TYPE, "application/cbor".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (fields, bytes)
}

#[cfg(test)]
mod tests;
