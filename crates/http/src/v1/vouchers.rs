//! Vouchers: this home's word for files that it made.

use super::{App, Made, made};
use crate::{extract::Json, limits::DATASET_BYTES, problem::Failed};
use axum::extract::State;
use node::{views::MadeVoucher, wishes::NewVoucher};

/// Vouches for the rows of a file, in this home's name.
///
/// What is signed are the rows as they are understood, so that the file may be saved anew; a row that is changed, lost,
/// added or moved breaks it. The answer has the voucher as a file to hand over beside the data. Nothing is stored here.
#[utoipa::path(post, path = "/vouchers", tag = "datasets", request_body = NewVoucher,
    responses((status = 201, body = MadeVoucher), Failed))]
pub(super) async fn make(State(app): State<App>, Json(wish): Json<NewVoucher, DATASET_BYTES>) -> Made<MadeVoucher> {
    made(app.node.vouch(wish).await?)
}
