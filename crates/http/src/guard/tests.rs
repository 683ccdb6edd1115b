use super::*;
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode, Version},
    middleware::from_fn_with_state,
    routing::any,
};
use std::sync::atomic::{AtomicUsize, Ordering};
use tower::ServiceExt as _;

const PORT: u16 = 4711;

/// A router behind the guard, and how often its handler ran.
fn guarded(address: &str) -> (Router, Arc<AtomicUsize>) {
    let effects = Arc::new(AtomicUsize::new(0));
    let counted = effects.clone();
    let guard = Guard::new(address.parse().unwrap(), IntoResponse::into_response);
    let router = Router::new()
        .fallback(any(move || async move {
            counted.fetch_add(1, Ordering::SeqCst);
            "done"
        }))
        .layer(from_fn_with_state(guard, check));
    (router, effects)
}

/// The status of one request, and whether it had an effect. A 2xx has one, anything else must not.
async fn knock(method: &str, target: &str, fields: &[(&str, &str)]) -> StatusCode {
    knock_at("127.0.0.1:4711", method, target, fields).await
}

async fn knock_at(address: &str, method: &str, target: &str, fields: &[(&str, &str)]) -> StatusCode {
    let (router, effects) = guarded(address);
    let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(target);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    let status = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status();
    assert_eq!(effects.load(Ordering::SeqCst), usize::from(status.is_success()), "{status}");
    status
}

#[tokio::test]
async fn names_of_this_machine_with_the_right_port_are_answered() {
    for host in [
        "127.0.0.1:4711",
        "localhost:4711",
        "LOCALHOST:4711",
        "[::1]:4711",
        "jack.localhost:4711",
        "a.b-c.localhost:4711",
    ] {
        assert_eq!(knock("GET", "/", &[("host", host)]).await, 200, "{host}");
    }
}

#[tokio::test]
async fn a_rebound_host_name_has_no_effect() {
    for host in [
        "evil.example:4711",
        "evil.example",
        "127.0.0.1.evil.example:4711",
        "localhost.evil.example:4711",
        "evillocalhost:4711",
        ".localhost:4711",
        "a..localhost:4711",
        "evil_example.localhost:4711",
        "localhost.:4711",
        "0.0.0.0:4711",
        "127.1:4711",
        "127.0.0.2:4711",
        "2130706433:4711",
        "0x7f.0.0.1:4711",
        "[::]:4711",
        "[::ffff:127.0.0.1]:4711",
        "user@127.0.0.1:4711",
        "127.0.0.1:4711@evil.example",
        "127.0.0.1:4711/",
        "",
        ":4711",
        "[::1",
        "[::1]4711",
    ] {
        for method in ["GET", "POST", "DELETE", "OPTIONS"] {
            assert_eq!(knock(method, "/", &[("host", host)]).await, 421, "{method} {host:?}");
        }
    }
}

#[tokio::test]
async fn another_port_in_the_host_is_refused() {
    for host in [
        "127.0.0.1:4712",
        "127.0.0.1",
        "localhost:",
        "localhost:+4711",
        "localhost:04711x",
        "localhost:70247",
        "localhost:4711:4711",
    ] {
        assert_eq!(knock("GET", "/", &[("host", host)]).await, 421, "{host}");
    }
}

#[tokio::test]
async fn a_host_without_port_means_port_80() {
    assert_eq!(knock_at("127.0.0.1:80", "GET", "/", &[("host", "localhost")]).await, 200);
    assert_eq!(
        knock_at("127.0.0.1:80", "GET", "/", &[("host", "localhost"), ("origin", "http://localhost:80")]).await,
        200
    );
}

#[tokio::test]
async fn a_missing_or_repeated_host_is_refused() {
    assert_eq!(knock("GET", "/", &[]).await, 421);
    assert_eq!(knock("GET", "/", &[("host", "127.0.0.1:4711"), ("host", "127.0.0.1:4711")]).await, 421);
    assert_eq!(knock("GET", "/", &[("host", "127.0.0.1:4711"), ("host", "evil.example")]).await, 421);
    let (router, effects) = guarded("127.0.0.1:4711");
    let request = Request::builder().version(Version::HTTP_10).uri("/").body(Body::empty()).unwrap();
    assert_eq!(router.oneshot(request).await.unwrap().status(), 421);
    assert_eq!(effects.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_absolute_target_must_agree_with_the_host() {
    let host = ("host", "127.0.0.1:4711");
    assert_eq!(knock("GET", "http://127.0.0.1:4711/", &[host]).await, 200);
    for target in
        ["http://evil.example:4711/", "http://localhost:4711/", "https://127.0.0.1:4711/", "http://u@127.0.0.1:4711/"]
    {
        assert_eq!(knock("GET", target, &[host]).await, 421, "{target}");
    }
    assert_eq!(knock("GET", "http://127.0.0.1:4711/", &[]).await, 421);
    assert_eq!(knock("CONNECT", "127.0.0.1:4711", &[host]).await, 421);
}

#[tokio::test]
async fn a_page_on_another_origin_has_no_effect() {
    for origin in [
        "http://evil.example",
        "https://127.0.0.1:4711",
        "http://127.0.0.1:4712",
        "http://127.0.0.1",
        "http://localhost:4711",
        "http://localhost:3000",
        "http://jack.localhost:4711",
        "null",
        "",
        "file://",
        "chrome-extension://abcdef",
        "http://127.0.0.1:4711/",
        "http://127.0.0.1:4711 http://evil.example",
    ] {
        for method in ["GET", "POST", "PATCH", "DELETE", "OPTIONS"] {
            let status = knock(method, "/", &[("host", "127.0.0.1:4711"), ("origin", origin)]).await;
            assert_eq!(status, 403, "{method} {origin:?}");
        }
    }
}

#[tokio::test]
async fn the_nodes_own_page_is_answered() {
    let own = [("host", "localhost:4711"), ("origin", "http://localhost:4711"), ("sec-fetch-site", "same-origin")];
    for method in ["GET", "POST", "DELETE"] {
        assert_eq!(knock(method, "/", &own).await, 200, "{method}");
    }
    let typed = [("host", "localhost:4711"), ("sec-fetch-site", "none")];
    assert_eq!(knock("GET", "/", &typed).await, 200);
}

#[tokio::test]
async fn a_cross_site_get_without_an_origin_has_no_effect() {
    for site in ["cross-site", "same-site", "Same-Origin", "", "something-new"] {
        for method in ["GET", "HEAD", "POST", "DELETE"] {
            let status = knock(method, "/", &[("host", "127.0.0.1:4711"), ("sec-fetch-site", site)]).await;
            assert_eq!(status, 403, "{method} {site:?}");
        }
    }
    let twice = [("host", "127.0.0.1:4711"), ("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")];
    assert_eq!(knock("GET", "/", &twice).await, 403);
}

#[tokio::test]
async fn a_form_of_another_page_is_refused_whatever_it_pretends_to_be() {
    let form = [
        ("host", "127.0.0.1:4711"),
        ("origin", "http://127.0.0.1:3000"),
        ("sec-fetch-site", "same-site"),
        ("content-type", "text/plain"),
        ("x-http-method-override", "DELETE"),
    ];
    for method in ["POST", "DELETE"] {
        assert_eq!(knock(method, "/v1/datasets/bills", &form).await, 403);
    }
}

#[tokio::test]
async fn the_host_is_judged_before_the_origin() {
    let fields =
        [("host", "evil.example:4711"), ("origin", "http://evil.example:4711"), ("sec-fetch-site", "same-origin")];
    assert_eq!(knock("POST", "/", &fields).await, 421);
}

#[tokio::test]
async fn a_configured_address_is_answered_and_an_unspecified_one_is_no_name() {
    assert_eq!(knock_at("192.168.1.5:4711", "GET", "/", &[("host", "192.168.1.5:4711")]).await, 200);
    assert_eq!(knock_at("192.168.1.5:4711", "GET", "/", &[("host", "192.168.1.6:4711")]).await, 421);
    assert_eq!(knock_at("[fd00::5]:4711", "GET", "/", &[("host", "[FD00::5]:4711")]).await, 200);
    for address in ["0.0.0.0:4711", "[::]:4711"] {
        for host in ["0.0.0.0:4711", "[::]:4711"] {
            assert_eq!(knock_at(address, "GET", "/", &[("host", host)]).await, 421);
        }
    }
}

#[test]
fn a_guard_refuses_in_the_form_it_was_given() {
    let guard = Guard::new(SocketAddr::from(([127, 0, 0, 1], PORT)), |_| StatusCode::IM_A_TEAPOT.into_response());
    assert_eq!((guard.refuse)(guard.foreign_host()).status(), 418);
}

#[test]
fn a_file_on_the_disk_may_lead_to_where_the_screens_open_and_nowhere_else() {
    let follows = [("host", "127.0.0.1:4711"), ("sec-fetch-site", "cross-site")];
    let navigates = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    let allowed = |method: &str, path: &str, more: &[(&str, &str)]| {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in follows.iter().chain(more) {
            request = request.header(*name, *value);
        }
        let address = "127.0.0.1:4711".parse().unwrap();
        Guard::new(address, IntoResponse::into_response).check(&request.body(()).unwrap().into_parts().0).is_ok()
    };
    assert!(allowed("GET", "/open?launch=x", &navigates));
    assert!(!allowed("POST", "/open", &navigates), "a change");
    assert!(!allowed("GET", "/", &navigates) && !allowed("GET", "/v1/me", &navigates), "another path");
    assert!(!allowed("GET", "/open", &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")]), "an image");
    assert!(!allowed("GET", "/open", &[navigates[0], ("sec-fetch-dest", "iframe")]), "a frame");
    assert!(!allowed("GET", "/open", &[navigates[0], navigates[1], ("origin", "https://evil.example")]), "an origin");
}
