//! The credit attributes that can be asked of transactions.

use super::Answer;
use crate::{
    extract::Path,
    problem::{Failed, Kind, Problem},
};
use axum::Json;
use node::attributes::{self, AttributeView};

/// Every credit attribute: its sentence, formula, source and parameters.
#[utoipa::path(get, path = "/attributes", tag = "requests", responses((status = 200, body = [AttributeView]), Failed))]
pub(super) async fn list() -> Answer<Vec<AttributeView>> {
    Ok(Json(attributes::all()))
}

/// One credit attribute.
#[utoipa::path(get, path = "/attributes/{name}", tag = "requests",
    params(("name" = String, Path, description = "Its name, in full")),
    responses((status = 200, body = AttributeView), Failed))]
pub(super) async fn show(Path(name): Path<String>) -> Answer<AttributeView> {
    let unknown = || {
        Problem::new(Kind::NotFound, "there is no credit attribute of that name").hint("GET /v1/attributes lists them")
    };
    attributes::named(&name).map(Json).ok_or_else(unknown)
}
