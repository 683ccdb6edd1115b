use super::*;
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
    response::Response,
    routing::delete,
};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tower::ServiceExt as _;

const HOST: &str = "127.0.0.1:4711";

/// The layers around a made-up route, its token, and how often the route was reached.
struct House {
    router: Router,
    token: String,
    reached: Arc<AtomicUsize>,
}

impl House {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let token = Token::draw().unwrap();
        let text = std::fs::read_to_string(token.write(home.path()).unwrap()).unwrap();
        let (recorder, _) = record::begin(|_| std::future::ready(Ok(())));
        let access = Access::new(token, node::access::Bearers::default(), recorder);
        let reached = Arc::new(AtomicUsize::new(0));
        let counted = reached.clone();
        let route = delete(move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready("removed")
        });
        let routes = Router::new().route("/v1/datasets/{id}", route);
        Self {
            router: guarded(
                routes,
                Router::new().route("/", axum::routing::get(async || "a screen")),
                access,
                HOST.parse().unwrap(),
            ),
            token: text,
            reached,
        }
    }

    async fn send(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Response {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    /// A deletion with this authorization and these further fields; answers its status.
    async fn delete(&self, authorization: Option<&str>, fields: &[(&str, &str)]) -> StatusCode {
        let mut all = vec![("host", HOST)];
        all.extend(authorization.map(|value| ("authorization", value)));
        all.extend(fields);
        self.send("DELETE", "/v1/datasets/bills", &all).await.status()
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }
}

#[tokio::test]
async fn the_right_token_opens_and_nothing_else_does() {
    let house = House::new();
    assert_eq!(house.delete(Some(&house.bearer()), &[]).await, 200);
    let longer = house.bearer() + "x";
    for wrong in [None, Some("Bearer wrong"), Some("Bearer "), Some(house.token.as_str()), Some(longer.as_str())] {
        assert_eq!(house.delete(wrong, &[]).await, 401, "{wrong:?}");
    }
    assert_eq!(house.reached.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_page_elsewhere_has_no_effect_even_with_the_token() {
    let house = House::new();
    let bearer = house.bearer();
    for fields in [
        &[("origin", "http://evil.example")][..],
        &[("origin", "http://127.0.0.1:3000"), ("sec-fetch-site", "same-site")],
        &[("origin", "http://localhost:4711"), ("sec-fetch-site", "same-site")],
        &[("origin", "null"), ("content-type", "text/plain")],
        &[("sec-fetch-site", "cross-site")],
    ] {
        assert_eq!(house.delete(Some(&bearer), fields).await, 403, "{fields:?}");
    }
    let rebound = [("host", "evil.example:4711"), ("authorization", bearer.as_str())];
    assert_eq!(house.send("DELETE", "/v1/datasets/bills", &rebound).await.status(), 421);
    assert_eq!(house.reached.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn host_then_origin_then_token_are_judged_in_this_order() {
    let house = House::new();
    let all_wrong = [("host", "evil.example"), ("origin", "http://evil.example")];
    assert_eq!(house.send("DELETE", "/v1/datasets/x", &all_wrong).await.status(), 421);
    assert_eq!(house.delete(None, &[("origin", "http://evil.example")]).await, 403);
    assert_eq!(house.delete(None, &[]).await, 401);
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_and_strangers_do_not_learn_it() {
    let house = House::new();
    let bearer = house.bearer();
    for (method, path, status) in
        [("GET", "/v1/nothing", 404), ("GET", "/elsewhere", 404), ("PUT", "/v1/datasets/x", 405)]
    {
        let response = house.send(method, path, &[("host", HOST), ("authorization", &bearer)]).await;
        assert_eq!(response.status(), status, "{method} {path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let stranger = house.send(method, path, &[("host", HOST)]).await;
        assert_eq!(stranger.status(), 401, "{method} {path}");
    }
}

fn protected(headers: &HeaderMap) {
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    assert_eq!(headers[header::X_FRAME_OPTIONS], "DENY");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(!headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
}

#[tokio::test]
async fn every_answer_is_protected_refusals_included() {
    let house = House::new();
    protected(house.send("GET", "/", &[("host", HOST)]).await.headers());
    protected(house.send("GET", "/v1/me", &[("host", HOST)]).await.headers());
    protected(house.send("GET", "/", &[("host", "evil.example")]).await.headers());
    protected(house.send("OPTIONS", "/", &[("host", HOST), ("origin", "http://evil.example")]).await.headers());
}

#[tokio::test]
async fn the_screens_need_no_token_and_have_the_same_guard() {
    let house = House::new();
    assert_eq!(house.send("GET", "/", &[("host", HOST)]).await.status(), 200);
    assert_eq!(house.send("GET", "/", &[("host", "evil.example")]).await.status(), 421);
    assert_eq!(house.send("GET", "/", &[("host", HOST), ("sec-fetch-site", "cross-site")]).await.status(), 403);
}

/// Serves one route on a port of its own; answers where, and how to end it.
async fn listening() -> (SocketAddr, watch::Sender<bool>, JoinHandle<()>) {
    let (listener, address) = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap();
    let (stop, stopping) = watch::channel(false);
    let take = async |crate::extract::Json(_): crate::extract::Json<serde_json::Value, 1024>| "taken";
    let router = Router::new()
        .route("/", axum::routing::post(take).get(async || "here"))
        .route("/forever", axum::routing::get(std::future::pending::<()>))
        .layer(from_fn_with_state(Guard::new(address, IntoResponse::into_response), guard::check));
    (address, stop, tokio::spawn(connection::serve(listener, router, stopping, Duration::ZERO)))
}

/// Everything the server says to these bytes until it closes the connection.
async fn talk(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn on_the_wire_a_missing_host_an_old_version_and_a_foreign_target_are_refused() {
    let (address, _stop, _door) = listening().await;
    let good = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    assert!(talk(address, good.as_bytes()).await.starts_with("HTTP/1.1 200"));
    let refused = [
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n".to_owned(),
        "GET / HTTP/1.0\r\n\r\n".to_owned(),
        format!("GET http://evil.example/ HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
        format!("GET http://{address}/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {address}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    ];
    for request in refused {
        let answer = talk(address, request.as_bytes()).await;
        assert!(answer.contains(" 421 "), "{request:?} {answer}");
    }
}

#[tokio::test]
async fn headers_beyond_their_bounds_are_refused() {
    let (address, _stop, _door) = listening().await;
    let many = format!("GET / HTTP/1.1\r\nHost: {address}\r\n{}\r\n", "a: b\r\n".repeat(100));
    assert!(talk(address, many.as_bytes()).await.contains(" 431 "));
    let long = format!("GET / HTTP/1.1\r\nHost: {address}\r\na: {}\r\n\r\n", "b".repeat(1 << 16));
    let mut stream = TcpStream::connect(address).await.unwrap();
    // The server may close before all of it is written.
    let _ = stream.write_all(long.as_bytes()).await;
    let mut answer = [0; 16];
    let read = stream.read(&mut answer).await.unwrap_or(0);
    assert!(!answer[..read].starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn whoever_sends_ten_megabytes_reads_the_refusal() {
    let (address, _stop, _door) = listening().await;
    let size = 10 << 20;
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    );
    let answer = talk(address, &[head.into_bytes(), vec![b'1'; size]].concat()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn stopping_ends_idle_connections_and_those_that_never_answer() {
    let (address, stop, door) = listening().await;
    let idle = TcpStream::connect(address).await.unwrap();
    let mut waiting = TcpStream::connect(address).await.unwrap();
    waiting.write_all(format!("GET /forever HTTP/1.1\r\nHost: {address}\r\n\r\n").as_bytes()).await.unwrap();
    stop.send(true).unwrap();
    door.await.unwrap();
    let mut nothing = Vec::new();
    let _ = waiting.read_to_end(&mut nothing).await;
    assert!(nothing.is_empty());
    drop(idle);
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn a_listener_on_every_address_is_reached_on_this_machine() {
    let at = |text: &str| reachable(text.parse().unwrap()).to_string();
    assert_eq!(at("0.0.0.0:80"), "127.0.0.1:80");
    assert_eq!(at("[::]:80"), "[::1]:80");
    assert_eq!(at("127.0.0.1:80"), "127.0.0.1:80");
}
