use super::*;
use serde_json::json;

pub(crate) fn request(index: u64, state: &str) -> RequestView {
    RequestView {
        id: format!("{index:064x}"),
        direction: "received".into(),
        person: "Jill".into(),
        party: "jill".into(),
        index: Some(index),
        dataset: "d".into(),
        tag: "utility".into(),
        computation: "min".into(),
        column: "value".into(),
        sentence: "The smallest".into(),
        purpose: "credit_application".into(),
        reason: "why not".into(),
        uses: 1,
        until: 0,
        created: 0,
        expires: 0,
        state: state.into(),
        detail: None,
        decided: (!matches!(state, "waiting" | "sending")).then_some(1_648_733_913),
        grant: None,
        counter: None,
        follows: None,
        receipt: None,
    }
}

fn text(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).unwrap()
}

#[test]
fn lists_are_written_letter_by_letter_as_duo_wrote_them() {
    let shown = vec![Shown { description: "my bills".into(), filename: "utility".into(), index: 0 }];
    assert_eq!(
        text(&DataStore { data_store: shown.into() }),
        r#"{"data_store":[{"Description":"my bills","Filename":"utility","index":0}]}"#
    );
    let waiting: Vec<_> = Waiting::of((3, request(3, "waiting"))).into_iter().collect();
    assert_eq!(
        text(&CurrentRequests { current_requests: waiting.into() }),
        r#"{"current_requests":[{"Reason":"why not","Requested Access":"utility_min","index":3}]}"#
    );
    let logged: Vec<_> = Logged::of(request(0, "denied")).into_iter().collect();
    assert_eq!(
        text(&Logs { logs: logged.into() }),
        r#"{"logs":[{"Decision":"deny","Decision Timestamp":"Thu, 31 Mar 2022 13:38:33 GMT","Request Reason":"why not"}]}"#
    );
}

#[test]
fn an_empty_list_holds_one_empty_object() {
    assert_eq!(text(&DataStore { data_store: Vec::new().into() }), r#"{"data_store":[{}]}"#);
    assert_eq!(text(&CurrentRequests { current_requests: Vec::new().into() }), r#"{"current_requests":[{}]}"#);
    assert_eq!(text(&Logs { logs: Vec::new().into() }), r#"{"logs":[{}]}"#);
}

#[test]
fn small_answers_have_duos_fields() {
    assert_eq!(text(&Status { status: "session hosted" }), r#"{"status":"session hosted"}"#);
    assert_eq!(text(&Asked { computation_index: 0 }), r#"{"computation_index":0}"#);
    assert_eq!(text(&Ran { result: "12.75".into() }), r#"{"result":"12.75"}"#);
    let decided = Decided { decision: "approve", reason: "why not".into(), index: 0 };
    assert_eq!(serde_json::to_value(decided).unwrap(), json!({"Decision": "approve", "Reason": "why not", "index": 0}));
}

#[test]
fn only_requests_without_decision_wait() {
    for state in ["approved", "denied", "countered", "expired", "withdrawn", "done", "refused", "closed", "sending"] {
        assert!(Waiting::of((0, request(0, state))).is_none(), "{state}");
    }
}

#[test]
fn a_decision_is_logged_as_it_was_made_whatever_became_of_it() {
    let said = |state: &str| Logged::of(request(0, state)).map(|logged| logged.decision);
    assert_eq!(said("approved"), Some("approve"));
    assert_eq!(said("done"), Some("approve"));
    assert_eq!(said("denied"), Some("deny"));
    assert_eq!(said("countered"), Some("counter"));
    let closed = RequestView { grant: Some("g".into()), ..request(0, "closed") };
    assert_eq!(Logged::of(closed).map(|logged| logged.decision), Some("approve"));
    for undecided in ["waiting", "sending", "refused", "expired"] {
        assert_eq!(said(undecided), None, "{undecided}");
    }
}
