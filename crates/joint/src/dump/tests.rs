use super::*;
use crate::{
    check::check,
    lender::{Asked, LenderModel, rows},
};
use serde_json::json;
use std::time::Duration;

const XGBOOST: &str = r#"[
  {"nodeid": 0, "depth": 0, "split": "income", "split_condition": 0.1, "yes": 1, "no": 2, "missing": 2, "children": [
    {"nodeid": 1, "leaf": -0.5},
    {"nodeid": 2, "depth": 1, "split": "age", "split_condition": 40, "yes": 3, "no": 4, "missing": 3, "children": [
      {"nodeid": 4, "leaf": 0.75}, {"nodeid": 3, "leaf": 0.125}]}]},
  {"nodeid": 0, "depth": 0, "split": "age", "split_condition": 25, "yes": 1, "no": 2, "missing": 1, "children": [
    {"nodeid": 1, "leaf": -0.25}, {"nodeid": 2, "leaf": 0.0625}]}
]"#;

fn margin(dump: &Dump, values: &[f64]) -> f64 {
    let bins: Vec<u8> = dump.features.iter().zip(values).map(|(cut, value)| cut.bin(*value).unwrap()).collect();
    dump.margin(dump.ensemble.sum_of(&bins).unwrap())
}

#[test]
fn a_dump_of_xgboost_is_read_with_its_strict_comparisons_in_32_bits() {
    let dump = Dump::from_json(XGBOOST.as_bytes()).unwrap();
    assert_eq!(dump.features.iter().map(Cut::bins).collect::<Vec<_>>(), [2, 3]);
    let margins = [([0.0, 24.0], -0.75), ([0.1, 25.0], 0.1875), ([0.2, 40.0], 0.8125), ([0.2, 39.9], 0.1875)];
    for (values, expected) in margins {
        assert_eq!(margin(&dump, &values), expected);
    }
    // as 64-bit numbers this is below 0.1, as 32-bit ones equal
    assert_eq!(margin(&dump, &[0.1 - 1e-12, 25.0]), 0.1875);
    assert_eq!(dump.features[0].bin(f64::NAN), Err(Unquantisable));
}

#[test]
fn a_dump_of_lightgbm_is_read_with_its_comparisons_that_include_the_threshold() {
    let leaf = |value: f64| json!({"leaf_index": 0, "leaf_value": value});
    let split = |decision: &str| {
        json!({"feature_names": ["a", "b"], "tree_info": [{"tree_index": 0, "tree_structure": {
            "split_feature": 1, "threshold": 3.5, "decision_type": decision, "default_left": true,
            "left_child": leaf(0.5), "right_child": leaf(-1.5)}}]})
        .to_string()
    };
    let dump = Dump::from_json(split("<=").as_bytes()).unwrap();
    assert_eq!(margin(&dump, &[9.0, 3.5]), 0.5);
    assert_eq!(margin(&dump, &[9.0, 3.500_000_001]), -1.5);
    assert_eq!(dump.features[0].bins(), 1);
    assert!(matches!(Dump::from_json(split("==").as_bytes()), Err(DumpError::Tree(0))));
}

#[test]
fn dumps_that_are_none_or_have_too_many_thresholds_are_refused() {
    assert!(matches!(Dump::from_json(b"{}"), Err(DumpError::Json(_))));
    assert!(matches!(Dump::from_json(b"[]"), Err(DumpError::Features(0))));
    assert!(matches!(Dump::from_json(&vec![b' '; LONGEST_FILE + 1]), Err(DumpError::TooLong(_))));
    let stump = |at: usize| {
        json!({"nodeid": 0, "split": "x", "split_condition": at, "yes": 1, "no": 2,
            "children": [{"nodeid": 1, "leaf": 0.0}, {"nodeid": 2, "leaf": 1.0}]})
    };
    let dump = |many: usize| Dump::from_json(json!((0..many).map(stump).collect::<Vec<_>>()).to_string().as_bytes());
    assert_eq!(margin(&dump(63).unwrap(), &[30.5]), 31.0);
    assert!(matches!(dump(64), Err(DumpError::Thresholds(name)) if name == "x"));
    let mixed = XGBOOST.replacen("\"yes\": 1", "\"yes\": 7", 1);
    assert!(matches!(Dump::from_json(mixed.as_bytes()), Err(DumpError::Tree(0))));
}

const GERMAN: &str = include_str!("../../../../tests/data/joint/german_xgboost/dump.json");
const GERMAN_ROWS: &str = include_str!("../../../../tests/data/joint/german_xgboost/test.csv");

/// Each applicant's bins in the order of the dump's features, XGBoost's margin and its decision.
fn german(dump: &Dump) -> Vec<(Vec<u8>, f64, bool)> {
    let mut lines = GERMAN_ROWS.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let cell = |name: &str| cells[heads.iter().position(|head| *head == name).unwrap()];
        let bins = dump.features.iter().map(|cut| cut.bin(cell(&cut.name)).unwrap()).collect();
        (bins, cell("margin"), cell("approved") == 1.0)
    };
    lines.map(row).collect()
}

#[test]
fn twenty_trees_of_xgboost_decide_every_row_as_xgboost_does() {
    let dump = Dump::from_json(GERMAN.as_bytes()).unwrap();
    let rows = german(&dump);
    assert_eq!((rows.len(), dump.ensemble.announced()), (1_000, (20, 16)));
    for (bins, expected, approved) in rows {
        let margin = dump.margin(dump.ensemble.sum_of(&bins).unwrap());
        assert!((margin - expected).abs() < 1e-4, "{margin} is not {expected}");
        assert_eq!(margin > 0.0, approved);
    }
}

#[test]
fn twenty_trees_of_xgboost_open_the_same_sum_and_decide_the_same_under_encryption() {
    let model = LenderModel::from_json(GERMAN.as_bytes()).unwrap();
    let rows = rows(&model.features(), GERMAN_ROWS, 2).unwrap();
    let how = (false, Asked::Needed);
    let report = check(&model, &rows, how, &[7; 32], &mut || Duration::ZERO, &mut |_, _, _| {}).unwrap();
    assert_eq!((report.rows, report.agreement, report.column_agreement), (2, 1.0, Some(1.0)));
}
