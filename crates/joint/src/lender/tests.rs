use super::*;
use crate::model::tests::SEED;

const CARD: &str = r#"{"feature_names": ["a", "b"], "points": [[0, 5], [1, -2, 3]], "threshold": 4}"#;
const ENSEMBLE: &str = r#"{"feature_names": ["a", "b"], "threshold": 0.5, "party_slices": [[0, 1], [1, 2]],
    "quantizers": [{"scale": 1.0, "zero_point": 0, "n_bits": 2}, {"scale": 0.5, "zero_point": 0, "n_bits": 3}],
    "trees": [{"nodes": [{"id": 0, "feature": 0, "threshold": 1, "left": 1, "right": 2}, {"id": 1, "value": -0.5},
        {"id": 2, "value": 0.5}]}, [{"id": 0, "value": 0.25}]]}"#;
const DUMP: &str = r#"[{"nodeid": 0, "split": "x", "split_condition": 4, "yes": 1, "no": 2,
    "children": [{"nodeid": 1, "leaf": -1.0}, {"nodeid": 2, "leaf": 1.0}]}]"#;

fn read(text: &str) -> LenderModel {
    LenderModel::from_json(text.as_bytes()).unwrap()
}

#[test]
fn every_kind_of_file_is_told_by_what_is_in_it() {
    let kinds = [(SEED, "tree"), (CARD, "scorecard"), (ENSEMBLE, "ensemble"), (DUMP, "ensemble")];
    for (text, kind) in kinds {
        assert_eq!(read(text).kind(), kind);
    }
    let refused = |text: &str| LenderModel::from_json(text.as_bytes()).unwrap_err();
    assert!(matches!(refused("{}"), LenderError::Form(None)));
    assert!(matches!(refused("nothing"), LenderError::Form(Some(_))));
    assert!(matches!(refused("[]"), LenderError::Dump(DumpError::Features(0))));
    assert!(matches!(refused(r#"{"nodes": 1}"#), LenderError::Tree(_)));
    assert!(matches!(refused(r#"{"points": 1}"#), LenderError::Scorecard(_)));
}

#[test]
fn an_ensemble_of_the_own_form_adds_up_the_leaves_that_are_reached() {
    let model = read(ENSEMBLE);
    let LenderModel::Ensemble(file) = &model else { panic!("it is an ensemble") };
    let sum = |bins: &[u8]| model.answer(bins).map(|(class, sum)| (class, sum.unwrap() as f64 / file.unit));
    assert_eq!(sum(&[1, 0]), Some((0, -0.25)));
    assert_eq!(sum(&[2, 0]), Some((1, 0.75)));
    assert_eq!((model.holders(), model.overlay()), (2, Err(Unexplained::Ensemble)));
    // equal to the threshold is not above it
    let same = read(&ENSEMBLE.replace("\"threshold\": 0.5", "\"threshold\": 0.75"));
    assert_eq!(same.answer(&[2, 0]).unwrap().0, 0);
    // the second feature is in no tree
    let asked = model.asked(None, Asked::Needed).unwrap();
    assert_eq!(asked.into_keys().collect::<Vec<_>>(), [0]);
}

#[test]
fn an_ensemble_of_the_own_form_that_does_not_fit_is_refused_by_its_tree() {
    let refused = |from: &str, to: &str| match LenderModel::from_json(ENSEMBLE.replacen(from, to, 1).as_bytes()) {
        Err(LenderError::Ensemble(why)) => why,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused("\"left\": 1", "\"left\": 9"), EnsembleError::Tree(0, _)));
    assert!(matches!(refused("\"left\": 1", "\"left\": 0"), EnsembleError::Tree(0, _)));
    assert!(matches!(refused("\"value\": 0.25", "\"value\": 1e300"), EnsembleError::Value(1)));
    assert!(matches!(refused("\"value\": 0.25", "\"class\": 1"), EnsembleError::Tree(1, _)));
    assert!(matches!(refused("[[0, 1], [1, 2]]", "[[0, 1]]"), EnsembleError::Features(_)));
    assert!(matches!(refused("\"threshold\": 0.5", "\"threshold\": 1e12"), EnsembleError::Threshold));
}

#[test]
fn a_commitment_changes_with_every_part_and_with_the_salt() {
    let parts = [
        (SEED, "\"threshold\": 19", "\"threshold\": 20"),
        (CARD, "-2", "-3"),
        (CARD, "\"threshold\": 4", "\"threshold\": 5"),
        (CARD, "\"a\"", "\"c\""),
        (ENSEMBLE, "0.25", "0.125"),
        (ENSEMBLE, "\"threshold\": 1,", "\"threshold\": 2,"),
        (ENSEMBLE, "[[0, 1], [1, 2]]", "[[0, 2], [2, 2]]"),
        (ENSEMBLE, "\"scale\": 0.5", "\"scale\": 0.25"),
        (DUMP, "\"split_condition\": 4", "\"split_condition\": 5"),
    ];
    for (text, from, to) in parts {
        let committed = |text: &str, salt: u8| read(text).commitment(&[salt; 32]).unwrap();
        assert_eq!(committed(text, 1), committed(text, 1));
        assert_ne!(committed(text, 1), committed(text, 2));
        assert_ne!(committed(text, 1), committed(&text.replacen(from, to, 1), 1), "{from}");
    }
}

#[test]
fn rows_take_bins_where_a_table_has_them_and_values_otherwise() {
    let features = read(ENSEMBLE).features();
    let row =
        |text: &str| rows(&features, text, 9).map(|rows| rows.into_iter().map(|row| row.bins).collect::<Vec<_>>());
    assert_eq!(row("b,q:a,a\n1.5,2,0\n99,3,0\n"), Ok(vec![vec![2, 3], vec![3, 7]]));
    assert_eq!(row("a\n1\n"), Err(RowsError::Column("b".into())));
    assert_eq!(row("q:a,b\n4,1\n"), Err(RowsError::Cell { line: 2, column: "q:a".into() }));
    assert_eq!(row("q:a,b\n1,inf\n"), Err(RowsError::Cell { line: 2, column: "b".into() }));
    let given = read(CARD).features();
    assert!(rows(&given, "a,b\n1,2\n", 9).is_ok());
    assert!(rows(&given, "a,b\n0.5,2\n", 9).is_err());
}
