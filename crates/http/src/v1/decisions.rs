//! Decisions: the consent prompt, and what an owner answers to it.

use super::{Answer, App, Made, made};
use crate::{
    extract::{Json, MaybeJson, Path, Query},
    problem::Failed,
};
use axum::extract::State;
use node::{
    views::{Prompt, RequestView},
    wishes::{Approve, CounterOffer},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Makes the prompt that of a counter-offer: what would leave instead. Nothing said: the request as it was made.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Instead {
    /// count, sum, mean, min, max, median, std or distinct; or a credit attribute.
    computation: Option<String>,
    /// Column.
    column: Option<String>,
    /// Of a credit attribute: days of its window.
    days: Option<u16>,
    /// Of a credit attribute: whole calendar months of its window.
    months: Option<u8>,
    /// Only whether it is above this.
    above: Option<String>,
    /// Only whether it is below this.
    below: Option<String>,
    /// Only in which of the ranges between these it lies, with commas between.
    bands: Option<String>,
    /// Only rounded to the nearest multiple of this.
    rounded: Option<String>,
    /// Runs until (seconds since 1970).
    until: Option<u64>,
}

impl Instead {
    fn offer(self) -> Option<CounterOffer> {
        let Self { computation, column, days, months, above, below, bands, rounded, until } = self;
        let bands = bands.map(|bands| bands.split(',').map(|band| band.trim().to_owned()).collect());
        let bands = bands.unwrap_or_default();
        let offer = CounterOffer {
            computation,
            column,
            days,
            months,
            above,
            below,
            bands,
            rounded,
            until,
            ..CounterOffer::default()
        };
        (offer != CounterOffer::default()).then_some(offer)
    }
}

/// The owner's no.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Deny {
    /// In the owner's words.
    because: Option<String>,
}

/// The owner's other proposal, made on what was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Counter {
    /// What is offered.
    offer: CounterOffer,
    /// The preview that was shown for it: at least its first 12 characters.
    preview: String,
}

/// The consent prompt: who asks what, and exactly what would leave. Opening it computes the preview and decides nothing.
#[utoipa::path(get, path = "/requests/{id}/prompt", tag = "decisions",
    params(("id" = String, Path, description = "Id, or its beginning"), Instead),
    responses((status = 200, body = Prompt), Failed))]
pub(super) async fn prompt(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(instead): Query<Instead>,
) -> Answer<Prompt> {
    let prompt = match instead.offer() {
        None => app.node.prompt(&id).await?,
        Some(offer) => app.node.counter_prompt(&id, &offer).await?,
    };
    Ok(axum::Json(prompt))
}

/// Says yes to what was shown.
#[utoipa::path(post, path = "/requests/{id}/approve", tag = "decisions", request_body = Approve,
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = RequestView), Failed))]
pub(super) async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wish): Json<Approve>,
) -> Answer<RequestView> {
    Ok(axum::Json(app.node.approve(&id, wish).await?))
}

/// Says no.
#[utoipa::path(post, path = "/requests/{id}/deny", tag = "decisions", request_body = Option<Deny>,
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = RequestView), Failed))]
pub(super) async fn deny(
    State(app): State<App>,
    Path(id): Path<String>,
    MaybeJson(wish): MaybeJson<Deny>,
) -> Answer<RequestView> {
    Ok(axum::Json(app.node.deny(&id, wish.because.as_deref()).await?))
}

/// Proposes something else.
#[utoipa::path(post, path = "/requests/{id}/counter", tag = "decisions", request_body = Counter,
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = RequestView), Failed))]
pub(super) async fn counter(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wish): Json<Counter>,
) -> Answer<RequestView> {
    Ok(axum::Json(app.node.counter(&id, wish.offer, &wish.preview).await?))
}

/// Accepts the counter-offer made to a request of mine; answers with the new request.
#[utoipa::path(post, path = "/requests/{id}/accept", tag = "decisions",
    params(("id" = String, Path, description = "Id of the request that was countered, or its beginning")),
    responses((status = 201, body = RequestView), Failed))]
pub(super) async fn accept(State(app): State<App>, Path(id): Path<String>) -> Made<RequestView> {
    made(app.node.accept(&id).await?)
}

#[cfg(test)]
mod tests;
