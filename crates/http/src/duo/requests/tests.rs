use super::*;
use crate::duo::answers::tests::request;

#[test]
fn every_word_duo_had_for_a_computation_is_known() {
    let words = ["average", "mean", "median", "max", "min", "sum", "count", "std"];
    let names: Vec<_> = words.iter().map(|word| computation(word).unwrap().name()).collect();
    assert_eq!(names, ["mean", "mean", "median", "max", "min", "sum", "count", "std"]);
}

#[test]
fn an_unknown_computation_is_invalid_and_the_known_ones_are_named() {
    for word in ["", "mode", "MAX", "max ", "max; rm", "variance", "quantile", "above", "histogram"] {
        let problem = computation(word).unwrap_err();
        assert_eq!(problem.kind, Kind::Invalid, "{word:?}");
        assert!(problem.hint.unwrap().contains("median"));
    }
}

#[test]
fn a_request_counts_as_asked_only_when_the_other_side_has_it() {
    assert_eq!(taken(request(4, "waiting")).unwrap(), 4);
    let sending = RequestView { index: None, ..request(0, "sending") };
    assert_eq!(taken(sending).unwrap_err().kind, Kind::Away);
    let refused = RequestView { detail: Some("you are blocked".into()), ..request(0, "refused") };
    let problem = taken(refused).unwrap_err();
    assert_eq!((problem.kind, problem.detail.as_str()), (Kind::Refused, "you are blocked"));
}
