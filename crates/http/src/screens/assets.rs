//! The one stylesheet and the one script, in the program itself.

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};

/// Where they are.
pub(super) const STYLE: &str = "/screen.css";
pub(super) const SCRIPT: &str = "/screen.js";

pub(super) fn router() -> Router {
    let style = async || ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/screen.css"));
    let script =
        async || ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("assets/screen.js"));
    // browsers ask for it by themselves
    let icon = async || StatusCode::NO_CONTENT.into_response();
    Router::new().route(STYLE, get(style)).route(SCRIPT, get(script)).route("/favicon.ico", get(icon))
}
