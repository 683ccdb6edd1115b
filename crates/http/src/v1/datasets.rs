//! My datasets.

use super::{Answer, App, Done, Made, made};
use crate::{
    extract::{Json, Path, Query},
    limits::DATASET_BYTES,
    problem::Failed,
};
use axum::{extract::State, http::StatusCode};
use node::{
    views::DatasetView,
    wishes::{NewDataset, NewRules},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Changes who may see a dataset in the catalog.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedDataset {
    /// Nobody (an empty list), everyone (connected), or names of people.
    visible_to: Vec<String>,
}

/// Which datasets to list.
#[derive(Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Words, at most 64 bytes in all, each of which begins a word of name, description or a column; case and accents do
    /// not count.
    search: String,
}

/// My datasets.
#[utoipa::path(get, path = "/datasets", tag = "datasets", params(Which), responses((status = 200, body = [DatasetView]), Failed))]
pub(super) async fn list(State(app): State<App>, Query(which): Query<Which>) -> Answer<Vec<DatasetView>> {
    Ok(axum::Json(app.node.find_datasets(&which.search).await?))
}

/// Stores a file of at most 16 MiB as a dataset.
///
/// What the file is, is recognised by its content: CSV, JSON, Parquet, or a statement of a bank or a utility. Text goes
/// into `content`, anything else as base64 into `content_base64`. Statements of every kind become the same columns:
/// date, amount (money in is positive), currency, description, counterparty, balance, account (a keyed hash).
#[utoipa::path(post, path = "/datasets", tag = "datasets", request_body = NewDataset,
    responses((status = 201, body = DatasetView), Failed))]
pub(super) async fn add(State(app): State<App>, Json(wish): Json<NewDataset, DATASET_BYTES>) -> Made<DatasetView> {
    made(app.node.add_dataset(wish).await?)
}

/// One of my datasets: what it is, never its rows.
#[utoipa::path(get, path = "/datasets/{id}", tag = "datasets",
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 200, body = DatasetView), Failed))]
pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Answer<DatasetView> {
    Ok(axum::Json(app.node.dataset(&id).await?))
}

/// Changes who may see it.
#[utoipa::path(patch, path = "/datasets/{id}", tag = "datasets", request_body = ChangedDataset,
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 200, body = DatasetView), Failed))]
pub(super) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(changed): Json<ChangedDataset>,
) -> Answer<DatasetView> {
    Ok(axum::Json(app.node.show_dataset_to(&id, changed.visible_to).await?))
}

/// Sets rules on what may leave of it; what is not said stays.
#[utoipa::path(patch, path = "/datasets/{id}/rules", tag = "datasets", request_body = NewRules,
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 200, body = DatasetView), Failed))]
pub(super) async fn set_rules(
    State(app): State<App>,
    Path(id): Path<String>,
    Json(wish): Json<NewRules>,
) -> Answer<DatasetView> {
    Ok(axum::Json(app.node.set_rules(&id, wish).await?))
}

/// Removes it, its key first.
#[utoipa::path(delete, path = "/datasets/{id}", tag = "datasets",
    params(("id" = String, Path, description = "Pointer or name")), responses((status = 204), Failed))]
pub(super) async fn remove(State(app): State<App>, Path(id): Path<String>) -> Done {
    app.node.remove_dataset(&id).await?;
    Ok(StatusCode::NO_CONTENT)
}
