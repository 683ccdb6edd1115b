use crate::{scope::CALLS, v1};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::PathBuf};

fn document() -> Value {
    serde_json::to_value(v1::document()).unwrap()
}

#[test]
fn the_document_is_the_one_that_was_agreed_on() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/openapi.json");
    let now = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let agreed = fs::read_to_string(&path).unwrap();
    assert!(
        agreed.replace("\r\n", "\n") == now,
        "the API has changed: look at the difference after BLESS=1 cargo test"
    );
}

#[test]
fn it_is_openapi_3_1_and_every_operation_names_the_scope_it_needs() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    assert_eq!(document["security"], serde_json::json!([{"token": []}]));
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let row = CALLS.iter().find(|(of, at, _)| of.eq_ignore_ascii_case(method) && at == path);
            let (_, _, needed) = row.unwrap_or_else(|| panic!("{method} {path} has no row in the table of scopes"));
            assert_eq!(operation["security"], serde_json::json!([{"token": [needed.to_string()]}]), "{method} {path}");
        }
    }
}

#[test]
fn every_form_that_is_referred_to_is_there() {
    let document = document();
    let (mut referred, mut open) = (BTreeSet::new(), vec![&document]);
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    referred.insert(reference.clone());
                }
                open.extend(map.values());
            }
            Value::Array(list) => open.extend(list),
            _ => {}
        }
    }
    assert!(!referred.is_empty());
    for reference in referred {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn every_operation_says_what_it_does_and_how_it_fails() {
    let document = document();
    let paths = document["paths"].as_object().unwrap();
    let operations: Vec<_> = paths.values().flat_map(|path| path.as_object().unwrap().values()).collect();
    assert!(operations.len() > 30, "{}", operations.len());
    let names: BTreeSet<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len(), "two operations share a name");
    for operation in operations {
        assert!(operation["summary"].is_string(), "{operation}");
        assert!(operation["responses"]["default"]["content"]["application/problem+json"].is_object(), "{operation}");
    }
}
