use super::*;
use axum::body::to_bytes;
use std::collections::HashSet;

fn kind(error: NodeError) -> (Kind, u16) {
    let problem = Problem::from(error);
    (problem.kind, problem.document().status)
}

#[test]
fn every_error_of_the_node_has_its_status() {
    let why = || "because".to_owned();
    let cases = [
        (NodeError::NotFound { what: "dataset", name: "bills".into() }, Kind::NotFound, 404),
        (NodeError::Ambiguous { what: "request", name: "ab".into() }, Kind::Ambiguous, 409),
        (NodeError::Invalid { field: "tag", why: why() }, Kind::Invalid, 422),
        (NodeError::Refused { why: why() }, Kind::Refused, 403),
        (NodeError::Conflict { why: why() }, Kind::Conflict, 409),
        (NodeError::Away { why: why() }, Kind::Away, 504),
        (NodeError::NoRelay { why: why() }, Kind::NoRelay, 503),
        (NodeError::Stopping, Kind::Stopping, 503),
        (NodeError::Net("x".into()), Kind::Internal, 500),
        (NodeError::Internal("x".into()), Kind::Internal, 500),
    ];
    for (error, expected, status) in cases {
        let name = error.to_string();
        assert_eq!(kind(error), (expected, status), "{name}");
    }
}

#[test]
fn a_failure_inside_the_node_tells_nothing_of_its_inside() {
    let problem = Problem::from(NodeError::Internal("the secret record did not decode".into()));
    let told = serde_json::to_string(&problem.document()).unwrap();
    assert!(!told.contains("secret") && !told.contains("decode"), "{told}");
}

#[test]
fn an_error_keeps_its_words_and_its_next_step() {
    let document = Problem::from(NodeError::NotFound { what: "person", name: "Jill".into() }).document();
    assert_eq!(document.of, "urn:halfdoor:problem:not-found");
    assert_eq!(document.detail, "person \"Jill\" is not known here");
    assert!(document.hint.unwrap().contains("halfdoor people"));
}

#[test]
fn kinds_are_told_apart_by_their_type_and_are_all_errors() {
    let slugs: HashSet<_> = Kind::ALL.iter().map(|kind| kind.row().0).collect();
    assert_eq!(slugs.len(), Kind::ALL.len());
    assert!(Kind::ALL.iter().all(|kind| kind.status().as_u16() >= 400));
}

#[tokio::test]
async fn a_problem_is_a_problem_document() {
    let response = Problem::new(Kind::Unauthorised, "no").hint("do this").into_response();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    let body: serde_json::Value = serde_json::from_slice(&to_bytes(response.into_body(), 9999).await.unwrap()).unwrap();
    assert_eq!(
        body,
        serde_json::json!({"type": "urn:halfdoor:problem:unauthorised", "title": "The access token is needed",
            "status": 401, "detail": "no", "hint": "do this"})
    );
}

#[test]
fn a_long_detail_is_cut_at_a_character() {
    let problem = Problem::new(Kind::Malformed, "ä".repeat(DETAIL_CHARACTERS + 1));
    assert_eq!(problem.detail.chars().count(), DETAIL_CHARACTERS + 1);
    assert!(problem.detail.ends_with('…'));
}
