//! `store_data` and `see_data_store`.

use super::{
    Duo,
    answers::{DataStore, Shown, Status},
    bodies::StoreData,
    failure::{DATA_FAILURE, Failure},
    session::{Role, Shelf},
};
use crate::{
    extract::read_json,
    limits::{DUO_CATALOG_TIME, DUO_DATA_BYTES},
};
use axum::{
    Json,
    extract::{Request, State},
};
use node::wishes::NewDataset;
use std::sync::Arc;

/// A Duo session shows its whole store to the other side, so what is stored here is visible to everybody connected.
const EVERYONE: &str = "everyone";

/// Stores a list of numbers.
pub(super) async fn store_data(State(duo): State<Arc<Duo>>, request: Request) -> Result<Json<Status>, Failure> {
    store(&duo, request).await.map_err(|failure| failure.saying(DATA_FAILURE))
}

async fn store(duo: &Duo, request: Request) -> Result<Json<Status>, Failure> {
    let StoreData { data, tag, description } = read_json(request, DUO_DATA_BYTES).await?;
    let stored = duo.node.add_dataset(NewDataset {
        content: Some(data.0),
        content_base64: None,
        format: Some("json".to_owned()),
        tag,
        description,
        skip_bad_rows: false,
        visible_to: vec![EVERYONE.to_owned()],
        reading: node::wishes::Reading::default(),
        voucher_base64: None,
    });
    let stored = stored.await?;
    duo.session().own.number(&stored.id);
    Ok(Json(Status { status: "data storage complete" }))
}

/// What can be asked about: metadata, never the numbers. The owner sees its own, the requester the other side's.
pub(super) async fn see_data_store(State(duo): State<Arc<Duo>>) -> Result<Json<DataStore>, Failure> {
    let shown = match duo.role().await? {
        Role::Owner => duo.own_store().await?,
        Role::Requester => duo.their_store().await?,
    };
    Ok(Json(DataStore { data_store: shown.into() }))
}

impl Duo {
    async fn own_store(&self) -> Result<Vec<Shown>, Failure> {
        let datasets = self.node.datasets().await?;
        let metadata = datasets.into_iter().map(|dataset| (dataset.id, dataset.tag, dataset.description));
        Ok(numbered(&mut self.session().own, metadata))
    }

    /// The other side's catalog, numbered: what [`Shelf::at`] knows afterwards. Empty without a session.
    pub(super) async fn their_store(&self) -> Result<Vec<Shown>, Failure> {
        let Some(partner) = self.partner().await? else { return Ok(Vec::new()) };
        let page = self.node.catalog(Some(&partner.party), "", DUO_CATALOG_TIME).await?;
        let metadata = page.datasets.into_iter().map(|dataset| (dataset.id, dataset.tag, dataset.description));
        Ok(numbered(&mut self.session().theirs, metadata))
    }
}

/// Datasets in the order of their indices.
fn numbered(shelf: &mut Shelf, datasets: impl Iterator<Item = (String, String, String)>) -> Vec<Shown> {
    let mut shown: Vec<_> = datasets
        .filter_map(|(id, filename, description)| {
            let index = shelf.number(&id)?;
            Some(Shown { description, filename, index })
        })
        .collect();
    shown.sort_by_key(|dataset| dataset.index);
    shown
}

#[cfg(test)]
mod tests;
