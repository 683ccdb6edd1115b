use super::{STORED, post, session};
use scenarios::{Api, Pair};
use serde_json::Value;

/// What a program may send wrongly: where, what, the status it deserves, and words of the reason.
const WRONG: &[(&str, &str, &str, u16, &str)] = &[
    ("jack", "/request_decision", r#"{"id": 0, "decision": "maybe"}"#, 422, "neither"),
    ("jack", "/request_decision", r#"{"id": 0, "decision": "Approve"}"#, 422, "neither"),
    ("jack", "/request_decision", r#"{"id": 0, "decision": ""}"#, 422, "neither"),
    ("jack", "/request_decision", r#"{"id": 0}"#, 422, "decision"),
    ("jack", "/request_decision", r#"{"decision": "approve"}"#, 422, "index"),
    ("jack", "/request_decision", r#"{"id": 0, "ix": 0, "decision": "approve"}"#, 422, "more than once"),
    ("jack", "/request_decision", r#"{"id": 9, "decision": "approve"}"#, 404, "no request 9"),
    ("jack", "/request_decision", r#"{"id": -1, "decision": "approve"}"#, 422, "id"),
    ("jack", "/request_decision", r#"{"id": 0, "decision": "approve"#, 400, ""),
    ("jill", "/request_data", r#"{"idx": 7, "computation": "max", "name": "", "reason": ""}"#, 404, "no dataset 7"),
    ("jill", "/request_data", r#"{"idx": 0, "computation": "variance", "name": "", "reason": ""}"#, 422, "computation"),
    ("jill", "/request_data", r#"{"idx": 0, "computation": "", "name": "", "reason": ""}"#, 422, "computation"),
    ("jill", "/request_data", r#"{"idx": 0, "computation": "#, 400, ""),
    ("jill", "/run_computation", r#"{"ix": 5}"#, 404, "no request 5"),
    ("jill", "/run_computation", r#"{"ix": "0"}"#, 422, "invalid type"),
    ("jill", "/run_computation", "not JSON at all", 400, ""),
    ("jack", "/store_data", r#"{"data": ["one", "two"], "tag": "t", "description": ""}"#, 422, "number"),
    ("jack", "/store_data", r#"{"data": [1, 2, "3"], "tag": "t", "description": ""}"#, 422, "number"),
    ("jack", "/store_data", r#"{"data": "1, 2, 3", "tag": "t", "description": ""}"#, 422, "list of numbers"),
    ("jack", "/store_data", r#"{"data": [[1, 2]], "tag": "t", "description": ""}"#, 422, "number"),
    ("jack", "/store_data", r#"{"data": [], "tag": "t", "description": ""}"#, 422, "empty"),
    ("jack", "/store_data", r#"{"data": [1, 2, 3], "description": "no tag"}"#, 422, "tag"),
    ("jack", "/store_data", r#"{"data": [1, 2, 3], "tag": "", "description": ""}"#, 422, "tag"),
    ("jack", "/store_data", r#"{"data": [1, 2, 3], "tag": "utility", "description": ""}"#, 409, "tag"),
    ("jack", "/store_data", r#"{"data": [1, 2, 3"#, 400, ""),
];

const FAILURE: &str = "failure to load data to the data store, please try again";

#[test]
fn a_wrong_call_is_a_clear_error_and_changes_nothing() {
    let pair = waiting();
    let before = pair.state();
    for (who, path, body, status, words) in WRONG {
        let answer = sent(duo(&pair, who).as_ref(), path, body.as_bytes());
        assert_eq!(answer.0, *status, "{path} {body}: {}", answer.1);
        let error = answer.1["error"].as_str().unwrap_or_default();
        assert!(!error.is_empty() && error.contains(words), "{path} {body}: “{words}” is missing in {}", answer.1);
        if *path == "/store_data" {
            assert_eq!(answer.1["status"], FAILURE, "{body}");
        }
        assert_eq!(pair.state(), before, "{path} {body} changed something");
    }
    // the same calls, rightly made, do change something
    post(&pair.jack.duo(), "/request_decision", r#"{"id": 0, "decision": "deny"}"#);
    assert_ne!(pair.state(), before);
}

#[test]
fn ten_megabytes_of_list_are_refused_as_too_large_and_nothing_is_stored() {
    let pair = waiting();
    let before = pair.state();
    let mut list = String::from(r#"{"tag": "large", "description": "", "data": [1"#);
    while list.len() < 10 << 20 {
        list.push_str(",1234567");
    }
    list.push_str("]}");
    let (status, body) = sent(&pair.jack.duo(), "/store_data", list.as_bytes());
    assert_eq!(status, 413, "{body}");
    assert!(!body["error"].as_str().unwrap_or_default().is_empty(), "{body}");
    assert_eq!(body["status"], FAILURE);
    assert_eq!(pair.state(), before);
    assert_eq!(std::fs::read_dir(pair.jack.home().join("datasets")).unwrap().count(), 1, "no half-written dataset");
}

#[test]
fn decisions_are_not_taken_from_programs_unless_the_owner_opened_that_door() {
    let mut pair = waiting();
    let before = pair.state();
    // Jill's node was started without --duo-allow-decisions; restart Jack's so, too
    pair.jack.stop();
    pair.jack.set_options(&["--duo", "127.0.0.1:0"]);
    pair.jack.up();
    pair.reached();
    for word in ["approve", "deny"] {
        let body = format!(r#"{{"id": 0, "decision": "{word}"}}"#);
        let (status, body) = sent(&pair.jack.duo(), "/request_decision", body.as_bytes());
        assert_eq!(status, 403, "{body}");
        assert!(body["hint"].as_str().unwrap_or_default().contains("halfdoor approve"), "{body}");
    }
    assert_eq!(pair.state()["jack"]["requests"], before["jack"]["requests"]);
    // an invite spends itself on whoever names it first: that takes the token
    let stranger = pair.jack.duo().try_get("/connect_session?invite=hd1aaaa").unwrap();
    assert_eq!(stranger.status, 401, "{}", stranger.text());
}

/// A session with a dataset and a request that waits.
fn waiting() -> Pair {
    let pair = session();
    post(&pair.jack.duo(), "/store_data", STORED);
    let asked = r#"{"idx": 0, "computation": "max", "name": "Jill", "reason": "loan"}"#;
    assert_eq!(post(&pair.jill.duo(), "/request_data", asked), r#"{"computation_index":0}"#);
    pair
}

fn duo(pair: &Pair, who: &str) -> Box<Api> {
    Box::new(if who == "jack" { pair.jack.duo() } else { pair.jill.duo() })
}

fn sent(duo: &Api, path: &str, body: &[u8]) -> (u16, Value) {
    let answer = duo.call("POST", path, Some(("application/json", body))).unwrap();
    (answer.status, answer.json())
}
