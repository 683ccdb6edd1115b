//! Made-up rows beside a dataset, and trying a request on somebody else's.

use super::{Answer, App, Wait};
use crate::{
    extract::{Json, Path, Query},
    limits::DATASET_BYTES,
    problem::Failed,
};
use axum::extract::State;
use node::{
    views::{DatasetView, MockOutcomeView},
    wishes::{NewMock, NewRequest},
};

/// Attaches made-up rows to a dataset, in the place of those before.
///
/// Whoever sees the dataset may compute over them without asking. A file has the dataset's columns and at most 1000 rows;
/// with `generate`, rows are made from the names and types of the columns alone.
#[utoipa::path(put, path = "/datasets/{id}/mock", tag = "datasets", request_body = NewMock,
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 200, body = DatasetView), Failed))]
pub(super) async fn attach(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wish): Json<NewMock, DATASET_BYTES>,
) -> Answer<DatasetView> {
    Ok(axum::Json(app.node.attach_mock(&id, wish).await?))
}

/// Takes the made-up rows away.
#[utoipa::path(delete, path = "/datasets/{id}/mock", tag = "datasets",
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 200, body = DatasetView), Failed))]
pub(super) async fn detach(State(app): State<App>, Path(id): Path<String>) -> Answer<DatasetView> {
    Ok(axum::Json(app.node.detach_mock(&id).await?))
}

/// Tries a request on the rows that the owner made up: nobody decides, and what comes back says nothing about the data.
///
/// Purpose, reason, uses, times and grant are not looked at.
#[utoipa::path(post, path = "/requests/mock", tag = "requests", params(Wait), request_body = NewRequest,
    responses((status = 200, body = MockOutcomeView), Failed))]
pub(super) async fn try_on(
    State(app): State<App>,
    Query(wait): Query<Wait>,
    Json(wish): Json<NewRequest>,
) -> Answer<MockOutcomeView> {
    Ok(axum::Json(app.node.try_on_mock(wish, wait.patience()).await?))
}
