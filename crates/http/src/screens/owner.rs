//! The owner's screens: one file per page.

mod access;
mod data;
mod home;
mod people;
mod person;
pub(super) mod released;
pub(super) mod request;
mod requests;
mod settings;

use super::Screens;
use axum::Router;

pub(super) fn router() -> Router<Screens> {
    [
        home::routes(),
        requests::routes(),
        request::routes(),
        access::routes(),
        data::routes(),
        people::routes(),
        person::routes(),
        released::routes(),
        settings::routes(),
    ]
    .into_iter()
    .fold(Router::new(), Router::merge)
}
