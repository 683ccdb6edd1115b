use super::*;

fn change(json: &str) -> Result<Change, Kind> {
    let changed: ChangedPerson = serde_json::from_str(json).unwrap();
    Change::try_from(changed).map_err(|problem| problem.kind)
}

#[test]
fn exactly_one_thing_is_changed_at_a_time() {
    assert_eq!(change(r#"{"name":"Jill"}"#), Ok(Change::Name("Jill".into())));
    assert_eq!(change(r#"{"safety_code":"1 2"}"#), Ok(Change::Verify("1 2".into())));
    assert_eq!(change(r#"{"blocked":false}"#), Ok(Change::Block(false)));
    for none_or_several in
        ["{}", r#"{"name":"Jill","blocked":true}"#, r#"{"name":"a","safety_code":"1","blocked":true}"#]
    {
        assert_eq!(change(none_or_several), Err(Kind::Invalid), "{none_or_several}");
    }
}
