//! The institution's screens: one file per page.

mod applicants;
mod ask;
mod audit;
mod catalog;
mod connect;
mod results;

use super::Screens;
use axum::Router;

pub(super) fn router() -> Router<Screens> {
    [applicants::routes(), connect::routes(), catalog::routes(), ask::routes(), results::routes(), audit::routes()]
        .into_iter()
        .fold(Router::new(), Router::merge)
}
