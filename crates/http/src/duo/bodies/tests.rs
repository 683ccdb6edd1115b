use super::*;

fn data(list: &str) -> Result<String, serde_json::Error> {
    let body = format!(r#"{{"data":{list},"tag":"utility","description":"bills"}}"#);
    serde_json::from_str::<StoreData>(&body).map(|stored| stored.data.0)
}

#[test]
fn every_digit_of_a_list_is_kept() {
    assert_eq!(data("[1, 2, 3, 4, 5, 12]").unwrap(), "[1,2,3,4,5,12]");
    assert_eq!(data("[0.1, -2.50, 12345678901234567890123]").unwrap(), "[0.1,-2.50,12345678901234567890123]");
}

#[test]
fn what_is_not_a_flat_list_of_numbers_is_refused() {
    for list in [
        "[]",
        "[\"a\"]",
        "[1,\"2\"]",
        "\"1,2\"",
        "[[1,2]]",
        "[1,[2]]",
        "[1,null]",
        "[true]",
        "[{}]",
        "{}",
        "3",
        "null",
        "[NaN]",
        "[Infinity]",
        "[1,]",
        "[1",
        "[01]",
        "[.5]",
        "[+1]",
        "[1 2]",
    ] {
        assert!(data(list).is_err(), "{list}");
    }
    assert!(data("[]").unwrap_err().to_string().contains("empty"));
}

#[test]
fn a_body_without_data_or_tag_is_refused_and_unknown_fields_are_not() {
    assert!(serde_json::from_str::<StoreData>(r#"{"tag":"x"}"#).is_err());
    assert!(serde_json::from_str::<StoreData>(r#"{"data":[1]}"#).is_err());
    assert!(serde_json::from_str::<StoreData>(r#"{"data":[1],"tag":"x","more":1}"#).is_ok());
}

fn run(body: &str) -> Result<u64, Kind> {
    serde_json::from_str::<RunComputation>(body).map_err(|_| Kind::Malformed)?.index().map_err(|problem| problem.kind)
}

#[test]
fn an_index_has_any_one_of_its_three_names() {
    for name in ["id", "ix", "idx"] {
        assert_eq!(run(&format!(r#"{{"{name}":7}}"#)), Ok(7));
        let decision = format!(r#"{{"{name}":7,"decision":"deny"}}"#);
        assert_eq!(serde_json::from_str::<RequestDecision>(&decision).unwrap().index().unwrap(), 7);
        let request = format!(r#"{{"{name}":7,"computation":"max","name":"mine","reason":"r"}}"#);
        assert_eq!(serde_json::from_str::<RequestData>(&request).unwrap().index().unwrap(), 7);
    }
}

#[test]
fn no_index_two_indices_and_what_is_no_index_are_refused() {
    for body in ["{}", r#"{"id":0,"ix":0}"#, r#"{"id":0,"idx":1}"#, r#"{"id":null}"#] {
        assert_eq!(run(body), Err(Kind::Invalid), "{body}");
    }
    for body in [r#"{"id":-1}"#, r#"{"id":0.5}"#, r#"{"id":"0"}"#, r#"{"id":[0]}"#, r#"{"id":0,"id":0}"#, "0", "[]"] {
        assert_eq!(run(body), Err(Kind::Malformed), "{body}");
    }
}

#[test]
fn only_the_two_words_decide() {
    let word =
        |word: &str| RequestDecision { id: Some(0), ix: None, idx: None, decision: word.into(), reason: None }.word();
    assert_eq!(word("approve"), Ok(Word::Approve));
    assert_eq!(word("deny"), Ok(Word::Deny));
    for other in ["aprove", "Approve", "approve ", "accept", "yes", "", "denied", "1"] {
        assert_eq!(word(other).unwrap_err().kind, Kind::Invalid, "{other:?}");
    }
}
