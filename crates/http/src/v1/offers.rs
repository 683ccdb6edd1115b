//! Offers and refusals: what an institution decides about an applicant, and the applicant's answer.

use super::{Answer, App, Made, made};
use crate::{
    extract::{Json, Path},
    problem::Failed,
};
use axum::extract::State;
use node::{views::OfferView, wishes::NewOffer};
use serde::Deserialize;
use utoipa::ToSchema;

/// The applicant's answer to an offer. It is final.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    /// Whether it is accepted.
    accepted: bool,
}

/// Offers and refusals made and received, newest first.
#[utoipa::path(get, path = "/offers", tag = "offers", responses((status = 200, body = [OfferView]), Failed))]
pub(super) async fn list(State(app): State<App>) -> Answer<Vec<OfferView>> {
    Ok(axum::Json(app.node.offers().await?))
}

/// Makes an offer or a refusal to whoever gave the answers that it rests on.
#[utoipa::path(post, path = "/offers", tag = "offers", request_body = NewOffer,
    responses((status = 201, body = OfferView), Failed))]
pub(super) async fn make(State(app): State<App>, Json(wish): Json<NewOffer>) -> Made<OfferView> {
    made(app.node.offer(wish).await?)
}

/// One of them.
#[utoipa::path(get, path = "/offers/{id}", tag = "offers",
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = OfferView), Failed))]
pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Answer<OfferView> {
    Ok(axum::Json(app.node.offer_by_id(&id).await?))
}

/// Accepts or declines an offer made to this home.
#[utoipa::path(post, path = "/offers/{id}/reply", tag = "offers", request_body = Reply,
    params(("id" = String, Path, description = "Id, or its beginning")),
    responses((status = 200, body = OfferView), Failed))]
pub(super) async fn reply(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(reply): Json<Reply>,
) -> Answer<OfferView> {
    Ok(axum::Json(app.node.answer_offer(&id, reply.accepted).await?))
}
