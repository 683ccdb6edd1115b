use super::*;
use axum::{body::Body, http::Request};
use serde_json::Value;
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

/// A call of Duo's that changes state on GET, behind Duo's layers: status, body, and how often it was reached.
async fn call(method: &str, path: &str, fields: &[(&str, &str)]) -> (u16, Value, usize) {
    let reached = Arc::new(AtomicUsize::new(0));
    let counted = reached.clone();
    let host = get(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        std::future::ready(axum::Json(serde_json::json!({"status": "session hosted"})))
    });
    let (recorder, _) = record::begin(|_| std::future::ready(Ok(())));
    let router = guarded(Router::new().route("/host_session", host), recorder, "127.0.0.1:5001".parse().unwrap());
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap(), reached.load(Ordering::SeqCst))
}

#[tokio::test]
async fn a_program_on_this_machine_may_call() {
    for host in ["127.0.0.1:5001", "localhost:5001"] {
        let (status, body, reached) = call("GET", "/host_session", &[("host", host)]).await;
        assert_eq!((status, body["status"].as_str(), reached), (200, Some("session hosted"), 1));
    }
}

#[tokio::test]
async fn pages_elsewhere_and_rebound_names_have_no_effect_on_calls_that_act_on_get() {
    let host = ("host", "127.0.0.1:5001");
    for (fields, refused) in [
        (&[host, ("sec-fetch-site", "cross-site")][..], 403),
        (&[host, ("sec-fetch-site", "same-site")], 403),
        (&[host, ("origin", "http://evil.example")], 403),
        (&[host, ("origin", "http://127.0.0.1:3000")], 403),
        (&[("host", "evil.example:5001")], 421),
        (&[("host", "127.0.0.1:4711")], 421),
        (&[], 421),
    ] {
        let (status, body, reached) = call("GET", "/host_session", fields).await;
        assert_eq!((status, reached), (refused, 0), "{fields:?}");
        assert!(body["error"].is_string(), "{body}");
    }
}

#[tokio::test]
async fn what_duo_has_not_is_an_error_in_its_form() {
    let host = [("host", "127.0.0.1:5001")];
    let (status, body, _) = call("GET", "/v1/me", &host).await;
    assert_eq!((status, body["error"].is_string()), (404, true));
    let (status, body, reached) = call("POST", "/host_session", &host).await;
    assert_eq!((status, body["error"].is_string(), reached), (405, true, 0));
}
