//! A page that says what listens here. It knows nobody and tells nothing of the home behind it.

use axum::{
    Router,
    http::header,
    response::{Html, IntoResponse},
    routing::get,
};

const PAGE: &str = concat!(
    r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Halfdoor</title>
<link rel="stylesheet" href="/page.css">
</head>
<body>
<main>
<h1>Halfdoor</h1>
<p>Version "#,
    env!("CARGO_PKG_VERSION"),
    r#". A node runs here: it lets others ask about your data, shows you what would leave, and hands over only what you allow.</p>
<p>Use the command <code>halfdoor</code> on this computer, or <code>/v1</code> with the access token of its home.</p>
</main>
</body>
</html>
"#
);

const STYLE: &str = "\
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 12vh auto 0; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
";

/// What the page may load: its own style, nothing else, sent nowhere.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The page and its style.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(page)).route("/page.css", get(style))
}

async fn page() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(PAGE))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}
