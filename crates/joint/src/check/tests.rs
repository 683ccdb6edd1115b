use super::*;
use crate::{
    lender::{Asked, rows},
    model::tests::{GERMAN, GERMAN_ROWS, SEED, SEED_ROWS},
    plan::tests::{Draws as Grown, grown},
};
use serde_json::json;

/// A check with nothing kept and no clock.
fn run(model: &LenderModel, rows: &[Row], how: (bool, Asked)) -> Result<Report, CheckError> {
    check(model, rows, how, &[7; 32], &mut || Duration::ZERO, &mut |_, _, _| {})
}

fn checked(model: &str, table: &str, most: usize, asked: Asked) -> Report {
    let model = LenderModel::from_json(model.as_bytes()).unwrap();
    let rows = rows(&model.features(), table, most).unwrap();
    run(&model, &rows, (true, asked)).unwrap()
}

#[test]
fn every_party_over_real_messages_agrees_with_the_clear_tree_and_with_trying_every_bin() {
    for (model, table) in [(GERMAN, GERMAN_ROWS), (SEED, SEED_ROWS)] {
        for asked in [Asked::Needed, Asked::Merged] {
            let report = checked(model, table, 6, asked);
            assert_eq!((report.rows, report.agreement, report.column_agreement), (6, 1.0, Some(1.0)));
            assert!(report.explain_agreement.is_none_or(|part| part == 1.0));
        }
    }
}

#[test]
#[ignore = "minutes: every row of both test sets"]
fn every_row_of_both_test_sets_agrees() {
    for (model, table, many) in [(GERMAN, GERMAN_ROWS, 200), (SEED, SEED_ROWS, 1_600)] {
        let report = checked(model, table, usize::MAX, Asked::Needed);
        assert_eq!((report.rows, report.agreement), (many, 1.0));
        assert_eq!((report.column_agreement, report.explain_agreement), (Some(1.0), Some(1.0)));
    }
}

#[test]
fn merged_bins_take_less_than_all_and_features_not_needed_change_nothing() {
    let bytes = |asked| checked(SEED, SEED_ROWS, 1, asked).bytes["inputs"];
    assert!(bytes(Asked::Merged) < bytes(Asked::Needed) && bytes(Asked::Needed) < bytes(Asked::All));
}

#[test]
fn a_tree_of_113_leaves_12_deep_with_64_bins_is_exact_under_encryption() {
    let mut draws = Grown(0x9e37_79b9_7f4a_7c15);
    let model = LenderModel::Tree(grown(&mut draws, 6, 113, 12));
    let row = || Row { bins: (0..6).map(|_| draws.below(64) as u8).collect(), recorded: None };
    let rows: Vec<Row> = std::iter::repeat_with(row).take(4).collect();
    let report = run(&model, &rows, (false, Asked::Needed)).unwrap();
    assert_eq!((report.agreement, report.column_agreement, report.explain_agreement), (1.0, None, None));
}

fn drawn(bins: u64, many: usize, draws: &mut Grown) -> Row {
    Row { bins: (0..many).map(|_| draws.below(bins) as u8).collect(), recorded: None }
}

#[test]
fn the_exact_sum_of_a_scorecard_opens_over_real_messages_and_a_denial_is_explained_as_by_trying() {
    let mut draws = Grown(0x1234_5678_9abc_def1);
    let points: Vec<Vec<i32>> = (0..20).map(|_| (0..8).map(|_| draws.below(60) as i32 - 30).collect()).collect();
    let names: Vec<String> = (0..20).map(|at| format!("f{at}")).collect();
    let file = json!({"feature_names": names, "points": points, "threshold": 40, "years_feature": 7}).to_string();
    let model = LenderModel::from_json(file.as_bytes()).unwrap();
    let rows: Vec<Row> = (0..6).map(|_| drawn(8, 20, &mut draws)).collect();
    let report = run(&model, &rows, (true, Asked::Needed)).unwrap();
    assert_eq!((report.rows, report.features, report.agreement), (6, 20, 1.0));
    assert_eq!(report.explain_agreement, Some(1.0));
    let answers: Vec<_> = rows.iter().map(|row| model.by_trying(&row.bins)).collect();
    assert!(answers.iter().any(Option::is_some) && answers.iter().any(Option::is_none), "{answers:?}");
}

#[test]
fn the_exact_sum_of_an_ensemble_opens_over_real_messages_and_is_not_explained() {
    let mut draws = Grown(0x1234_5678_9abc_def1);
    let stump = |cut: u8| {
        json!([{"id": 0, "feature": cut % 2, "threshold": cut, "left": 1, "right": 2},
            {"id": 1, "value": -f64::from(cut)}, {"id": 2, "value": 0.777}])
    };
    let quantiser = json!({"scale": 1.0, "zero_point": 0, "n_bits": 3});
    let trees: Vec<_> = (0..6).map(stump).collect();
    let file = json!({"feature_names": ["a", "b"], "quantizers": [quantiser, quantiser], "trees": trees,
        "party_slices": [[0, 1], [1, 2]]});
    let model = LenderModel::from_json(file.to_string().as_bytes()).unwrap();
    let rows: Vec<Row> = (0..3).map(|_| drawn(8, 2, &mut draws)).collect();
    let report = run(&model, &rows, (false, Asked::Needed)).unwrap();
    assert_eq!((report.rows, report.features, report.agreement), (3, 2, 1.0));
    let refused = run(&model, &rows, (true, Asked::Needed));
    assert!(matches!(refused, Err(CheckError::Unexplained(Unexplained::Ensemble))));
}
