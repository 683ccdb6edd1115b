use super::*;
use crate::duo::answers::tests::request;
use axum::response::IntoResponse;

fn outcome(value: Option<&str>) -> OutcomeView {
    OutcomeView {
        receipt: "r".into(),
        request: "q".into(),
        grant: "g".into(),
        number: 1,
        direction: "received".into(),
        person: "Jack".into(),
        sentence: "The largest".into(),
        value: value.map(str::to_owned),
        outcome: None,
        not_released: None,
        notes: Vec::new(),
        issuer: None,
        computed: 0,
        released: None,
        verified: vec!["all".into()],
        failed: Vec::new(),
    }
}

fn status(failure: Failure) -> u16 {
    failure.into_response().status().as_u16()
}

#[test]
fn outcomes_are_printed_as_duo_printed_them() {
    for (exact, printed) in [("12", "12.0"), ("4.5", "4.5"), ("4.500000", "4.5"), ("12.75", "12.75"), ("-3", "-3.0")] {
        assert_eq!(result(outcome(Some(exact))).unwrap(), printed);
    }
}

#[test]
fn nothing_released_is_no_access_with_its_reason() {
    let withheld = OutcomeView { not_released: Some("too few rows".into()), ..outcome(None) };
    let failure = result(withheld).unwrap_err();
    let told = format!("{failure:?}");
    assert!(told.contains("No Access to Run Computation") && told.contains("too few rows"), "{told}");
    assert_eq!(status(failure), 403);
}

#[test]
fn a_receipt_that_does_not_verify_gives_no_number() {
    let forged = OutcomeView { failed: vec!["the signature".into()], ..outcome(Some("12")) };
    assert_eq!(status(result(forged).unwrap_err()), 409);
}

#[test]
fn only_an_approved_request_may_run() {
    for state in ["approved", "done"] {
        assert!(may_run(&request(0, state)).is_ok());
    }
    for state in ["sending", "waiting", "denied", "countered", "refused", "expired", "closed", "withdrawn"] {
        assert_eq!(status(may_run(&request(0, state)).unwrap_err()), 403, "{state}");
    }
}
