use super::*;
use axum::{
    Router,
    http::StatusCode,
    response::IntoResponse,
    routing::{get, post},
};
use serde::Deserialize;
use tower::ServiceExt as _;

const LIMIT: usize = 64;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    uses: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Optional {
    uses: Option<u32>,
}

fn router() -> Router {
    Router::new()
        .route("/", post(|Json(wish): Json<Wish, LIMIT>| async move { wish.uses.to_string() }))
        .route("/maybe", post(|MaybeJson(wish): MaybeJson<Optional>| async move { format!("{:?}", wish.uses) }))
        .route("/of/{number}", get(|Path(number): Path<u8>| async move { number.to_string() }))
        .route("/query", get(|Query(wish): Query<Optional>| async move { format!("{:?}", wish.uses) }))
}

async fn ask(request: axum::http::request::Builder, body: impl Into<Body>) -> (StatusCode, String, String) {
    let response = router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let status = response.status();
    let of = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    let body = axum::body::to_bytes(response.into_body(), 9999).await.unwrap();
    (status, of, String::from_utf8(body.to_vec()).unwrap())
}

async fn send(path: &str, content_type: &str, body: impl Into<Body>) -> (StatusCode, String) {
    let request = Request::post(path).header(header::CONTENT_TYPE, content_type);
    let (status, of, body) = ask(request, body).await;
    assert_eq!(of == "application/problem+json", !status.is_success(), "{of} {body}");
    (status, body)
}

#[tokio::test]
async fn a_good_body_is_read_whatever_parameters_its_type_has() {
    for of in ["application/json", "application/json; charset=utf-8", "Application/JSON"] {
        assert_eq!(send("/", of, r#"{"uses":3}"#).await, (StatusCode::OK, "3".into()));
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_400() {
    for body in ["", "{", "{\"uses\":3", "{\"uses\":3}}", "nonsense", "{\"uses\":NaN}", "{'uses':3}", "{\"uses\":3,}"] {
        assert_eq!(send("/", "application/json", body).await.0, 400, "{body}");
    }
    assert_eq!(send("/", "application/json", &b"{\"uses\":\"\xff\"}"[..]).await.0, 400);
}

#[tokio::test]
async fn a_body_of_the_wrong_shape_is_422_and_the_problem_names_the_place() {
    for body in
        ["[]", "3", "null", "{}", r#"{"uses":"3"}"#, r#"{"uses":-1}"#, r#"{"uses":1.5}"#, r#"{"uses":99999999999}"#]
    {
        assert_eq!(send("/", "application/json", body).await.0, 422, "{body}");
    }
    let (status, body) = send("/", "application/json", r#"{"uses":3,"evil":1}"#).await;
    assert_eq!(status, 422);
    assert!(body.contains("evil") && body.contains("column"), "{body}");
    assert_eq!(send("/", "application/json", r#"{"uses":3,"uses":4}"#).await.0, 422);
}

#[tokio::test]
async fn a_body_that_is_not_stated_to_be_json_is_415() {
    for of in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "application/jsonx",
        "",
    ] {
        assert_eq!(send("/", of, r#"{"uses":3}"#).await.0, 415, "{of}");
    }
    assert_eq!(ask(Request::post("/"), r#"{"uses":3}"#).await.0, 415);
    assert_eq!(send("/maybe", "text/plain", r#"{"uses":3}"#).await.0, 415);
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_and_one_byte_more_is_413() {
    let at = format!("{:LIMIT$}", r#"{"uses":3}"#);
    assert_eq!(send("/", "application/json", at.clone()).await.0, 200);
    assert_eq!(send("/", "application/json", at + " ").await.0, 413);
}

#[tokio::test]
async fn a_body_without_end_is_413_and_not_kept() {
    let endless = tokio_stream::iter(std::iter::repeat_with(|| Ok::<_, std::io::Error>(vec![b'1'; 1 << 20])));
    assert_eq!(send("/", "application/json", Body::from_stream(endless)).await.0, 413);
}

#[tokio::test]
async fn a_body_that_breaks_off_is_400() {
    let broken = tokio_stream::iter([Ok(b"{".to_vec()), Err(std::io::Error::other("gone"))]);
    assert_eq!(send("/", "application/json", Body::from_stream(broken)).await.0, 400);
}

#[tokio::test]
async fn an_optional_body_may_be_missing_but_not_wrong() {
    assert_eq!(ask(Request::post("/maybe"), "").await.0, 200);
    assert_eq!(send("/maybe", "application/json", "{}").await, (StatusCode::OK, "None".into()));
    assert_eq!(send("/maybe", "application/json", r#"{"uses":1}"#).await, (StatusCode::OK, "Some(1)".into()));
    assert_eq!(send("/maybe", "application/json", r#"{"other":1}"#).await.0, 422);
}

#[tokio::test]
async fn a_path_or_query_that_does_not_fit_is_a_problem() {
    assert_eq!(ask(Request::get("/of/7"), "").await.2, "7");
    for target in ["/of/300", "/of/x", "/of/%FF", "/query?uses=x", "/query?other=1", "/query?uses=1&uses=2"] {
        let (status, of, body) = ask(Request::get(target), "").await;
        assert_eq!((status, of.as_str()), (StatusCode::BAD_REQUEST, "application/problem+json"), "{target} {body}");
    }
    assert_eq!(ask(Request::get("/query?uses=2"), "").await.2, "Some(2)");
}

#[tokio::test]
async fn a_problem_has_an_answer_of_its_own() {
    let response = Problem::new(Kind::Slow, "late").into_response();
    assert_eq!(response.status(), 408);
}
