use super::*;
use crate::problem::Kind;
use serde_json::json;

#[test]
fn a_failure_has_duos_words_the_cause_and_an_honest_status() {
    let failure = Failure::from(Problem::new(Kind::TooLarge, "too long").hint("send less")).saying(DATA_FAILURE);
    assert_eq!(
        Value::Object(failure.body.clone()),
        json!({"status": "failure to load data to the data store, please try again", "error": "too long", "hint": "send less"})
    );
    assert_eq!(failure.into_response().status(), 413);
}

#[test]
fn an_error_of_the_node_keeps_its_words() {
    let failure = Failure::from(NodeError::Refused { why: "every use is spent".into() }).saying(NO_ACCESS);
    assert_eq!(failure.status, 403);
    assert_eq!(
        Value::Object(failure.body),
        json!({"result": "No Access to Run Computation", "error": "every use is spent"})
    );
}
